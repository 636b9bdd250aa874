//! # `feature-gate-locked`
//!
//! A stable feature gate set against the value that it is locked to.
//!
//! ## Why
//!
//! The kubelet does not start: `cannot set feature gate NodeSwap to false, feature is locked to true`. A stable feature
//! cannot be turned off.
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
use crate::kubelet::feature_gates::{GateSetting, settings};
use crate::kubelet::settings::kubernetes;
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "feature-gate-locked",
    summary: "Feature gate set against its locked value",
    category: Category::Migration,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let target = cx.releases().get(Product::Kubernetes);
    for setting in settings(cx) {
        let Some((gate, value)) = gates::find(setting.name).zip(setting.value) else { continue };
        let locked = gate.locked_against(value).and(target);
        if !locked.is_empty() {
            report(cx, &setting, value, locked);
        }
    }
}

fn report(cx: &mut FileCx, setting: &GateSetting, value: bool, releases: ReleaseSet) {
    let name = setting.name;
    let removal = setting.removal(cx);
    let fix = removal.map(|edit| Fix::one(Applicability::Unsafe, format!("Remove `{name}`"), edit));
    let locked = !value;
    cx.report(setting.span, format!("the feature gate `{name}` can no longer be set to {value}"))
        .refused(kubernetes(releases))
        .key(setting.key())
        .why(format!(
            "The kubelet does not start: `cannot set feature gate {name} to {value}, feature is locked to {locked}`."
        ))
        .help("Remove it. To get the old behavior, look for a field of its own.")
        .maybe_fix(fix);
}
