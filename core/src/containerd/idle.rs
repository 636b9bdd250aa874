//! Plugins that do not run although the release has them, so that their settings have no effect.

use super::kind::{CRI_IMAGES, CRI_RUNTIME};
use super::loader::LoadedTable;

/// A setting that is not empty, without which a plugin skips itself.
struct Need {
    uri: &'static str,
    setting: &'static str,
    /// Whether the default is not empty, so that only an empty value written counts.
    has_default: bool,
}

/// Sources: containerd/containerd@v2.3.4:plugins/snapshots/devmapper/plugin/plugin.go and
/// plugins/server/{debug,grpc,metrics,ttrpc}/plugin.go (`ErrSkipPlugin`); the snapshotter was measured with 1.6.39 to
/// 2.4.0-beta.0.
const NEEDS: [Need; 5] = [
    need("io.containerd.snapshotter.v1.devmapper", "pool_name", false),
    need("io.containerd.server.v1.debug", "address", false),
    need("io.containerd.server.v1.grpc-tcp", "address", false),
    need("io.containerd.server.v1.metrics", "address", false),
    need("io.containerd.server.v1.ttrpc", "address", true),
];

const fn need(uri: &'static str, setting: &'static str, has_default: bool) -> Need {
    Need { uri, setting, has_default }
}

/// Whether a plugin skips itself, given its table.
pub(crate) fn skips_itself(uri: &str, table: Option<&LoadedTable>) -> bool {
    let Some(need) = NEEDS.iter().find(|need| need.uri == uri) else { return false };
    match table.and_then(|table| table.leaf(need.setting)) {
        Some(leaf) => leaf.value.as_str() == Some(""),
        None => !need.has_default,
    }
}

/// Whether the CRI plugin alone uses what a plugin of 2.x offers: the halves that hold its settings.
pub(crate) fn serves_cri_alone(uri: &str) -> bool {
    matches!(uri, CRI_RUNTIME | CRI_IMAGES)
}
