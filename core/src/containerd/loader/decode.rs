//! Decoding: what the release reads of the settings that arrive.

use std::borrow::Cow;
use std::collections::HashSet;

use super::ContainerdRelease;
use super::status::{Loss, Statuses};
use super::tree::{LoadedItem, LoadedTable};
use crate::containerd;
use crate::containerd::eras::{FILLS_EMBEDDED_TABLES, IGNORES_KEY_CASE};
use crate::containerd::kind::CRI;
use crate::containerd::lifetime::is_used;
use crate::containerd::shims;
use crate::keys::{Place, Type};

/// The tables that go-toml 1 fills from the table around them where they are missing: they are embedded structs.
const EMBEDDED: [&str; 4] = ["containerd", "cni", "image_decryption", "x509_key_pair_streaming"];

/// Records for every setting that arrives whether the release reads it.
pub(super) fn decode<'t, 'a>(
    table: &mut LoadedTable<'t, 'a>,
    version: i64,
    release: ContainerdRelease,
    statuses: &mut Statuses,
) {
    let Some(known) = containerd::table_of(version) else { return };
    let decoder = Decoder { release };
    let disabled = table.leaf("disabled_plugins").map(|leaf| leaf.value.texts()).unwrap_or_default();
    let disabled: HashSet<String> = disabled.into_iter().collect();
    let root = known.root();
    for (name, item) in table.entries_mut() {
        match (name, &mut *item) {
            ("plugins", LoadedItem::Table(plugins)) => {
                let Some(within) = root.child("plugins") else { continue };
                for (name, item) in plugins.entries_mut() {
                    if disabled.contains(name) {
                        statuses.idle(item);
                    } else {
                        decoder.plugin(name, item, within, statuses);
                    }
                }
            }
            ("version", item) => {
                item.leaves(&mut |leaf| statuses.live(leaf));
            }
            (name, item) => decoder.entry(name, item, root, statuses),
        }
    }
}

/// Whether the release has a plugin, given the place of its table.
pub(crate) fn has_plugin(place: Place, release: ContainerdRelease) -> bool {
    let own = place.key().map(|key| release.set().overlaps(key.releases()));
    own.unwrap_or(false)
        || place.children().any(|child| has_plugin(child, release))
        || !place.has_children() && own.is_none()
}

struct Decoder {
    release: ContainerdRelease,
}

impl Decoder {
    fn plugin<'t, 'a>(&self, name: &str, item: &mut LoadedItem<'t, 'a>, within: Place, statuses: &mut Statuses) {
        let Some(place) = within.child(name).filter(|place| has_plugin(*place, self.release)) else {
            statuses.lose(item, &Loss::NoPlugin);
            return;
        };
        if let LoadedItem::Table(table) = item {
            if self.release.is_in(FILLS_EMBEDDED_TABLES) && (name == CRI || name == "cri") {
                embed(table, place);
            }
            self.table(table, place, statuses);
        }
    }

    fn table<'t, 'a>(&self, table: &mut LoadedTable<'t, 'a>, place: Place, statuses: &mut Statuses) {
        let runtime_type = table.leaf("runtime_type").and_then(|leaf| leaf.value.as_str());
        let foreign = runtime_type.is_some_and(shims::is_foreign) && place.child("options").is_some();
        for (name, item) in table.entries_mut() {
            if foreign && name == "options" {
                item.leaves(&mut |leaf| statuses.live(leaf));
            } else {
                self.entry(name, item, place, statuses);
            }
        }
    }

    fn entry<'t, 'a>(&self, name: &str, item: &mut LoadedItem<'t, 'a>, within: Place, statuses: &mut Statuses) {
        // A table without known keys below: any name is right.
        if !within.has_children() {
            item.leaves(&mut |leaf| statuses.live(leaf));
            return;
        }
        let any_case = self.release.is_in(IGNORES_KEY_CASE) || within.name() == "options";
        let found = if any_case { within.child_any_case(name) } else { within.child(name) };
        let Some(place) = found else {
            statuses.lose(item, &Loss::Unknown);
            return;
        };
        match item {
            LoadedItem::Table(table) if place.has_children() => self.table(table, place, statuses),
            item => {
                let key = place.key();
                let is_read = key.is_none_or(|key| self.release.is_among(key.releases()));
                let is_zero = item.as_leaf().is_some_and(|leaf| leaf.value.is_zero());
                let is_used = key.is_none_or(|key| is_used(key, self.release, is_zero));
                if let LoadedItem::Leaf(leaf) = item
                    && is_read
                {
                    statuses.decoded(leaf, place);
                }
                if !is_read {
                    statuses.lose(item, &Loss::Unknown);
                } else if !is_used {
                    statuses.lose(item, &Loss::NotUsed);
                } else {
                    item.leaves(&mut |leaf| statuses.live(leaf));
                }
            }
        }
    }
}

/// Moves keys that stand beside a missing embedded table into it.
fn embed(table: &mut LoadedTable, place: Place) {
    for name in EMBEDDED {
        let Some(inner) = place.child(name).filter(|_| table.get(name).is_none()) else { continue };
        let stray = |n: &str| place.child(n).is_none() && inner.child(n).is_some_and(|p| !is_table(p));
        let names: Vec<String> = table.entries().map(|(n, _)| n.to_owned()).filter(|n| stray(n)).collect();
        for n in names {
            if let Some(item) = table.take(&n)
                && let Some(to) = table.make_table(name)
            {
                to.set(Cow::Owned(n), item);
            }
        }
    }
}

fn is_table(place: Place) -> bool {
    place.has_children() || place.key().is_some_and(|key| key.ty() == Type::Table)
}
