//! # `field-needs-another`
//!
//! A field that the kubelet takes only together with another one.
//!
//! ## Why
//!
//! The kubelet does not start: `systemCgroups (--system-cgroups) was specified and cgroupRoot (--cgroup-root) was not
//! specified`, `enableSystemLogHandler is required for enableSystemLogQuery`, or ``can't set
//! `preloadedImagesVerificationAllowlist` if `imagePullCredentialsVertificationPolicy` is not "NeverVerifyAllowlistedImages"``.
//!
//! ## What to do
//!
//! Set the other field, too, or remove the first.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! systemCgroups: /system.slice
//! ^^^^^^^^^^^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! featureGates:
//!   NodeLogQuery: true
//! enableSystemLogQuery: true
//! ^^^^^^^^^^^^^^^^^^^^
//! enableSystemLogHandler: false
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! systemCgroups: /system.slice
//! cgroupRoot: /
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/apis/config/validation/validation.go; measured with the validator of 1.36.3

use crate::kubelet;
use crate::kubelet::settings::{Gates, comparable, get, is_nonzero, kubernetes};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "field-needs-another",
    summary: "A field that is refused without another one",
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

/// A field, and what must hold for another one.
struct Pair {
    field: &'static str,
    other: &'static str,
    /// The value that the other must have; empty for any.
    value: &'static str,
    /// Whether the other has that value when nobody sets it.
    by_default: bool,
    /// Checked while this gate is on; empty for always.
    gate: &'static str,
    releases: Releases,
    prints: &'static str,
}

const PAIRS: [Pair; 3] = [
    Pair {
        field: "systemCgroups",
        other: "cgroupRoot",
        value: "",
        by_default: false,
        gate: "",
        releases: Releases::ANY,
        prints: "systemCgroups (--system-cgroups) was specified and cgroupRoot (--cgroup-root) was not specified",
    },
    Pair {
        field: "enableSystemLogQuery",
        other: "enableSystemLogHandler",
        value: "true",
        by_default: true,
        gate: "",
        releases: Releases::kubernetes("1.27.."),
        prints: "enableSystemLogHandler is required for enableSystemLogQuery",
    },
    Pair {
        field: "preloadedImagesVerificationAllowlist",
        other: "imagePullCredentialsVerificationPolicy",
        value: "NeverVerifyAllowlistedImages",
        by_default: false,
        gate: "KubeletEnsureSecretPulledImages",
        releases: Releases::kubernetes("1.33.."),
        prints: "can't set `preloadedImagesVerificationAllowlist` if `imagePullCredentialsVertificationPolicy` is not \"NeverVerifyAllowlistedImages\"",
    },
];

fn check(cx: &mut FileCx) {
    for pair in &PAIRS {
        if get(cx, pair.field).is_some_and(|value| is_nonzero(&value)) && !holds(cx, pair) {
            report(cx, pair);
        }
    }
}

fn holds(cx: &FileCx, pair: &Pair) -> bool {
    let Some(other) = get(cx, pair.other).filter(|value| !value.text.is_empty()) else {
        return pair.by_default || !comparable(cx, &[pair.field, pair.other]);
    };
    match other.node.and_then(crate::syntax::Node::as_bool) {
        Some(on) => on,
        None => pair.value.is_empty() || other.text == pair.value,
    }
}

fn report(cx: &mut FileCx, pair: &Pair) {
    let Some(entry) = cx.root.entry(pair.field) else { return };
    let other = get(cx, pair.other).map(|value| value.span);
    let off = Gates::of(cx).off(pair.gate);
    let releases = pair.releases.get(Product::Kubernetes).without(off);
    let (message, help) = if pair.value.is_empty() {
        (format!("`{}` without `{}`", pair.field, pair.other), format!("Set `{}`, too.", pair.other))
    } else {
        (
            format!("`{}` needs `{}: {}`", pair.field, pair.other, pair.value),
            format!("Set `{}: {}`, or remove `{}`.", pair.other, pair.value, pair.field),
        )
    };
    let finding = cx.report(entry.key_span, message);
    finding
        .refused(kubernetes(releases))
        .key(pair.field)
        .why(format!("The kubelet does not start: `{}`.", pair.prints))
        .help(help);
    if let Some(span) = other {
        finding.label(span, "not with this");
    }
}
