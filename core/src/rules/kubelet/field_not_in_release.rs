//! # `field-not-in-release`
//!
//! A field in its right place that the kubelet of some target releases does not have yet, or no longer has.
//!
//! ## Why
//!
//! Those kubelets drop the field, log `unknown field "x"` once (in a drop-in: nothing), and start with the default. Nodes of
//! one cluster then behave differently until the last one is upgraded. Names within the tables of resources, eviction
//! signals and policy options are the exception: a kubelet that does not know them yet does not start.
//!
//! ## What to do
//!
//! Keep the field for nodes that have it, or name the releases of your nodes: `--target kubernetes=1.36`.
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

use crate::keys::lifetime::{first, gone_in, is_to_come, wait_for};
use crate::keys::{Bound, KeySpec};
use crate::kubelet;
use crate::kubelet::kind::Role;
use crate::kubelet::values::says_nothing;
use crate::rules::kubelet::unknown_map_name::is_checked_map;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "field-not-in-release",
    summary: "A field that some kubelets do not have yet, or no longer have",
    category: Category::Migration,
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    // What is missing with a whole table is told once, there.
    let mut told: Vec<(Span, ReleaseSet)> = vec![];
    for bound in cx.bound {
        let Some(key) = bound.key() else { continue };
        let span = bound.entry.key_span.to(bound.entry.value.span);
        // Where the default is on, off is meant.
        let on = key.defaults().any(|(_, default)| default == "true");
        if says_nothing(&bound.entry.value) && !on {
            continue;
        }
        let target = cx.releases().get(Product::Kubernetes);
        let outer = told.iter().filter(|(outer, _)| outer.contains(span));
        let outer = outer.fold(ReleaseSet::NONE, |all, (_, releases)| all.or(*releases));
        let missing = target.without(key.releases()).without(outer);
        if !missing.is_empty() {
            told.push((span, missing));
            report(cx, bound, key, missing);
        }
    }
}

fn report(cx: &mut FileCx, bound: &Bound, key: &KeySpec, missing: ReleaseSet) {
    let name = &bound.entry.key;
    let path = cx.path_of(bound.entry);
    let releases = Releases::ANY.with(Product::Kubernetes, missing);
    let (message, help) = if is_to_come(missing, key.releases()) {
        (format!("the kubelet has `{name}` from Kubernetes {} on", first(key.releases())), wait_for(key.releases()))
    } else {
        let instead = key.replaced_by().map_or("Remove it.".to_owned(), |other| format!("Use `{other}` instead."));
        (format!("Kubernetes {} removed the field `{name}`", gone_in(key.releases())), instead)
    };
    let role = kubelet::role(cx.file, cx.root);
    // With the policy none, nobody looks at topology options.
    let map = bound.within.name();
    let refused = is_checked_map(bound.within) && (map != TOPOLOGY || topology_is_on(cx));
    let finding = cx.report(bound.entry.key_span, message);
    if refused {
        finding.refused(releases).why(format!(
            "Older kubelets do not start: they take only the names they know in `{}`.",
            bound.within.name()
        ));
    } else if role == Role::DropIn {
        finding.ignored(releases).why("A kubelet without the field drops it from a drop-in without a word.");
    } else {
        finding.ignored(releases).why(format!(
            "A kubelet without the field logs `unknown field \"{path}\"` once, drops it, and starts with its default."
        ));
    }
    finding.key(path).help(help);
}

const TOPOLOGY: &str = "topologyManagerPolicyOptions";

fn topology_is_on(cx: &FileCx) -> bool {
    let policy = cx.root.get("topologyManagerPolicy").and_then(crate::syntax::Node::as_str).unwrap_or_default();
    !matches!(policy, "" | "none")
}
