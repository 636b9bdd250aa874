//! # `kind-patch-ignored`
//!
//! A patch in a cluster file of kind that changes nothing on the node.
//!
//! ## Why
//!
//! kind skips a patch of `containerdConfigPatches` that has another `version` than the file of the node image, which
//! has version 2 up to kind 0.32. It applies a patch of `KubeletConfiguration` of a worker to the file for
//! `kubeadm join`, and kubeadm takes this document from the cluster instead.
//!
//! ## What to do
//!
//! Leave `version` out: the tables of version 3 work in the file too, with containerd 2.x. Put patches of
//! `KubeletConfiguration` into `kubeadmConfigPatches` of the cluster, or pass flags by `kubeletExtraArgs` of
//! `JoinConfiguration`.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- kind.yaml
//! kind: Cluster
//! apiVersion: kind.x-k8s.io/v1alpha4
//! containerdConfigPatches:
//! - |
//!   version = 3
//!   ^^^^^^^^^^^
//!   [plugins."io.containerd.cri.v1.images".registry]
//!     config_path = "/etc/containerd/certs.d"
//! ```
//!
//! ```yaml bad
//! --- kind.yaml
//! kind: Cluster
//! apiVersion: kind.x-k8s.io/v1alpha4
//! nodes:
//! - role: worker
//!   kubeadmConfigPatches:
//!   - |
//!     kind: KubeletConfiguration
//!     ^^^^^^^^^^^^^^^^^^^^^^^^^^
//!     maxPods: 50
//! ```
//!
//! ```yaml good
//! --- kind.yaml
//! kind: Cluster
//! apiVersion: kind.x-k8s.io/v1alpha4
//! containerdConfigPatches:
//! - |
//!   [plugins."io.containerd.grpc.v1.cri".registry]
//!     config_path = "/etc/containerd/certs.d"
//! kubeadmConfigPatches:
//! - |
//!   kind: KubeletConfiguration
//!   maxPods: 50
//! nodes:
//! - role: worker
//! ```
//!
//! ## References
//!
//! - kubernetes-sigs/kind@v0.32.0:pkg/internal/patch/toml.go (`ContainerdTOML`), images/base/files/etc/containerd
//! - kubernetes-sigs/kind#1270, kubernetes/kubeadm#1682

use crate::embedded::{WrapperFaultKind, faults};
use crate::kinds;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "kind-patch-ignored",
    summary: "Patch of kind that changes nothing on the node",
    run: Run::File(&[&kinds::WRAPPER], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for fault in faults(cx.file.path, cx.doc()) {
        match fault.what {
            WrapperFaultKind::KindVersion(version) => report_version(cx, fault.span, version),
            WrapperFaultKind::KindWorker => report_worker(cx, fault.span),
            _ => {}
        }
    }
}

fn report_version(cx: &mut FileCx, span: Span, version: i64) {
    cx.report(span, format!("kind skips this patch: it has version {version}, the file of the image version 2"))
        .ignored(Releases::ANY)
        .key("containerdConfigPatches")
        .why("kind silently skips a patch whose `version` differs from that of the file in the node image.")
        .help("Remove the line with `version` from the patch.");
}

fn report_worker(cx: &mut FileCx, span: Span) {
    cx.report(span, "kubeadm does not read KubeletConfiguration when a worker joins")
        .ignored(Releases::ANY)
        .key("kubeadmConfigPatches")
        .why("`kubeadm join` takes the kubelet's configuration from the cluster, and ignores that of its own file.")
        .help("Put the patch into `kubeadmConfigPatches` of the cluster.");
}
