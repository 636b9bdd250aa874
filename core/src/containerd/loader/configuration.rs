//! The containerd configurations of a node, each as every release has it.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Deref;

use super::source::Sources;
use super::{ContainerdRelease, Loaded, loaded};
use crate::containerd;
use crate::containerd::eras::MERGES_VERSIONS;
use crate::containerd::imports;
use crate::containerd::kind::{is_drop_in, is_main, written_version};
use crate::containerd::patch_edges::edges;
use crate::kind::File;
use crate::kind::NodeFiles;
use crate::releases::{Product, ReleaseSet, Releases};

/// A main file, or a drop-in whose main file is not known, with what it loads.
#[derive(Debug)]
pub struct Configuration<'f, 'a> {
    /// The file that the daemon is started with.
    pub main: &'f File<'a>,
    /// That file and what it imports, in the order in which they are loaded.
    pub files: Vec<&'f File<'a>>,
    /// The one that is read last of those that write a config version: 1.x take its version for all.
    pub versioned: Option<&'f File<'a>>,
    /// The config version that 2.0 to 2.2 check once all files are loaded; nothing if they panic before.
    pub checked_version: Option<i64>,
    /// What each release of the target that reads the main file makes of them, oldest first.
    pub releases: Vec<Effective<'f, 'a>>,
}

/// A configuration as one release has it.
#[derive(Debug)]
pub struct Effective<'f, 'a> {
    /// The release.
    pub release: ContainerdRelease,
    /// Whether the files are all that the daemon loads, so that what is missing here is missing.
    pub is_complete: bool,
    /// Its settings.
    pub loaded: Loaded<'f, 'a>,
}

/// The files of a node, with containerd's configurations among them as each release has them, computed when the first
/// rule asks.
#[derive(Debug)]
pub struct LoadedNode<'n, 'f, 'a> {
    node: &'n NodeFiles<'f, 'a>,
    configurations: OnceCell<Vec<Configuration<'f, 'a>>>,
    /// The number of the configuration that a file is part of, by the index of the file.
    by_file: OnceCell<HashMap<usize, usize>>,
    /// The number of the configuration of the node's daemon.
    main: OnceCell<Option<usize>>,
}

impl<'n, 'f, 'a> LoadedNode<'n, 'f, 'a> {
    /// Loads nothing yet.
    #[must_use]
    pub fn new(node: &'n NodeFiles<'f, 'a>) -> Self {
        Self { node, configurations: OnceCell::new(), by_file: OnceCell::new(), main: OnceCell::new() }
    }

    /// The configurations.
    pub fn configurations(&self) -> &[Configuration<'f, 'a>] {
        self.configurations.get_or_init(|| configurations(self.node))
    }

    /// The configuration of the node's daemon, if it has one alone; without any, that of a drop-in.
    pub(crate) fn main(&self) -> Option<&Configuration<'f, 'a>> {
        let all = self.configurations();
        let find = || {
            let mut mains = all.iter().enumerate().filter(|(_, one)| is_main(self.node, one.main));
            match (mains.next(), mains.next()) {
                (main, None) => Some(main.map_or(0, |(number, _)| number)),
                (_, Some(_)) => None,
            }
        };
        all.get((*self.main.get_or_init(find))?)
    }

    /// The configuration that the file with this number is part of.
    #[must_use]
    pub fn configuration_of(&self, file: usize) -> Option<&Configuration<'f, 'a>> {
        let all = self.configurations();
        let by_file = self.by_file.get_or_init(|| {
            let numbered = all.iter().enumerate();
            numbered.flat_map(|(number, one)| one.files.iter().map(move |file| (file.index, number))).collect()
        });
        all.get(*by_file.get(&file)?)
    }
}

impl<'f, 'a> Deref for LoadedNode<'_, 'f, 'a> {
    type Target = NodeFiles<'f, 'a>;

    fn deref(&self) -> &Self::Target {
        self.node
    }
}

impl<'f, 'a> Configuration<'f, 'a> {
    /// The releases in which a condition holds.
    pub fn releases_where(&self, condition: impl Fn(&Effective<'f, 'a>) -> bool) -> Releases {
        let holding = self.releases.iter().filter(|effective| condition(effective));
        let set = holding.fold(ReleaseSet::NONE, |all, effective| all.or(effective.release.set()));
        Releases::only(Product::Containerd, set)
    }
}

/// The configurations of a node.
#[must_use]
pub fn configurations<'f, 'a>(node: &NodeFiles<'f, 'a>) -> Vec<Configuration<'f, 'a>> {
    let all = node.files.iter().copied().filter(|file| *file.kind == containerd::KIND);
    all.filter(|file| node.imports.of(file.index).is_none()).filter_map(|main| open(node, main)).collect()
}

fn open<'f, 'a>(node: &NodeFiles<'f, 'a>, main: &'f File<'a>) -> Option<Configuration<'f, 'a>> {
    let alone = is_drop_in(main.path);
    // Which version a drop-in without one has is up to the file that imports it.
    if alone && written_version(main.body()).is_none() {
        return None;
    }
    let files = super::files(node, main.index);
    let has_all = |file: &File<'_>| file.template.is_none() && imports::unread(node, file).next().is_none();
    let is_complete = !alone && files.iter().all(|file| has_all(file));
    let sources = Sources::of(&files);
    let one = |release| Effective { release, is_complete, loaded: loaded(&sources, release) };
    let versioned =
        files.iter().copied().rfind(|file| written_version(file.body()).is_some_and(|version| version != 0));
    let releases = ContainerdRelease::of(read_by(main, versioned), edges(&files)).map(one).collect();
    let checked_version = checked_version(&files);
    Some(Configuration { main, files, versioned, checked_version, releases })
}

/// The version of the file that is loaded last of those that have one.
fn checked_version(files: &[&File]) -> Option<i64> {
    files.iter().try_fold(3, |last, file| match (last, written_version(file.body()).unwrap_or(0)) {
        // A file of version 1 or none is raised to the version before it, and panics above 3.
        (4.., 0..=1) => None,
        (last, 0..=1) => Some(last),
        (_, version) => Some(version),
    })
}

/// The releases of the target that read the files: by the main file, except that 1.x take the version of another for
/// all.
fn read_by(main: &File, versioned: Option<&File>) -> ReleaseSet {
    let merging = MERGES_VERSIONS.get(Product::Containerd);
    let of = |file: &File| file.releases.get(Product::Containerd);
    of(main).without(merging).or(of(versioned.unwrap_or(main)).and(merging))
}
