//! # `cri-plugin-disabled`
//!
//! `disabled_plugins` names the CRI plugin, through which the kubelet runs pods.
//!
//! ## Why
//!
//! Docker's `containerd.io` package ships `disabled_plugins = ["cri"]`, which is right where Docker alone uses
//! containerd. On a Kubernetes node the kubelet, kubeadm and crictl then stop with `unknown service
//! runtime.v1.RuntimeService`. From 2.0 on, disabling `io.containerd.cri.v1.runtime` or `io.containerd.cri.v1.images`
//! does the same. Without a kubelet among the files this is only advice.
//!
//! ## What to do
//!
//! Remove the entry and restart containerd. Where no kubelet runs, leave it.
//!
//! ## Examples
//!
//! ```toml bad
//! disabled_plugins = ["cri"]
//!                     ^^^^^
//! ```
//!
//! ```toml fixed
//! disabled_plugins = []
//! ```
//!
//! ```toml bad
//! --- /etc/containerd/config.toml
//! version = 2
//! disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.zfs"]
//!                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
//! ```
//!
//! The kubelet of this node talks to Docker:
//!
//! ```toml good
//! --- /etc/containerd/config.toml
//! disabled_plugins = ["cri"]
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerRuntimeEndpoint: unix:///run/cri-dockerd.sock
//! ```
//!
//! ## References
//!
//! - containerd/containerd#4581, containerd/containerd#8139, kubernetes/minikube#3471
//! - measured with 1.3.10 to 2.4.0-beta.0

use crate::containerd;
use crate::containerd::eras::{HAS_CRI, SPLITS_CRI};
use crate::containerd::kind::{CRI, CRI_IMAGES, CRI_RUNTIME};
use crate::crictl;
use crate::kind::SettingPlace;
use crate::kubelet::on_node::{is_present, written_endpoint};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "cri-plugin-disabled",
    summary: "Disabled CRI plugin, which the kubelet needs",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// A kubelet without an endpoint uses containerd; older ones use Docker.
const NO_DOCKERSHIM: Releases = Releases::kubernetes("1.24..");

/// The runtime of the kubelet, by the other files of the node.
#[derive(Clone, Copy)]
enum KubeletRuntime {
    /// Containerd, by this place.
    Containerd(SettingPlace),
    /// The kubelet's default.
    Default,
    Other,
    /// No file belongs to a kubelet.
    NoKubelet,
}

fn check(cx: &mut FileCx) {
    let Some(list) = cx.root.entry("disabled_plugins") else { return };
    let disabled = list.value.items().iter().filter_map(|item| Some((item, needed_by(cx.root, item.as_str()?)?)));
    // Several entries may name parts of the same plugin: removing one is not enough, but one finding reports them.
    let Some((item, releases)) = disabled.min_by_key(|(item, _)| item.span) else { return };
    match kubelet_runtime(cx) {
        KubeletRuntime::Other => {}
        runtime => report(cx, list, item, releases, runtime),
    }
}

/// The releases in which a disabled plugin takes CRI with it.
fn needed_by(root: &Node, name: &str) -> Option<Releases> {
    let is_version_1 = containerd::written_version(root).is_none_or(|version| version < 2);
    match name {
        // In later versions the daemon refuses the short name, which another rule reports.
        "cri" if is_version_1 => Some(HAS_CRI),
        // Under version 1, containerd 1.x compares short names only.
        CRI if is_version_1 => Some(SPLITS_CRI),
        CRI => Some(HAS_CRI),
        CRI_RUNTIME | CRI_IMAGES => Some(SPLITS_CRI),
        _ => None,
    }
}

fn kubelet_runtime(cx: &FileCx) -> KubeletRuntime {
    if let Some((endpoint, place)) = written_endpoint(cx.node) {
        let is_containerd = endpoint.contains("containerd");
        return if is_containerd { KubeletRuntime::Containerd(place) } else { KubeletRuntime::Other };
    }
    if is_present(cx.node) {
        return KubeletRuntime::Default;
    }
    match crictl::endpoint(cx.node) {
        Some((endpoint, place)) if endpoint.contains("containerd") => KubeletRuntime::Containerd(place),
        _ => KubeletRuntime::NoKubelet,
    }
}

fn report(cx: &mut FileCx, list: &Entry, item: &Node, releases: Releases, runtime: KubeletRuntime) {
    let name = item.as_str().unwrap_or_default();
    let fix = edit::remove_item(cx.doc(), &list.value, item)
        .map(|edit| Fix::one(Applicability::Unsafe, format!("Remove \"{name}\""), edit));
    let message = match runtime {
        KubeletRuntime::NoKubelet => format!("\"{name}\" turns off the CRI plugin: no kubelet can use this containerd"),
        _ => format!("\"{name}\" turns off the CRI plugin, which the kubelet of this node needs"),
    };
    let finding = cx.report(item.span, message);
    match runtime {
        KubeletRuntime::Containerd(place) => {
            finding.failed(releases).label_in(place.file, place.value, "the runtime that is to serve CRI here")
        }
        KubeletRuntime::Default => finding.failed(releases.and(NO_DOCKERSHIM)),
        KubeletRuntime::Other | KubeletRuntime::NoKubelet => finding.advice(releases),
    };
    let help = match runtime {
        KubeletRuntime::NoKubelet => {
            "On a Kubernetes node remove the entry and restart containerd; where only Docker uses containerd, leave it."
        }
        _ => "Restart containerd afterwards.",
    };
    finding
        .key("disabled_plugins")
        .why(
            "containerd starts and runs Docker's containers, but kubelet, kubeadm and crictl stop with \
             `unknown service runtime.v1.RuntimeService`. Docker's containerd.io package ships this line.",
        )
        .help(help)
        .maybe_fix(fix);
}
