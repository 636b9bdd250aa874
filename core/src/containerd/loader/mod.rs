//! What one containerd release makes of its files: loaded, migrated, merged and decoded as the daemon does it, every
//! value with the place that wrote it, and what became of each written setting.
//!
//! Sources: `LoadConfig`, `mergeConfig`, `ValidateV2` of
//! containerd/containerd@v1.7.29:services/server/config/config.go; `LoadConfig`, `MigrateConfigTo` of
//! @v2.0.5:cmd/containerd/server/config/config.go; `LoadConfigWithPlugins`, `serviceMigrate` of
//! @v2.3.4:cmd/containerd/server/config/config.go; checked against recorded dumps.

mod configuration;
mod decode;
mod merge;
mod migrate;
mod services;
mod source;
mod status;
mod tree;
mod value;

pub use configuration::{Configuration, Effective, LoadedNode, configurations};
pub(crate) use decode::has_plugin;
pub use status::{Loss, Status, Written};
pub use tree::{Leaf, LoadedItem, LoadedTable};
pub use value::LeafValue;

use source::{SourceFile, Sources};

use crate::containerd::eras::{HAS_CONFIG_VERSIONS, MIGRATES_EACH_FILE, REPLACES_TABLES};
use crate::containerd::kind::written_version;
use crate::kind::File;
use crate::kind::NodeFiles;
use crate::releases::{Product, ReleaseSet, Releases};
use crate::syntax::{Entry, Node, Value};
use crate::text::Span;

/// Patch releases of one release of containerd that load the same files alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContainerdRelease {
    set: ReleaseSet,
}

impl ContainerdRelease {
    /// The releases of a set, oldest first: each once, and again before each patch range of `edges`.
    pub fn of(set: ReleaseSet, edges: ReleaseSet) -> impl Iterator<Item = Self> {
        let releases = Product::Containerd.releases().iter();
        releases.flat_map(move |release| release.set().and(set).runs(edges)).map(|set| Self { set })
    }

    /// The patch ranges.
    #[must_use]
    pub fn set(self) -> ReleaseSet {
        self.set
    }

    /// Whether it is one of these releases.
    #[must_use]
    pub fn is_in(self, releases: Releases) -> bool {
        self.is_among(releases.get(Product::Containerd))
    }

    /// Whether it is in this set of containerd's releases: as a whole, or [`crate::containerd::patch_edges`] lacks a
    /// name.
    #[must_use]
    pub fn is_among(self, set: ReleaseSet) -> bool {
        let is_in = self.set.overlaps(set);
        debug_assert!(!is_in || set.covers(self.set), "{:?} is partly in {set:?}", self.set);
        is_in
    }
}

/// The files of a configuration in the order in which the daemon loads them, the main file first.
#[must_use]
pub fn files<'f, 'a>(node: &NodeFiles<'f, 'a>, main: usize) -> Vec<&'f File<'a>> {
    node.imports.loaded_with(main).into_iter().filter_map(|index| node.file(index)).collect()
}

/// A configuration as one release has it in the end.
#[derive(Debug)]
pub struct Loaded<'t, 'a> {
    /// The settings, by their place in the release's own config version; what nothing reads is in there too.
    pub table: LoadedTable<'t, 'a>,
    /// The config version that the table is decoded as.
    pub version: i64,
    /// What became of each setting that the files write, in their order.
    pub written: Vec<Written<'t, 'a>>,
}

impl<'t, 'a> Loaded<'t, 'a> {
    /// What became of the settings that the file with number `file` writes.
    #[must_use]
    pub fn written_in(&self, file: usize) -> &[Written<'t, 'a>] {
        let (_, from) = self.written.split_at(self.written.partition_point(|written| written.file < file));
        let (own, _) = from.split_at(from.partition_point(|written| written.file == file));
        own
    }

    /// What became of the setting with its key at `key` of the file with number `file`.
    #[must_use]
    pub fn status(&self, file: usize, key: Span) -> Option<&Status> {
        let found = self.written.binary_search_by_key(&(file, key), |w| (w.file, w.entry.key_span)).ok()?;
        self.written.get(found).map(|w| &w.status)
    }

    /// Whether the setting with its key at `key` of the file with number `file` is in effect.
    #[must_use]
    pub fn is_live(&self, file: usize, key: Span) -> bool {
        self.status(file, key) == Some(&Status::InEffect)
    }

    /// Whether the release has none of the keys in an entry of the file with number `file` where they end up.
    #[must_use]
    pub fn is_unknown(&self, file: usize, entry: &Entry) -> bool {
        match &entry.value.value {
            Value::Map(map) => map.entries.iter().all(|entry| self.is_unknown(file, entry)),
            _ => self.status(file, entry.key_span) == Some(&Status::Lost(Loss::Unknown)),
        }
    }

    /// Whether anything in a table of the file with number `file` is in effect.
    #[must_use]
    pub fn has_live(&self, file: usize, table: &Node) -> bool {
        table.entries().iter().any(|entry| match &entry.value.value {
            Value::Map(_) => self.has_live(file, &entry.value),
            _ => self.is_live(file, entry.key_span),
        })
    }
}

/// Loads the files (main file first) as `release` does. What stops the daemon is not judged here: the rest is loaded as
/// if it had continued.
#[must_use]
pub fn load<'t, 'a>(files: &[&'t File<'a>], release: ContainerdRelease) -> Loaded<'t, 'a> {
    loaded(&Sources::of(files), release)
}

fn loaded<'t, 'a>(sources: &Sources<'t, 'a>, release: ContainerdRelease) -> Loaded<'t, 'a> {
    let mut statuses = sources.statuses();
    let (mut table, version) = if !release.is_in(HAS_CONFIG_VERSIONS) {
        (merge::all(sources, release, &mut statuses, |_, _, _| {}), 1)
    } else if release.is_in(REPLACES_TABLES) {
        let table = merge::all(sources, release, &mut statuses, |_, _, _| {});
        (table, last_version(sources.read_by(release)))
    } else if release.is_in(MIGRATES_EACH_FILE) {
        let table = merge::all(sources, release, &mut statuses, |table, merged, statuses| {
            migrate::file(table, merged, release, statuses);
        });
        (table, 4)
    } else {
        // Files of version 1 are raised to the highest version seen so far, and named by it.
        let mut version = 3;
        let mut migrated = vec![];
        for source in sources.read_by(release) {
            let written = written_version(source.file.body()).unwrap_or(0);
            if written >= 2 {
                version = written;
            }
            migrated.push(written < 2);
        }
        let mut number = 0;
        let mut table = merge::all(sources, release, &mut statuses, |table, _, _| {
            if migrated.get(number) == Some(&true) {
                migrate::names(table);
            }
            number += 1;
        });
        if version == 2 {
            migrate::plugins(&mut table, release, &mut statuses);
        }
        (table, 3)
    };
    decode::decode(&mut table, version, release, &mut statuses);
    Loaded { table, version, written: sources.written(statuses, release) }
}

/// 1.x merge the versions like any number: the last one that is not zero holds for all files.
fn last_version(sources: &[SourceFile]) -> i64 {
    let mut versions = sources.iter().rev().filter_map(|source| written_version(source.file.body()));
    match versions.find(|v| *v != 0) {
        // 1.x read an unknown version as the newest that they have.
        Some(version) if version >= 2 => 2,
        _ => 1,
    }
}
