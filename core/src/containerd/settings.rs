//! How rules ask for a setting: [`written`] gives it as one file writes it, [`in_effect`] what each release has in
//! the end, whichever file writes it.
//!
//! A path names a setting for both: `grpc.address`, or a plugin before a colon,
//! `io.containerd.metadata.v1.bolt:no_sync`. `runtime:`, `images:` and `streaming:` stand for the tables of the CRI
//! plugin, wherever config version and release have them. For [`written`], `*` is any name.

use super::cri::Cri;
use super::eras::{CHECKS_PLUGIN_NAMES, CHECKS_PLUGIN_NAMES_OF_2, KEEPS_VERSION_1};
use super::kind::{is_drop_in, reads_plugins, releases_of, spoken_version, written_version};
use super::loader::{Effective, Leaf, LoadedItem, LoadedNode, Loss, Status};
use crate::keys::{Bound, KeySpec, list_around};
use crate::kind::{Origin, SettingPlace, View, WrittenSetting};
use crate::releases::{Product, ReleaseSet, Releases};
use crate::syntax::{Entry, Node, Value};

/// The setting at a path as this file writes it, in the releases in which it counts.
pub(crate) fn written<'t>(cx: &View<'_, 't, '_>, node: &LoadedNode, path: &str) -> Vec<WrittenSetting<'t>> {
    let (table, path) = path.split_once(':').unwrap_or(("", path));
    let (path, below) = path.split_once(".*").map_or((path, None), |(path, below)| (path, Some(below)));
    let parts: Vec<&str> = path.split('.').collect();
    let cri = Cri::of(cx.root);
    let entry: Option<&'t Entry<'t>> = match (table, path) {
        ("runtime", _) => cri.runtime(&parts),
        ("images", "sandbox_image") => cri.sandbox_image(),
        ("images", _) => cri.images(&parts),
        ("streaming", _) => cri.streaming(&parts),
        ("", _) => cx.root.entry_at(&parts),
        (plugin, _) => plugin_table(cx.root, plugin).and_then(|table| table.entry_at(&parts)),
    };
    let entries: Vec<&'t Entry<'t>> = match (entry, below.map(|below| below.trim_start_matches('.'))) {
        (Some(all), Some("")) => all.value.entries().iter().collect(),
        (Some(all), Some(below)) => {
            let parts: Vec<&str> = below.split('.').collect();
            all.value.entries().iter().filter_map(|one| one.value.entry_at(&parts)).collect()
        }
        (entry, _) => entry.into_iter().collect(),
    };
    let setting = |entry| WrittenSetting::of_entry(entry, cx.path_of(entry), counts(cx, node, entry));
    entries.into_iter().map(setting).collect()
}

/// The table of a plugin, by the name that the config version has for it.
fn plugin_table<'t>(root: &'t Node<'_>, plugin: &str) -> Option<&'t Node<'t>> {
    let short = plugin.rsplit('.').next().unwrap_or(plugin);
    let name = if spoken_version(root) == 1 { short } else { plugin };
    root.at(&["plugins", name])
}

/// What `find` finds in the settings that each release has in the end, with the releases in which it does. A fault
/// that several releases have is one.
pub(crate) fn in_effect<'f, 'a, F: PartialEq>(
    node: &LoadedNode<'_, 'f, 'a>,
    find: impl Fn(&Effective<'f, 'a>) -> Vec<F>,
) -> Vec<(F, Releases)> {
    let mut all = vec![];
    for configuration in node.configurations() {
        let first = all.len();
        for effective in &configuration.releases {
            let releases = Releases::only(Product::Containerd, effective.release.set());
            let known = all.len();
            // Releases find the same faults in the same order, so that the next one is mostly the next one of before.
            let mut next = first;
            for fault in find(effective) {
                let mut numbers = (next..known).chain(first..next);
                match numbers.find(|number| all.get(*number).is_some_and(|(other, _)| *other == fault)) {
                    Some(number) => {
                        if let Some((_, sum)) = all.get_mut(number) {
                            *sum = releases.or(*sum);
                        }
                        next = number + 1;
                    }
                    None => all.push((fault, releases)),
                }
            }
        }
    }
    all
}

impl SettingPlace {
    /// The place of a setting.
    pub(crate) fn of(leaf: &Leaf) -> Self {
        let Origin { file, key } = leaf.origin;
        let value = leaf.value.written().map_or(key, |node| node.span);
        Self { file, key, value }
    }

    /// Nothing for a table that the daemon made.
    pub(crate) fn of_item(item: &LoadedItem) -> Option<Self> {
        match item {
            LoadedItem::Leaf(leaf) => Some(Self::of(leaf)),
            LoadedItem::Table(_) => item.origin().map(Self::of_key),
        }
    }
}

/// The releases that read the plugin tables of the file as it means them. A drop-in without `version` takes the one
/// of the file that imports it.
pub(crate) fn reads(cx: &View) -> Releases {
    if written_version(cx.root).is_none() && is_imported(cx) {
        return releases_of(spoken_version(cx.root));
    }
    reads_plugins(cx.root)
}

/// Whether 2.0 to 2.2 take the plugin tables of the file for those of version 3, and read what has the same place
/// there: a file of version 2 without that line.
pub(crate) fn is_read_as_version_3(cx: &View) -> bool {
    let has_version = written_version(cx.root).is_some_and(|version| version != 0);
    !has_version && spoken_version(cx.root) == 2 && !is_imported(cx)
}

/// The releases in which an entry counts: it is in effect there in the end, in a plugin that is not turned off.
pub(crate) fn counts(cx: &View, node: &LoadedNode, entry: &Entry) -> Releases {
    arrives(cx, node, entry, |status| *status == Status::InEffect)
}

/// The releases that decode a setting, whether they use it or not.
pub(crate) fn decodes(cx: &View, node: &LoadedNode, entry: &Entry) -> Releases {
    arrives(cx, node, entry, |status| {
        matches!(status, Status::InEffect | Status::Lost(Loss::NotUsed | Loss::CriDisabled | Loss::Skipped))
    })
}

/// The releases that decode an entry of a table with free names, whether they know its name or not.
pub(crate) fn decodes_free(cx: &View, node: &LoadedNode, entry: &Entry) -> Releases {
    arrives(cx, node, entry, |status| matches!(status, Status::InEffect | Status::Lost(Loss::Unknown | Loss::NotUsed)))
}

/// All releases but those that have a key for an entry in the place where it ends up, or lose it on the way there.
pub(crate) fn unknown_in(cx: &View, node: &LoadedNode, entry: &Entry) -> Releases {
    // The loader takes a list as a whole. An empty table, or a file whose main file is not known, leaves no trace.
    let is_in_list = cx.bound_of(entry).is_some_and(|bound| list_around(cx.bound, bound).is_some());
    let is_empty_table = matches!(&entry.value.value, Value::Map(map) if map.entries.is_empty());
    let configuration = node.configuration_of(cx.file.index).filter(|_| !is_in_list && !is_empty_table);
    let Some(configuration) = configuration else {
        let is_in_plugin = cx.parts_of(entry).is_some_and(|way| way.len() > 1 && way.first() == Some(&"plugins"));
        return if is_in_plugin { reads(cx) } else { Releases::ANY };
    };
    let known = configuration.releases_where(|effective| !effective.loaded.is_unknown(cx.file.index, entry));
    Releases::only(Product::Containerd, ReleaseSet::ALL.without(known.get(Product::Containerd)))
}

fn arrives(cx: &View, node: &LoadedNode, entry: &Entry, is_wanted: impl Fn(&Status) -> bool) -> Releases {
    // The loader takes a list as a whole.
    let bound = cx.bound_of(entry);
    let entry = bound.and_then(|bound| list_around(cx.bound, bound)).unwrap_or(entry);
    // An empty table leaves no trace.
    let is_empty_table = matches!(&entry.value.value, Value::Map(map) if map.entries.is_empty());
    let Some(configuration) = node.configuration_of(cx.file.index).filter(|_| !is_empty_table) else {
        return counts_alone(cx, entry);
    };
    configuration.releases_where(|effective| match &entry.value.value {
        Value::Map(_) => effective.loaded.has_live(cx.file.index, &entry.value),
        _ => effective.loaded.status(cx.file.index, entry.key_span).is_some_and(&is_wanted),
    })
}

/// The releases that read the plugin tables of a file whose main file is not known, and have the key in this place.
fn counts_alone(cx: &View, entry: &Entry) -> Releases {
    match cx.bound_of(entry).and_then(Bound::key) {
        Some(key) => reads(cx).and(releases_with(key)),
        // Tables with free names have no row of their own.
        None if spoken_version(cx.root) == 1 => KEEPS_VERSION_1,
        None => reads(cx),
    }
}

/// The releases that have a key and do not lose it in a migration.
pub(crate) fn releases_with(key: &KeySpec) -> Releases {
    Releases::only(Product::Containerd, key.releases().without(key.lost_in()))
}

/// The releases of 1.x that check the names of plugins in this file: if version 2 holds in the end. The version of
/// the file read last holds for all; 1.3 and 1.4 do not check under a higher one that they read as 2.
pub(crate) fn checks_names(cx: &View, node: &LoadedNode) -> Releases {
    let Some(configuration) = node.configuration_of(cx.file.index) else {
        let has_version = written_version(cx.root).is_some_and(|version| version >= 2);
        return if has_version { CHECKS_PLUGIN_NAMES } else { Releases::NONE };
    };
    let is_two = configuration.versioned.is_some_and(|file| file.config_version == Some(2));
    let checking = configuration.releases_where(|Effective { release, loaded, .. }| {
        loaded.version == 2 && (is_two || !release.is_in(CHECKS_PLUGIN_NAMES_OF_2))
    });
    checking.and(CHECKS_PLUGIN_NAMES)
}

/// Whether another file loads this one.
pub(crate) fn is_imported(cx: &View) -> bool {
    is_drop_in(cx.file.path) || cx.node.imports.of(cx.file.index).is_some()
}

/// Whether containerd reads this file alone, so that what is missing here is missing. `config dump` lists the file
/// itself among its imports.
pub(crate) fn stands_alone(cx: &View) -> bool {
    let imports = cx.root.get("imports").map(Node::items).unwrap_or_default();
    let is_self = |path: &str| path.rsplit('/').next() == Some(cx.file.name());
    !is_imported(cx) && imports.iter().all(|import| import.as_str().is_some_and(is_self))
}
