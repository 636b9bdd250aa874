//! # `ip-address-invalid`
//!
//! Something else where the kubelet wants an IP address.
//!
//! ## Why
//!
//! A `clusterDNS` entry that is no address is dropped with one log line (`Invalid clusterDNS IP`): pods then get the node's
//! resolver and find no service. With such an `address` the kubelet cannot listen, and exits with `Failed to listen and serve`.
//!
//! ## What to do
//!
//! Write the address. For `clusterDNS` it is the ClusterIP of the DNS service: `kubectl -n kube-system get service kube-dns`.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! clusterDNS:
//! - kube-dns.kube-system
//!   ^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! address: node-1
//!          ^^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! address: "::"
//! clusterDNS: [10.96.0.10, "fd00::a"]
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/kubelet.go (`NewMainKubelet`), pkg/kubelet/server/server.go
//!   (`ListenAndServeKubeletServer`)

use crate::kubelet;
use crate::kubelet::names::is_ip;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "ip-address-invalid",
    summary: "Something else where the kubelet wants an IP address",
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for node in cx.root.get("clusterDNS").map(Node::items).unwrap_or_default() {
        let Some(text) = node.as_str().filter(|text| !is_ip(text) && !is_placeholder(text)) else { continue };
        cx.report(node.span, format!("`{text}` is no IP address of a DNS server"))
            .ignored(Releases::ANY)
            .key("clusterDNS")
            .why("The kubelet drops the entry and logs `Invalid clusterDNS IP`. Without any other, pods get the node's resolver and find no service.")
            .help("Write the ClusterIP of the DNS service: `kubectl -n kube-system get service kube-dns` shows it.");
    }
    let serves = cx.root.get("enableServer").and_then(Node::as_bool) != Some(false);
    let Some(node) = cx.root.get("address").filter(|_| serves) else { return };
    let Some(text) = node.as_str().filter(|t| !t.is_empty() && !is_ip(t) && !is_placeholder(t)) else { return };
    cx.report(node.span, format!("`{text}` is no IP address to listen on"))
        .refused(Releases::ANY)
        .key("address")
        .why("The kubelet starts to serve and exits: `Failed to listen and serve`.")
        .help("Write an IP address of the node, or remove the line to listen on all of them.");
}

/// What is to be filled in before the kubelet reads the file.
fn is_placeholder(text: &str) -> bool {
    text.contains(['$', '{', '<', '%'])
}
