//! # `image-allowlist-invalid`
//!
//! A pattern for preloaded images that the kubelet refuses.
//!
//! ## Why
//!
//! The kubelet does not start: `invalid image pattern in preloadedImagesVerificationAllowlist`. A pattern is an image
//! without tag and digest, or a repository that ends with `/*`.
//!
//! ## What to do
//!
//! Remove the tag or the digest, or end the pattern with `/*`.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! featureGates:
//!   KubeletEnsureSecretPulledImages: true
//! imagePullCredentialsVerificationPolicy: NeverVerifyAllowlistedImages
//! preloadedImagesVerificationAllowlist:
//! - registry.example/base/busybox:1.36
//!   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! featureGates:
//!   KubeletEnsureSecretPulledImages: true
//! imagePullCredentialsVerificationPolicy: NeverVerifyAllowlistedImages
//! preloadedImagesVerificationAllowlist:
//! - registry.example/base/busybox
//! - registry.example/tools/*
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/images/pullmanager/image_pull_policies.go
//!   (`ValidateAllowlistImagesPatterns`); measured with the validator of 1.36.3

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "image-allowlist-invalid",
    summary: "Invalid pattern for preloaded images",
    run: Run::Settings(&[SettingCheck {
        // With another policy the kubelet refuses the whole list, which another rule reports.
        only_if: &[("imagePullCredentialsVerificationPolicy", Test::OneOf(&["NeverVerifyAllowlistedImages"]))],
        gate: "KubeletEnsureSecretPulledImages",
        outcomes: &[(Effect::Refused, VERIFIES_IMAGES)],
        message: "`{value}` is not a pattern for images",
        why: "The kubelet does not start: `invalid image pattern in preloadedImagesVerificationAllowlist: {reason}`.",
        help: "Write an image without tag and digest, or a repository that ends with `/*`.",
        ..SettingCheck::of(&daemons::KUBELET, "preloadedImagesVerificationAllowlist[]", Test::Refused(reason))
    }]),
    ..Rule::DEFAULTS
};

const VERIFIES_IMAGES: Releases = Releases::kubernetes("1.33..");

fn reason(pattern: &str) -> Option<String> {
    if pattern.trim() != pattern {
        return Some("leading/trailing spaces are not allowed".to_owned());
    }
    let (rest, is_wildcard) = match pattern.strip_suffix('*') {
        Some(rest) if rest.ends_with('/') => (rest, true),
        _ => (pattern, false),
    };
    let last = rest.rsplit('/').next().unwrap_or(rest);
    let is_in_name = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
    let words = if rest.is_empty() {
        "the supplied pattern is too short"
    } else if rest.contains('*') {
        "not a valid wildcard pattern, only patterns ending with '/*' are allowed"
    } else if rest == "/" && is_wildcard {
        "at least registry hostname is required"
    } else if !is_wildcard && (rest.contains('@') || last.contains(':')) {
        "neither tag nor digest is accepted in an image reference"
    } else if !is_wildcard && (last.is_empty() || !last.bytes().all(is_in_name)) {
        "failed to parse as an image name: invalid reference format"
    } else {
        return None;
    };
    Some(words.to_owned())
}
