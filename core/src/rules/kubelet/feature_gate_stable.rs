//! # `feature-gate-stable`
//!
//! A feature gate that is set although its feature is stable or deprecated.
//!
//! ## Why
//!
//! The kubelet logs `Setting GA feature gate X=true. It will be removed in a future release.` and nothing changes. A
//! deprecated gate still works, for some releases. In the release that removes the gate, the kubelet does not start
//! with this line.
//!
//! ## What to do
//!
//! Remove it; where a deprecated gate keeps an old behavior, prepare for its removal.
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

use crate::keys::gates::{self, Gate, Stage, StageKind};
use crate::kubelet;
use crate::kubelet::feature_gates::{GateSetting, settings};
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "feature-gate-stable",
    summary: "Feature gate that is stable or deprecated, and will be removed",
    category: Category::Deprecation,
    fix: Some(Applicability::Safe),
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let target = cx.releases().get(Product::Kubernetes);
    if target.is_empty() {
        return;
    }
    for setting in settings(cx) {
        let Some((gate, value)) = gates::find(setting.name).zip(setting.value) else { continue };
        let is_late = |stage: &Stage| matches!(stage.kind, StageKind::Stable | StageKind::Deprecated);
        // Releases that have this value without the line; where others need the line, or refuse it, that matters more.
        let same = releases(gate, |stage| is_late(stage) && stage.default == value);
        let is_allowed = |stage: &Stage| !stage.locked || stage.default == value;
        let deprecated = releases(gate, |stage| stage.kind == StageKind::Deprecated && is_allowed(stage));
        if same.covers(target) {
            report_same(cx, &setting, value, !deprecated.and(target).is_empty());
        } else if deprecated.covers(target) {
            report_deprecated(cx, &setting, value);
        }
    }
}

fn releases(gate: &Gate, is_wanted: impl Fn(&Stage) -> bool) -> ReleaseSet {
    let stages = gate.stages().iter().filter(|stage| is_wanted(stage));
    stages.fold(ReleaseSet::NONE, |all, stage| all.or(stage.releases()))
}

fn report_same(cx: &mut FileCx, setting: &GateSetting, value: bool, is_deprecated: bool) {
    let name = setting.name;
    let state = if value { "on" } else { "off" };
    let (stage, word) = if is_deprecated { ("deprecated", "deprecated") } else { ("stable", "GA") };
    let removal = setting.removal(cx);
    let fix = removal.map(|edit| Fix::one(Applicability::Safe, format!("Remove `{name}`"), edit).keeping_meaning());
    cx.report(setting.span, format!("`{name}` is {stage} and {state} without this line"))
        .advice(Releases::ANY)
        .key(setting.key())
        .why(removed_later(name, value, word))
        .help("Remove it, so that it does not stop the kubelet after an upgrade.")
        .maybe_fix(fix);
}

fn report_deprecated(cx: &mut FileCx, setting: &GateSetting, value: bool) {
    let name = setting.name;
    cx.report(setting.span, format!("`{name}` is deprecated, but still works"))
        .advice(Releases::ANY)
        .key(setting.key())
        .why(removed_later(name, value, "deprecated"))
        .help("Find out what needs it, and remove it before an upgrade.");
}

fn removed_later(name: &str, value: bool, stage: &str) -> String {
    format!(
        "The kubelet logs `Setting {stage} feature gate {name}={value}. It will be removed in a future release.`; the \
         release that removes the gate does not start with it."
    )
}
