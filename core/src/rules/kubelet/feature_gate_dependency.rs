//! # `feature-gate-dependency`
//!
//! A feature gate is off that another one, which is on, depends on.
//!
//! ## Why
//!
//! Since 1.35 the kubelet does not start: `GracefulNodeShutdownBasedOnPodPriority is enabled, but depends on features that are
//! disabled: [GracefulNodeShutdown]`. Gates that are on by default count, so that turning off one gate may take others.
//!
//! ## What to do
//!
//! Turn off what depends on it, too, or leave the gate as it is.
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
use crate::kubelet::feature_gates::{Setting, settings};
use crate::kubelet::settings::{Gates, kubernetes};
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "feature-gate-dependency",
    summary: "A feature gate that is on without one that it depends on",
    category: Category::Migration,
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

/// A gate that is on, one that it needs and that is off, and where.
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
    for setting in &own {
        report(cx, setting, &own, &broken);
    }
}

/// What a setting breaks: as the gate that others need, or as the one that needs others.
fn report(cx: &mut FileCx, setting: &Setting, own: &[Setting], broken: &[Broken]) {
    let set = |name: &str| own.iter().any(|s| s.name == name);
    let mine = broken.iter().filter(|b| match setting.name {
        name if name == b.needs => true,
        name if name == b.gate => !set(b.needs),
        "AllAlpha" | "AllBeta" => !set(b.needs) && !set(b.gate),
        _ => false,
    });
    let mine: Vec<&Broken> = mine.collect();
    let Some(first) = mine.first() else { return };
    let releases = mine.iter().fold(ReleaseSet::NONE, |all, b| all.or(b.releases));
    let list = |names: &mut dyn Iterator<Item = &'static str>| {
        let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
        names.join(", ")
    };
    let (message, help) = if setting.name == first.needs {
        let gates = list(&mut mine.iter().map(|b| b.gate));
        let need = if mine.len() > 1 { "need" } else { "needs" };
        (
            format!("`{}` is off, and {gates} {need} it", setting.name),
            format!("Set {gates} to false, too, or remove this line."),
        )
    } else {
        let needs = list(&mut mine.iter().map(|b| b.needs));
        (
            format!("`{}` needs {needs}, which is off", setting.name),
            format!("Set {needs} to true, or remove this line."),
        )
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
