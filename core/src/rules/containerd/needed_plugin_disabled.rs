//! # `needed-plugin-disabled`
//!
//! `disabled_plugins` names a plugin without which others do not load.
//!
//! ## Why
//!
//! Plugins look others up when they start: without the content store the metadata plugin does not load, and without
//! that nearly nothing. Often CRI is among them, though the daemon logs that it booted. Turning off the overlayfs
//! snapshotter breaks the transfer plugin, whose defaults name it, and from 2.1 on CRI, even where CRI uses another
//! snapshotter.
//!
//! ## What to do
//!
//! Remove the entry. Snapshotters other than overlayfs, `restart`, `opt` and the like can be turned off without harm.
//!
//! ## Examples
//!
//! ```toml bad containerd=2.1..2.3
//! version = 3
//! disabled_plugins = ["io.containerd.snapshotter.v1.overlayfs"]
//!                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml fixed containerd=2.1..2.3
//! version = 3
//! disabled_plugins = []
//! ```
//!
//! ```toml bad
//! version = 2
//! disabled_plugins = ["io.containerd.metadata.v1.bolt"]
//!                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! disabled_plugins = ["io.containerd.snapshotter.v1.zfs", "io.containerd.internal.v1.opt"]
//! ```
//!
//! ## References
//!
//! - measured with 1.6.39 to 2.4.0-beta.0 by turning off each plugin alone; the results are in
//!   `core/data/containerd-plugins.toml`

use crate::containerd::kind::CRI;
use crate::containerd::loader::{Configuration, Effective};
use crate::containerd::plugins::Plugin;
use crate::containerd::{plugin_uri, plugins};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "needed-plugin-disabled",
    summary: "Disabled plugin that others need",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const OVERLAYFS: &str = "io.containerd.snapshotter.v1.overlayfs";
const CONTENT: &str = "io.containerd.content.v1.content";
/// The transfer plugin has defaults that name overlayfs.
const TRANSFERS_WITH_OVERLAYFS: Releases = Releases::containerd("1.7..");

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    for configuration in loaded.configurations() {
        for file in &configuration.files {
            let Some(list) = file.body().entry("disabled_plugins") else { continue };
            for item in list.value.items() {
                let Some(name) = item.as_str() else { continue };
                let failed = breaks(configuration, name, |plugin| plugin.needed());
                if failed.is_empty() {
                    continue;
                }
                let breaks_cri = !breaks(configuration, name, |p| p.needed().and(p.serves_cri())).is_empty();
                let fix = edit::remove_item(&file.doc, &list.value, item)
                    .map(|edit| Fix::one(Applicability::Unsafe, format!("Remove \"{name}\""), edit));
                cx.report(file.index, item.span, format!("other plugins need `{name}`"))
                    .failed(failed)
                    .key("disabled_plugins")
                    .why(do_not_load(breaks_cri))
                    .help("Remove the entry.")
                    .maybe_fix(fix);
            }
        }
    }
}

/// The releases in which an entry, as written, turns off a plugin that this configuration uses, out of those that
/// `harms` gives.
fn breaks(configuration: &Configuration, written: &str, harms: impl Fn(&Plugin) -> ReleaseSet) -> Releases {
    configuration.releases_where(|effective| {
        let mut off = plugins::all().iter().filter(|plugin| is_named(effective, written, plugin.uri));
        off.any(|plugin| effective.release.is_among(harms(plugin)) && is_used(effective, plugin.uri))
    })
}

/// Whether an entry, as written, turns off that plugin.
fn is_named(effective: &Effective, written: &str, uri: &str) -> bool {
    if effective.loaded.version == 1 {
        return plugin_uri::short(uri) == written;
    }
    let is_short = !written.contains('.');
    (written == uri || is_short && plugin_uri::migrated(written) == uri) && !effective.runs(uri)
}

fn is_used(effective: &Effective, uri: &str) -> bool {
    match uri {
        OVERLAYFS => needs_overlayfs(effective),
        CONTENT => !has_content_proxy(effective),
        _ => true,
    }
}

/// Whether a proxy plugin replaces the content store.
fn has_content_proxy(effective: &Effective) -> bool {
    let mut proxies = effective.proxies().filter_map(|(_, item)| item.as_table());
    proxies.any(|proxy| effective.is_proxy_of(proxy, "io.containerd.content.v1"))
}

/// Whether the transfer plugin or CRI uses overlayfs, which is their default.
fn needs_overlayfs(effective: &Effective) -> bool {
    let has_unpack_config = effective.setting("io.containerd.transfer.v1.local:unpack_config").is_some();
    let transfers =
        effective.release.is_in(TRANSFERS_WITH_OVERLAYFS) && effective.runs("io.containerd.transfer.v1.local");
    if transfers && !has_unpack_config {
        return true;
    }
    let written =
        effective.setting("images:snapshotter").or_else(|| effective.setting("runtime:containerd.snapshotter"));
    let name = written.and_then(|leaf| leaf.text());
    name.is_none_or(|name| name == "overlayfs") && effective.runs(CRI)
}

fn do_not_load(breaks_cri: bool) -> String {
    let cri = match breaks_cri {
        true => ", the CRI plugin among them, so that the kubelet finds no runtime service",
        false => "",
    };
    format!("Plugins that need it do not load (`failed to load plugin`){cri}. The daemon still logs that it booted.")
}
