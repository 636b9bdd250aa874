//! # `feature-gate-unknown`
//!
//! A feature gate that the kubelet of some target releases does not recognize: not yet, no longer, or never.
//!
//! ## Why
//!
//! The kubelet does not start: `unrecognized feature gate: X`. Gates are removed some releases after their feature is
//! stable, so that a line which had no effect for years stops every node after an upgrade.
//!
//! ## What to do
//!
//! Remove the line before the upgrade: a stable feature is on without it.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! featureGates:
//!   SeccompDefault: true
//!   ^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml fixed
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! featureGates:
//!   RotateKubeletServerCertificates: true
//!   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```sh bad
//! KUBELET_EXTRA_ARGS="--feature-gates=KubeletCredentialProviders=true"
//!                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! featureGates:
//!   RotateKubeletServerCertificate: true
//! ```
//!
//! ## References
//!
//! - siderolabs/talos#13480, aws/eks-anywhere-build-tooling#2891, kubernetes/kubernetes#100988
//! - the gate's row in `core/data/feature-gates.toml` has its stages; checked against the gate sets compiled into 1.24,
//!   1.31 and 1.36

use crate::keys::gates::{self, Gate, Stage, StageKind};
use crate::keys::lifetime::{first, is_around, is_to_come, removed_in, span_of, wait_for};
use crate::keys::nearest;
use crate::kubelet;
use crate::kubelet::feature_gates::{GateSetting, settings};
use crate::kubelet::settings::kubernetes;
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "feature-gate-unknown",
    summary: "Feature gate that the kubelet does not recognize",
    category: Category::Migration,
    fix: Some(Applicability::Safe),
    reads_text: true,
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let target = cx.releases().get(Product::Kubernetes);
    for setting in settings(cx) {
        let Some(gate) = gates::find(setting.name) else {
            report_unknown(cx, &setting, target);
            continue;
        };
        let missing = target.without(gate.releases());
        if !missing.is_empty() {
            report_missing(cx, &setting, gate, missing);
        }
    }
}

fn report_unknown(cx: &mut FileCx, setting: &GateSetting, target: ReleaseSet) {
    let name = setting.name;
    if cx.is_full() {
        cx.count(setting.span).refused(Releases::ANY);
        return;
    }
    let current = gates::all().iter().filter(|gate| !gate.releases().and(target).is_empty());
    let close = nearest(name, current.map(Gate::name));
    let help = match close {
        Some(close) => format!("Did you mean `{close}`?"),
        None => "Remove it. The kubelet does not have the gates of distributions and of other components.".to_owned(),
    };
    let fix = close.map(|close| Fix::edit(Applicability::Unsafe, format!("Write `{close}`"), setting.span, close));
    cx.report(setting.span, format!("the kubelet does not have a feature gate `{name}`"))
        .refused(Releases::ANY)
        .key(setting.key())
        .why(format!(
            "The kubelet does not start: `unrecognized feature gate: {name}`. No release since 1.10 has the name."
        ))
        .help(help)
        .maybe_fix(fix);
}

fn report_missing(cx: &mut FileCx, setting: &GateSetting, gate: &Gate, missing: ReleaseSet) {
    let name = setting.name;
    let known = gate.releases();
    let (message, help) = if is_around(missing, known) {
        let message = format!("only Kubernetes {} has the feature gate `{name}`", span_of(known));
        (message, after_removal(gate, setting.value))
    } else if is_to_come(missing, known) {
        (format!("the feature gate `{name}` comes with Kubernetes {}", first(known)), wait_for(known))
    } else {
        (
            format!("Kubernetes {} removed the feature gate `{name}`", removed_in(known)),
            after_removal(gate, setting.value),
        )
    };
    let fix = removal(cx, setting, gate);
    cx.report(setting.span, message)
        .refused(kubernetes(missing))
        .key(setting.key())
        .why(format!("The kubelet does not start: `unrecognized feature gate: {name}`."))
        .help(help)
        .maybe_fix(fix);
}

/// Removing a line is safe where no release of the target changes its behavior without it.
fn removal(cx: &FileCx, setting: &GateSetting, gate: &Gate) -> Option<Fix> {
    let target = cx.releases().get(Product::Kubernetes);
    let changes = |stage: &Stage| Some(stage.default) != setting.value && !stage.releases().and(target).is_empty();
    let applicability = if gate.stages().iter().any(changes) { Applicability::Unsafe } else { Applicability::Safe };
    let edit = setting.removal(cx)?;
    Some(Fix::one(applicability, format!("Remove `{}`", setting.name), edit).keeping_meaning())
}

/// What to do about a removed gate, by its last stage.
fn after_removal(gate: &Gate, value: Option<bool>) -> String {
    let Some(last) = gate.stages().last() else { return "Remove it.".to_owned() };
    let (state, opposite) = if last.default { ("on", "off") } else { ("off", "on") };
    let since = first(last.releases());
    match last.kind {
        StageKind::Stable if value == Some(last.default) => {
            format!("Remove it: the feature is stable since {since}, and {state} without the gate.")
        }
        StageKind::Stable => {
            format!("Remove it: the feature is stable since {since} and can no longer be turned {opposite}.")
        }
        StageKind::Deprecated => {
            format!("Remove it: the gate was deprecated in {since}, and its feature is always {state}.")
        }
        StageKind::Alpha | StageKind::Beta => "Remove it: the feature was abandoned or renamed.".to_owned(),
    }
}
