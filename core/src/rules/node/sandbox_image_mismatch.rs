//! # `sandbox-image-mismatch`
//!
//! A pause image in the kubelet's flag that is not the one of containerd.
//!
//! ## Why
//!
//! containerd alone decides which pause image pods get. Up to 1.34, `--pod-infra-container-image` only protects an
//! image from the kubelet's removal when the disk fills up. If it names another image, and containerd before 1.7 does
//! not pin its own, the kubelet removes the image in use; without a way to the registry no new pod starts after that.
//!
//! ## What to do
//!
//! Name containerd's image in the flag, or remove the flag, which 1.35 no longer has.
//!
//! ## Examples
//!
//! ```sh bad kubernetes=1.30 containerd=1.6
//! --- /var/lib/kubelet/kubeadm-flags.env
//! KUBELET_KUBEADM_ARGS="--pod-infra-container-image=registry.k8s.io/pause:3.9"
//!                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^
//! --- /etc/containerd/config.toml
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   sandbox_image = "registry.example/pause:3.6"
//! ```
//!
//! ```sh good kubernetes=1.30 containerd=1.6
//! --- /var/lib/kubelet/kubeadm-flags.env
//! KUBELET_KUBEADM_ARGS="--pod-infra-container-image=registry.k8s.io/pause:3.9"
//! --- /etc/containerd/config.toml
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   sandbox_image = "registry.k8s.io/pause:3.9"
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes#81756, kubernetes/kubernetes#111796, replicatedhq/kURL#4077
//! - containerd/containerd#7944 (containerd 1.7 pins its sandbox image)

use crate::node::one_node::is_one_node;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "sandbox-image-mismatch",
    summary: "Pause image of the kubelet's flag is not the one of containerd",
    category: Category::Reliability,
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// Releases of the kubelet that use the flag only to keep the image.
const KEEPS_IMAGE: Releases = Releases::kubernetes("1.24..1.34");
/// Releases of containerd that do not pin the image that they use.
const DOES_NOT_PIN: Releases = Releases::containerd("..1.6");
const PINS: Releases = Releases::containerd("1.7..");

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    if !is_one_node(loaded) {
        return;
    }
    let Some((flag, file, span)) = loaded.facts.infra_image_flag.placed() else { return };
    let Some((image, other, place)) = loaded.facts.sandbox_image.placed() else { return };
    if flag == image || flag.is_empty() || image.is_empty() || flag.contains('$') {
        return;
    }
    cx.report(file, span, format!("the kubelet keeps {flag}, but containerd uses {image}"))
        .harmful(KEEPS_IMAGE.and(DOES_NOT_PIN))
        .advice(KEEPS_IMAGE.and(PINS))
        .key("--pod-infra-container-image")
        .why(WHY)
        .help(help(image))
        .label_in(other, place, "the pause image that pods get");
}

fn help(image: &str) -> String {
    format!("Write {image} in the flag, or remove the flag: the kubelet of 1.35 does not start with it.")
}

const WHY: &str = "containerd alone decides which pause image pods get; the flag only keeps an image from being \
    removed when the disk fills up, and this one is not in use. containerd pins its own image since 1.7; before, \
    the kubelet removes it, and without a way to the registry no new pod starts.";
