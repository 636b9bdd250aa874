//! # `differ-unknown`
//!
//! A differ, which unpacks image layers, by a name that containerd has no plugin for.
//!
//! ## Why
//!
//! With such a name in `default` the diff service does not load (`needed differ not loaded: nope`), and CRI with it. With
//! one in the transfer plugin's `unpack_config` that plugin does not load, and from 2.1 on CRI with it.
//!
//! ## What to do
//!
//! Write `walking`, or add the differ as a proxy plugin of type `diff`.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.service.v1.diff-service"]
//!   default = ["walkin"]
//!              ^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.service.v1.diff-service"]
//!   default = ["walking"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.7.34:services/diff/local.go, v2.3.4:plugins/services/diff/local.go, plugins/transfer/plugin.go
//! - measured with 1.3.10 to 2.4.0-beta.0

use crate::containerd::effective::{Spot, by_release, some_text, text};
use crate::containerd::loader::Effective;
use crate::containerd::plugins;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "differ-unknown",
    summary: "A differ that containerd does not have",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const SERVICE: &str = "io.containerd.service.v1.diff-service";
const TRANSFER: &str = "io.containerd.transfer.v1.local";
const TYPE: &str = "io.containerd.differ.v1";
const HAS_SERVICE: ReleaseSet = Releases::containerd("1.3..").get(Product::Containerd);
/// They load Go plugins, which nobody knows, from a folder.
const LOADS_MORE: ReleaseSet = Releases::containerd("..2.0").get(Product::Containerd);

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    // A proxy plugin may be in a file that is not here.
    for configuration in loaded.configurations().iter().filter(|c| c.complete) {
        for ((spot, name, service), releases) in by_release(configuration, find) {
            let path = spot.path(cx.loaded);
            let why = if service {
                format!(
                    "The diff service does not load (`needed differ not loaded: {name}`), and the CRI plugin with it."
                )
            } else {
                format!(
                    "The transfer plugin does not load (no diff plugin \"{name}\"), and from 2.1 on the CRI plugin with it."
                )
            };
            cx.report(spot.file, spot.value, format!("there is no differ \"{name}\""))
                .failed(releases)
                .key(path)
                .why(why)
                .help("Write \"walking\", or add the differ as a proxy plugin of type \"diff\".");
        }
    }
}

fn find(effective: &Effective, out: &mut Vec<(Spot, String, bool)>) {
    let more = some_text(effective.setting(&["plugin_dir"])).is_some() && effective.release.is_in(LOADS_MORE);
    if more || !effective.release.is_in(HAS_SERVICE) {
        return;
    }
    let exists = |name: &str| {
        let proxy = text(effective.setting(&["proxy_plugins", name, "type"]));
        let built_in = plugins::find(&format!("{TYPE}.{name}"));
        matches!(proxy, Some("diff" | TYPE))
            || built_in.is_some_and(|plugin| effective.release.is_in(plugin.releases()))
    };
    let mut need = |file: usize, key, node: &Node, service: bool| {
        if let Some(name) = node.as_str().filter(|name| !exists(name) && (service || !name.is_empty())) {
            out.push((Spot { file, key, value: node.span }, name.to_owned(), service));
        }
    };
    if let Some(leaf) = effective.of_plugin(SERVICE, &["default"]) {
        for item in leaf.value.node().map(Node::items).unwrap_or_default() {
            need(leaf.origin.file, leaf.origin.key, item, true);
        }
    }
    if let Some(leaf) = effective.of_plugin(TRANSFER, &["unpack_config"]) {
        for item in leaf.value.node().map(Node::items).unwrap_or_default() {
            let optional = item.get("optional").and_then(Node::as_bool) == Some(true);
            if let Some(entry) = item.entry("differ").filter(|_| !optional) {
                need(leaf.origin.file, entry.key_span, &entry.value, false);
            }
        }
    }
}
