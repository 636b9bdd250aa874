//! # `ip-address-invalid`
//!
//! A text instead of an IP address in `clusterDNS` or `address`.
//!
//! ## Why
//!
//! The kubelet ignores a `clusterDNS` entry that is not an address and logs `Invalid clusterDNS IP`: pods then get the
//! node's resolver and find no service. With such an `address` the kubelet cannot listen, and exits with `Failed to
//! listen and serve`.
//!
//! ## What to do
//!
//! Write the address. For `clusterDNS` it is the ClusterIP of the DNS service: `kubectl -n kube-system get service
//! kube-dns`.
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

use crate::kubelet::names::is_ip;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "ip-address-invalid",
    summary: "Text that is not an IP address where the kubelet requires one",
    run: Run::Settings(&[
        SettingCheck {
            outcomes: &[(Effect::Ignored, Releases::ANY)],
            message: "`{value}` is not the IP address of a DNS server",
            why: "The kubelet ignores the entry and logs `Invalid clusterDNS IP`. Without any other, pods get the \
                  node's resolver and find no service.",
            help: "Write the ClusterIP of the DNS service: `kubectl -n kube-system get service kube-dns` shows it.",
            ..SettingCheck::of(&daemons::KUBELET_FILES, "clusterDNS[]", Test::Where(is_not_an_address))
        },
        SettingCheck {
            applies: |cx| cx.root.get("enableServer").and_then(Node::as_bool) != Some(false),
            outcomes: &[(Effect::Refused, Releases::ANY)],
            message: "`{value}` is not an IP address to listen on",
            why: "The kubelet starts to serve and exits: `Failed to listen and serve`.",
            help: "Write an IP address of the node, or remove the line to listen on all of them.",
            ..SettingCheck::of(
                &daemons::KUBELET_FILES,
                "address",
                Test::Where(|s| !s.text.is_empty() && is_not_an_address(s)),
            )
        },
    ]),
    ..Rule::DEFAULTS
};

/// What a template or a script fills in before the kubelet reads the file is not known.
fn is_not_an_address(setting: &WrittenSetting) -> bool {
    setting.as_str().is_some_and(|text| !is_ip(text) && !text.contains(['$', '{', '<', '%']))
}
