//! # `feature-gate-stable`
//!
//! A feature gate that is set although its feature is stable, or on its way out.
//!
//! ## Why
//!
//! The kubelet logs `Setting GA feature gate X=true. It will be removed in a future release.` and nothing changes. A deprecated
//! gate still does what it says, for some releases. On the release that drops the gate the kubelet does not start with this
//! line.
//!
//! ## What to do
//!
//! Remove it; where a deprecated gate keeps an old behaviour, prepare for its end.
//!
//! ## Examples
//!
//! ```yaml bad kubernetes=1.34
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! featureGates:
//!   NodeSwap: true
//!   ^^^^^^^^
//! ```
//!
//! ```yaml fixed kubernetes=1.34
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! ```
//!
//! ```yaml bad kubernetes=1.36
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! featureGates:
//!   KubeletRegistrationGetOnExistsOnly: true
//!   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml good kubernetes=1.33
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! featureGates:
//!   NodeSwap: true
//! ```
//!
//! ## References
//!
//! - kubernetes/component-base:featuregate/feature_gate.go; the gate's row in `core/data/feature-gates.toml`

use crate::keys::gates::{self, Gate, StageKind};
use crate::kubelet;
use crate::kubelet::feature_gates::{Setting, settings};
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "feature-gate-stable",
    summary: "A feature gate that is stable or deprecated, and will go away",
    category: Category::Deprecation,
    fix: Some(Applicability::Safe),
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let target = cx.releases().get(Product::Kubernetes);
    for setting in settings(cx) {
        let Some((gate, value)) = gates::find(setting.name).zip(setting.value) else { continue };
        let late = |stage: &gates::Stage| matches!(stage.kind, StageKind::Stable | StageKind::Deprecated);
        // Set to what it is anyway; where some release needs the line, or refuses it, that is what matters.
        let idle = releases(gate, |stage| late(stage) && stage.default == value);
        let free = |stage: &gates::Stage| !stage.locked || stage.default == value;
        let deprecated = releases(gate, |stage| stage.kind == StageKind::Deprecated && free(stage));
        if target.is_empty() {
            continue;
        }
        if idle.covers(target) {
            report_idle(cx, &setting, value, !deprecated.and(target).is_empty());
        } else if deprecated.covers(target) {
            report_deprecated(cx, &setting, value);
        }
    }
}

fn releases(gate: &Gate, which: impl Fn(&gates::Stage) -> bool) -> ReleaseSet {
    let stages = gate.stages().iter().filter(|stage| which(stage));
    stages.fold(ReleaseSet::NONE, |all, stage| all.or(stage.releases()))
}

fn report_idle(cx: &mut FileCx, setting: &Setting, value: bool, is_deprecated: bool) {
    let name = setting.name;
    let state = if value { "on" } else { "off" };
    let (stage, word) = if is_deprecated { ("deprecated", "deprecated") } else { ("stable", "GA") };
    let fix = setting.removal(cx);
    let fix = fix.map(|edit| Fix::one(Applicability::Safe, format!("Remove `{name}`"), edit).keeping_meaning());
    cx.report(setting.span, format!("`{name}` is {stage} and {state} without this line"))
        .advice(Releases::ANY)
        .key(setting.key())
        .why(format!("The kubelet logs `Setting {word} feature gate {name}={value}. It will be removed in a future release.`; the release that drops the gate does not start with it."))
        .help("Remove it, so that it does not stop the kubelet on an upgrade.")
        .maybe_fix(fix);
}

fn report_deprecated(cx: &mut FileCx, setting: &Setting, value: bool) {
    let name = setting.name;
    cx.report(setting.span, format!("`{name}` is deprecated, and works for the time being"))
        .advice(Releases::ANY)
        .key(setting.key())
        .why(format!("The kubelet logs `Setting deprecated feature gate {name}={value}. It will be removed in a future release.`; the release that drops the gate does not start with it."))
        .help("Find out what needs it, and remove it before an upgrade.");
}
