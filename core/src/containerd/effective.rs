//! What rules read in the settings that a release has in the end. [`super::settings`] describes the paths.

use super::eras::{IGNORES_KEY_CASE, LOADS_GO_PLUGINS, SPLITS_CRI};
use super::kind::{CRI, CRI_IMAGES, CRI_RUNTIME};
use super::loader::{Effective, Leaf, LoadedItem, LoadedTable};
use super::{plugin_uri, plugins};
use crate::kind::SettingPlace;
use crate::syntax::Entry;

impl<'f, 'a> Effective<'f, 'a> {
    /// The setting or table at a path; nothing in a plugin that the release does not have or that is turned off.
    pub(crate) fn item(&self, path: &str) -> Option<&LoadedItem<'f, 'a>> {
        match path.split_once(':') {
            Some((plugin, path)) => self.below(self.plugin(self.uri_of(plugin))?, path),
            None => self.below(&self.loaded.table, path),
        }
    }

    /// The setting at a path.
    pub(crate) fn setting(&self, path: &str) -> Option<&Leaf<'f, 'a>> {
        self.item(path)?.as_leaf()
    }

    /// The setting at a path, if it is text that is not empty.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.setting(path)?.text()
    }

    /// The table at a path.
    pub(crate) fn table(&self, path: &str) -> Option<&LoadedTable<'f, 'a>> {
        self.item(path)?.as_table()
    }

    /// The texts at a path in which `*` stands for any name and `[]` for the items of a list; empty ones are left out.
    pub(crate) fn texts(&self, path: &str) -> Vec<(SettingPlace, &str)> {
        if let Some((tables, rest)) = path.split_once(".*.") {
            let tables = self.table(tables).into_iter().flat_map(LoadedTable::entries);
            let tables = tables.filter_map(|(_, item)| item.as_table());
            return tables.filter_map(|table| placed_text(self.leaf(table, rest)?)).collect();
        }
        let Some((list, field)) = path.split_once("[].") else {
            return self.setting(path).and_then(placed_text).into_iter().collect();
        };
        let Some(list) = self.setting(list) else { return vec![] };
        let entries = list.items().iter().filter_map(|item| item.entry(field));
        entries.filter_map(|entry| Some((list.place_of(entry), entry.value.as_str()?))).collect()
    }

    /// The runtimes that the files define, each with its table.
    pub(crate) fn runtimes(&self) -> impl Iterator<Item = (&str, &LoadedTable<'f, 'a>)> {
        let all = self.table("runtime:containerd.runtimes");
        all.into_iter().flat_map(LoadedTable::entries).filter_map(|(name, item)| Some((name, item.as_table()?)))
    }

    /// The proxy plugins of the files, by name.
    pub(crate) fn proxies(&self) -> impl Iterator<Item = (&str, &LoadedItem<'f, 'a>)> {
        self.table("proxy_plugins").into_iter().flat_map(LoadedTable::entries)
    }

    /// Whether the files have a proxy plugin of this name and type, such as `io.containerd.snapshotter.v1`.
    pub(crate) fn has_proxy(&self, name: &str, plugin_type: &str) -> bool {
        let proxies = self.table("proxy_plugins");
        let proxy = proxies.and_then(|proxies| self.entry(proxies, name)).and_then(LoadedItem::as_table);
        proxy.is_some_and(|proxy| self.is_proxy_of(proxy, plugin_type))
    }

    /// Whether a table defines a proxy plugin of this type.
    pub(crate) fn is_proxy_of(&self, proxy: &LoadedTable, plugin_type: &str) -> bool {
        let written = self.leaf(proxy, "type").and_then(Leaf::text);
        written.and_then(plugins::proxy_type).is_some_and(|known| known.plugin_type == plugin_type)
    }

    /// An entry of a table, by its name as this release compares names.
    pub(crate) fn entry<'s>(&self, table: &'s LoadedTable<'f, 'a>, name: &str) -> Option<&'s LoadedItem<'f, 'a>> {
        let any_case = || table.get_any_case(name).filter(|_| self.release.is_in(IGNORES_KEY_CASE));
        table.get(name).or_else(any_case)
    }

    /// A setting of a table.
    pub(crate) fn leaf<'s>(&self, table: &'s LoadedTable<'f, 'a>, name: &str) -> Option<&'s Leaf<'f, 'a>> {
        self.entry(table, name)?.as_leaf()
    }

    /// Whether a plugin is built into the release.
    pub(crate) fn has_plugin(&self, uri: &str) -> bool {
        plugins::find(uri).is_some_and(|plugin| self.release.is_among(plugin.releases()))
    }

    /// Whether a plugin is not turned off.
    pub(crate) fn runs(&self, uri: &str) -> bool {
        !self.lists("disabled_plugins", self.name_of(uri))
    }

    /// Whether the release may have plugins that no list has: it loads them from a folder.
    pub(crate) fn may_have_more_plugins(&self) -> bool {
        self.release.is_in(LOADS_GO_PLUGINS) && self.text("plugin_dir").is_some()
    }

    /// Whether a list of plugins has an entry, as this release compares them.
    pub(crate) fn lists(&self, list: &str, name: &str) -> bool {
        self.loaded.table.leaf(list).is_some_and(|leaf| leaf.value.lists(name))
    }

    /// What the release calls a plugin in this configuration.
    pub(crate) fn name_of<'u>(&self, uri: &'u str) -> &'u str {
        if self.loaded.version == 1 { plugin_uri::short(uri) } else { uri }
    }

    /// The table of a plugin that the release has and that runs, by its URI in config version 2 and later.
    fn plugin(&self, uri: &str) -> Option<&LoadedTable<'f, 'a>> {
        let table = self.loaded.table.table("plugins")?.table(self.name_of(uri))?;
        let exists = plugins::find(uri).is_none() || self.has_plugin(uri);
        (exists && self.runs(uri)).then_some(table)
    }

    /// The URI of the plugin that a path names.
    fn uri_of<'p>(&self, plugin: &'p str) -> &'p str {
        let is_split = self.release.is_in(SPLITS_CRI);
        match plugin {
            "runtime" if is_split => CRI_RUNTIME,
            "images" if is_split => CRI_IMAGES,
            "runtime" | "images" | "streaming" => CRI,
            uri => uri,
        }
    }

    fn below<'s>(&self, table: &'s LoadedTable<'f, 'a>, path: &str) -> Option<&'s LoadedItem<'f, 'a>> {
        match path.split_once('.') {
            Some((name, rest)) => self.below(self.entry(table, name)?.as_table()?, rest),
            None => self.entry(table, path),
        }
    }
}

impl Leaf<'_, '_> {
    /// The place of an entry inside the value.
    pub(crate) fn place_of(&self, entry: &Entry) -> SettingPlace {
        SettingPlace { file: self.origin.file, key: entry.key_span, value: entry.value.span }
    }
}

/// Text that is not empty, with its place.
fn placed_text<'s>(leaf: &'s Leaf) -> Option<(SettingPlace, &'s str)> {
    Some((SettingPlace::of(leaf), leaf.text()?))
}
