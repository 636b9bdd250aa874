//! # `cri-plugin-disabled`
//!
//! `disabled_plugins` names the CRI plugin, through which the kubelet runs pods.
//!
//! ## Why
//!
//! Docker's `containerd.io` package ships `disabled_plugins = ["cri"]`, which is right where Docker alone uses containerd.
//! On a Kubernetes node the kubelet, kubeadm and crictl then stop with `unknown service runtime.v1.RuntimeService`. From
//! 2.0 on, disabling `io.containerd.cri.v1.runtime` or `io.containerd.cri.v1.images` does the same. Without a kubelet among
//! the files this is only advice.
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
use crate::containerd::kind::{CRI, CRI_IMAGES, CRI_RUNTIME};
use crate::kind::Fact;
use crate::rules::prelude::*;
use crate::systemd::flags;
use crate::systemd::flags::{Program, flags};

pub(crate) const RULE: Rule = Rule {
    id: "cri-plugin-disabled",
    summary: "The CRI plugin, which the kubelet needs, is disabled",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// The first release with a CRI plugin.
const HAS_CRI: Releases = Releases::containerd("1.1..");
const SPLIT: Releases = Releases::containerd("2.0..");
/// Before, a kubelet that names no endpoint talks to Docker.
const NO_DOCKERSHIM: Releases = Releases::kubernetes("1.24..");

/// What the other files of the host say about a kubelet.
enum Kubelet {
    /// It talks to containerd, as this place says.
    UsesContainerd(Option<(usize, Span)>),
    /// It runs here and does not say what it talks to.
    Runs,
    /// It talks to something else.
    UsesOther,
    /// No file tells of one.
    Unknown,
}

fn check(cx: &mut FileCx) {
    let Some(entry) = cx.root.entry("disabled_plugins") else { return };
    let disabled = entry.value.items().iter().filter_map(|i| Some((i, needed_by(cx.root, i.as_str()?)?)));
    // Several entries name parts of the same plugin: taking out one would not do, but one finding says it.
    let Some((item, releases)) = disabled.min_by_key(|(item, _)| item.span) else { return };
    let name = item.as_str().unwrap_or_default().to_owned();
    let fix = edit::remove_item(cx.doc(), &entry.value, item)
        .map(|edit| Fix::one(Applicability::Unsafe, format!("Remove \"{name}\""), edit));
    let kubelet = kubelet(cx);
    if matches!(kubelet, Kubelet::UsesOther) {
        return;
    }
    let message = match kubelet {
        Kubelet::Unknown => format!("\"{name}\" turns off the CRI plugin: no kubelet can use this containerd"),
        _ => format!("\"{name}\" turns off the CRI plugin, which the kubelet of this node needs"),
    };
    let help = match kubelet {
        Kubelet::Unknown => {
            "On a Kubernetes node remove the entry and restart containerd; where only Docker uses containerd, leave it."
        }
        _ => "Remove the entry and restart containerd.",
    };
    let finding = cx.report(item.span, message);
    match kubelet {
        Kubelet::UsesContainerd(place) => {
            finding.failed(releases);
            if let Some((file, span)) = place {
                finding.label_in(file, span, "the runtime that is to serve CRI here");
            }
        }
        Kubelet::Runs => {
            finding.failed(releases.and(NO_DOCKERSHIM));
        }
        _ => {
            finding.advice(releases);
        }
    }
    finding
        .key("disabled_plugins")
        .why("containerd starts and runs Docker's containers, but kubelet, kubeadm and crictl stop with `unknown service runtime.v1.RuntimeService`. Docker's containerd.io package ships this line.")
        .help(help)
        .maybe_fix(fix);
}

/// The releases in which a disabled plugin takes CRI with it.
fn needed_by(root: &Node, name: &str) -> Option<Releases> {
    let old = containerd::written_version(root).is_none_or(|v| v < 2);
    match name {
        // In later versions the daemon refuses the short name, which is another rule's.
        "cri" if old => Some(HAS_CRI),
        // Under version 1, containerd 1.x compares short names only.
        CRI if old => Some(SPLIT),
        CRI => Some(HAS_CRI),
        CRI_RUNTIME | CRI_IMAGES => Some(SPLIT),
        _ => None,
    }
}

fn kubelet(cx: &FileCx) -> Kubelet {
    let facts = cx.facts();
    // A flag wins over the file.
    let endpoint = [&facts.runtime_endpoint_flag, &facts.runtime_endpoint].into_iter().find_map(Fact::said);
    if let Some((endpoint, file, span)) = endpoint.filter(|(text, ..)| !text.is_empty()) {
        return if endpoint.contains("containerd") {
            Kubelet::UsesContainerd(Some((file, span)))
        } else {
            Kubelet::UsesOther
        };
    }
    let has_flags = || {
        cx.loaded
            .files
            .iter()
            .filter(|f| *f.kind == flags::KIND)
            .any(|f| flags(f).iter().any(|f| f.program == Program::Kubelet))
    };
    if !facts.kubelet.is_empty() || has_flags() {
        return Kubelet::Runs;
    }
    match facts.crictl_runtime_endpoint.said() {
        Some((endpoint, file, span)) if endpoint.contains("containerd") => Kubelet::UsesContainerd(Some((file, span))),
        _ => Kubelet::Unknown,
    }
}
