//! # `field-not-in-release`
//!
//! A field in its right place that the kubelet of some target releases does not have yet, or no longer has.
//!
//! ## Why
//!
//! Those kubelets ignore the field, log `unknown field "x"` once (in a drop-in: nothing), and start with the default.
//! Nodes of one cluster then behave differently until the last one is upgraded. Names within the tables of resources,
//! eviction signals and policy options are the exception: a kubelet that does not recognize them yet does not start.
//!
//! ## What to do
//!
//! Keep the field for nodes whose kubelet has it, or name the releases of your nodes: `--target kubernetes=1.36`.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! tlsCurvePreferences: [29]
//! ^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! logging:
//!   sanitization: true
//!   ^^^^^^^^^^^^
//! ```
//!
//! ```yaml good kubernetes=1.36
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! tlsCurvePreferences: [29]
//! ```
//!
//! ## References
//!
//! - the field's own row in `core/data/kubelet.toml` names its source
//! - kubernetes/kubernetes#83204; measured with the loaders of 1.24.16, 1.31.13 and 1.36.3

use crate::keys::lifetime::{first, is_around, is_to_come, removed_in, span_of, wait_for};
use crate::keys::{Bound, KeySpec};
use crate::kubelet;
use crate::kubelet::kind::ConfigRole;
use crate::kubelet::maps::{TOPOLOGY_OPTIONS, is_map};
use crate::kubelet::node::role;
use crate::kubelet::settings::kubernetes;
use crate::kubelet::values::is_zero_value;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "field-not-in-release",
    summary: "Field that some kubelets do not have yet, or no longer have",
    category: Category::Migration,
    reads_text: true,
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let target = cx.releases().get(Product::Kubernetes);
    // The releases without each entry or a table around it: what is missing with its table is reported once, there.
    let mut without: Vec<ReleaseSet> = vec![];
    for bound in cx.bound {
        let outer = bound.above.and_then(|above| without.get(above)).copied().unwrap_or(ReleaseSet::NONE);
        let missing = missing(bound, target).without(outer);
        without.push(outer.or(missing));
        if let Some(key) = bound.key().filter(|_| !missing.is_empty()) {
            report(cx, bound, key, missing);
        }
    }
}

/// Releases of the target without the field.
fn missing(bound: &Bound, target: ReleaseSet) -> ReleaseSet {
    bound.key().map_or(ReleaseSet::NONE, |key| target.without(key.releases()))
}

/// Whether a value is what dumps write for a field that is not set, so that nothing is lost with it.
fn is_zero(bound: &Bound, key: &KeySpec) -> bool {
    let is_on_by_default = key.defaults().any(|(_, default)| default == "true");
    !is_on_by_default && is_zero_value(&bound.entry.value)
}

fn report(cx: &mut FileCx, bound: &Bound, key: &KeySpec, missing: ReleaseSet) {
    let name = &bound.entry.key;
    let path = cx.path_of(bound.entry);
    let releases = kubernetes(missing);
    let (message, help) = if is_around(missing, key.releases()) {
        let message = format!("only Kubernetes {} has the field `{name}`", span_of(key.releases()));
        (message, "Remove it on nodes of other releases.".to_owned())
    } else if is_to_come(missing, key.releases()) {
        (format!("the kubelet has `{name}` since Kubernetes {}", first(key.releases())), wait_for(key.releases()))
    } else {
        let help = key.replaced_by().map_or("Remove it.".to_owned(), |other| format!("Use `{other}` instead."));
        (format!("Kubernetes {} removed the field `{name}`", removed_in(key.releases())), help)
    };
    let role = role(cx);
    let map = bound.within.name();
    // With the policy none, the kubelet does not read topology options.
    let is_checked = is_map(map) && (map != TOPOLOGY_OPTIONS || has_topology_policy(cx));
    let finding = cx.report(bound.entry.key_span, message);
    if is_checked {
        finding.refused(releases).why(format!("A kubelet that does not recognize a name in `{map}` does not start."));
    } else if role == ConfigRole::DropIn {
        finding.ignored(releases).why("A kubelet without the field silently ignores it in a drop-in.");
    } else {
        finding.ignored(releases).why(format!(
            "A kubelet without the field logs `unknown field \"{path}\"` once, and starts with its default."
        ));
    }
    if is_zero(bound, key) {
        finding.as_info();
    }
    finding.key(path).help(help);
}

fn has_topology_policy(cx: &FileCx) -> bool {
    let policy = cx.root.get("topologyManagerPolicy").and_then(Node::as_str).unwrap_or_default();
    !matches!(policy, "" | "none")
}
