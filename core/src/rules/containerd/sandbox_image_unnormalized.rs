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
//! ```toml bad containerd=2.3
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
//! - containerd/containerd@v2.3.3 and v2.3.4:internal/cri/server/podsandbox/sandbox_run.go

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "sandbox-image-unnormalized",
    summary: "Pause image by a short name, or by tag and digest",
    category: Category::Suspicious,
    run: Run::Settings(&[SettingCheck {
        outcomes: &[(Effect::Advice, LOOKS_FOR_TEXT)],
        message: "containerd 2.3.0 to 2.3.3 do not find the pause image `{value}`",
        why: "They look for the image by this text, and it is stored by its full name: every pod fails with `failed to \
              get sandbox image`. Fixed in 2.3.4.",
        help: "Write the full name with a tag, or with a digest alone.",
        ..SettingCheck::of(&daemons::CONTAINERD, "images:sandbox_image", Test::Where(is_unnormalized))
    }]),
    ..Rule::DEFAULTS
};

/// Up to 2.3.3.
const LOOKS_FOR_TEXT: Releases = Releases::containerd("2.3");

fn is_unnormalized(setting: &WrittenSetting) -> bool {
    // Without a tag it is something that another program fills in.
    let is_name = |image: &&str| image.contains(':') && !image.contains(['$', '{', '<', '%']);
    let Some(image) = setting.as_str().filter(is_name) else { return false };
    let (name, digest) = image.split_once('@').map_or((image, None), |(name, digest)| (name, Some(digest)));
    let (host, path) = name.split_once('/').unwrap_or(("", name));
    let has_registry = host.contains(['.', ':']) || host == "localhost";
    !has_registry || digest.is_some() && path.contains(':')
}
