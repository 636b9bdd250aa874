//! containerd's own plugins: which release has which, and what turning one off breaks.

use super::plugin_tables::PLUGINS;
use crate::releases::ReleaseSet;

/// A plugin that is built into containerd.
#[derive(Debug, PartialEq, Eq)]
pub struct Plugin {
    /// Type and id: `io.containerd.snapshotter.v1.overlayfs`.
    pub uri: &'static str,
    pub(crate) releases: u64,
    pub(crate) needed: u64,
    pub(crate) serves_cri: u64,
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
