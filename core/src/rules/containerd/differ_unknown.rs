//! # `differ-unknown`
//!
//! A differ, which unpacks image layers, by a name for which containerd has no plugin.
//!
//! ## Why
//!
//! With such a name in `default` the diff service does not load (`needed differ not loaded: nope`), and CRI with it.
//! With one in the transfer plugin's `unpack_config` that plugin does not load, and from 2.1 on CRI with it.
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
//! - containerd/containerd@v1.7.34:services/diff/local.go, v2.3.4:plugins/services/diff/local.go,
//!   plugins/transfer/plugin.go
//! - measured with 1.3.10 to 2.4.0-beta.0

use crate::containerd::loader::Effective;
use crate::containerd::settings::in_effect;
use crate::kind::SettingPlace;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "differ-unknown",
    summary: "Differ that containerd does not have",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const TYPE: &str = "io.containerd.differ.v1";
const HAS_DIFF_SERVICE: Releases = Releases::containerd("1.3..");

#[derive(PartialEq)]
struct UnknownDiffer {
    place: SettingPlace,
    name: String,
    /// Whether the diff service needs it, rather than the transfer plugin.
    is_of_service: bool,
}

fn check(cx: &mut NodeCx) {
    for (differ, releases) in in_effect(cx.loaded, find) {
        report(cx, &differ, releases);
    }
}

fn find(effective: &Effective) -> Vec<UnknownDiffer> {
    // A proxy plugin may be in a file that is not here.
    let is_known = effective.is_complete && !effective.may_have_more_plugins();
    if !is_known || !effective.release.is_in(HAS_DIFF_SERVICE) {
        return vec![];
    }
    let exists = |name: &str| effective.has_proxy(name, TYPE) || effective.has_plugin(&format!("{TYPE}.{name}"));
    let mut found = vec![];
    let mut need = |place, node: &Node, is_of_service| {
        if let Some(name) = node.as_str().filter(|name| !exists(name)) {
            found.push(UnknownDiffer { place, name: name.to_owned(), is_of_service });
        }
    };
    if let Some(leaf) = effective.setting("io.containerd.service.v1.diff-service:default") {
        for item in leaf.items() {
            need(SettingPlace { value: item.span, ..SettingPlace::of(leaf) }, item, true);
        }
    }
    if let Some(leaf) = effective.setting("io.containerd.transfer.v1.local:unpack_config") {
        for item in leaf.items() {
            let is_optional = item.get("optional").and_then(Node::as_bool) == Some(true);
            if let Some(entry) = item.entry("differ").filter(|_| !is_optional)
                && entry.value.as_str() != Some("")
            {
                need(leaf.place_of(entry), &entry.value, false);
            }
        }
    }
    found
}

fn report(cx: &mut NodeCx, differ: &UnknownDiffer, releases: Releases) {
    let name = &differ.name;
    let why = if differ.is_of_service {
        format!("The diff service does not load (`needed differ not loaded: {name}`), and the CRI plugin with it.")
    } else {
        format!(
            "The transfer plugin does not load (no diff plugin \"{name}\"), and from 2.1 on the CRI plugin with it."
        )
    };
    cx.report_value(differ.place, format!("containerd has no differ `{name}`"))
        .failed(releases)
        .why(why)
        .help("Write \"walking\", or add the differ as a proxy plugin of type \"diff\".");
}
