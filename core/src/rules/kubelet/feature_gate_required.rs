//! # `feature-gate-required`
//!
//! A field that the kubelet takes only with a feature gate that is off.
//!
//! ## Why
//!
//! The kubelet does not ignore such a field, it exits: `memorySwap.swapBehavior cannot be set when NodeSwap feature flag is
//! disabled`. Gates are off while their feature is alpha, and wherever somebody turned them off.
//!
//! ## What to do
//!
//! Turn the gate on, or remove the field until the nodes run a release where it is on.
//!
//! ## Examples
//!
//! ```yaml bad kubernetes=1.34
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! crashLoopBackOff:
//!   maxContainerRestartPeriod: 30s
//!   ^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! serverTLSBootstrap: true
//! ^^^^^^^^^^^^^^^^^^
//! featureGates:
//!   RotateKubeletServerCertificate: false
//! ```
//!
//! ```yaml good kubernetes=1.34
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! crashLoopBackOff:
//!   maxContainerRestartPeriod: 30s
//! featureGates:
//!   KubeletCrashLoopBackOffMax: true
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cpuCFSQuotaPeriod: 100ms
//! ```
//!
//! ## References
//!
//! - the field's row in `core/data/kubelet-checks.toml` names its source, the gate's row in `core/data/feature-gates.toml` its
//!   stages; measured with the validators of 1.24.16, 1.31.13 and 1.36.3

use crate::go::duration::duration;
use crate::keys::checks::{self, Gated, When};
use crate::kubelet;
use crate::kubelet::feature_gates;
use crate::kubelet::settings::{Gates, Value, get, is_nonzero, kubernetes, values};
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "feature-gate-required",
    summary: "A field that needs a feature gate which is off",
    category: Category::Migration,
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let gates = Gates::of(cx);
    // Two fields of one feature are one fault.
    let mut told: Vec<&str> = vec![];
    for value in values(cx) {
        for row in checks::gated(value.field.path()) {
            let off = row.gate().map_or(ReleaseSet::NONE, |gate| gates.off(gate));
            let releases = row.releases().and(value.releases()).and(off);
            let counts = row.only_with().is_none_or(|field| is_set(cx, field));
            if !releases.is_empty() && counts && needs(&value, row.when) && !told.contains(&row.prints()) {
                told.push(row.prints());
                report(cx, &value, row, releases);
            }
        }
    }
}

/// Whether a field has another value than its default.
fn is_set(cx: &FileCx, field: &str) -> bool {
    get(cx, field).is_some_and(|value| {
        let default = value.field.defaults().any(|(_, default)| default.trim_matches('"') == value.text);
        !value.text.is_empty() && !default
    })
}

fn needs(value: &Value, when: When) -> bool {
    let is_duration = value.field.format() == "duration";
    match when {
        When::Set => true,
        When::Nonzero => is_nonzero(value),
        When::Positive => value.number(is_duration).is_some_and(|n| n > 0.0),
        When::Is(wanted) => value.text == wanted.get(),
        When::Not(other) => {
            let other = other.get();
            let number = if is_duration { duration(other).ok() } else { other.parse().ok() };
            match (value.number(is_duration), number) {
                (Some(n), Some(other)) => n != other,
                // An empty text means the default.
                _ => value.text != other && !value.text.is_empty(),
            }
        }
    }
}

fn report(cx: &mut FileCx, value: &Value, row: &Gated, releases: ReleaseSet) {
    let gate = row.gate().unwrap_or_default();
    let setting = feature_gates::settings(cx).into_iter().find(|s| s.name == gate && s.value == Some(false));
    let span = key_span(cx, value);
    let name = &value.name;
    let finding = match setting {
        Some(setting) => cx
            .report(span, format!("`{name}` needs the feature gate `{gate}`, which is turned off"))
            .label(setting.span, "turned off here"),
        None => cx.report(span, format!("`{name}` needs the feature gate `{gate}`, which is off")),
    };
    finding
        .refused(kubernetes(releases))
        .key(value.key.clone())
        .why(format!("The kubelet does not start: `{}`.", row.prints()))
        .help(format!("Set `{gate}: true` below `featureGates`, or remove the field."));
}

/// The field's name, where it stands in a file.
fn key_span(cx: &FileCx, value: &Value) -> Span {
    let bound = cx.bound.iter().find(|b| b.entry.value.span == value.span && value.node.is_some());
    bound.map_or(value.span, |b| b.entry.key_span)
}
