//! Decoding: what the release reads of the settings that arrive.

use std::borrow::Cow;
use std::collections::HashSet;

use super::ContainerdRelease;
use super::status::{Loss, Status, Statuses};
use super::tree::{LoadedItem, LoadedTable};
use crate::containerd;
use crate::containerd::eras::{FILLS_EMBEDDED_TABLES, HAS_BIN_DIRS, IGNORES_KEY_CASE};
use crate::containerd::idle;
use crate::containerd::kind::{CRI, CRI_RUNTIME};
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
    let disabled = table.leaf("disabled_plugins").map(|leaf| leaf.value.texts()).unwrap_or_default();
    let disabled: HashSet<String> = disabled.into_iter().collect();
    let mut decoder = Decoder { release, status: Status::InEffect };
    let root = known.root();
    for (name, item) in table.entries_mut() {
        match (name, &mut *item) {
            ("plugins", LoadedItem::Table(plugins)) => {
                let Some(within) = root.child("plugins") else { continue };
                for (name, item) in plugins.entries_mut() {
                    if disabled.contains(name) {
                        statuses.lose(item, &Loss::Disabled);
                        continue;
                    }
                    decoder.status = if idle::serves_cri_alone(name) && disabled.contains(CRI) {
                        Status::Lost(Loss::CriDisabled)
                    } else if idle::skips_itself(name, item.as_table()) {
                        Status::Lost(Loss::Skipped)
                    } else {
                        Status::InEffect
                    };
                    decoder.plugin(name, item, within, statuses);
                }
                decoder.status = Status::InEffect;
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
    /// What becomes of the settings that the release reads.
    status: Status,
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
            if name == CRI_RUNTIME && self.release.is_in(HAS_BIN_DIRS) {
                prefer_bin_dir(table, statuses);
            }
        }
    }

    fn table<'t, 'a>(&self, table: &mut LoadedTable<'t, 'a>, place: Place, statuses: &mut Statuses) {
        let runtime_type = table.leaf("runtime_type").and_then(|leaf| leaf.text()).filter(|ty| shims::is_foreign(ty));
        let foreign = runtime_type.filter(|_| place.child("options").is_some()).map(str::to_owned);
        for (name, item) in table.entries_mut() {
            match (&foreign, &*item) {
                (Some(shim), LoadedItem::Table(options)) if name == "options" => self.options(shim, options, statuses),
                _ => self.entry(name, item, place, statuses),
            }
        }
    }

    /// The options of a shim other than runc's.
    fn options(&self, shim: &str, options: &LoadedTable, statuses: &mut Statuses) {
        let has_path =
            options.get_any_case("ConfigPath").and_then(LoadedItem::as_leaf).is_some_and(|leaf| leaf.text().is_some());
        for (name, item) in options.entries() {
            match shims::dropped_option(shim, name, has_path) {
                Some(_) => statuses.lose(item, &Loss::Unknown),
                None => item.leaves(&mut |leaf| statuses.set(leaf, self.status.clone())),
            }
        }
    }

    fn entry<'t, 'a>(&self, name: &str, item: &mut LoadedItem<'t, 'a>, within: Place, statuses: &mut Statuses) {
        // A table without known keys below: any name is right.
        if !within.has_children() {
            item.leaves(&mut |leaf| statuses.set(leaf, self.status.clone()));
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
                    item.leaves(&mut |leaf| statuses.set(leaf, self.status.clone()));
                }
            }
        }
    }
}

/// `bin_dir` takes the place of the default of `bin_dirs`; other folders beside it are an error. Source:
/// `ValidateRuntimeConfig` of containerd/containerd@v2.3.4:internal/cri/config/config.go.
fn prefer_bin_dir(runtime: &LoadedTable, statuses: &mut Statuses) {
    let Some(cni) = runtime.table("cni") else { return };
    if let (Some(old), Some(new)) = (cni.leaf("bin_dir"), cni.leaf("bin_dirs"))
        && old.text().is_some()
        && new.value.texts() == ["/opt/cni/bin"]
    {
        statuses.overrule(new, Status::Lost(Loss::Shadowed(old.origin)));
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
