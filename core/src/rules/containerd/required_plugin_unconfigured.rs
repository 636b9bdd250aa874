//! # `required-plugin-unconfigured`
//!
//! A plugin in `required_plugins` that skips itself, because the setting that turns it on is not there.
//!
//! ## Why
//!
//! Some plugins do not load unless they are configured, which is not an error by itself. As a required plugin it is:
//! containerd does not start (`load required plugin io.containerd.snapshotter.v1.devmapper: skip plugin`).
//!
//! | plugin | loads with |
//! |---|---|
//! | devmapper snapshotter | `pool_name` |
//! | blockfile snapshotter (1.7 and later) | `scratch_file`, or a scratch file of an earlier start |
//! | grpc-tcp, debug and metrics server (2.3 and later) | `address`; grpc-tcp also with a CRI that serves TCP |
//!
//! ## What to do
//!
//! Configure the plugin, or remove it from `required_plugins`.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! required_plugins = ["io.containerd.snapshotter.v1.devmapper"]
//!                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml bad containerd=2.3
//! version = 4
//! required_plugins = ["io.containerd.server.v1.metrics"]
//!                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good containerd=2.3
//! version = 4
//! required_plugins = ["io.containerd.server.v1.metrics"]
//! [plugins."io.containerd.server.v1.metrics"]
//!   address = "127.0.0.1:1338"
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.7.34:snapshots/devmapper/plugin/plugin.go, snapshots/blockfile/blockfile.go,
//!   services/server/server.go; v2.3.4:plugins/server, cmd/containerd/server/server.go (`load required plugin`)

use crate::containerd::eras::{MIGRATES, SERVERS_ARE_PLUGINS};
use crate::containerd::loader::{Configuration, Effective, Leaf};
use crate::containerd::plugin_uri;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "required-plugin-unconfigured",
    summary: "Required plugin that skips itself unless it is configured",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// A plugin that skips itself without a setting, and the releases that have it.
struct SkippingPlugin {
    uri: &'static str,
    setting: &'static str,
    releases: Releases,
}

const TCP: &str = "io.containerd.server.v1.grpc-tcp";

const SKIPPING: [SkippingPlugin; 5] = [
    skipping("io.containerd.snapshotter.v1.devmapper", "pool_name", Releases::containerd("1.3..")),
    skipping("io.containerd.snapshotter.v1.blockfile", "scratch_file", Releases::containerd("1.7..")),
    skipping(TCP, "address", SERVERS_ARE_PLUGINS),
    skipping("io.containerd.server.v1.debug", "address", SERVERS_ARE_PLUGINS),
    skipping("io.containerd.server.v1.metrics", "address", SERVERS_ARE_PLUGINS),
];

const fn skipping(uri: &'static str, setting: &'static str, releases: Releases) -> SkippingPlugin {
    SkippingPlugin { uri, setting, releases }
}

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    for configuration in loaded.configurations() {
        for file in &configuration.files {
            for item in file.body().get("required_plugins").map(Node::items).unwrap_or_default() {
                let Some(name) = item.as_str() else { continue };
                for plugin in &SKIPPING {
                    let releases = plugin.skips(configuration, name);
                    if !releases.is_empty() {
                        report(cx, file.index, item.span, plugin, releases);
                    }
                }
            }
        }
    }
}

impl SkippingPlugin {
    /// The releases in which a name is that of the plugin, and it skips itself.
    fn skips(&self, configuration: &Configuration, name: &str) -> Releases {
        configuration.releases_where(|effective| {
            effective.is_complete
                && effective.release.is_in(self.releases)
                && self.is_called(name, effective)
                && effective.runs(self.uri)
                && (effective.text(&format!("{}:{}", self.uri, self.setting)).is_none()
                    || self.uri == TCP && !serves_tcp(effective))
        })
    }

    /// Whether the release takes a name for the plugin's. 2.x give the short names of version 1 files their URIs.
    fn is_called(&self, name: &str, effective: &Effective) -> bool {
        let is_migrated = effective.release.is_in(MIGRATES) && !name.contains('.');
        effective.name_of(self.uri) == name || is_migrated && plugin_uri::migrated(name) == self.uri
    }
}

/// Whether CRI serves TCP, which is all that the TCP endpoint has.
fn serves_tcp(effective: &Effective) -> bool {
    effective.setting("streaming:disable_tcp_service").and_then(Leaf::as_bool) == Some(false)
}

fn report(cx: &mut NodeCx, file: usize, span: Span, plugin: &SkippingPlugin, releases: Releases) {
    let SkippingPlugin { uri, setting, .. } = plugin;
    let help = match *uri {
        TCP => "Set `address` and, for CRI, `disable_tcp_service = false`, or remove the entry.".to_owned(),
        _ => format!("Set `{setting}` of the plugin, or remove the entry."),
    };
    cx.report(file, span, format!("`{uri}` is required, but does not load without `{setting}`"))
        .refused(releases)
        .key("required_plugins")
        .why(format!("containerd does not start: `load required plugin {uri}: skip plugin`."))
        .help(help);
}
