//! Merging files as `mergeConfig` does.

use std::collections::{HashMap, HashSet};

use super::ContainerdRelease;
use super::source::Sources;
use super::status::{Loss, Status, Statuses};
use super::tree::{Leaf, LoadedItem, LoadedTable};
use super::value::LeafValue;
use crate::containerd::eras::REPLACES_TABLES;

/// Lists that grow from file to file.
const APPENDED: [&str; 3] = ["disabled_plugins", "required_plugins", "imports"];
/// Maps whose entries are replaced as a whole, in every release.
const BY_ENTRY: [&str; 3] = ["stream_processors", "proxy_plugins", "timeouts"];

/// The texts of the lists that grow, by the names of the lists.
type PluginLists = HashMap<String, HashSet<String>>;

/// Merges the files, each after `prepare` had it, with those merged before.
pub(super) fn all<'t, 'a>(
    sources: &Sources<'t, 'a>,
    release: ContainerdRelease,
    statuses: &mut Statuses,
    mut prepare: impl FnMut(&mut LoadedTable<'t, 'a>, &LoadedTable<'t, 'a>, &mut Statuses),
) -> LoadedTable<'t, 'a> {
    let mut merged = LoadedTable::default();
    let mut listed = PluginLists::new();
    for source in sources.read_by(release) {
        let mut table = source.table(release);
        prepare(&mut table, &merged, statuses);
        merge(&mut merged, table, release, &mut listed, statuses);
    }
    merged
}

fn merge<'t, 'a>(
    to: &mut LoadedTable<'t, 'a>,
    mut from: LoadedTable<'t, 'a>,
    release: ContainerdRelease,
    listed: &mut PluginLists,
    statuses: &mut Statuses,
) {
    for (name, item) in from.drain() {
        if APPENDED.contains(&name.as_ref()) {
            // Each file's part is in effect.
            item.leaves(&mut |leaf| statuses.live(leaf));
            append(to, &name, item, release, listed);
            continue;
        }
        match (to.get_mut(&name), item) {
            (Some(LoadedItem::Table(old)), LoadedItem::Table(new))
                if name == "plugins" && !release.is_in(REPLACES_TABLES) =>
            {
                deep(old, new, statuses)
            }
            (Some(LoadedItem::Table(old)), LoadedItem::Table(new))
                if name == "plugins" || BY_ENTRY.contains(&name.as_ref()) =>
            {
                by_entry(old, new, statuses);
            }
            (Some(LoadedItem::Table(old)), LoadedItem::Table(new)) => scalars(old, new, statuses),
            (Some(_), item) => scalar(to, name, item, statuses),
            (None, item) => {
                to.set(name, item);
            }
        }
    }
}

/// Each entry replaced as a whole: all of a plugin's table in 1.x.
fn by_entry<'t, 'a>(to: &mut LoadedTable<'t, 'a>, mut from: LoadedTable<'t, 'a>, statuses: &mut Statuses) {
    for (name, item) in from.drain() {
        if let Some(old) = to.get(&name) {
            statuses.replace(old, &item);
        }
        to.set(name, item);
    }
}

/// Key by key, tables in tables included; zero values override too.
fn deep<'t, 'a>(to: &mut LoadedTable<'t, 'a>, mut from: LoadedTable<'t, 'a>, statuses: &mut Statuses) {
    for (name, item) in from.drain() {
        match (to.get_mut(&name), item) {
            (Some(LoadedItem::Table(old)), LoadedItem::Table(new)) => deep(old, new, statuses),
            (Some(old), item) => {
                statuses.replace(old, &item);
                *old = item;
            }
            (None, item) => {
                to.set(name, item);
            }
        }
    }
}

/// A table of the daemon itself: its fields are Go values, and a zero one is like no value.
fn scalars<'t, 'a>(to: &mut LoadedTable<'t, 'a>, mut from: LoadedTable<'t, 'a>, statuses: &mut Statuses) {
    for (name, item) in from.drain() {
        scalar(to, name, item, statuses);
    }
}

fn scalar<'t, 'a>(
    to: &mut LoadedTable<'t, 'a>,
    name: std::borrow::Cow<'t, str>,
    item: LoadedItem<'t, 'a>,
    statuses: &mut Statuses,
) {
    match (to.get(&name), &item) {
        (Some(LoadedItem::Leaf(old)), LoadedItem::Leaf(new)) if new.value.is_zero() && !old.value.is_zero() => {
            statuses.set(new, Status::Lost(Loss::Zero));
        }
        (Some(old), new) => {
            statuses.replace(old, new);
            to.set(name, item);
        }
        (None, _) => {
            to.set(name, item);
        }
    }
}

/// Items of both, in their order; 2.x drop repeated ones.
fn append<'t, 'a>(
    to: &mut LoadedTable<'t, 'a>,
    name: &str,
    item: LoadedItem<'t, 'a>,
    release: ContainerdRelease,
    listed: &mut PluginLists,
) {
    let Some(LoadedItem::Leaf(old)) = to.get_mut(name) else {
        to.set(std::borrow::Cow::Owned(name.to_owned()), item);
        return;
    };
    let LoadedItem::Leaf(Leaf { value, .. }) = item else { return };
    let mut all = std::mem::replace(&mut old.value, LeafValue::Texts(vec![])).into_texts();
    let new = value.into_texts();
    if release.is_in(REPLACES_TABLES) {
        all.extend(new);
    } else {
        let listed = listed.entry(name.to_owned()).or_insert_with(|| all.iter().cloned().collect());
        all.extend(new.into_iter().filter(|text| listed.insert(text.clone())));
    }
    old.value = LeafValue::Texts(all);
}
