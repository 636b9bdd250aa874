//! # `feature-gate-stable`
//!
//! A feature gate that is set to what it is anyway, because its feature is stable.
//!
//! ## Why
//!
//! The kubelet logs `Setting GA feature gate X=true. It will be removed in a future release.` and nothing changes. On the
//! release that drops the gate the kubelet does not start with this line.
//!
//! ## What to do
//!
//! Remove it.
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
//! featureGates:
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

use crate::fix::{Applicability, Fix, edit};
use crate::keys::gates::{self, Gate, StageKind};
use crate::kind::{flags, kubelet};
use crate::releases::{Product, ReleaseSet, Releases};
use crate::rules::feature_gates::{Setting, settings};
use crate::rules::{Category, FileCx, Rule, Run};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "feature-gate-stable",
    summary: "A feature gate that is on anyway and will go away",
    category: Category::Deprecation,
    since: "0.1.0",
    fix: Some(Applicability::Safe),
    opt_in: false,
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
};

fn check(cx: &mut FileCx<'_, '_, '_>) {
    let target = cx.releases().get(Product::Kubernetes);
    for setting in settings(cx) {
        let Some(gate) = gates::find(setting.name) else { continue };
        let stable = stable_with(gate, setting.value);
        // Where some release needs the line, or refuses it, that is what matters.
        if !target.is_empty() && stable.covers(target) {
            report(cx, &setting);
        }
    }
}

/// The releases in which the gate is stable and has this value by itself.
fn stable_with(gate: &Gate, value: Option<bool>) -> ReleaseSet {
    let stages = gate.stages().iter().filter(|s| s.kind == StageKind::Stable && Some(s.default) == value);
    stages.fold(ReleaseSet::NONE, |all, stage| all.or(stage.releases()))
}

fn report(cx: &mut FileCx<'_, '_, '_>, setting: &Setting<'_>) {
    let name = setting.name;
    let state = if setting.value == Some(true) { "on" } else { "off" };
    let fix = setting.entry.and_then(|(table, entry)| edit::remove(cx.doc(), table, entry));
    let fix = fix.map(|edit| Fix {
        title: format!("Remove `{name}`"),
        applicability: Applicability::Safe,
        edits: vec![edit],
    });
    cx.report(setting.span, format!("`{name}` is stable and {state} without this line"))
        .advice(Releases::ANY)
        .key(setting.key())
        .why(format!("The kubelet logs `Setting GA feature gate {name}={}. It will be removed in a future release.`; the release that drops the gate does not start with it.", setting.value == Some(true)))
        .help("Remove it, so that it does not stop the kubelet on an upgrade.")
        .maybe_fix(fix);
}
