//! The files that systemd reads for the services of a node: units, drop-ins, environment files, with their links.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Arc;

use crilint_core::syntax::MAX_LEN;
use crilint_core::systemd::{Assumptions, UnitPath, UnitTree, is_service, services, unit_folders};
use crilint_core::{Encoding, LineIndex};

use crate::disk::{Place, Root, Sort};
use crate::error::{self, Error};
use crate::walk::shown;

/// As many links as Linux follows in one path. Source: path_resolution(7).
const MAX_LINKS: usize = 40;

/// How many names of one folder are looked at.
const MAX_NAMES: usize = 10_000;

/// Files whose values specifiers and services use.
const FILES: [&str; 7] = [
    "/etc/machine-id",
    "/etc/os-release",
    "/usr/lib/os-release",
    "/etc/systemd/system.conf",
    "/usr/lib/systemd/system.conf",
    "/etc/systemd/user.conf",
    "/usr/lib/systemd/user.conf",
];

/// Folders of drop-ins of the managers.
const MANAGER_FOLDERS: [&str; 8] = [
    "/etc/systemd/system.conf.d",
    "/run/systemd/system.conf.d",
    "/usr/local/lib/systemd/system.conf.d",
    "/usr/lib/systemd/system.conf.d",
    "/etc/systemd/user.conf.d",
    "/run/systemd/user.conf.d",
    "/usr/local/lib/systemd/user.conf.d",
    "/usr/lib/systemd/user.conf.d",
];

/// What stands at a path.
#[derive(Debug)]
enum Found {
    /// With its lines, once a place in it is looked up.
    Text(String, OnceCell<LineIndex>),
    Link(String),
    Folder,
    Unreadable(String),
}

/// The files of a node that matter to systemd.
#[derive(Debug)]
pub(crate) struct NodeTexts {
    paths: Vec<(String, Found)>,
    /// Files that could not be read.
    pub(crate) errors: Vec<Error>,
}

impl NodeTexts {
    /// The files for the engine.
    pub(crate) fn tree(&self) -> UnitTree<'_> {
        UnitTree::new(self.paths.iter().map(|(path, found)| {
            let what = match found {
                Found::Text(text, _) => UnitPath::Text(text),
                Found::Link(target) => UnitPath::Link(target),
                Found::Folder => UnitPath::Folder,
                Found::Unreadable(reason) => UnitPath::Unreadable(reason),
            };
            (path.clone(), what)
        }))
    }

    /// The text of a file by its number in the tree.
    pub(crate) fn text(&self, number: usize) -> Option<&str> {
        match self.paths.get(number) {
            Some((_, Found::Text(text, _))) => Some(text),
            _ => None,
        }
    }

    /// The line of a byte in such a file, from 1.
    pub(crate) fn line(&self, number: usize, at: u32) -> Option<u32> {
        let Some((_, Found::Text(text, lines))) = self.paths.get(number) else { return None };
        let lines = lines.get_or_init(|| LineIndex::new(text));
        Some(lines.position(text, at, Encoding::Utf8).line + 1)
    }
}

/// Reads what matters below a root.
pub(crate) fn read(root: &Arc<Root>, assumptions: &Assumptions) -> NodeTexts {
    let node = NodeTexts { paths: vec![], errors: vec![] };
    let mut reader = Reader { root: Arc::clone(root), node, known: BTreeSet::new() };
    for path in FILES {
        reader.file(path);
    }
    for folder in MANAGER_FOLDERS {
        reader.folder(folder, &|name| name.ends_with(".conf"));
    }
    let mut homes = vec!["/root".to_owned()];
    homes.extend(reader.names("/home").into_iter().map(|name| format!("/home/{name}")));
    for folder in unit_folders() {
        if folder.starts_with('~') {
            for home in &homes {
                reader.units(&folder.replacen('~', home, 1));
            }
        } else {
            reader.units(folder);
        }
    }
    // The units name files, whose names may depend on what is read.
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    loop {
        let all = services(&reader.node.tree(), assumptions);
        let paths = all.into_iter().flat_map(|service| service.environment_files);
        let new: Vec<String> = paths.filter(|path| !wanted.contains(path)).collect();
        if new.is_empty() {
            return reader.node;
        }
        for path in new {
            reader.pattern(&path);
            wanted.insert(path);
        }
    }
}

struct Reader {
    root: Arc<Root>,
    node: NodeTexts,
    /// The paths that were looked at.
    known: BTreeSet<String>,
}

impl Reader {
    /// The path without links, each of which becomes known; nothing if the path leads nowhere.
    fn follow(&mut self, path: &str) -> Option<String> {
        let mut rest: Vec<String> = path.split('/').rev().map(str::to_owned).collect();
        let mut done = String::new();
        let mut links = 0;
        while let Some(name) = rest.pop() {
            match name.as_str() {
                "" | "." => continue,
                ".." => {
                    done.truncate(done.rfind('/').unwrap_or(0));
                    continue;
                }
                _ => {}
            }
            let len = done.len();
            done.push('/');
            done.push_str(&name);
            match self.root.link_at(Path::new(&done)) {
                Ok(None) => {}
                Ok(Some(target)) => {
                    links += 1;
                    if links > MAX_LINKS {
                        return None;
                    }
                    let target = target.to_string_lossy().into_owned();
                    self.add(done.clone(), Found::Link(target.clone()));
                    done.truncate(if target.starts_with('/') { 0 } else { len });
                    rest.extend(target.split('/').rev().map(str::to_owned));
                }
                Err(error) => {
                    self.failed(&done, error);
                    return None;
                }
            }
        }
        Some(done)
    }

    fn add(&mut self, path: String, found: Found) {
        if self.known.insert(path.clone()) {
            self.node.paths.push((path, found));
        }
    }

    /// The sort of thing at a path without links.
    fn sort(&mut self, path: &str) -> Option<Sort> {
        self.root.locate(Path::new(path)).and_then(|spot| spot.sort()).ok()
    }

    /// Reads a file, through links. A device, a FIFO and the like are not opened.
    fn file(&mut self, path: &str) {
        let Some(path) = self.follow(path) else { return };
        if self.known.contains(&path) || path == "/dev/null" {
            return;
        }
        match self.sort(&path) {
            Some(Sort::File) => {}
            Some(Sort::Folder) => return self.add(path, Found::Folder),
            Some(Sort::Other) => return self.add(path, Found::Unreadable("not a regular file".to_owned())),
            None => return,
        }
        let read = Place::Below(self.root.clone(), Path::new(&path).to_owned()).read(MAX_LEN);
        let found = match read {
            Ok(bytes) if bytes.len() > MAX_LEN => Found::Unreadable("File too large".to_owned()),
            Ok(bytes) => Found::Text(String::from_utf8_lossy(&bytes).into_owned(), OnceCell::new()),
            Err(error) => {
                let reason = error::reason(&error);
                self.failed(&path, error);
                Found::Unreadable(reason)
            }
        };
        self.add(path, found);
    }

    fn names(&mut self, folder: &str) -> Vec<String> {
        let Some(folder) = self.follow(folder).filter(|folder| self.sort(folder) == Some(Sort::Folder)) else {
            return vec![];
        };
        match self.root.names(Path::new(&folder)) {
            Ok(names) => names.iter().take(MAX_NAMES).map(|name| name.to_string_lossy().into_owned()).collect(),
            Err(error) => {
                self.failed(&folder, error);
                vec![]
            }
        }
    }

    /// Reads the files of a folder that have such names.
    fn folder(&mut self, folder: &str, is_read: &dyn Fn(&str) -> bool) {
        let names = self.names(folder);
        let Some(folder) = self.follow(folder) else { return };
        for name in names.into_iter().filter(|name| is_read(name)) {
            self.file(&format!("{folder}/{name}"));
        }
    }

    /// Reads the services of a folder of units, with their drop-ins, and the links by which they are wanted.
    fn units(&mut self, folder: &str) {
        let names = self.names(folder);
        let Some(folder) = self.follow(folder).filter(|_| !names.is_empty()) else { return };
        self.add(folder.clone(), Found::Folder);
        for name in names {
            let path = format!("{folder}/{name}");
            if is_service(&name) {
                self.file(&path);
            } else if name == "service.d" || name.strip_suffix(".d").is_some_and(is_service) {
                self.folder(&path, &|name| name.ends_with(".conf"));
            } else if [".wants", ".requires", ".upholds"].iter().any(|suffix| name.ends_with(suffix)) {
                for entry in self.names(&path).iter().filter(|entry| entry.contains('@') && is_service(entry)) {
                    self.file(&format!("{path}/{entry}"));
                }
            }
        }
    }

    /// Reads the files that a path or pattern may match: of a folder with a wildcard in its names, all.
    fn pattern(&mut self, pattern: &str) {
        let mut folders = vec![String::new()];
        let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty()).collect();
        for (number, part) in parts.iter().enumerate() {
            let mut next = vec![];
            for folder in folders {
                if part.contains(['*', '?', '[', '\\']) {
                    let names = self.names(&folder);
                    next.extend(names.into_iter().take(MAX_NAMES).map(|name| format!("{folder}/{name}")));
                } else {
                    next.push(format!("{folder}/{part}"));
                }
            }
            folders = next;
            folders.truncate(MAX_NAMES);
            if number + 1 == parts.len() {
                for path in &folders {
                    self.file(path);
                }
            }
        }
    }

    fn failed(&mut self, path: &str, source: io::Error) {
        if !matches!(source.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) {
            let path = shown(&self.root.outside(path));
            let error = Error::Read { path, source };
            let text = error.to_string();
            if self.node.errors.iter().all(|known| known.to_string() != text) {
                self.node.errors.push(error);
            }
        }
    }
}
