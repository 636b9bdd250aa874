//! # `sandbox-image-invalid`
//!
//! A pause image whose name is not that of an image.
//!
//! ## Why
//!
//! containerd reads the name when it starts a pod, not when it starts itself: it runs, the CRI plugin loads, and no pod
//! starts: `failed to get sandbox image`. A name has no scheme and no blank, its repository is in small letters, and a
//! colon or `@` at the end needs a tag or a digest behind it.
//!
//! ## What to do
//!
//! Write the full name with a tag, such as the one that `kubeadm config images list` prints.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   sandbox_image = "https://registry.k8s.io/pause:3.10"
//!                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml fixed
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   sandbox_image = "registry.k8s.io/pause:3.10"
//! ```
//!
//! ```toml bad
//! version = 3
//! [plugins."io.containerd.cri.v1.images".pinned_images]
//!   sandbox = "registry.example/Mirror/pause:3.10"
//!             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 3
//! [plugins."io.containerd.cri.v1.images".pinned_images]
//!   sandbox = "Registry.example:5000/mirror/pause:V3.10"
//! ```
//!
//! ## References
//!
//! - distribution/reference@v0.6.0:normalize.go (`ParseNormalizedNamed`), regexp.go
//! - containerd/containerd@v2.3.4:internal/cri/server/podsandbox/sandbox_run.go

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "sandbox-image-invalid",
    summary: "Pause image whose name is not that of an image",
    fix: Some(Applicability::Unsafe),
    run: Run::Settings(&[SettingCheck {
        outcomes: &[(Effect::Harmful, Releases::ANY)],
        breaks: Some(BreakScope::EveryPod),
        message: "`{value}` is not the name of an image",
        why: "containerd reads the name when it starts a pod. It runs, and no pod starts: `failed to get sandbox image \
              \"{value}\"`, `{reason}`.",
        help: "Write the full name with a tag, in small letters and without a scheme.",
        fix: Some(Replacement {
            applicability: Applicability::Unsafe,
            title: "Write {new}",
            setting: "",
            value: NewValue::Text(without_scheme),
        }),
        ..SettingCheck::of(&daemons::CONTAINERD, "images:sandbox_image", Test::Refused(fault))
    }]),
    ..Rule::DEFAULTS
};

const INVALID: &str = "invalid reference format";

/// Why the name of an image is refused, in the daemon's words.
fn fault(image: &str) -> Option<String> {
    // A single word without a tag is something that another program fills in.
    let is_filled_in = image.contains(['{', '$', '<', '%']) || !image.contains([' ', ':', '/']);
    if is_filled_in {
        return None;
    }
    let has_blank = image.contains(|c: char| c.is_whitespace() || c.is_control());
    if has_blank || image.contains("://") || image.ends_with([':', '@', '/']) {
        return Some(INVALID.to_owned());
    }
    let (host, rest) = image.split_once('/').unwrap_or(("", image));
    let is_host = host.contains(['.', ':']) || host == "localhost" || has_capital(host);
    let path = if is_host { rest } else { image };
    let repository = path.split([':', '@']).next().unwrap_or_default();
    has_capital(repository).then(|| format!("{INVALID}: repository name must be lowercase"))
}

fn has_capital(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_uppercase())
}

fn without_scheme(setting: &WrittenSetting) -> Option<String> {
    let (_, image) = setting.as_str()?.split_once("://")?;
    fault(image).is_none().then(|| image.to_owned())
}
