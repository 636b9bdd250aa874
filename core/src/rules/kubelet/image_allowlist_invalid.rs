//! # `image-allowlist-invalid`
//!
//! A pattern for preloaded images that the kubelet does not take.
//!
//! ## Why
//!
//! The kubelet does not start: `invalid image pattern in preloadedImagesVerificationAllowlist`. A pattern is an image without tag
//! and digest, or a repository that ends with `/*`.
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
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/images/pullmanager/image_pull_policies.go (`ValidateAllowlistImagesPatterns`);
//!   measured with the validator of 1.36.3

use crate::kubelet;
use crate::kubelet::settings::{Gates, kubernetes};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "image-allowlist-invalid",
    summary: "A pattern for preloaded images that the kubelet does not take",
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const LIST: &str = "preloadedImagesVerificationAllowlist";
const SINCE: Releases = Releases::kubernetes("1.33..");

fn check(cx: &mut FileCx) {
    let policy = cx.root.get("imagePullCredentialsVerificationPolicy").and_then(Node::as_str);
    // With another policy the whole list is refused: that is another rule's.
    if policy != Some("NeverVerifyAllowlistedImages") {
        return;
    }
    let off = Gates::of(cx).off("KubeletEnsureSecretPulledImages");
    let releases = kubernetes(SINCE.get(Product::Kubernetes).without(off));
    for node in cx.root.get(LIST).map(Node::items).unwrap_or_default() {
        let Some(pattern) = node.as_str() else { continue };
        let Some(words) = fault(pattern) else { continue };
        cx.report(node.span, format!("`{pattern}` is no pattern for images"))
            .refused(releases)
            .key(LIST)
            .why(format!("The kubelet does not start: `invalid image pattern in {LIST}: {words}`."))
            .help("Write an image without tag and digest, or a repository that ends with `/*`.");
    }
}

/// Why a pattern is none, in the kubelet's words.
fn fault(pattern: &str) -> Option<&'static str> {
    if pattern.trim() != pattern {
        return Some("leading/trailing spaces are not allowed");
    }
    let (rest, is_wildcard) = match pattern.strip_suffix('*') {
        Some(rest) if rest.ends_with('/') => (rest, true),
        _ => (pattern, false),
    };
    let last = rest.rsplit('/').next().unwrap_or(rest);
    if rest.is_empty() {
        Some("the supplied pattern is too short")
    } else if rest.contains('*') {
        Some("not a valid wildcard pattern, only patterns ending with '/*' are allowed")
    } else if is_wildcard {
        (rest == "/").then_some("at least registry hostname is required")
    } else if rest.contains('@') || last.contains(':') {
        Some("neither tag nor digest is accepted in an image reference")
    } else if last.is_empty()
        || last.bytes().any(|b| !(b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b)))
    {
        Some("failed to parse as an image name: invalid reference format")
    } else {
        None
    }
}
