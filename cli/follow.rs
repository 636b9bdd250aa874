//! Follows what files name: imports, configurations named by flags, registry hosts, environment files. Core lists what
//! it wants, and the disk below the root of the node answers; nothing outside that root is looked at.

use std::collections::{HashMap, HashSet};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crilint_core::engine::{self, Options};
use crilint_core::node::{NamedFile, NamedRole, OnNode};
use crilint_core::syntax::MAX_LEN;

use crate::config::Loaded;
use crate::disk::{Place, Root, Sort};
use crate::error::reason;
use crate::read::{Input, Unavailable};
use crate::walk::{Found, Origin, absolute, shown};

/// How many files of one node are read because another one names them.
const MAX_FILES: usize = 1_000;

/// How many bytes all of them have.
const MAX_BYTES: usize = 64 << 20;

/// How many names are looked at for one pattern.
const MAX_NAMES: usize = 10_000;

/// How often files that were read may name further ones.
const MAX_ROUNDS: usize = 100;

/// Where the files are that those of a node name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base {
    /// The folder that no path leaves.
    pub(crate) folder: PathBuf,
    /// The start of the paths of files below it, as the engine has them.
    pub(crate) prefix: String,
    /// The start of the same paths in reports.
    pub(crate) shown: String,
    /// Which folder it is.
    pub(crate) extent: Extent,
}

/// How much of a node a folder holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it: this machine, a mounted image.
    Node,
    /// What someone copied into a folder: the node may have more.
    Copy,
    /// A file whose path shows no root, with what lies beside and below it.
    Beside,
}

impl Base {
    /// The root of a whole node; `shown` is its path in reports.
    pub(crate) fn node(folder: PathBuf, mut shown: String) -> Self {
        if !shown.is_empty() && !shown.ends_with('/') {
            shown.push('/');
        }
        if let Some(rest) = shown.strip_prefix("./") {
            shown = rest.to_owned();
        }
        Self { folder, prefix: "/".to_owned(), shown, extent: Extent::Node }
    }
}

/// What a running system has at these places is not in its image: kubeadm and nodeadm write files when a node joins.
const MADE_AT_RUN_TIME: [&str; 9] =
    ["run", "var/run", "tmp", "dev", "proc", "sys", "var/lib/kubelet", "etc/eks/kubelet", "etc/kubernetes/kubelet"];

/// Places that a folder with a whole system has. Repositories have units too.
const OF_A_SYSTEM: [&str; 5] = ["etc/os-release", "usr/lib/os-release", "etc/passwd", "etc/machine-id", "var/lib/dpkg"];

/// Reads what the inputs name until they name nothing more, node by node.
pub(crate) fn follow(inputs: &mut Vec<Input>, loaded: &Loaded, options: &Options) {
    let mut nodes: HashMap<usize, Vec<usize>> = HashMap::new();
    for (number, input) in inputs.iter().enumerate() {
        nodes.entry(input.node).or_default().push(number);
    }
    let mut nodes: Vec<Vec<usize>> = nodes.into_values().collect();
    nodes.sort_unstable();
    let known =
        inputs.iter().enumerate().filter_map(|(number, input)| Some((absolute(input.found.place.path()?), number)));
    let mut seen: HashMap<PathBuf, usize> = known.collect();
    let mut roots = Roots::default();
    for members in nodes {
        Follower {
            inputs,
            members,
            loaded,
            roots: &mut roots,
            seen: &mut seen,
            asked: HashSet::new(),
            files: 0,
            bytes: 0,
        }
        .run(options);
    }
}

/// The folders that are open.
#[derive(Default)]
struct Roots {
    all: HashMap<PathBuf, Option<Arc<Root>>>,
}

impl Roots {
    fn open(&mut self, folder: &Path) -> Option<Arc<Root>> {
        let open = || Root::open(folder).ok().map(Arc::new);
        self.all.entry(folder.to_owned()).or_insert_with(open).clone()
    }
}

/// What the disk has at a path.
enum Answer {
    File(Place, String),
    State(Unavailable),
}

struct Follower<'f> {
    inputs: &'f mut Vec<Input>,
    /// The inputs of the node, by number.
    members: Vec<usize>,
    loaded: &'f Loaded,
    roots: &'f mut Roots,
    /// The files that are read, by absolute path.
    seen: &'f mut HashMap<PathBuf, usize>,
    /// What was looked up.
    asked: HashSet<String>,
    /// How many files were read, and how many bytes.
    files: usize,
    bytes: usize,
}

impl Follower<'_> {
    fn run(mut self, options: &Options) {
        for round in 0.. {
            let sources: Vec<_> =
                self.members.iter().filter_map(|number| self.inputs.get(*number)).map(Input::source).collect();
            let sources: Vec<_> = sources.iter().collect();
            let wanted = engine::wanted(&sources, options);
            let wanted: Vec<_> = wanted.into_iter().filter(|named| self.asked.insert(named.path.clone())).collect();
            if wanted.is_empty() {
                return;
            }
            for named in wanted {
                let Some(by) = self.members.get(named.by).copied() else { continue };
                if round < MAX_ROUNDS {
                    self.answer(by, &named);
                } else {
                    let reason = format!("files name further files more than {MAX_ROUNDS} times in a row");
                    self.add_state(by, &named, Unavailable::Unread(reason));
                }
            }
        }
    }

    fn answer(&mut self, by: usize, named: &NamedFile) {
        let Some(base) = self.inputs.get(by).and_then(|input| input.found.base.clone()) else {
            let reason = "the files of its node are not at hand".to_owned();
            return self.add_state(by, named, Unavailable::Unread(reason));
        };
        let Some(root) = self.roots.open(&base.folder) else {
            let reason = format!("{} cannot be opened", base.folder.display());
            return self.add_state(by, named, Unavailable::Unread(reason));
        };
        if named.role == NamedRole::UnitPart && self.is_left_out(by, named, &base, &root) {
            return self.add_state(by, named, Unavailable::Absent);
        }
        if !named.is_pattern() {
            let state = match self.look(&root, &base, &named.path) {
                Answer::File(place, shown) => self.add_file(by, named, &named.path, place, shown).err(),
                Answer::State(state) => Some(state),
            };
            if let Some(state) = state {
                self.add_state(by, named, state);
            }
            return;
        }
        if !named.path.starts_with(&base.prefix) {
            return self.add_state(by, named, outside(&base));
        }
        let mut left = MAX_NAMES;
        let mut fault = None;
        let paths = named.expand(|folder| {
            let inside = format!("{folder}/");
            let Some(inside) = inside.strip_prefix(&base.prefix) else { return vec![] };
            let names = match root.names(Path::new(&format!("/{inside}"))) {
                Ok(names) => names,
                Err(error) if is_absent(&error) => vec![],
                Err(error) => {
                    fault = Some(format!("{folder}: {}", reason(&error)));
                    vec![]
                }
            };
            if names.len() > left {
                fault = Some(format!("{folder} has more than {MAX_NAMES} names"));
            }
            let names = names.into_iter().take(left);
            let names: Vec<_> = names.map(|name| name.to_string_lossy().into_owned()).collect();
            left -= names.len();
            names
        });
        let mut is_empty = true;
        for path in paths {
            let state = match self.look(&root, &base, &path) {
                Answer::State(Unavailable::Absent | Unavailable::Folder) => continue,
                Answer::File(place, shown) => self.add_file(by, named, &path, place, shown).err(),
                Answer::State(state) => Some(state),
            };
            is_empty = false;
            if let Some(Unavailable::Unread(reason)) = state {
                fault.get_or_insert(format!("{path}: {reason}"));
            }
        }
        let state = match fault {
            Some(reason) => Unavailable::Unread(reason),
            None if is_empty && self.is_whole(&root, &base) => Unavailable::Absent,
            // A pattern may match nothing: only verdicts depend on what the node has.
            None if is_empty => return,
            None => Unavailable::Listed,
        };
        self.add_state(by, named, state);
    }

    /// Whether a part of a unit is not to be read: the standard places have those that count, and `/lib` is often a
    /// link to `/usr/lib`.
    fn is_left_out(&self, by: usize, named: &NamedFile, base: &Base, root: &Root) -> bool {
        let is_own = self
            .inputs
            .get(by)
            .is_some_and(|input| matches!(input.found.named_by(), Origin::NamedBy { is_own: true, .. }));
        let is_below_lib = named.path.strip_prefix(&base.prefix).is_some_and(|inside| inside.starts_with("lib/"));
        is_own || is_below_lib && matches!(root.link_at(Path::new("lib")), Ok(Some(_)))
    }

    /// What stands at a path of the engine.
    fn look(&mut self, root: &Arc<Root>, base: &Base, path: &str) -> Answer {
        let Some(inside) = path.strip_prefix(&base.prefix).filter(|inside| !inside.split('/').any(|part| part == ".."))
        else {
            return Answer::State(outside(base));
        };
        let absent = || {
            let is_of_run = MADE_AT_RUN_TIME.iter().any(|top| Path::new(inside).starts_with(top));
            match base.extent {
                Extent::Node if is_of_run && base.folder != Path::new("/") => {
                    Unavailable::Unread("what stands there is made while the node runs".to_owned())
                }
                Extent::Node => Unavailable::Absent,
                Extent::Copy | Extent::Beside if self.is_whole(root, base) => Unavailable::Absent,
                Extent::Copy | Extent::Beside => missing_from(base),
            }
        };
        let found = root.locate(Path::new(&format!("/{inside}"))).and_then(|spot| spot.sort());
        Answer::State(match found {
            Ok(Sort::File) => {
                let place = root.outside(inside);
                return Answer::File(Place::Below(Arc::clone(root), place), format!("{}{inside}", base.shown));
            }
            Ok(Sort::Folder) => Unavailable::Folder,
            Ok(Sort::Other) => Unavailable::Unread("not a regular file".to_owned()),
            Err(error) if is_absent(&error) => absent(),
            Err(error) => Unavailable::Unread(reason(&error)),
        })
    }

    /// Whether a folder that was not named as a node holds a whole system.
    fn is_whole(&self, root: &Root, base: &Base) -> bool {
        base.extent == Extent::Node
            || base.extent == Extent::Copy
                && OF_A_SYSTEM.iter().any(|place| root.locate(Path::new(place)).and_then(|spot| spot.sort()).is_ok())
    }

    /// Reads a file, or states why not.
    fn add_file(
        &mut self,
        by: usize,
        named: &NamedFile,
        path: &str,
        place: Place,
        shown: String,
    ) -> Result<(), Unavailable> {
        let Some(from) = self.inputs.get(by) else { return Ok(()) };
        let full = absolute(place.path().unwrap_or(Path::new(path)));
        let rules = self.loaded.rules_for(&full);
        if let Some(known) = self.seen.get(&full).copied() {
            return self.adopt(by, known, named, path);
        }
        let refusal = if rules.iter().any(|rules| rules.exclude) {
            Some("crilint.toml excludes it".to_owned())
        } else if self.files >= MAX_FILES {
            Some(format!("{MAX_FILES} files are read because others name them, and no more"))
        } else if self.bytes >= MAX_BYTES {
            Some(format!("{} MiB of files are read because others name them, and no more", MAX_BYTES >> 20))
        } else {
            None
        };
        if let Some(reason) = refusal {
            return Err(Unavailable::Unread(reason));
        }
        let bytes = place.read(MAX_LEN).map_err(|error| Unavailable::Unread(reason(&error)))?;
        if bytes.len() > MAX_LEN {
            return Err(Unavailable::Unread(format!("larger than {} MiB", MAX_LEN >> 20)));
        }
        let found = Found {
            on_node: OnNode { path: path.to_owned(), node: from.found.on_node.node.clone() },
            origin: from.found.named_by(),
            kind: rules.iter().rev().find_map(|rules| rules.kind).or(named.role.kind()),
            ignore: rules.iter().flat_map(|rules| &rules.ignore).cloned().collect(),
            base: from.found.base.clone(),
            place,
            shown,
        };
        self.files += 1;
        self.bytes += bytes.len();
        self.seen.insert(full, self.inputs.len());
        let is_own = matches!(found.origin, Origin::NamedBy { is_own: true, .. });
        let attributes = if is_own { found.place.attributes() } else { None };
        let mut input = Input::new(found, bytes);
        input.attributes = attributes;
        self.push(by, input);
        Ok(())
    }

    /// Takes a file that is read already into the node, if its own path shows no other one.
    fn adopt(&mut self, by: usize, known: usize, named: &NamedFile, path: &str) -> Result<(), Unavailable> {
        let node =
            self.inputs.get(by).map(|from| (from.node, from.found.on_node.node.clone(), from.found.base.clone()));
        let (Some((node, name, base)), Some(file)) = (node, self.inputs.get_mut(known)) else { return Ok(()) };
        let is_free = file.found.base.as_ref().is_some_and(|base| base.extent == Extent::Beside);
        if is_free && file.node != node {
            file.node = node;
            file.found.on_node = OnNode { path: path.to_owned(), node: name };
            file.found.base = base;
            file.found.kind = file.found.kind.or(named.role.kind());
            self.members.push(known);
        } else if file.found.on_node.path != path {
            return Err(Unavailable::Unread(format!("the same file as {}", file.found.shown)));
        }
        Ok(())
    }

    fn add_state(&mut self, by: usize, named: &NamedFile, state: Unavailable) {
        let Some(from) = self.inputs.get(by) else { return };
        let found = Found {
            place: Place::Path(PathBuf::from(&named.path)),
            shown: named.path.clone(),
            on_node: OnNode { path: named.path.clone(), node: from.found.on_node.node.clone() },
            origin: from.found.named_by(),
            kind: None,
            ignore: vec![],
            base: None,
        };
        let is_optional = named.role.is_implied() || named.role == NamedRole::Environment { is_optional: true };
        let mut input = Input::unavailable(found, state);
        input.is_optional = is_optional;
        self.push(by, input);
    }

    fn push(&mut self, by: usize, mut input: Input) {
        let is_known = |number: &usize| self.inputs.get(*number).is_some_and(|known| known.is_at(&input));
        if self.members.iter().any(is_known) {
            return;
        }
        input.node = self.inputs.get(by).map_or(0, |input| input.node);
        self.members.push(self.inputs.len());
        self.inputs.push(input);
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn outside(base: &Base) -> Unavailable {
    Unavailable::Unread(match base.extent {
        Extent::Beside => {
            "the path of the file that names it shows no root of a node (--root DIR names one)".to_owned()
        }
        Extent::Node | Extent::Copy => format!("outside {}", shown(&base.folder)),
    })
}

fn missing_from(base: &Base) -> Unavailable {
    Unavailable::Unread(match base.extent {
        Extent::Beside => "not beside the file that names it".to_owned(),
        Extent::Node | Extent::Copy => {
            let folder = if base.shown.is_empty() { "." } else { base.shown.trim_end_matches('/') };
            format!(
                "not among the files below {folder}, which may not be all of the node (--root DIR names a whole one)"
            )
        }
    })
}
