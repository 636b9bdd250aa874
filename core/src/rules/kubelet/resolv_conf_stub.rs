//! # `resolv-conf-stub`
//!
//! Pods get the node's `/etc/resolv.conf`, which on hosts with systemd-resolved names a server that pods cannot reach.
//!
//! ## Why
//!
//! With systemd-resolved, `/etc/resolv.conf` holds `nameserver 127.0.0.53`. In CoreDNS's pod that is CoreDNS itself: it asks
//! itself, notices, and crashes with `plugin/loop: Loop ... detected`. On hosts without systemd-resolved nothing is wrong,
//! which is why this is advice.
//!
//! ## What to do
//!
//! On hosts with systemd-resolved, write `/run/systemd/resolve/resolv.conf`. kubeadm does so by itself where it finds
//! systemd-resolved running, unless `resolvConf` is set.
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

use crate::kubelet;
use crate::kubelet::values::settings;
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "resolv-conf-stub",
    summary: "Pods get a resolver file that may name the node's own stub",
    category: Category::Suspicious,
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for setting in settings(cx, &["resolvConf"], "resolv-conf") {
        if setting.text != "/etc/resolv.conf" {
            continue;
        }
        cx.report(setting.span, "pods get the node's /etc/resolv.conf")
            .advice(Releases::ANY)
            .key(setting.key.clone())
            .why("If the node runs systemd-resolved, that file names 127.0.0.53: CoreDNS then asks itself and crashes with `plugin/loop: Loop ... detected`, and pods resolve nothing. Without systemd-resolved all is well.")
            .help("If `systemctl is-active systemd-resolved` says active, write /run/systemd/resolve/resolv.conf.");
    }
}
