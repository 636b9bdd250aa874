//! # `ulimit-inconsistent`
//!
//! An item of `default-ulimits` without a name, with another name than its key, unknown, or with a soft limit above the hard one.
//!
//! ## Why
//!
//! The daemon takes all of it. The field `Name` decides which limit is meant, not the key around it, and what is wrong shows when a container
//! starts: `ulimit soft limit must be less than or equal to hard limit`, or `invalid ulimit type`. Without `Name` no container starts
//! that takes the defaults.
//!
//! ## What to do
//!
//! Write `"nofile": { "Name": "nofile", "Soft": 64000, "Hard": 64000 }`.
//!
//! ## Examples
//!
//! ```json bad
//! { "default-ulimits": { "nofile": { "Hard": 64000, "Soft": 64000 } } }
//!                        ^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "default-ulimits": { "nofile": { "Hard": 64000, "Soft": 64000, "Name": "nofile" } } }
//! ```
//!
//! ```json bad
//! { "default-ulimits": { "nofile": { "Name": "nofile", "Hard": 1024, "Soft": 64000 } } }
//!                                                                            ^^^^^
//! ```
//!
//! ```json good
//! { "default-ulimits": { "nofile": { "Name": "nofile", "Hard": -1, "Soft": 64000 } } }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/daemon_unix.go, vendor/github.com/docker/go-units/ulimit.go; that the daemon starts is measured
//!   with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::settings::readers;
use crate::keys::nearest;
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "ulimit-inconsistent",
    summary: "A default limit that no container can have",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// Source: moby/moby@docker-v29.7.2:vendor/github.com/docker/go-units/ulimit.go.
const NAMES: [&str; 15] = [
    "core",
    "cpu",
    "data",
    "fsize",
    "locks",
    "memlock",
    "msgqueue",
    "nice",
    "nofile",
    "nproc",
    "rss",
    "rtprio",
    "rttime",
    "sigpending",
    "stack",
];

fn check(cx: &mut FileCx) {
    for entry in cx.root.get("default-ulimits").map(Node::entries).unwrap_or_default() {
        if matches!(entry.value.value, Value::Map(_)) {
            check_limit(cx, entry);
        }
    }
}

fn check_limit(cx: &mut FileCx, entry: &Entry) {
    let field =
        |name: &str| entry.value.entries().iter().rev().find(|e| e.key.eq_ignore_ascii_case(name)).map(|e| &e.value);
    let key = entry.key.as_ref();
    let name = field("name").and_then(Node::as_str).unwrap_or_default();
    let number = |name: &str| field(name).map_or(Some(0), Node::as_int);
    match field("name") {
        _ if name.is_empty() => {
            let edit =
                NAMES.contains(&key).then(|| edit::add_entry(cx.doc(), &entry.value, "Name", &edit::string(key)));
            let fix = edit.flatten().map(|edit| Fix::one(Applicability::Unsafe, format!("Name it `{key}`"), edit));
            report(
                cx,
                entry,
                entry.key_span,
                format!("the limit `{key}` has no `Name`"),
                "Set `Name` to the limit that is meant.",
                fix,
            );
            return;
        }
        Some(node) if !NAMES.contains(&name) => {
            let help = match nearest(name, NAMES.into_iter()) {
                Some(close) => format!("Did you mean `{close}`?"),
                None => format!("Take one of {}.", NAMES.join(", ")),
            };
            report(cx, entry, node.span, format!("there is no limit `{name}`"), &help, None);
            return;
        }
        Some(node) if name != key => {
            let message = format!("the limit `{name}` stands below the key `{key}`, and `Name` counts");
            report(cx, entry, node.span, message, "Give both the same name.", None);
        }
        _ => {}
    }
    if let (Some(soft), Some(hard), Some(node)) = (number("soft"), number("hard"), field("soft"))
        && hard != -1
        && (soft > hard || soft == -1)
    {
        report(
            cx,
            entry,
            node.span,
            format!("the soft limit {soft} is above the hard one, {hard}"),
            "Raise `Hard`, or lower `Soft`.",
            None,
        );
    }
}

fn report(cx: &mut FileCx, entry: &Entry, at: Span, message: String, help: &str, fix: Option<Fix>) {
    let path = cx.path_of(entry);
    let mismatch = message.contains("counts");
    let finding = cx.report(at, message);
    if mismatch {
        finding
            .advice(Releases::ANY)
            .why("The key around it is a label alone; it may overwrite or double another limit.");
    } else {
        finding
            .harmful(readers("default-ulimits"))
            .why("The daemon starts, and containers that take the defaults do not: the limits are set when a container starts.");
    }
    finding.key(path).help(help).maybe_fix(fix);
}
