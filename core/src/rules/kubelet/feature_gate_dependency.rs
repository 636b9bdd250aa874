//! # `feature-gate-dependency`
//!
//! A feature gate that is on, although it depends on one that is off.
//!
//! ## Why
//!
//! Since 1.35 the kubelet does not start: `GracefulNodeShutdownBasedOnPodPriority is enabled, but depends on features
//! that are disabled: [GracefulNodeShutdown]`. Gates that are on by default count, so that turning off one gate may
//! require turning off others.
//!
//! ## What to do
//!
//! Also turn off the gates that depend on it, or leave the gate as it is.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! featureGates:
//!   GracefulNodeShutdown: false
//!   ^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! featureGates:
//!   GracefulNodeShutdown: false
//!   GracefulNodeShutdownBasedOnPodPriority: false
//!   WindowsGracefulNodeShutdown: false
//! ```
//!
//! ## References
//!
//! - kubernetes/component-base@v0.36.0:featuregate/feature_gate.go (`Validate`); the gates' rows in
//!   `core/data/feature-gates.toml` (`depends`)

use crate::keys::gates;
use crate::kubelet;
use crate::kubelet::feature_gates::{GateSetting, Gates, settings};
use crate::kubelet::settings::kubernetes;
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "feature-gate-dependency",
    summary: "Feature gate that is on without one that it depends on",
    category: Category::Migration,
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

/// A gate that is on, and one that it needs and that is off.
struct Broken {
    gate: &'static str,
    needs: &'static str,
    releases: ReleaseSet,
}

fn check(cx: &mut FileCx) {
    let own = settings(cx);
    if own.is_empty() {
        return;
    }
    let broken = broken(cx);
    for setting in &own {
        let causes: Vec<&Broken> = broken.iter().filter(|broken| is_cause(setting.name, broken, &own)).collect();
        if let Some(first) = causes.first() {
            report(cx, setting, first, &causes);
        }
    }
}

fn broken(cx: &FileCx) -> Vec<Broken> {
    let state = Gates::of(cx);
    let target = cx.releases().get(Product::Kubernetes);
    let mut broken = vec![];
    for gate in gates::all() {
        for (needs, since) in gate.depends() {
            let releases = since.and(state.on(gate.name())).and(state.off(needs)).and(target);
            if !releases.is_empty() {
                broken.push(Broken { gate: gate.name(), needs, releases });
            }
        }
    }
    broken
}

/// Whether the setting with this name breaks a dependency: as the gate that others need, or as the one that needs
/// others.
fn is_cause(name: &str, broken: &Broken, own: &[GateSetting]) -> bool {
    let is_set = |name: &str| own.iter().any(|setting| setting.name == name);
    match name {
        name if name == broken.needs => true,
        name if name == broken.gate => !is_set(broken.needs),
        "AllAlpha" | "AllBeta" => !is_set(broken.needs) && !is_set(broken.gate),
        _ => false,
    }
}

fn report(cx: &mut FileCx, setting: &GateSetting, first: &Broken, causes: &[&Broken]) {
    let name = setting.name;
    let releases = causes.iter().fold(ReleaseSet::NONE, |all, broken| all.or(broken.releases));
    let list = |of: fn(&Broken) -> &str| {
        let names: Vec<String> = causes.iter().map(|broken| format!("`{}`", of(broken))).collect();
        names.join(", ")
    };
    let (message, help) = if name == first.needs {
        let gates = list(|broken| broken.gate);
        let need = if causes.len() > 1 { "need" } else { "needs" };
        (format!("`{name}` is off, but {gates} {need} it"), format!("Also set {gates} to false, or remove this line."))
    } else {
        let needs = list(|broken| broken.needs);
        (format!("`{name}` needs {needs}, which is off"), format!("Set {needs} to true, or remove this line."))
    };
    cx.report(setting.span, message)
        .refused(kubernetes(releases))
        .key(setting.key())
        .why(format!(
            "The kubelet does not start: `{} is enabled, but depends on features that are disabled: [{}]`.",
            first.gate, first.needs
        ))
        .help(help);
}
