//! # `duplicate-field`
//!
//! The same field twice in one table of a KubeletConfiguration.
//!
//! ## Why
//!
//! In the file of `--config` the last one wins; since 1.17 the kubelet logs `key "maxPods" already set in map` once. In
//! a drop-in the kubelet is strict: it does not start.
//!
//! ## What to do
//!
//! Keep one of them: the last one is in effect. A YAML merge key (`<<`) sets a field too: behind a field it wins.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! maxPods: 60
//! ^^^^^^^
//! failSwapOn: false
//! maxPods: 110
//! ```
//!
//! ```yaml fixed
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! failSwapOn: false
//! maxPods: 110
//! ```
//!
//! ```yaml bad
//! --- /etc/kubernetes/kubelet.conf.d/10-pods.conf
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! maxPods: 60
//! ^^^^^^^
//! maxPods: 110
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! maxPods: 110
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/kubeletconfig/util/codec/codec.go; measured with the loader of 1.36.3

use std::collections::HashMap;

use crate::kubelet;
use crate::kubelet::eras::MERGES_JSON;
use crate::kubelet::kind::ConfigRole;
use crate::kubelet::node::role;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "duplicate-field",
    summary: "Field that is set twice",
    fix: Some(Applicability::Safe),
    reads_text: true,
    run: Run::File(&[&kubelet::KIND], |cx| check(cx, cx.root)),
    ..Rule::DEFAULTS
};

/// Releases that read a drop-in as they read the main file.
/// Source: kubernetes/kubernetes@v1.28.0:cmd/kubelet/app/server.go (`mergeKubeletConfigurations`).
const LOADS_DROP_INS_LENIENTLY: Releases = Releases::kubernetes("1.28");

fn check<'t>(cx: &mut FileCx<'_, 't, '_>, node: &'t Node<'t>) {
    // What a YAML merge key brings in lies elsewhere.
    let is_own = |entry: &Entry| node.span.contains(entry.key_span);
    let last: HashMap<&str, &Entry> = node.entries().iter().map(|entry| (entry.key.as_ref(), entry)).collect();
    for entry in node.entries() {
        let Some(later) = last.get(entry.key.as_ref()).filter(|later| later.key_span != entry.key_span) else {
            continue;
        };
        if is_own(entry) {
            report(cx, node, entry, later);
        } else if is_own(later) && role(cx) == ConfigRole::DropIn {
            report_merged(cx, entry, later);
        }
    }
    for below in node.entries().iter().map(|entry| &entry.value).chain(node.items()) {
        check(cx, below);
    }
}

fn report(cx: &mut FileCx, parent: &Node, entry: &Entry, later: &Entry) {
    let name = &entry.key;
    let text = cx.doc().text;
    let path = cx.path_of(entry);
    let is_same = entry.value.span.of(text) == later.value.span.of(text);
    let role = role(cx);
    let fix = edit::remove(cx.doc(), parent, entry)
        .map(|edit| Fix::one(Applicability::Safe, format!("Remove the first `{name}`"), edit).keeping_meaning());
    let finding = cx.report(entry.key_span, format!("`{name}` is set again further down"));
    if role == ConfigRole::DropIn {
        finding.refused(MERGES_JSON).ignored(LOADS_DROP_INS_LENIENTLY).why(twice(name));
    } else if is_same {
        finding.advice(Releases::ANY).why("Both values are the same. The kubelet logs that the field is set twice.");
    } else {
        finding.ignored(Releases::ANY).why(format!(
            "The last one wins. The kubelet logs `key \"{name}\" already set in map` once; before 1.17 it logs nothing."
        ));
    }
    finding
        .key(path)
        .help("Remove one of them; the last one is in effect.")
        .label(later.key_span, "this one is used")
        .maybe_fix(fix);
}

/// A field that a merge key brought in, set again: meant so, and refused in a drop-in.
fn report_merged(cx: &mut FileCx, merged: &Entry, later: &Entry) {
    let name = &later.key;
    let path = cx.path_of(later);
    cx.report(later.key_span, format!("the merge key `<<` sets `{name}` too"))
        .refused(MERGES_JSON)
        .key(path)
        .why(twice(name))
        .help("Write the table out without `<<`, or leave the field to it.")
        .label(merged.key_span, "the merge key takes this in");
}

fn twice(name: &str) -> String {
    format!(
        "The kubelet does not start: in a drop-in it refuses a field that is set twice (`key \"{name}\" already set in \
         map`)."
    )
}
