//! Which files to read: those named, those in folders, or the standard places of a node.

use crilint_core::kinds;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crilint_core::engine::Selector;
use crilint_core::kind::Kind;
use crilint_core::node::OnNode;
use ignore::WalkBuilder;

use crate::args::InputArgs;
use crate::config::Loaded;
use crate::disk::{Place, Root};
use crate::error::Error;
use crate::follow::Base;
use crate::nodes;
use crate::overview::Overview;
use crate::standard::{self, StandardFile};

/// A file to read.
#[derive(Debug)]
pub(crate) struct Found {
    /// The place to open.
    pub(crate) place: Place,
    /// The path that reports show.
    pub(crate) shown: String,
    /// The path on the node, and the node.
    pub(crate) on_node: OnNode,
    /// Why the file is read.
    pub(crate) origin: Origin,
    /// The kind, where the user names it.
    pub(crate) kind: Option<&'static Kind>,
    /// Rules that do not report on the file.
    pub(crate) ignore: Vec<Selector>,
    /// Where the files are that this one names.
    pub(crate) base: Option<Base>,
}

/// Why a file is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The user named the file.
    Named,
    /// The file is in this folder, which the user named.
    Folder(String),
    /// The file is in a standard place.
    Standard,
    /// Another file names it.
    NamedBy {
        /// The path of that file, as reports show it.
        path: String,
        /// Whether the first of them is in a standard place.
        is_own: bool,
    },
}

/// A file on its node, and where the files are that it names.
pub(crate) type OnBase = (OnNode, Option<Base>);

/// The files that were found, and the places that could not be looked at.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    /// Files in the order in which they were named, folders by path.
    pub(crate) found: Vec<Found>,
    /// The folders that were named.
    pub(crate) folders: Vec<PathBuf>,
    /// What is known of the node whose standard places were looked at.
    pub(crate) overview: Option<Overview>,
    /// Errors on the way; the other files are checked nevertheless.
    pub(crate) errors: Vec<Error>,
    seen: HashSet<PathBuf>,
}

/// Finds the files that the arguments mean.
pub(crate) fn walk(args: &InputArgs, loaded: &Loaded) -> Result<Walk, Error> {
    let mut walk = Walk::default();
    match &args.root {
        Some(root) => walk.standard(root, args, loaded),
        None if args.paths.is_empty() => walk.standard(Path::new("/"), args, loaded),
        None => {
            for path in &args.paths {
                walk.named(path, args, loaded)?;
            }
        }
    }
    Ok(walk)
}

/// The folder from which `crilint.toml` is looked for upwards: the one that holds all paths given.
pub(crate) fn common_folder(paths: &[PathBuf]) -> PathBuf {
    let folder = |path: &PathBuf| {
        let path = absolute(path);
        if path.is_dir() { path } else { path.parent().map(Path::to_owned).unwrap_or(path) }
    };
    let files = paths.iter().filter(|path| path.as_os_str() != "-");
    let common =
        files.map(folder).reduce(|a, b| a.ancestors().find(|up| b.starts_with(up)).map(Path::to_owned).unwrap_or(a));
    common.unwrap_or_else(|| absolute(Path::new(".")))
}

impl Found {
    /// The origin of a file that this one names.
    pub(crate) fn named_by(&self) -> Origin {
        let is_own = matches!(self.origin, Origin::Standard | Origin::NamedBy { is_own: true, .. });
        Origin::NamedBy { path: self.shown.clone(), is_own }
    }
}

impl Walk {
    fn standard(&mut self, root: &Path, args: &InputArgs, loaded: &Loaded) {
        let root = match Root::open(root) {
            Ok(root) => Arc::new(root),
            Err(source) => return self.errors.push(Error::Read { path: shown(root), source }),
        };
        let mut places = standard::places(&root);
        self.overview = Some(Overview::new(&root, &mut places));
        self.errors.extend(places.errors);
        for StandardFile { path, kind } in places.files {
            let place = Place::Below(Arc::clone(&root), root.outside(&path));
            // Daemons that run without root have files of their own.
            let home = path.find("/.config/").and_then(|at| path.get(..at));
            let node = home.unwrap_or("/").to_owned();
            let base = Base::node(root.outside(""), shown(&root.outside("")));
            let first = self.found.len();
            self.push(place, (OnNode { path, node }, Some(base)), Origin::Standard, args, loaded);
            for found in self.found.iter_mut().skip(first) {
                found.kind = found.kind.or(kind);
            }
        }
    }

    fn named(&mut self, path: &Path, args: &InputArgs, loaded: &Loaded) -> Result<(), Error> {
        if path.as_os_str() == "-" {
            return self.stdin(args, loaded);
        }
        match path.metadata() {
            Ok(about) if about.is_dir() => self.folder(path, args, loaded),
            Ok(about) if about.is_file() => {
                let on_node = nodes::on_node(path, &Origin::Named, loaded);
                self.push(Place::Path(path.to_owned()), on_node, Origin::Named, args, loaded);
            }
            Ok(_) => self.errors.push(Error::NotAFile(shown(path))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                self.errors.push(Error::NoSuchPath(shown(path)));
            }
            Err(source) => self.errors.push(Error::Read { path: shown(path), source }),
        }
        Ok(())
    }

    fn stdin(&mut self, args: &InputArgs, loaded: &Loaded) -> Result<(), Error> {
        let path = match (&args.stdin_path, args.kind) {
            (Some(path), _) => path.clone(),
            (None, Some(_)) => PathBuf::from("<stdin>"),
            (None, None) => return Err(Error::StdinPath),
        };
        let on_node = nodes::on_node(&path, &Origin::Named, loaded);
        // A text may come from another machine: what its path names here is not what it means.
        self.add(Place::Stdin, &path, (on_node.0, None), Origin::Named, args, loaded);
        Ok(())
    }

    fn folder(&mut self, folder: &Path, args: &InputArgs, loaded: &Loaded) {
        let origin = Origin::Folder(shown(folder));
        self.folders.push(folder.to_owned());
        let mut walker = WalkBuilder::new(folder);
        walker.hidden(false).filter_entry(|entry| entry.depth() == 0 || is_walked(entry.path()));
        let entries = walker.sort_by_file_path(Ord::cmp).build();
        for entry in entries {
            match entry {
                // Links to files too: mounted ConfigMaps consist of them.
                Ok(entry) if entry.path().is_file() => {
                    let place = Place::Within(folder.to_owned(), entry.path().to_owned());
                    let on_node = nodes::on_node(entry.path(), &origin, loaded);
                    self.push(place, on_node, origin.clone(), args, loaded);
                }
                Ok(_) => {}
                Err(error) => {
                    let path = shown(folder);
                    let text = error.to_string();
                    let source = error.into_io_error().unwrap_or_else(|| std::io::Error::other(text));
                    self.errors.push(Error::Read { path, source });
                }
            }
        }
    }

    fn push(&mut self, place: Place, on_node: OnBase, origin: Origin, args: &InputArgs, loaded: &Loaded) {
        let Some(path) = place.path().map(Path::to_owned) else { return };
        self.add(place, &path, on_node, origin, args, loaded);
    }

    /// Adds a text that is called `path`, unless it is excluded, foreign or known already.
    fn add(
        &mut self,
        place: Place,
        path: &Path,
        (on_node, base): OnBase,
        origin: Origin,
        args: &InputArgs,
        loaded: &Loaded,
    ) {
        let full = absolute(path);
        let rules = loaded.rules_for(&full);
        let excluded = rules.iter().any(|rules| rules.exclude) && (origin != Origin::Named || args.skip_unknown);
        let configured = rules.iter().rev().find_map(|rules| rules.kind);
        let kind = args.kind.or(configured);
        let candidate = matches!(origin, Origin::Named | Origin::Standard)
            || kind.is_some()
            || !kinds::formats_of(&on_node.path).is_empty();
        if excluded || !candidate || !self.seen.insert(full) {
            return;
        }
        let ignore = rules.iter().flat_map(|rules| &rules.ignore).cloned().collect();
        self.found.push(Found { shown: shown(path), place, on_node, origin, kind, ignore, base });
    }
}

/// Whether a file or folder below the one named is looked at: hidden ones are not, but for the places of daemons that
/// run without root, `~/.config/docker` and `~/.config/containerd`.
fn is_walked(path: &Path) -> bool {
    const ROOTLESS: &str = ".config";
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match (path.parent().map(name).as_deref(), name(path).as_str()) {
        (Some(ROOTLESS), name) => matches!(name, "docker" | "containerd"),
        (_, name) => name == ROOTLESS || !name.starts_with('.'),
    }
}

/// The absolute path, without looking at the disk.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// A path as people see it: with `/`, without `./`.
pub(crate) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() };
    match text.strip_prefix("./") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => text,
    }
}
