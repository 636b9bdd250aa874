//! Looks at the standard places of a node, which [`crilint_core::node::standard`] lists, and at the units that start
//! its daemons. Nothing else of the node is looked at, however large it is.

use std::collections::HashSet;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Arc;

use crilint_core::kind::Kind;
use crilint_core::node::standard::{OTHER_PROGRAMS, PLACE_GROUPS, expand};
use crilint_core::systemd::{Assumptions, FileRole, KnownProgram, Service, ServiceState, flags, services};

use crate::disk::{Root, Sort};
use crate::error::Error;
use crate::services::files;
use crate::walk::shown;

/// How many names are looked at in one folder.
const MAX_NAMES: usize = 10_000;

/// Units of daemons whose drop-ins are read where the unit itself is not there, as in an image.
const UNITS: [&str; 3] = ["containerd", "docker", "kubelet"];

/// Where the drop-ins of such units are.
const DROP_IN_FOLDERS: [&str; 2] = ["/etc/systemd/system", "/run/systemd/system"];

/// What is in the standard places.
#[derive(Debug, Default)]
pub(crate) struct Places {
    pub(crate) files: Vec<StandardFile>,
    /// The distributions whose markers are there.
    pub(crate) distributions: Vec<&'static str>,
    /// The services that start daemons.
    pub(crate) units: Vec<DaemonUnit>,
    /// Files of other programs, each with its name.
    pub(crate) others: Vec<(String, &'static str)>,
    /// Places that could not be looked at, with the reason.
    pub(crate) errors: Vec<Error>,
}

/// A file in a standard place.
#[derive(Debug)]
pub(crate) struct StandardFile {
    /// The path from the root of the node.
    pub(crate) path: String,
    /// The kind, if its content may not show it.
    pub(crate) kind: Option<&'static Kind>,
}

/// A service that starts a daemon.
#[derive(Debug)]
pub(crate) struct DaemonUnit {
    pub(crate) name: String,
    /// The program; nothing if the unit starts none.
    pub(crate) program: Option<KnownProgram>,
    pub(crate) state: ServiceState,
    /// The files that systemd reads for it.
    pub(crate) files: Vec<String>,
}

/// Looks at the standard places below `root`.
pub(crate) fn places(root: &Arc<Root>) -> Places {
    let mut search = Search { root, places: Places::default(), seen: HashSet::new() };
    for group in PLACE_GROUPS {
        let is_there = group.markers.iter().any(|marker| search.has(marker));
        if !group.markers.is_empty() && !is_there {
            continue;
        }
        search.places.distributions.extend((!group.name.is_empty()).then_some(group.name));
        for (place, kind) in group.places {
            for path in search.expand(place) {
                search.file(&path, *kind);
            }
        }
    }
    search.services();
    for other in OTHER_PROGRAMS {
        if search.sort(other.path) == Some(Sort::File) {
            search.places.others.push((other.path.to_owned(), other.name));
        }
    }
    search.places
}

/// The standard places of every node, one a line, and the distributions whose places are known.
pub(crate) fn described() -> String {
    let of_every_node = PLACE_GROUPS.iter().filter(|group| group.markers.is_empty());
    let mut lines: Vec<String> =
        of_every_node.flat_map(|group| group.places).map(|(path, _)| format!("  {path}")).collect();
    lines.push(
        "  services that start a kubelet, dockerd or containerd, with their drop-ins, in systemd's folders".into(),
    );
    let names: Vec<&str> = PLACE_GROUPS.iter().map(|group| group.name).filter(|name| !name.is_empty()).collect();
    lines.push(format!("  the places of {}", names.join(", ")));
    lines.join("\n")
}

/// A search for files below a root.
struct Search<'r> {
    root: &'r Arc<Root>,
    places: Places,
    seen: HashSet<String>,
}

impl Search<'_> {
    fn has(&mut self, marker: &str) -> bool {
        self.expand(marker).iter().any(|path| self.sort(path).is_some())
    }

    fn expand(&mut self, place: &str) -> Vec<String> {
        expand(place, |folder| self.names(folder))
    }

    fn file(&mut self, path: &str, kind: Option<&'static Kind>) {
        match self.sort(path) {
            Some(Sort::File) if self.seen.insert(path.to_owned()) => {
                self.places.files.push(StandardFile { path: path.to_owned(), kind });
            }
            Some(Sort::Other) => self.failed(path, io::Error::other("not a regular file")),
            _ => {}
        }
    }

    /// The services that start daemons, with the files that systemd reads for them.
    fn services(&mut self) {
        let assumptions = Assumptions::default();
        let mut texts = files::read(self.root, &assumptions);
        for service in services(&texts.tree(), &assumptions) {
            for file in &service.files {
                let kind = match file.role {
                    FileRole::Unit | FileRole::DropIn => None,
                    FileRole::Environment => Some(&flags::KIND),
                    FileRole::Manager => continue,
                };
                self.file(&file.path, kind);
            }
            for path in self.expand(&format!("/etc/systemd/system/{}.d/*", service.unit)) {
                // Such files are not read, which a rule reports; what has another ending was put aside.
                let name = path.rsplit('/').next().unwrap_or_default();
                if !name.contains('.') || [".cfg", ".config", ".ini"].iter().any(|ending| name.ends_with(ending)) {
                    self.file(&path, None);
                }
            }
            self.places.units.push(DaemonUnit::new(&service));
        }
        for unit in UNITS {
            if self.places.units.iter().any(|known| known.name == format!("{unit}.service")) {
                continue;
            }
            for folder in DROP_IN_FOLDERS {
                for path in self.expand(&format!("{folder}/{unit}.service.d/*.conf")) {
                    self.file(&path, None);
                }
            }
        }
        let errors = std::mem::take(&mut texts.errors);
        errors.into_iter().for_each(|error| self.add_error(error));
    }

    /// The sort of thing at a path; nothing if nothing is there, or if it cannot be looked at, which is an error.
    fn sort(&mut self, path: &str) -> Option<Sort> {
        match self.root.locate(Path::new(path)).and_then(|spot| spot.sort()) {
            Ok(sort) => Some(sort),
            Err(error) => {
                self.failed(path, error);
                None
            }
        }
    }

    /// The names in a folder, in order; none if there is no such folder.
    fn names(&mut self, folder: &str) -> Vec<String> {
        let names = match self.root.names(Path::new(folder)) {
            Ok(names) => names,
            Err(error) => {
                self.failed(folder, error);
                return vec![];
            }
        };
        if names.len() > MAX_NAMES {
            let reason = format!("more than {MAX_NAMES} names, and the rest is not looked at");
            self.failed(folder, io::Error::other(reason));
        }
        names.iter().take(MAX_NAMES).map(|name| name.to_string_lossy().into_owned()).collect()
    }

    fn failed(&mut self, path: &str, source: io::Error) {
        if !matches!(source.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) {
            let path = shown(&self.root.outside(path));
            self.add_error(Error::Read { path, source });
        }
    }

    fn add_error(&mut self, error: Error) {
        // A folder is looked at for several places.
        let text = error.to_string();
        if self.places.errors.iter().all(|known| known.to_string() != text) {
            self.places.errors.push(error);
        }
    }
}

impl DaemonUnit {
    /// Whether the unit starts a program, or would if it were not masked.
    pub(crate) fn starts(&self, program: KnownProgram) -> bool {
        let by_name = || match self.name.as_str() {
            "containerd.service" => Some(KnownProgram::Containerd),
            "docker.service" => Some(KnownProgram::Dockerd),
            "kubelet.service" => Some(KnownProgram::Kubelet),
            _ => None,
        };
        self.program.or_else(by_name) == Some(program)
    }

    fn new(service: &Service) -> Self {
        let is_own = |role: FileRole| matches!(role, FileRole::Unit | FileRole::DropIn | FileRole::Environment);
        let files = service.files.iter().filter(|file| is_own(file.role));
        Self {
            name: service.unit.clone(),
            program: service.program(),
            state: service.state,
            files: files.map(|file| file.path.clone()).collect(),
        }
    }
}
