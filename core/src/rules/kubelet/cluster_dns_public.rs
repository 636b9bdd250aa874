//! # `cluster-dns-public`
//!
//! Pods are told to ask a public resolver, which knows no service of the cluster.
//!
//! ## Why
//!
//! `clusterDNS` is the only resolver of pods with the DNS policy ClusterFirst, which is the default. A public one answers
//! NXDOMAIN for `kubernetes.default.svc`, and with a second address it depends on chance which of them is asked.
//!
//! ## What to do
//!
//! Write the ClusterIP of the DNS service. CoreDNS forwards all other names to the node's resolver by itself.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! clusterDNS:
//! - 10.96.0.10
//! - 8.8.8.8
//!   ^^^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! clusterDNS: [10.96.0.10]
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/network/dns/dns.go (`GetPodDNS`)

use crate::kubelet;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "cluster-dns-public",
    summary: "A public resolver as the cluster's DNS",
    category: Category::Suspicious,
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

/// The resolvers that guides name.
const PUBLIC: [&str; 9] = [
    "8.8.8.8",
    "8.8.4.4",
    "1.1.1.1",
    "1.0.0.1",
    "9.9.9.9",
    "208.67.222.222",
    "114.114.114.114",
    "223.5.5.5",
    "223.6.6.6",
];

fn check(cx: &mut FileCx) {
    for node in cx.root.get("clusterDNS").map(Node::items).unwrap_or_default() {
        let Some(text) = node.as_str().filter(|text| PUBLIC.contains(text)) else { continue };
        cx.report(node.span, format!("{text} knows no service of the cluster"))
            .harmful(Releases::ANY)
            .key("clusterDNS")
            .why("Pods ask this resolver for the names of services, too, and get no address.")
            .help(
                "Write the ClusterIP of the DNS service alone: `kubectl -n kube-system get service kube-dns` shows it.",
            );
    }
}
