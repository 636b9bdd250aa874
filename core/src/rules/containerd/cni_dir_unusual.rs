//! # `cni-dir-unusual`
//!
//! containerd looks for CNI plugins or networks in other folders than the usual ones.
//!
//! ## Why
//!
//! Network add-ons put their programs into `/opt/cni/bin` and their configuration into `/etc/cni/net.d` unless told
//! otherwise. Where containerd looks elsewhere, the node stays `NotReady` with `cni plugin not initialized`, or pods fail
//! with `failed to find plugin "loopback" in path`. Some distributions move both on purpose, so this rule runs only when
//! selected.
//!
//! ## What to do
//!
//! Use the usual folders, or make sure that the network add-on writes to these.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".cni]
//!   bin_dir = "/usr/local/bin"
//!             ^^^^^^^^^^^^^^^^
//!   conf_dir = "/etc/cni/net.d"
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".cni]
//!   bin_dir = "/opt/cni/bin"
//!   conf_dir = "/etc/cni/net.d/"
//! ```
//!
//! ## References
//!
//! - KubeOperator/ansible#4, gardenlinux/gardenlinux#1545, containerd/containerd#10710

use crate::containerd;
use crate::containerd::kind::Cri;
use crate::containerd::settings::counts;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "cni-dir-unusual",
    summary: "CNI plugins or networks are looked for in unusual folders",
    category: Category::Suspicious,
    opt_in: true,
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

const USUAL: [(&str, &str, &str); 3] = [
    ("bin_dir", "/opt/cni/bin", "plugins"),
    ("bin_dirs", "/opt/cni/bin", "plugins"),
    ("conf_dir", "/etc/cni/net.d", "networks"),
];

fn check(cx: &mut FileCx) {
    let cri = Cri::of(cx.root);
    for (name, usual, what) in USUAL {
        let Some(entry) = cri.runtime(&["cni", name]) else { continue };
        let folders = folders(&entry.value);
        if folders.is_empty() || folders.iter().any(|f| f.trim_end_matches('/') == usual) {
            continue;
        }
        let releases = counts(cx, cx.loaded, entry);
        let path = cx.path_of(entry);
        cx.report(entry.value.span, format!("containerd looks for CNI {what} in {}, not in {usual}", folders.join(" and ")))
            .advice(releases)
            .key(path)
            .why("Network add-ons write to the usual folder unless told otherwise; if they do, the node stays NotReady (`cni plugin not initialized`) or pods fail with `failed to find plugin`.")
            .help(format!("Use {usual}, or make sure that the network add-on writes here."));
    }
}

/// The folders of a string or a list; none for empty ones.
fn folders<'t>(node: &'t Node) -> Vec<&'t str> {
    let one = node.as_str().into_iter();
    let all = one.chain(node.items().iter().filter_map(Node::as_str));
    all.filter(|f| !f.is_empty()).collect()
}
