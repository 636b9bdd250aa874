//! # `feature-gate-required`
//!
//! A field that the kubelet accepts only with a feature gate that is off.
//!
//! ## Why
//!
//! The kubelet does not ignore such a field, it exits: `memorySwap.swapBehavior cannot be set when NodeSwap feature
//! flag is disabled`. Gates are off while their feature is alpha, and where a file turns them off.
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
//! Drop-ins override the main file:
//!
//! ```yaml bad kubernetes=1.34
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! crashLoopBackOff:
//!   maxContainerRestartPeriod: 30s
//!   ^^^^^^^^^^^^^^^^^^^^^^^^^
//! featureGates:
//!   KubeletCrashLoopBackOffMax: true
//! --- /etc/kubernetes/kubelet.conf.d/10-gates.conf
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! featureGates:
//!   KubeletCrashLoopBackOffMax: false
//! ```
//!
//! ```yaml good kubernetes=1.34
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! crashLoopBackOff:
//!   maxContainerRestartPeriod: 30s
//! --- /etc/kubernetes/kubelet.conf.d/10-gates.conf
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! featureGates:
//!   KubeletCrashLoopBackOffMax: true
//! ```
//!
//! ## References
//!
//! - the field's row in `core/data/kubelet-checks.toml` names its source, the gate's row in
//!   `core/data/feature-gates.toml` its stages; measured with the validators of 1.24.16, 1.31.13 and 1.36.3

use crate::go::duration::duration;
use crate::keys::checks::{self, Gated, When};
use crate::kubelet;
use crate::kubelet::feature_gates::{self, Gates};
use crate::kubelet::settings::{FieldValue, all, field, first, is_nonzero, kubernetes, number, seconds};
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "feature-gate-required",
    summary: "Field that needs a feature gate which is off",
    category: Category::Migration,
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let gates = Gates::of(cx);
    // Two fields of one feature are one fault.
    let mut reported: Vec<&str> = vec![];
    for value in all(cx) {
        for row in checks::gated(value.field.path()) {
            let off = row.gate().map_or(ReleaseSet::NONE, |gate| gates.off(gate));
            let releases = row.releases().and(value.setting.releases.get(Product::Kubernetes)).and(off);
            let is_read = row.only_with().is_none_or(|path| is_changed(cx, path));
            if !releases.is_empty() && is_read && needs(&value, row.when) && !reported.contains(&row.prints()) {
                reported.push(row.prints());
                report(cx, &value.setting, row, releases);
            }
        }
    }
}

/// Whether a field has another value than its default.
fn is_changed(cx: &FileCx, path: &str) -> bool {
    let Some(setting) = first(cx, path).filter(|setting| !setting.text.is_empty()) else { return false };
    let mut defaults = field(path).into_iter().flat_map(|field| field.defaults());
    !defaults.any(|(_, default)| default.trim_matches('"') == setting.text)
}

fn needs(value: &FieldValue, when: When) -> bool {
    let FieldValue { field, setting } = value;
    let is_duration = field.format() == "duration";
    let amount = || if is_duration { seconds(setting) } else { number(setting) };
    match when {
        When::Set => true,
        When::Nonzero => is_nonzero(setting, field.format()),
        When::Positive => amount().is_some_and(|n| n > 0.0),
        When::Is(wanted) => setting.text == wanted.get(),
        When::Not(other) => {
            let other = other.get();
            let number = if is_duration { duration(other).ok() } else { other.parse().ok() };
            match (amount(), number) {
                (Some(n), Some(other)) => n != other,
                // An empty text means the default.
                _ => setting.text != other && !setting.text.is_empty(),
            }
        }
    }
}

fn report(cx: &mut FileCx, setting: &WrittenSetting, row: &Gated, releases: ReleaseSet) {
    let gate = row.gate().unwrap_or_default();
    let switch = feature_gates::settings(cx).into_iter().find(|s| s.name == gate && s.value == Some(false));
    let finding =
        cx.report(setting.key_span, format!("`{}` needs the feature gate `{gate}`, which is off", setting.name));
    if let Some(switch) = switch {
        finding.label(switch.span, "turned off here");
    }
    finding
        .refused(kubernetes(releases))
        .key(setting.path.as_str())
        .why(format!("The kubelet does not start: `{}`.", row.prints()))
        .help(format!("Set `{gate}: true` below `featureGates`, or remove the field."));
}
