//! # `cni-network-invalid`
//!
//! A CNI network that containerd cannot load.
//!
//! ## Why
//!
//! containerd takes the first file of `conf_dir` by name. If that one is not right, it does not try the next: the
//! node is NotReady, `cni plugin not initialized`, and no pod with a network of its own starts. A list of plugins
//! stands in a `.conflist` and needs `name` and `plugins`; a `.conf` or `.json` is one plugin and needs `type`.
//!
//! ## What to do
//!
//! Correct the file, or remove it so that the next one counts.
//!
//! ## Examples
//!
//! ```json bad
//! --- /etc/cni/net.d/10-bridge.conflist
//! { "cniVersion": "1.0.0", "plugins": [ { "type": "bridge" } ] }
//! ^
//! ```
//!
//! ```json bad
//! --- /etc/cni/net.d/10-bridge.conf
//! { "name": "bridge", "plugins": [ { "type": "bridge" } ] }
//!                     ^^^^^^^^^
//! ```
//!
//! ```json bad
//! --- /etc/cni/net.d/10-bridge.conflist
//! { "name": "bridge", "plugins": [ { "typ": "bridge" } ] }
//!                                  ^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! --- /etc/cni/net.d/10-bridge.conflist
//! { "name": "bridge", "cniVersion": "1.0.0", "plugins": [ { "type": "bridge" }, { "type": "portmap" } ] }
//! --- /etc/cni/net.d/20-broken.conflist
//! { "plugins": [] }
//! --- /etc/cni/net.d/99-loopback.conf
//! { "name": "lo", "type": "loopback" }
//! ```
//!
//! ## References
//!
//! - containerd/go-cni@v1.1.13:opts.go (`loadFromConfDir`), containernetworking/cni@v1.3.0:libcni/conf.go

use crate::containerd::cni_network::{self, is_list, loaded_before, plugin_type};
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "cni-network-invalid",
    summary: "CNI network that containerd cannot load",
    run: Run::File(&[&cni_network::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    // Faults of the syntax are reported by themselves.
    if !cx.doc().problems.is_empty() || loaded_before(cx.view.node, cx.file).is_some() {
        return;
    }
    let root = cx.root;
    if root.as_map().is_none() {
        report(cx, first(root), "", "the text is not a table", "cannot unmarshal");
        return;
    }
    check_text(cx, "name", true);
    check_text(cx, "cniVersion", false);
    if is_list(cx.file.path) {
        check_plugins(cx);
    } else if plugin_type(root).is_none() {
        match root.entry("plugins") {
            Some(list) => report_list(cx, list),
            None => report(cx, first(root), "type", "the plugin has no `type`", "missing 'type'"),
        }
    }
}

/// A table that opens at its first character.
fn first(node: &Node) -> Span {
    Span { start: node.span.start, end: node.span.end.min(node.span.start + 1) }
}

fn check_text(cx: &mut FileCx, key: &str, is_needed: bool) {
    match cx.root.entry(key) {
        None if is_needed => {
            let message = format!("the network has no `{key}`");
            report(cx, first(cx.root), key, &message, &format!("no {key}"));
        }
        Some(entry) if entry.value.as_str().is_none_or(|text| is_needed && text.is_empty()) => {
            let message = format!("`{key}` must be a string");
            report(cx, entry.value.span, key, &message, &format!("invalid {key} type"));
        }
        _ => {}
    }
}

fn check_plugins(cx: &mut FileCx) {
    let Some(list) = cx.root.entry("plugins") else {
        report(cx, first(cx.root), "plugins", "the network has no `plugins`", "no 'plugins' key");
        return;
    };
    match &list.value.value {
        Value::Seq(items) if items.is_empty() => {
            report(cx, list.value.span, "plugins", "`plugins` is empty", "no plugins in list");
        }
        Value::Seq(items) => {
            for plugin in items {
                let ty = plugin_type(plugin).and_then(|entry| entry.value.as_str());
                if ty.is_none_or(str::is_empty) {
                    report(cx, plugin.span, "plugins", "the plugin has no `type`", "missing 'type'");
                }
            }
        }
        _ => report(cx, list.value.span, "plugins", "`plugins` must be a list", "invalid 'plugins' type"),
    }
}

fn report(cx: &mut FileCx, span: Span, key: &str, message: &str, log: &str) {
    add(cx.report(span, message), key, log).help("Correct it, or remove the file so that the next one counts.");
}

fn report_list(cx: &mut FileCx, list: &Entry) {
    let message = "a list of plugins stands in a file for one plugin";
    add(cx.report(list.key_span, message), "plugins", "missing 'type'").help("Name the file `.conflist`.");
}

fn add<'f>(finding: &'f mut Finding, key: &str, log: &str) -> &'f mut Finding {
    finding.harmful(Releases::ANY).breaks(BreakScope::EveryPod, "").key(key).why(format!(
        "containerd does not load a network, and does not try the next file: `failed to load CNI config`, `{log}`. \
             The node is NotReady with `cni plugin not initialized`."
    ))
}
