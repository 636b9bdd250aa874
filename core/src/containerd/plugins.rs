//! containerd's own plugins: which release has which, and what turning one off breaks.

use super::eras::MIGRATES;
use super::plugin_tables::{PLUGINS, PROXY_TYPES, RENAMED};
use super::plugin_uri::{migrated, short};
use crate::releases::{Bits, Product, ReleaseSet};

/// A plugin that is built into containerd.
#[derive(Debug, PartialEq, Eq)]
pub struct Plugin {
    /// Type and id: `io.containerd.snapshotter.v1.overlayfs`.
    pub uri: &'static str,
    /// What it does, in a sentence or two.
    pub doc: &'static str,
    /// Where upstream registers it.
    pub source: &'static str,
    pub(crate) releases: Bits,
    pub(crate) needed: Bits,
    pub(crate) serves_cri: Bits,
}

impl Plugin {
    /// The releases that have it.
    #[must_use]
    pub fn releases(&self) -> ReleaseSet {
        ReleaseSet(self.releases)
    }

    /// The releases in which turning it off keeps other plugins from loading.
    #[must_use]
    pub fn needed(&self) -> ReleaseSet {
        ReleaseSet(self.needed)
    }

    /// The releases in which the CRI plugin is among them.
    #[must_use]
    pub fn serves_cri(&self) -> ReleaseSet {
        ReleaseSet(self.serves_cri)
    }

    /// The releases that take its short name for it.
    #[must_use]
    pub fn by_short_name(&self) -> ReleaseSet {
        let is_migrated = migrated(short(self.uri)) == self.uri;
        if is_migrated { self.releases() } else { self.releases().without(MIGRATES.get(Product::Containerd)) }
    }
}

/// All of them, by URI.
#[must_use]
pub fn all() -> &'static [Plugin] {
    PLUGINS
}

/// The plugin with this URI.
#[must_use]
pub fn find(uri: &str) -> Option<&'static Plugin> {
    let at = PLUGINS.binary_search_by(|plugin| plugin.uri.cmp(uri)).ok()?;
    PLUGINS.get(at)
}

/// A type of a proxy plugin.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ProxyType {
    /// The short name: `snapshot`.
    pub(crate) name: &'static str,
    /// The type of the plugin that it becomes: `io.containerd.snapshotter.v1`.
    pub(crate) plugin_type: &'static str,
    pub(crate) releases: Bits,
}

/// The type of a proxy plugin by its short name or by the plugin type.
pub(crate) fn proxy_type(text: &str) -> Option<&'static ProxyType> {
    PROXY_TYPES.iter().find(|known| [known.name, known.plugin_type].contains(&text))
}

/// All types of proxy plugins.
pub(crate) fn proxy_types() -> &'static [ProxyType] {
    PROXY_TYPES
}

/// The plugins that 2.0 gave another URI: old and new.
pub(crate) fn renamed() -> &'static [(&'static str, &'static str)] {
    RENAMED
}

/// The plugins that a name of config version 1 stands for. Up to 1.7 that is every plugin of this id; 2.x make one
/// URI of it.
pub fn of_short_name(name: &str) -> impl Iterator<Item = &'static Plugin> {
    all().iter().filter(move |plugin| short(plugin.uri) == name && !plugin.by_short_name().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_stand_for_what_each_release_takes_them_for() {
        let of = |name| -> Vec<_> {
            let all = of_short_name(name).map(|p| (p.uri, p.by_short_name().describe(Product::Containerd)));
            all.collect()
        };
        assert_eq!(of("overlayfs"), [("io.containerd.snapshotter.v1.overlayfs", "1.0 and later".to_owned())]);
        // 2.x make the gRPC service of any unknown name.
        let content = [
            ("io.containerd.content.v1.content", "1.0 to 1.7".to_owned()),
            ("io.containerd.grpc.v1.content", "1.0 and later".to_owned()),
        ];
        assert_eq!(of("content"), content);
        assert_eq!(of("otelttrpc"), []);
    }

    #[test]
    fn every_plugin_is_described() {
        for plugin in all() {
            assert!(plugin.doc.ends_with('.') && plugin.source.contains('@'), "{}", plugin.uri);
        }
    }
}
