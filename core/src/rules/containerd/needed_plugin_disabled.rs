//! # `needed-plugin-disabled`
//!
//! `disabled_plugins` names a plugin without which others do not load.
//!
//! ## Why
//!
//! Plugins look others up when they start: without the content store the metadata plugin does not load, and without that
//! nearly nothing. Often CRI is among them, though the daemon says that it booted. Turning off the overlayfs snapshotter
//! breaks the transfer plugin, whose defaults name it, and from 2.1 on CRI, even where CRI uses another snapshotter.
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

use crate::containerd::effective::some_text;
use crate::containerd::loader::{Configuration, Effective, Item};
use crate::containerd::{plugin_uri, plugins};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "needed-plugin-disabled",
    summary: "A plugin is turned off that others need",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const OVERLAYFS: &str = "io.containerd.snapshotter.v1.overlayfs";
const CONTENT: &str = "io.containerd.content.v1.content";
const TRANSFER: &str = "io.containerd.transfer.v1.local";
/// Their transfer plugin has defaults that name overlayfs.
const TRANSFERS: ReleaseSet = Releases::containerd("1.7..").get(Product::Containerd);

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    for configuration in loaded.configurations() {
        for file in &configuration.files {
            let Some(entry) = file.body().entry("disabled_plugins") else { continue };
            for item in entry.value.items() {
                let Some(name) = item.as_str() else { continue };
                let (failed, cri) = broken(configuration, name);
                if failed.is_empty() {
                    continue;
                }
                let fix = edit::remove_item(&file.doc, &entry.value, item)
                    .map(|edit| Fix::one(Applicability::Unsafe, format!("Remove \"{name}\""), edit));
                let with = if cri.is_empty() {
                    ""
                } else {
                    ", the CRI plugin among them, so that the kubelet finds no runtime service"
                };
                cx.report(file.index, item.span, format!("other plugins need \"{name}\""))
                    .failed(Releases::ANY.with(Product::Containerd, failed))
                    .key("disabled_plugins")
                    .why(format!("Plugins that need it do not load (`failed to load plugin`){with}. The daemon still says that it booted."))
                    .help("Remove the entry.")
                    .maybe_fix(fix);
            }
        }
    }
}

/// The releases in which plugins fail without this one, and those in which CRI is among them.
fn broken(configuration: &Configuration, name: &str) -> (ReleaseSet, ReleaseSet) {
    let (mut failed, mut cri) = (ReleaseSet::NONE, ReleaseSet::NONE);
    for effective in &configuration.releases {
        let set = effective.release.set();
        for plugin in plugins::all().iter().filter(|plugin| is_named(effective, name, plugin.uri)) {
            // What nobody uses in this configuration is not needed.
            let unused = match plugin.uri {
                OVERLAYFS => !needs_overlayfs(effective),
                CONTENT => has_content_proxy(effective),
                _ => false,
            };
            if unused || !effective.release.is_in(plugin.needed()) {
                continue;
            }
            failed = failed.or(set);
            if effective.release.is_in(plugin.serves_cri()) {
                cri = cri.or(set);
            }
        }
    }
    (failed, cri)
}

/// Whether an entry, as written, turns off that plugin.
fn is_named(effective: &Effective, written: &str, uri: &str) -> bool {
    if effective.loaded.version == 1 {
        return plugin_uri::short(uri) == written;
    }
    let dotted = written.contains('.');
    (written == uri || !dotted && plugin_uri::migrated(written) == uri) && !effective.runs(uri)
}

/// Whether a proxy plugin takes the place of the content store.
fn has_content_proxy(effective: &Effective) -> bool {
    let proxies = effective.top(&["proxy_plugins"]).and_then(Item::as_table);
    let mut types = proxies
        .into_iter()
        .flat_map(|all| all.entries())
        .filter_map(|(_, item)| effective.entry(item.as_table()?, "type")?.as_leaf()?.value.as_str());
    types.any(|ty| matches!(ty, "content" | "io.containerd.content.v1"))
}

/// Whether something asks for overlayfs: the transfer plugin by default, CRI by default.
fn needs_overlayfs(effective: &Effective) -> bool {
    let unpacks = effective.of_plugin(TRANSFER, &["unpack_config"]).is_some();
    if effective.release.is_in(TRANSFERS) && !unpacks && effective.runs(TRANSFER) {
        return true;
    }
    let images = effective.cri_images(&["snapshotter"]).or(effective.cri_runtime(&["containerd", "snapshotter"]));
    let name = some_text(images.and_then(Item::as_leaf));
    name.is_none_or(|name| name == "overlayfs") && effective.runs(crate::containerd::kind::CRI)
}
