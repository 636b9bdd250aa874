//! # `sandbox-image-old-registry`
//!
//! The sandbox (pause) image comes from a registry that Kubernetes no longer publishes to.
//!
//! ## Why
//!
//! `k8s.gcr.io` is frozen since April 2023 and only redirects to `registry.k8s.io`; `gcr.io/google_containers` is
//! older still. Where they cannot be reached, as behind a firewall or a mirror for `registry.k8s.io` alone, every new
//! pod hangs in `ContainerCreating` with `failed to get sandbox image`.
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

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "sandbox-image-old-registry",
    summary: "Pause image from a frozen registry",
    category: Category::Deprecation,
    fix: Some(Applicability::Unsafe),
    run: Run::Settings(&[SettingCheck {
        outcomes: &[(Effect::Advice, Releases::ANY)],
        message: "the pause image `{value}` is in a registry that Kubernetes no longer publishes to",
        why: "Without this image no pod starts (`failed to get sandbox image`). The old registry is frozen since 2023 \
              and only redirects; firewalls and mirrors often allow registry.k8s.io alone.",
        help: "Use {new}, or the version that `kubeadm config images list` prints.",
        fix: Some(Replacement {
            applicability: Applicability::Unsafe,
            title: "Use {new}",
            setting: "",
            value: NewValue::Of(new_image),
        }),
        ..SettingCheck::of(&daemons::CONTAINERD, "images:sandbox_image", Test::Where(is_in_old_registry))
    }]),
    ..Rule::DEFAULTS
};

/// Registries that Kubernetes no longer publishes to.
const OLD: [&str; 3] = ["gcr.io/google_containers/", "gcr.io/google-containers/", "k8s.gcr.io/"];

fn is_in_old_registry(setting: &WrittenSetting) -> bool {
    setting.as_str().is_some_and(|image| name_in_old_registry(image).is_some())
}

fn name_in_old_registry(image: &str) -> Option<&str> {
    OLD.iter().find_map(|old| image.strip_prefix(old))
}

/// The same image in the registry of today. Names with an architecture are older than images for several of them.
fn new_image(setting: &WrittenSetting) -> Option<String> {
    let name = name_in_old_registry(setting.as_str()?)?.replacen("pause-amd64:", "pause:", 1);
    Some(edit::string(&format!("registry.k8s.io/{name}")))
}
