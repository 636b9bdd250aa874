//! The containerd configurations of a node, each as every release has it.

use std::cell::OnceCell;
use std::ops::Deref;

use super::source::Sources;
use super::tree::{Item, Leaf, Table};
use super::{Loaded, Release, loaded, spec};
use crate::containerd;
use crate::containerd::kind::{CRI, CRI_IMAGES, CRI_RUNTIME, is_drop_in, written_version};
use crate::containerd::{plugin_uri, plugins};
use crate::kind::File;
use crate::kind::NodeFiles;
use crate::releases::{Product, ReleaseSet};
use crate::syntax::Node;

/// They match names without regard to letter case.
const ANY_CASE: ReleaseSet = spec("..1.4,2.0..");
/// The CRI plugin is three plugins.
const SPLIT: ReleaseSet = spec("2.0..");

/// A main file, or a drop-in whose main file is not known, with what it loads.
#[derive(Debug)]
pub struct Configuration<'f, 'a> {
    /// The file that the daemon is started with.
    pub main: &'f File<'a>,
    /// That file and what it imports, in the order in which they are loaded.
    pub files: Vec<&'f File<'a>>,
    /// Whether these are all files that the daemon loads, so that what is missing here is missing.
    pub complete: bool,
    /// What each release of the target that reads the main file makes of them, oldest first.
    pub releases: Vec<Effective<'f, 'a>>,
}

/// A configuration as one release has it.
#[derive(Debug)]
pub struct Effective<'f, 'a> {
    /// The release.
    pub release: Release,
    /// Its settings.
    pub loaded: Loaded<'f, 'a>,
}

/// The files of a node, with containerd's configurations among them as each release has them, computed when the first rule asks.
#[derive(Debug)]
pub struct LoadedNode<'n, 'f, 'a> {
    node: &'n NodeFiles<'f, 'a>,
    configurations: OnceCell<Vec<Configuration<'f, 'a>>>,
}

impl<'n, 'f, 'a> LoadedNode<'n, 'f, 'a> {
    /// Loads nothing yet.
    #[must_use]
    pub fn new(node: &'n NodeFiles<'f, 'a>) -> Self {
        Self { node, configurations: OnceCell::new() }
    }

    /// The configurations.
    pub fn configurations(&self) -> &[Configuration<'f, 'a>] {
        self.configurations.get_or_init(|| configurations(self.node))
    }
}

impl<'f, 'a> Deref for LoadedNode<'_, 'f, 'a> {
    type Target = NodeFiles<'f, 'a>;

    fn deref(&self) -> &Self::Target {
        self.node
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
    let complete = !alone && files.iter().all(|file| has_all_imports(node, file));
    let sources = Sources::of(&files);
    let one = |release| Effective { release, loaded: loaded(&sources, release) };
    let releases = Release::of(read_by(&files)).map(one).collect();
    Some(Configuration { main, files, complete, releases })
}

/// The releases of the target that read the files: as the main file says, except that 1.x take the version of the file that
/// they read last for all.
fn read_by(files: &[&File<'_>]) -> ReleaseSet {
    const MERGES_VERSIONS: ReleaseSet = spec("1.3..1.7");
    let of = |file: &File<'_>| file.releases.get(Product::Containerd);
    let main = files.first().map_or(ReleaseSet::NONE, |main| of(main));
    match files.iter().rev().find(|file| written_version(file.body()).is_some_and(|version| version != 0)) {
        Some(last) => main.without(MERGES_VERSIONS).or(of(last).and(MERGES_VERSIONS)),
        None => main,
    }
}

/// Whether each import of a file is among the files of the node. `config dump` lists the file itself.
fn has_all_imports(node: &NodeFiles<'_, '_>, file: &File<'_>) -> bool {
    let imports = file.body().get("imports").map(Node::items).unwrap_or_default();
    imports.iter().all(|import| {
        let itself = import.as_str().is_some_and(|path| path.rsplit('/').next() == Some(file.name()));
        itself || node.imports.finds(file.index, import.span)
    })
}

impl<'f, 'a> Effective<'f, 'a> {
    /// An item at the top.
    #[must_use]
    pub fn top(&self, path: &[&str]) -> Option<&Item<'f, 'a>> {
        self.item(&self.loaded.table, path)
    }

    /// A setting of the daemon itself.
    #[must_use]
    pub fn setting(&self, path: &[&str]) -> Option<&Leaf<'f, 'a>> {
        self.top(path)?.as_leaf()
    }

    /// The table of a plugin that the release has and that runs, by its URI in config version 2 and later.
    #[must_use]
    pub fn plugin(&self, uri: &str) -> Option<&Table<'f, 'a>> {
        let exists = plugins::find(uri).is_none_or(|plugin| self.release.is_in(plugin.releases()));
        if !exists || !self.runs(uri) {
            return None;
        }
        self.loaded.table.table("plugins")?.table(self.name_of(uri))
    }

    /// Whether a plugin is not turned off.
    #[must_use]
    pub fn runs(&self, uri: &str) -> bool {
        !self.lists("disabled_plugins", self.name_of(uri))
    }

    /// Whether a list of plugins has an entry, as this release compares them.
    #[must_use]
    pub fn lists(&self, list: &str, name: &str) -> bool {
        self.loaded.table.leaf(list).is_some_and(|leaf| leaf.value.lists(name))
    }

    /// What the release calls a plugin in this configuration.
    #[must_use]
    pub fn name_of<'u>(&self, uri: &'u str) -> &'u str {
        if self.loaded.version == 1 { plugin_uri::short(uri) } else { uri }
    }

    /// A setting of a plugin that runs.
    #[must_use]
    pub fn of_plugin(&self, uri: &str, path: &[&str]) -> Option<&Leaf<'f, 'a>> {
        self.item(self.plugin(uri)?, path)?.as_leaf()
    }

    /// The runtime settings of the CRI plugin, if that runs.
    #[must_use]
    pub fn cri_runtime(&self, path: &[&str]) -> Option<&Item<'f, 'a>> {
        let uri = if self.release.is_in(SPLIT) { CRI_RUNTIME } else { CRI };
        self.item(self.plugin(uri)?, path)
    }

    /// The image settings of the CRI plugin, if that runs.
    #[must_use]
    pub fn cri_images(&self, path: &[&str]) -> Option<&Item<'f, 'a>> {
        let uri = if self.release.is_in(SPLIT) { CRI_IMAGES } else { CRI };
        self.item(self.plugin(uri)?, path)
    }

    /// The streaming settings of the CRI plugin, if that runs.
    #[must_use]
    pub fn cri_streaming(&self, path: &[&str]) -> Option<&Item<'f, 'a>> {
        self.item(self.plugin(CRI)?, path)
    }

    /// The runtimes that the files define, each with its table.
    pub fn runtimes(&self) -> impl Iterator<Item = (&str, &Table<'f, 'a>)> {
        let all = self.cri_runtime(&["containerd", "runtimes"]).and_then(Item::as_table);
        all.into_iter().flat_map(Table::entries).filter_map(|(name, item)| Some((name, item.as_table()?)))
    }

    /// An entry of a table, by its name as this release compares names.
    #[must_use]
    pub fn entry<'s>(&self, table: &'s Table<'f, 'a>, name: &str) -> Option<&'s Item<'f, 'a>> {
        table.get(name).or_else(|| {
            let mut same = table.entries().filter(|(other, _)| other.eq_ignore_ascii_case(name));
            same.next().filter(|_| self.release.is_in(ANY_CASE)).map(|(_, item)| item)
        })
    }

    fn item<'s>(&self, table: &'s Table<'f, 'a>, path: &[&str]) -> Option<&'s Item<'f, 'a>> {
        let (last, way) = path.split_last()?;
        let table = way.iter().try_fold(table, |table, name| self.entry(table, name)?.as_table())?;
        self.entry(table, last)
    }
}
