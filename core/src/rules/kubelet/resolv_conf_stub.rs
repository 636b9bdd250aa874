//! # `resolv-conf-stub`
//!
//! `resolvConf` with `/etc/resolv.conf`, which on nodes with systemd-resolved contains a server that pods cannot reach.
//!
//! ## Why
//!
//! With systemd-resolved, `/etc/resolv.conf` holds `nameserver 127.0.0.53`. In the pod of CoreDNS that is CoreDNS
//! itself, which then crashes with `plugin/loop: Loop ... detected`. On nodes without systemd-resolved the setting
//! works, so this is advice.
//!
//! ## What to do
//!
//! On nodes with systemd-resolved, write `/run/systemd/resolve/resolv.conf`. kubeadm does so where systemd-resolved
//! runs, unless `resolvConf` is set.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! resolvConf: /etc/resolv.conf
//!             ^^^^^^^^^^^^^^^^
//! ```
//!
//! ```sh bad
//! KUBELET_EXTRA_ARGS="--resolv-conf=/etc/resolv.conf"
//!                                   ^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! resolvConf: /run/systemd/resolve/resolv.conf
//! ```
//!
//! ## References
//!
//! - coredns/coredns#2087, coredns/coredns#2795, kubernetes/kubeadm#949
//! - kubernetes/kubernetes@v1.36.0:cmd/kubeadm/app/componentconfigs/kubelet.go

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "resolv-conf-stub",
    summary: "Resolver file for pods that may contain the node's own stub",
    category: Category::Suspicious,
    run: Run::Settings(&[SettingCheck {
        outcomes: &[(Effect::Advice, Releases::ANY)],
        message: "pods get the node's {value}",
        why: "If the node runs systemd-resolved, that file contains 127.0.0.53: CoreDNS then asks itself and crashes \
              with `plugin/loop: Loop ... detected`, and pods resolve nothing. Without systemd-resolved it works.",
        help: "If `systemctl is-active systemd-resolved` prints active, write /run/systemd/resolve/resolv.conf.",
        ..SettingCheck::of(&daemons::KUBELET, "resolvConf", Test::OneOf(&["/etc/resolv.conf"]))
    }]),
    ..Rule::DEFAULTS
};
