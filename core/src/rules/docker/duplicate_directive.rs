//! # `duplicate-directive`
//!
//! The same key twice in one object of `daemon.json`.
//!
//! ## Why
//!
//! JSON readers in Go silently take the last one. Two objects (`log-opts`, `runtimes`) are merged instead. An earlier
//! value of a wrong type still stops the daemon.
//!
//! ## What to do
//!
//! Keep one of them: the last is the one in effect.
//!
//! ## Examples
//!
//! ```json bad
//! {
//!   "live-restore": false,
//!   ^^^^^^^^^^^^^^
//!   "log-driver": "local",
//!   "live-restore": true
//! }
//! ```
//!
//! ```json fixed
//! {
//!   "log-driver": "local",
//!   "live-restore": true
//! }
//! ```
//!
//! ```json good
//! { "log-driver": "local", "live-restore": true }
//! ```
//!
//! ## References
//!
//! - golang/go@go1.24.0:src/encoding/json/decode.go; measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use std::collections::HashMap;

use crate::docker;
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "duplicate-directive",
    summary: "Key that is set twice",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    check_node(cx, cx.root);
}

fn check_node(cx: &mut FileCx, node: &Node) {
    let own = node.entries();
    let last: HashMap<&str, &Entry> = own.iter().map(|entry| (entry.key.as_ref(), entry)).collect();
    for entry in own {
        if let Some(later) = last.get(entry.key.as_ref()).filter(|later| later.key_span != entry.key_span) {
            report(cx, node, entry, later);
        }
    }
    for below in own.iter().map(|entry| &entry.value).chain(node.items()) {
        check_node(cx, below);
    }
}

fn report(cx: &mut FileCx, parent: &Node, entry: &Entry, later: &Entry) {
    let name = &entry.key;
    let text = cx.doc().text;
    let is_same = entry.value.span.of(text) == later.value.span.of(text);
    let is_merged = !is_same && matches!((&entry.value.value, &later.value.value), (Value::Map(_), Value::Map(_)));
    let remove = if is_merged { None } else { edit::remove(cx.doc(), parent, entry) };
    let finding = cx.report_key(entry, format!("`{name}` is set again further down"));
    if is_merged {
        finding
            .advice(Releases::ANY)
            .why("dockerd merges the two objects; for a name in both, the last one wins.")
            .help("Write one object.")
            .label(later.key_span, "merged with this one");
    } else {
        finding.help("Remove one of them; the last is the one in effect.").label(later.key_span, "this one is used");
    }
    if is_same {
        finding.advice(Releases::ANY).why("Both have the same value. dockerd silently takes the last one.");
    } else if !is_merged {
        finding.ignored(Releases::ANY).why("dockerd silently takes the last one.");
    }
    finding.maybe_fix(
        remove.map(|edit| Fix::one(Applicability::Safe, format!("Remove the first `{name}`"), edit).keeping_meaning()),
    );
}
