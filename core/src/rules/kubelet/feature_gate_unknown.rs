//! # `feature-gate-unknown`
//!
//! A feature gate that the kubelet of some target releases does not know: not yet, no longer, or never.
//!
//! ## Why
//!
//! The kubelet does not start: `unrecognized feature gate: X`. Gates go away some releases after their feature is stable,
//! so that a line which did nothing for years stops every node on an upgrade.
//!
//! ## What to do
//!
//! Remove the line before the upgrade: a gate that went stable is on without it.
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
//! - the gate's row in `core/data/feature-gates.toml` has its stages; checked against the gate sets compiled into 1.24, 1.31
//!   and 1.36

use crate::keys::gates::{self, Gate, StageKind};
use crate::keys::lifetime::{first, gone_in, is_to_come, wait_for};
use crate::keys::nearest;
use crate::kubelet;
use crate::kubelet::feature_gates::{Setting, settings};
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "feature-gate-unknown",
    summary: "A feature gate that the kubelet does not know",
    category: Category::Migration,
    fix: Some(Applicability::Safe),
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

const PRODUCT: Product = Product::Kubernetes;

fn check(cx: &mut FileCx) {
    for setting in settings(cx) {
        match gates::find(setting.name) {
            None => report_invented(cx, &setting),
            Some(gate) => {
                let missing = cx.releases().get(PRODUCT).without(gate.releases());
                if !missing.is_empty() {
                    report_missing(cx, &setting, gate, missing);
                }
            }
        }
    }
}

fn report_invented(cx: &mut FileCx, setting: &Setting) {
    let name = setting.name;
    if cx.is_full() {
        cx.count(setting.span).refused(Releases::ANY);
        return;
    }
    let target = cx.releases().get(PRODUCT);
    let current = gates::all().iter().filter(|g| !g.releases().and(target).is_empty());
    let close = nearest(name, current.map(Gate::name));
    let help = match close {
        Some(close) => format!("Did you mean `{close}`?"),
        None => "Remove it. Gates of distributions and of other components are none of the kubelet's.".to_owned(),
    };
    let fix = close.map(|close| Fix::edit(Applicability::Unsafe, format!("Write `{close}`"), setting.span, close));
    cx.report(setting.span, format!("the kubelet has no feature gate `{name}`"))
        .refused(Releases::ANY)
        .key(setting.key())
        .why(format!(
            "The kubelet does not start: `unrecognized feature gate: {name}`. No release from 1.10 on knows the name."
        ))
        .help(help)
        .maybe_fix(fix);
}

fn report_missing(cx: &mut FileCx, setting: &Setting, gate: &Gate, missing: ReleaseSet) {
    let name = setting.name;
    let known = gate.releases();
    let (message, help) = if is_to_come(missing, known) {
        (format!("the feature gate `{name}` comes with Kubernetes {}", first(known)), wait_for(known))
    } else {
        (format!("Kubernetes {} removed the feature gate `{name}`", gone_in(known)), fate(gate, setting.value))
    };
    let fix = removal(cx, setting, gate);
    cx.report(setting.span, message)
        .refused(Releases::ANY.with(PRODUCT, missing))
        .key(setting.key())
        .why(format!("The kubelet does not start: `unrecognized feature gate: {name}`."))
        .help(help)
        .maybe_fix(fix);
}

/// What became of a gate that is gone.
fn fate(gate: &Gate, value: Option<bool>) -> String {
    let Some(last) = gate.stages().last() else { return "Remove it.".to_owned() };
    let on = if last.default { "on" } else { "off" };
    let since = first(last.releases());
    match (last.kind, value) {
        (StageKind::Stable, Some(value)) if value == last.default => {
            format!("Remove it: the feature is stable since {since}, and {on} without the gate.")
        }
        (StageKind::Stable, _) => format!(
            "Remove it: the feature is stable since {since} and can no longer be turned {}.",
            if last.default { "off" } else { "on" }
        ),
        (StageKind::Deprecated, _) => {
            format!("Remove it: the gate was deprecated in {since}, and what it stood for is {on} for good.")
        }
        _ => "Remove it: the feature was given up, or goes by another name.".to_owned(),
    }
}

/// Removing a line is safe where no release that the user cares about would do otherwise with it.
fn removal(cx: &FileCx, setting: &Setting, gate: &Gate) -> Option<Fix> {
    let target = cx.releases().get(PRODUCT);
    let changes =
        |stage: &&gates::Stage| Some(stage.default) != setting.value && !stage.releases().and(target).is_empty();
    let applicability =
        if gate.stages().iter().any(|s| changes(&s)) { Applicability::Unsafe } else { Applicability::Safe };
    let edit = setting.removal(cx)?;
    Some(Fix::one(applicability, format!("Remove `{}`", setting.name), edit).keeping_meaning())
}
