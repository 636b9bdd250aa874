//! # `cluster-dns-public`
//!
//! `clusterDNS` with a public resolver, which does not resolve the services of the cluster.
//!
//! ## Why
//!
//! `clusterDNS` is the only resolver of pods with the DNS policy ClusterFirst, which is the default. A public one
//! answers NXDOMAIN for `kubernetes.default.svc`, and with two addresses chance decides which of them a pod asks.
//!
//! ## What to do
//!
//! Write the ClusterIP of the DNS service. CoreDNS forwards all other names to the node's resolver.
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

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "cluster-dns-public",
    summary: "Public resolver as the DNS of the cluster",
    category: Category::Suspicious,
    run: Run::Settings(&[SettingCheck {
        outcomes: &[(Effect::Harmful, Releases::ANY)],
        message: "{value} does not resolve the services of the cluster",
        why: "Pods ask this resolver for the names of services too, and get no address.",
        help: "Write the ClusterIP of the DNS service alone: `kubectl -n kube-system get service kube-dns` shows it.",
        ..SettingCheck::of(&daemons::KUBELET, "clusterDNS[]", Test::OneOf(&PUBLIC))
    }]),
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
