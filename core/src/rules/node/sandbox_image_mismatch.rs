//! # `sandbox-image-mismatch`
//!
//! The kubelet protects another pause image from removal than containerd uses.
//!
//! ## Why
//!
//! containerd alone decides which pause image pods get. Up to 1.34, `--pod-infra-container-image` only tells the
//! kubelet which image not to remove when the disk fills up. If it names another one, and containerd before 1.7 does
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
    summary: "The kubelet protects another pause image than containerd uses",
    category: Category::Reliability,
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// They have the flag, and use it only to keep the image.
const KEEPS: Releases = Releases::kubernetes("1.24..1.34");
/// It does not pin the image that it uses.
const DOES_NOT_PIN: Releases = Releases::containerd("..1.6");
const PINS: Releases = Releases::containerd("1.7..");

fn check(cx: &mut NodeCx) {
    if !is_one_node(cx.loaded) {
        return;
    }
    let facts = cx.facts();
    let (Some((flag, file, span)), Some((image, other, place))) =
        (facts.infra_image_flag.said(), facts.sandbox_image.said())
    else {
        return;
    };
    if flag == image || flag.is_empty() || image.is_empty() || flag.contains('$') {
        return;
    }
    let message = format!("the kubelet keeps {flag}, and containerd uses {image}");
    let help = format!("Write {image} in the flag, or remove the flag: the kubelet of 1.35 does not start with it.");
    cx.report(file, span, message)
        .harmful(KEEPS.and(DOES_NOT_PIN))
        .advice(KEEPS.and(PINS))
        .key("--pod-infra-container-image")
        .why("containerd alone decides which pause image pods get; the flag only keeps an image from being removed when the disk fills up, and this one is not in use. containerd pins its own image since 1.7; before, the kubelet removes it, and without a way to the registry no new pod starts.")
        .help(help)
        .label_in(other, place, "the pause image that pods get");
}
