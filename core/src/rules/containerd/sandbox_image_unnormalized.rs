//! # `sandbox-image-unnormalized`
//!
//! A pause image by a short name, or by tag and digest together.
//!
//! ## Why
//!
//! containerd 2.3.0 to 2.3.3 look for the pause image by the text as written, and store images by their full name:
//! `pause:3.10` and `registry.k8s.io/pause:3.10@sha256:...` are never found, and every pod fails with `failed to get
//! sandbox image`. 2.3.4 reads both forms.
//!
//! ## What to do
//!
//! Write the full name with a tag, or with a digest alone.
//!
//! ## Examples
//!
//! ```toml bad containerd=2.3.3
//! version = 3
//! [plugins."io.containerd.cri.v1.images".pinned_images]
//!   sandbox = "pause:3.10"
//!             ^^^^^^^^^^^^
//! ```
//!
//! ```toml good containerd=2.3
//! version = 3
//! [plugins."io.containerd.cri.v1.images".pinned_images]
//!   sandbox = "registry.k8s.io/pause:3.10"
//! ```
//!
//! ## References
//!
//! - containerd/containerd#13513; containerd/containerd@v2.3.3, @v2.3.4:internal/cri/server/podsandbox/sandbox_run.go

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "sandbox-image-unnormalized",
    summary: "Pause image by a short name, or by tag and digest",
    run: Run::Settings(&[SettingCheck {
        outcomes: &[(Effect::Harmful, Releases::containerd("2.3.0..2.3.3"))],
        breaks: Some(BreakScope::EveryPod),
        message: "no pod starts with the pause image `{value}`",
        why: "containerd looks for the image by this very text, but stores it by its full name: every pod fails with \
              `failed to get sandbox image`.",
        help: "Write the registry, the repository and either the tag or the digest.",
        ..SettingCheck::of(&daemons::CONTAINERD, "images:sandbox_image", Test::Where(is_unnormalized))
    }]),
    ..Rule::DEFAULTS
};

/// Whether the text is not a full name with either a tag or a digest. Markers are for another program to fill in.
fn is_unnormalized(setting: &WrittenSetting) -> bool {
    let is_plain = |text: &&str| !text.is_empty() && !text.contains(['$', '{', '<', '%']);
    let Some(reference) = setting.as_str().filter(is_plain) else { return false };
    let (name, digest) = reference.split_once('@').map_or((reference, ""), |(name, digest)| (name, digest));
    let (host, path) = name.split_once('/').unwrap_or(("", name));
    let has_tag = path.contains(':');
    let has_host = host == "localhost" || host.contains(['.', ':']);
    let is_complete = host != "docker.io" || path.contains('/');
    !has_host || !is_complete || has_tag != digest.is_empty()
}
