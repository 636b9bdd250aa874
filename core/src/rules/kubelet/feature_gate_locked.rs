//! # `feature-gate-locked`
//!
//! A stable feature gate set against the value that it is locked to.
//!
//! ## Why
//!
//! The kubelet does not start: `cannot set feature gate NodeSwap to false, feature is locked to true`. A stable feature can
//! no longer be turned off.
//!
//! ## What to do
//!
//! Remove the line, and use the feature's own field to turn off what it does, where there is one.
//!
//! ## Examples
//!
//! ```yaml bad kubernetes=1.36
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! featureGates:
//!   NodeSwap: false
//!   ^^^^^^^^
//! ```
//!
//! ```yaml fixed kubernetes=1.36
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! ```
//!
//! ```yaml good kubernetes=1.33
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! featureGates:
//!   NodeSwap: false
//! ```
//!
//! ## References
//!
//! - kubernetes/component-base:featuregate/feature_gate.go (`SetFromMap`); measured with the loader of 1.36.3
//! - the gate's row in `core/data/feature-gates.toml`

use crate::keys::gates;
use crate::kubelet;
use crate::kubelet::feature_gates::{Setting, settings};
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "feature-gate-locked",
    summary: "A feature gate set against its locked value",
    category: Category::Migration,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for setting in settings(cx) {
        if let Some(gate) = gates::find(setting.name)
            && let Some(value) = setting.value
        {
            let locked = gate.locked_against(value).and(cx.releases().get(Product::Kubernetes));
            if !locked.is_empty() {
                report(cx, &setting, value, Releases::ANY.with(Product::Kubernetes, locked));
            }
        }
    }
}

fn report(cx: &mut FileCx, setting: &Setting, value: bool, releases: Releases) {
    let name = setting.name;
    let fix = setting.removal(cx);
    let fix = fix.map(|edit| Fix::one(Applicability::Unsafe, format!("Remove `{name}`"), edit));
    cx.report(setting.span, format!("the feature gate `{name}` cannot be set to {value} any more"))
        .refused(releases)
        .key(setting.key())
        .why(format!(
            "The kubelet does not start: `cannot set feature gate {name} to {value}, feature is locked to {}`.",
            !value
        ))
        .help("Remove it. If you need the old behaviour, look for a field of its own for that.")
        .maybe_fix(fix);
}
