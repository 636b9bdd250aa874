//! containerd's effective configuration, as `containerd config dump` shows it: defaults, built-in entries, and what the
//! files set. Empty tables are left out.

use std::collections::BTreeMap;

use crate::containerd::eras::{IGNORES_KEY_CASE, REPLACES_TABLES};
use crate::containerd::kind::table_of;
use crate::containerd::loader::{ContainerdRelease, Leaf, LeafValue, LoadedItem, LoadedTable, has_plugin, load};
use crate::containerd::on_node::native_version;
use crate::keys::defaults;
use crate::keys::{KeySpec, Place, Table as Keys, Type, built_in};
use crate::kind::File;
use crate::kind::{EffectiveSetting, SettingSource};
use crate::releases::Product;
use crate::syntax::Node;
use crate::syntax::path::{join, split};

/// The settings that `release` has with these files (main file first), by their path.
#[must_use]
pub(crate) fn settings(files: &[&File], release: ContainerdRelease) -> Vec<EffectiveSetting> {
    let version = native_version(release);
    let Some(keys) = table_of(version) else { return vec![] };
    let mut shown = Listing { release, keys, all: BTreeMap::new() };
    shown.defaults();
    shown.built_in(version);
    let loaded = load(files, release);
    for (name, item) in loaded.table.entries() {
        match (name, item) {
            ("version" | "imports", _) => {}
            ("plugins", LoadedItem::Table(plugins)) => shown.plugins(plugins, loaded.version),
            // A release drops unknown keys at the top.
            _ => {
                let root = keys.root();
                let place = if release.is_in(IGNORES_KEY_CASE) { root.child_any_case(name) } else { root.child(name) };
                if let Some(place) = place {
                    shown.item(vec![canonical(Some(place), name)], item, Some(place), false);
                }
            }
        }
    }
    shown.exports();
    shown.disabled(&loaded.table);
    shown.all.into_values().collect()
}

struct Listing {
    release: ContainerdRelease,
    keys: &'static Keys,
    all: BTreeMap<Vec<String>, EffectiveSetting>,
}

impl Listing {
    fn has(&self, key: &KeySpec) -> bool {
        !key.releases().and(self.release.set()).is_empty()
    }

    fn replaces_tables(&self) -> bool {
        self.release.is_in(REPLACES_TABLES)
    }

    fn set_default(&mut self, path: Vec<String>, value: &str) {
        if !self.all.contains_key(&path) {
            self.set(path, value.to_owned(), SettingSource::Default, false);
        }
    }

    fn set(&mut self, path: Vec<String>, value: String, source: SettingSource, unused: bool) {
        self.all.insert(path.clone(), EffectiveSetting { path, value, source, unused });
    }

    fn defaults(&mut self) {
        for key in self.keys.keys().iter().filter(|key| key.platform() != Some("windows")) {
            let path = split(key.path());
            let is_single = !path.iter().any(|part| matches!(*part, "*" | "[]"));
            if let Some(value) =
                defaults::in_release(key, Product::Containerd, self.release.set()).filter(|_| is_single)
                && !matches!(path.as_slice(), ["version" | "imports"])
                && self.has(key)
            {
                self.set_default(owned(&path), value);
            }
        }
    }

    fn built_in(&mut self, version: i64) {
        let rows: Vec<_> = built_in::of(version, self.release.set()).collect();
        for (path, value) in &rows {
            self.set_default(owned(&split(path)), value);
        }
        for (path, _) in rows {
            let mut parts = split(path);
            parts.pop();
            if let Some(place) = self.keys.find(&parts).filter(|place| place.name() != "options") {
                self.zeroes(&owned(&parts), place);
            }
        }
    }

    /// Fills in the fields of an entry that no file sets.
    fn zeroes(&mut self, path: &[String], place: Place) {
        for child in place.children() {
            let mut path = path.to_vec();
            path.push(child.name().to_owned());
            if let Some(key) = child.key().filter(|key| self.has(key))
                && !child.has_children()
                && let Some(zero) = zero(key.ty())
            {
                self.set_default(path, zero);
            }
        }
    }

    /// Disabled plugins have no settings.
    fn disabled(&mut self, table: &LoadedTable) {
        let Some(list) = table.leaf("disabled_plugins") else { return };
        let names = list.value.texts();
        self.all.retain(|path, _| {
            let [top, plugin, ..] = path.as_slice() else { return true };
            let short = plugin.rsplit('.').next().unwrap_or_default();
            top != "plugins" || !names.iter().any(|name| name == plugin || !name.contains('.') && name == short)
        });
    }

    /// The daemon writes the address of a proxy plugin among its exports, if it has any. Source: `LoadPlugins` of
    /// containerd/containerd@v2.3.4:cmd/containerd/server/server.go.
    fn exports(&mut self) {
        let mut more = vec![];
        for (path, address) in &self.all {
            if let [top, name, field] = path.as_slice()
                && top == "proxy_plugins"
                && field == "address"
            {
                let exports = vec![top.clone(), name.clone(), "exports".to_owned()];
                if self.all.keys().any(|p| p.starts_with(&exports)) {
                    more.push(([exports, vec![field.clone()]].concat(), address.value.clone(), address.source));
                }
            }
        }
        for (path, value, source) in more {
            self.set(path, value, source, false);
        }
    }

    fn plugins(&mut self, plugins: &LoadedTable, version: i64) {
        let Some(within) = self.keys.root().child("plugins") else { return };
        for (name, item) in plugins.entries() {
            // Under version 1, 1.x look for the plugin of that id, whatever its type.
            let uri = if version == 1 { plugin_of(within, name) } else { Some(name) };
            let place = uri.and_then(|uri| within.child(uri)).filter(|place| has_plugin(*place, self.release));
            // 2.x dump tables that no plugin reads, 1.x do not.
            if place.is_none() && self.replaces_tables() {
                continue;
            }
            let shown = uri.unwrap_or(name).to_owned();
            self.item(vec!["plugins".to_owned(), shown], item, place, place.is_none());
        }
    }

    fn item(&mut self, path: Vec<String>, item: &LoadedItem, place: Option<Place>, unused: bool) {
        match item {
            LoadedItem::Leaf(leaf) => self.leaf(path, leaf, place, unused),
            LoadedItem::Table(table) => self.table(path, table, place, unused),
        }
    }

    fn leaf(&mut self, path: Vec<String>, leaf: &Leaf, place: Option<Place>, unused: bool) {
        let is_plugin = path.first().is_some_and(|top| top == "plugins");
        // A zero value of the daemon's own settings is like no value.
        if !is_plugin && path.len() <= 2 && leaf.value.is_zero() && self.all.contains_key(&path) {
            return;
        }
        let key = place.and_then(Place::key);
        let unread = key.is_some_and(|key| !self.has(key) || key.has_no_effect());
        let is_option = path.iter().rev().nth(1).is_some_and(|table| table == "options");
        if unread && leaf.value.is_zero() && !is_option {
            return;
        }
        let is_zero_time = key.is_some_and(|key| key.ty() == Type::Duration) && leaf.value.toml() == "0";
        if is_zero_time {
            return self.set(path, "\"0s\"".to_owned(), SettingSource::Written(leaf.origin), unused);
        }
        let value = place.and_then(Place::item).map_or_else(|| leaf.value.toml(), |item| self.tables(leaf, item));
        self.set(path, value, SettingSource::Written(leaf.origin), unused || unread);
    }

    /// A list of tables, with the fields that no file sets.
    fn tables(&self, leaf: &Leaf, place: Place) -> String {
        let Some(node) = leaf.value.node().filter(|_| place.has_children()) else { return leaf.value.toml() };
        let table = |item: &Node| {
            let mut fields: Vec<(&str, String)> =
                item.entries().iter().map(|e| (e.key.as_ref(), LeafValue::Node(&e.value).toml())).collect();
            for child in place.children() {
                let zero = child.key().filter(|key| self.has(key)).and_then(|key| zero(key.ty()));
                if let Some(zero) = zero.filter(|_| item.get(child.name()).is_none()) {
                    fields.push((child.name(), zero.to_owned()));
                }
            }
            let fields: Vec<String> =
                fields.iter().map(|(name, value)| format!("{} = {value}", join(&[*name]))).collect();
            format!("{{ {} }}", fields.join(", "))
        };
        format!("[{}]", node.items().iter().map(table).collect::<Vec<_>>().join(", "))
    }

    fn table(&mut self, path: Vec<String>, table: &LoadedTable, place: Option<Place>, unused: bool) {
        let is_plugin = path.first().is_some_and(|top| top == "plugins");
        let is_map = place.is_some_and(|p| {
            p.is_free() || p.name() == "options" || p.key().is_some_and(|k| matches!(k.ty(), Type::Map(_) | Type::Any))
        });
        if is_map && is_plugin && self.replaces_tables() {
            self.all.retain(|known, _| !(known.len() > path.len() && known.starts_with(&path)));
        }
        // A table of an entry has all its fields.
        if let Some(place) = place.filter(|p| !is_map && p.key().is_none_or(|k| k.ty() == Type::Table))
            && is_in_entry(self.keys, &path)
        {
            self.zeroes(&path, place);
        }
        for (name, item) in table.entries() {
            let exact = is_map || !self.release.is_in(IGNORES_KEY_CASE);
            let child = place.and_then(|p| if exact { p.child(name) } else { p.child_any_case(name) });
            // Options are handed on to the shim as they are.
            let is_option = place.is_some_and(|p| p.name() == "options");
            let known = match place {
                None => true,
                Some(p) => child.is_some() || !p.has_children() || is_option,
            };
            // Unknown keys are not in the dump of a release.
            let read = child.and_then(Place::key).is_none_or(|key| self.has(key));
            if !known || !read && !is_option {
                continue;
            }
            let mut path = path.clone();
            path.push(canonical(child, name));
            if is_map
                && let Some(entry) = child.filter(|c| c.name() == "*" && c.has_children())
                && matches!(item, LoadedItem::Table(_))
            {
                // A whole new entry, except where 2.x merge it into a built-in one.
                if !is_plugin {
                    self.all.retain(|known, _| !known.starts_with(&path));
                }
                self.zeroes(&path, entry);
            }
            self.item(path, item, child, unused);
        }
    }
}

fn plugin_of(within: Place, id: &str) -> Option<&'static str> {
    within.children().map(Place::name).find(|uri| uri.rsplit('.').next() == Some(id))
}

/// Whether a place lies below an entry with a free name.
fn is_in_entry(keys: &'static Keys, path: &[String]) -> bool {
    let mut place = Some(keys.root());
    path.iter().any(|name| {
        place = place.and_then(|p| p.child(name));
        place.is_some_and(|p| p.name() == "*")
    })
}

fn owned(parts: &[&str]) -> Vec<String> {
    parts.iter().map(|part| (*part).to_owned()).collect()
}

/// The name as the release writes it.
fn canonical(place: Option<Place>, name: &str) -> String {
    match place.map(Place::name) {
        Some(known) if known.eq_ignore_ascii_case(name) => known.to_owned(),
        _ => name.to_owned(),
    }
}

/// The empty value of a type; none for tables, which are not shown when empty.
fn zero(ty: Type) -> Option<&'static str> {
    Some(match ty {
        Type::Bool => "false",
        Type::Int => "0",
        Type::Float => "0.0",
        Type::List(_) => "[]",
        Type::String | Type::Duration | Type::Bytes => "\"\"",
        _ => return None,
    })
}
