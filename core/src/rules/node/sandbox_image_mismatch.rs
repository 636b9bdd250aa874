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

use crate::containerd::on_node::{SANDBOX_IMAGE, values};
use crate::kind::NodeValue;
use crate::kubelet::on_node::flag_values;
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
    if !is_one_node(cx.loaded) {
        return;
    }
    for flag in flag_values(cx.loaded, "pod-infra-container-image") {
        let images = values(cx.loaded, &SANDBOX_IMAGE);
        images.iter().for_each(|image| compare(cx, &flag, image));
    }
}

fn compare(cx: &mut NodeCx, flag: &NodeValue, image: &NodeValue) {
    let Some(place) = flag.source.place() else { return };
    if flag.text == image.text || flag.text.is_empty() || image.text.is_empty() {
        return;
    }
    let releases = Releases::ANY.with(Product::Containerd, image.releases);
    let releases = releases.with(Product::Kubernetes, flag.releases).and(KEEPS_IMAGE);
    let message = format!("the kubelet keeps {}, but containerd uses {}", flag.text, image.text);
    let finding = cx.report(place.file, place.value, message);
    finding.key("--pod-infra-container-image").why(WHY).help(help(&image.text));
    match (image.source.place(), image.default_of(Product::Containerd)) {
        (Some(right), _) => {
            finding.harmful(releases.and(DOES_NOT_PIN)).advice(releases.and(PINS));
            finding.label_in(right.file, right.value, "the pause image that pods get");
        }
        // kubeadm writes the flag with an image of its own, on every node.
        (None, default) => {
            finding.advice(releases);
            let default = default.unwrap_or_default();
            finding.label(place.value, format!("pods get {}, the {default}", image.text));
        }
    }
}

fn help(image: &str) -> String {
    format!("Write {image} in the flag, or remove the flag: the kubelet of 1.35 does not start with it.")
}

const WHY: &str = "containerd alone decides which pause image pods get; the flag only keeps an image from being \
    removed when the disk fills up, and this one is not in use. containerd pins its own image since 1.7; before, \
    the kubelet removes it, and without a way to the registry no new pod starts.";
