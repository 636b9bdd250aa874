//! Merging files as `mergeConfig` does.

use super::Release;
use super::fate::{Fate, Fates, Loss};
use super::source::Sources;
use super::tree::{Item, Leaf, Table, Val};

/// Lists that grow from file to file.
const APPENDED: [&str; 3] = ["disabled_plugins", "required_plugins", "imports"];
/// Maps whose entries are replaced as a whole, in every release.
const BY_ENTRY: [&str; 3] = ["stream_processors", "proxy_plugins", "timeouts"];

/// Merges the files, each after `prepare` had it.
pub(super) fn all<'t, 'a>(
    sources: &Sources<'t, 'a>,
    release: Release,
    fates: &mut Fates,
    mut prepare: impl FnMut(&mut Table<'t, 'a>, &mut Fates),
) -> Table<'t, 'a> {
    let mut merged = Table::default();
    for source in sources.read_by(release) {
        let mut table = source.table(release);
        prepare(&mut table, fates);
        merge(&mut merged, table, release, fates);
    }
    merged
}

fn merge<'t, 'a>(to: &mut Table<'t, 'a>, mut from: Table<'t, 'a>, release: Release, fates: &mut Fates) {
    for (name, item) in from.drain() {
        if APPENDED.contains(&name.as_ref()) {
            // Each file's part is in effect.
            item.leaves(&mut |leaf| fates.live(leaf));
            append(to, &name, item, release);
            continue;
        }
        match (to.get_mut(&name), item) {
            (Some(Item::Table(old)), Item::Table(new)) if name == "plugins" && !release.is_1() => deep(old, new, fates),
            (Some(Item::Table(old)), Item::Table(new)) if name == "plugins" || BY_ENTRY.contains(&name.as_ref()) => {
                by_entry(old, new, fates);
            }
            (Some(Item::Table(old)), Item::Table(new)) => scalars(old, new, fates),
            (Some(_), item) => scalar(to, name, item, fates),
            (None, item) => {
                to.set(name, item);
            }
        }
    }
}

/// Each entry replaced as a whole: all of a plugin's table in 1.x.
fn by_entry<'t, 'a>(to: &mut Table<'t, 'a>, mut from: Table<'t, 'a>, fates: &mut Fates) {
    for (name, item) in from.drain() {
        if let Some(old) = to.get(&name) {
            fates.replace(old, &item);
        }
        to.set(name, item);
    }
}

/// Key by key, tables in tables included; zero values override too.
fn deep<'t, 'a>(to: &mut Table<'t, 'a>, mut from: Table<'t, 'a>, fates: &mut Fates) {
    for (name, item) in from.drain() {
        match (to.get_mut(&name), item) {
            (Some(Item::Table(old)), Item::Table(new)) => deep(old, new, fates),
            (Some(old), item) => {
                fates.replace(old, &item);
                *old = item;
            }
            (None, item) => {
                to.set(name, item);
            }
        }
    }
}

/// A table of the daemon itself: its fields are Go values, and a zero one is no value.
fn scalars<'t, 'a>(to: &mut Table<'t, 'a>, mut from: Table<'t, 'a>, fates: &mut Fates) {
    for (name, item) in from.drain() {
        scalar(to, name, item, fates);
    }
}

fn scalar<'t, 'a>(to: &mut Table<'t, 'a>, name: std::borrow::Cow<'t, str>, item: Item<'t, 'a>, fates: &mut Fates) {
    match (to.get(&name), &item) {
        (Some(Item::Leaf(old)), Item::Leaf(new)) if new.value.is_zero() && !old.value.is_zero() => {
            fates.set(new, Fate::Lost(Loss::Zero));
        }
        (Some(old), new) => {
            fates.replace(old, new);
            to.set(name, item);
        }
        (None, _) => {
            to.set(name, item);
        }
    }
}

/// Items of both, in their order; 2.x drop repeated ones.
fn append<'t, 'a>(to: &mut Table<'t, 'a>, name: &str, item: Item<'t, 'a>, release: Release) {
    let Some(Item::Leaf(old)) = to.get_mut(name) else {
        to.set(std::borrow::Cow::Owned(name.to_owned()), item);
        return;
    };
    if let Item::Leaf(Leaf { value, .. }) = item {
        let mut all = old.value.texts();
        for text in value.texts() {
            if release.is_1() || !all.contains(&text) {
                all.push(text);
            }
        }
        old.value = Val::Texts(all);
    }
}
