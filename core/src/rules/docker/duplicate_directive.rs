//! # `duplicate-directive`
//!
//! The same key twice in one object of `daemon.json`.
//!
//! ## Why
//!
//! JSON readers in Go take the last one without a word. Two objects (`log-opts`, `runtimes`) are merged instead. An earlier value of a
//! wrong type still stops the daemon.
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
    summary: "A key that is set twice",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    check_node(cx, cx.root);
}

fn check_node<'t>(cx: &mut FileCx<'_, 't, '_>, node: &'t Node<'t>) {
    let own = node.entries();
    let last: HashMap<&str, &Entry> = own.iter().map(|entry| (entry.key.as_ref(), entry)).collect();
    for entry in own {
        if let Some(later) = last.get(entry.key.as_ref()).filter(|later| later.key_span != entry.key_span) {
            report(cx, node, entry, later);
        }
    }
    for below in own.iter().map(|e| &e.value).chain(node.items()) {
        check_node(cx, below);
    }
}

fn report(cx: &mut FileCx, parent: &Node, entry: &Entry, later: &Entry) {
    let name = &entry.key;
    let text = cx.doc().text;
    let path = cx.path_of(entry);
    let same = entry.value.span.of(text) == later.value.span.of(text);
    let merged = matches!((&entry.value.value, &later.value.value), (Value::Map(_), Value::Map(_)));
    let fix = edit::remove(cx.doc(), parent, entry)
        .filter(|_| !merged || same)
        .map(|edit| Fix::one(Applicability::Safe, format!("Remove the first `{name}`"), edit).keeping_meaning());
    let finding = cx.report(entry.key_span, format!("`{name}` is set again further down"));
    if same {
        finding.advice(Releases::ANY).why("Both say the same. dockerd takes the last one without a word.");
    } else if merged {
        finding.advice(Releases::ANY).why("dockerd merges the two objects; for a name in both, the last one wins.");
    } else {
        finding.ignored(Releases::ANY).why("dockerd takes the last one without a word.");
    }
    let (help, label) = if merged && !same {
        ("Write one object.", "merged with this one")
    } else {
        ("Remove one of them; the last is the one in effect.", "this one is used")
    };
    finding.key(path).help(help).label(later.key_span, label).maybe_fix(fix);
}
