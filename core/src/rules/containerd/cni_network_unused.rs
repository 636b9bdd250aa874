//! # `cni-network-unused`
//!
//! A CNI network behind another one, which containerd does not load.
//!
//! ## Why
//!
//! containerd loads the first `max_conf_num` files of `conf_dir` by name, one by default. The others have no effect,
//! unless the first plugin reads them itself, as Multus does.
//!
//! ## What to do
//!
//! Nothing, if the first network is the one that is meant. Else give it a name that sorts before the others.
//!
//! ## Examples
//!
//! ```json bad
//! --- /etc/cni/net.d/10-cilium.conflist
//! { "name": "cilium", "plugins": [ { "type": "cilium-cni" } ] }
//! --- /etc/cni/net.d/87-podman.conflist
//! { "name": "podman", "plugins": [ { "type": "bridge" } ] }
//! ^
//! ```
//!
//! ```json good
//! --- /etc/cni/net.d/00-multus.conf
//! { "name": "multus", "type": "multus" }
//! --- /etc/cni/net.d/10-cilium.conflist
//! { "name": "cilium", "plugins": [ { "type": "cilium-cni" } ] }
//! ```
//!
//! ## References
//!
//! - containerd/go-cni@v1.1.13:opts.go (`loadFromConfDir`)

use crate::containerd::cni_network::{self, loaded_before, plugin_type};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "cni-network-unused",
    summary: "CNI network that containerd does not load",
    category: Category::Suspicious,
    run: Run::File(&[&cni_network::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let Some(other) = loaded_before(cx.view.node, cx.file) else { return };
    let plugins = other.body().get("plugins").map(Node::items).unwrap_or_default();
    let first = plugins.first().unwrap_or(other.body());
    let ty = plugin_type(first).and_then(|entry| entry.value.as_str()).unwrap_or_default();
    if ty.contains("multus") {
        return;
    }
    let span = Span { start: cx.root.span.start, end: cx.root.span.end.min(cx.root.span.start + 1) };
    cx.report(span, format!("containerd loads {} and not this network", other.name()))
        .advice(Releases::ANY)
        .why("The first file by name counts, unless `max_conf_num` is another number than 1.")
        .help("Leave it if that is meant; else give the file a name that sorts first.");
}
