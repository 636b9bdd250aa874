//! # `sandbox-image-old-registry`
//!
//! The sandbox (pause) image comes from a registry that Kubernetes no longer publishes to.
//!
//! ## Why
//!
//! `k8s.gcr.io` is frozen since April 2023 and only redirects to `registry.k8s.io`; `gcr.io/google_containers` is older
//! still. Where they cannot be reached, as behind a firewall or a mirror for `registry.k8s.io` alone, every new pod hangs in
//! `ContainerCreating` with `failed to get sandbox image`.
//!
//! ## What to do
//!
//! Use the same image from `registry.k8s.io`, in the version that kubeadm wants (`kubeadm config images list`).
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   sandbox_image = "k8s.gcr.io/pause:3.6"
//!                   ^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml fixed
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   sandbox_image = "registry.k8s.io/pause:3.6"
//! ```
//!
//! ```toml good
//! version = 3
//! [plugins."io.containerd.cri.v1.images".pinned_images]
//!   sandbox = "registry.k8s.io/pause:3.10"
//! ```
//!
//! ## References
//!
//! - kubernetes/kubeadm#2607, rootless-containers/usernetes#240, kubernetes/kubernetes#90326

use crate::containerd;
use crate::containerd::kind::Cri;
use crate::containerd::settings::counts;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "sandbox-image-old-registry",
    summary: "The pause image comes from a frozen registry",
    category: Category::Deprecation,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// Registries that Kubernetes left, longest first.
const OLD: [&str; 3] = ["gcr.io/google_containers/", "gcr.io/google-containers/", "k8s.gcr.io/"];

fn check(cx: &mut FileCx) {
    let Some(entry) = Cri::of(cx.root).sandbox_image() else { return };
    let Some(image) = entry.value.as_str() else { return };
    let Some((old, name)) = OLD.iter().find_map(|old| Some((*old, image.strip_prefix(old)?))) else {
        return;
    };
    let registry = old.trim_end_matches('/');
    // The names by architecture are from before there were images for several.
    let new = format!("registry.k8s.io/{}", name.replacen("pause-amd64:", "pause:", 1));
    let releases = counts(cx, cx.loaded, entry);
    let path = cx.path_of(entry);
    cx.report(entry.value.span, format!("the pause image comes from {registry}, which Kubernetes no longer publishes to"))
        .advice(releases)
        .key(path)
        .why("Without this image no pod starts (`failed to get sandbox image`). The old registry is frozen since 2023 and only redirects; firewalls and mirrors often know registry.k8s.io alone.")
        .help(format!("Use {new}, or the version that `kubeadm config images list` names."))
        .fix(Fix::edit(Applicability::Unsafe, format!("Use {new}"), entry.value.span, edit::string(&new)));
}
