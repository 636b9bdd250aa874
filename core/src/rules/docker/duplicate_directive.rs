//! # `duplicate-directive`
//!
//! The same key twice in one object of `daemon.json`.
//!
//! ## Why
//!
//! JSON readers in Go silently take the last one. Two objects (`log-opts`, `runtimes`) are merged instead, and so are
//! the objects at the same places of two lists (`default-address-pools`). An earlier value of a wrong type still stops
//! the daemon.
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
//! ```json bad
//! {
//!   "log-opts": { "max-size": "10m" },
//!   ^^^^^^^^^^
//!   "log-opts": { "max-size": "5m", "max-file": "3" }
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
use crate::docker::settings::is_empty;
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
    let mut kept = vec![];
    add_leaves(cx.settings(), &mut kept);
    kept.sort_unstable();
    check_node(cx, cx.root, &kept);
}

/// Where the values start that dockerd works with: texts, numbers, and lists and objects with nothing in them.
fn add_leaves(node: &Node, all: &mut Vec<u32>) {
    let below = node.entries().iter().map(|entry| &entry.value).chain(node.items());
    let before = all.len();
    below.for_each(|below| add_leaves(below, all));
    if all.len() == before {
        all.push(node.span.start);
    }
}

/// Whether dockerd works with something in a value.
fn is_kept(value: &Node, kept: &[u32]) -> bool {
    let next = kept.partition_point(|start| *start < value.span.start);
    kept.get(next).is_some_and(|start| *start < value.span.end)
}

fn check_node(cx: &mut FileCx, node: &Node, kept: &[u32]) {
    let own = node.entries();
    let last: HashMap<String, &Entry> = own.iter().map(|entry| (entry.key.to_ascii_lowercase(), entry)).collect();
    for entry in own {
        let later = last.get(&entry.key.to_ascii_lowercase()).filter(|later| later.key_span != entry.key_span);
        // The names in a map are exact, so that both of them are kept.
        match later.filter(|later| later.key == entry.key || !is_kept(&entry.value, kept)) {
            Some(later) => check_twice(cx, node, entry, later, kept),
            None => check_node(cx, &entry.value, kept),
        }
    }
    node.items().iter().for_each(|item| check_node(cx, item, kept));
}

fn check_twice(cx: &mut FileCx, parent: &Node, entry: &Entry, later: &Entry, kept: &[u32]) {
    let text = cx.doc().text;
    if is_kept(&entry.value, kept) && entry.value.as_scalar().is_none() {
        report_merged(cx, entry, later);
        check_both(cx, &entry.value, &later.value, kept);
    } else if is_kept(&entry.value, kept) {
        report_kept(cx, parent, entry, later);
    } else {
        let is_same = entry.value.span.of(text) == later.value.span.of(text) || is_empty(&entry.value);
        report_replaced(cx, parent, entry, later, is_same);
    }
}

/// What is lost of a value that is merged with a later one.
fn check_both(cx: &mut FileCx, value: &Node, later: &Node, kept: &[u32]) {
    for entry in value.entries() {
        match later.entry(&entry.key) {
            Some(later) if is_kept(&entry.value, kept) => check_both(cx, &entry.value, &later.value, kept),
            Some(later) => check_twice(cx, value, entry, later, kept),
            None => {}
        }
    }
    value.items().iter().zip(later.items()).for_each(|(item, later)| check_both(cx, item, later, kept));
}

fn report_merged(cx: &mut FileCx, entry: &Entry, later: &Entry) {
    let what = if matches!(entry.value.value, Value::Map(_)) { "object" } else { "list" };
    cx.report_key(entry, format!("`{}` is set again further down", entry.key))
        .advice(Releases::ANY)
        .why(WHY_MERGED)
        .help(format!("Write one {what}."))
        .label(later.key_span, "merged with this one");
}

fn report_kept(cx: &mut FileCx, parent: &Node, entry: &Entry, later: &Entry) {
    let edit = edit::remove(cx.doc(), parent, later);
    cx.report_key(later, format!("null leaves `{}` as it is set above", entry.key))
        .advice(Releases::ANY)
        .why("Go's JSON decoder does nothing with null for a text, number, switch or object.")
        .help("Remove one of them.")
        .label(entry.key_span, "this one is used")
        .maybe_fix(edit.map(|edit| Fix::one(Applicability::Safe, "Remove the null", edit).keeping_meaning()));
}

fn report_replaced(cx: &mut FileCx, parent: &Node, entry: &Entry, later: &Entry, is_same: bool) {
    let name = &entry.key;
    let edit = edit::remove(cx.doc(), parent, entry);
    let finding = cx.report_key(entry, format!("`{name}` is set again further down"));
    finding.help("Remove one of them; the last is the one in effect.").label(later.key_span, "this one is used");
    if is_same {
        finding.advice(Releases::ANY).why("Nothing is lost by it. dockerd silently takes the last one.");
    } else {
        finding.ignored(Releases::ANY).why("dockerd silently takes the last one.");
    }
    finding.maybe_fix(
        edit.map(|edit| Fix::one(Applicability::Safe, format!("Remove the first `{name}`"), edit).keeping_meaning()),
    );
}

const WHY_MERGED: &str = "dockerd merges the two: for a name in both the last one wins, and of lists the items at the \
    same places are merged.";
