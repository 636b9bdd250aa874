//! # `log-rotation-incomplete`
//!
//! Options for the rotation of `json-file` logs that do not work without each other.
//!
//! ## Why
//!
//! `max-file` does nothing without `max-size`: the log grows until the disk is full. `compress` without rotated files stops every
//! container: `compress cannot be true when max-file is less than 2 or max-size is not set`. `max-size` alone keeps one file: each time it is
//! full, all earlier lines go.
//!
//! ## What to do
//!
//! Set both: `"log-opts": { "max-size": "10m", "max-file": "3" }`. Containers that exist keep their options until they are created
//! anew.
//!
//! ## Examples
//!
//! ```json bad
//! { "log-opts": { "max-file": "3" } }
//!                 ^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "log-opts": { "max-file": "3", "max-size": "10m" } }
//! ```
//!
//! ```json bad
//! { "log-opts": { "max-size": "10m", "compress": "true" } }
//!                                    ^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "log-opts": { "max-size": "10m", "compress": "true", "max-file": "3" } }
//! ```
//!
//! ```json good
//! { "log-opts": { "max-size": "10m", "max-file": "3", "compress": "true" } }
//! ```
//!
//! ```json good
//! { "log-driver": "local", "log-opts": { "max-size": "10m" } }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/logger/jsonfilelog/jsonfilelog.go; measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::logging::{option, options};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "log-rotation-incomplete",
    summary: "Options for log rotation that do not work without each other",
    category: Category::Reliability,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let root = cx.root;
    if docker::log_driver_name(root) != "json-file" {
        return;
    }
    let set = |name: &str| option(root, name).filter(|value| !value.is_empty());
    let (size, files) = (set("max-size"), set("max-file"));
    let many = files.and_then(|n| n.parse::<i64>().ok()).is_some_and(|n| n >= 2);
    let compress = matches!(set("compress"), Some("1" | "t" | "T" | "TRUE" | "true" | "True"));
    if compress && (size.is_none() || !many) {
        let missing = if size.is_none() { ("max-size", "10m") } else { ("max-file", "3") };
        report(cx, "compress", missing, "`compress` needs `max-size`, and 2 files or more");
    } else if files.is_some() && size.is_none() {
        report(cx, "max-file", ("max-size", "10m"), "`max-file` does nothing without `max-size`");
    } else if size.is_some() && files.is_none() {
        report(cx, "max-size", ("max-file", "3"), "one log file is kept: each time it is full, all earlier lines go");
    }
}

fn report(cx: &mut FileCx, name: &str, missing: (&str, &str), message: &str) {
    let Some(entry) = options(cx.root).into_iter().rfind(|e| e.key == name) else { return };
    let table = cx.root.entry("log-opts").map(|e| &e.value);
    let path = cx.path_of(entry);
    let (other, value) = missing;
    let free = option(cx.root, other).is_none();
    let edit = table.filter(|_| free).and_then(|table| edit::add_entry(cx.doc(), table, other, &edit::string(value)));
    let finding = cx.report(entry.key_span, message);
    match name {
        "compress" => finding.harmful(Releases::ANY).why("The daemon starts, and no container does: `compress cannot be true when max-file is less than 2 or max-size is not set`."),
        "max-file" => finding.ignored(Releases::ANY).why("Without a size nothing is rotated: the logs of containers grow until the disk is full."),
        _ => finding.advice(Releases::ANY).why("Without `max-file` Docker keeps one file, and empties it when it is full. `kubectl logs` and `docker logs` then start anew."),
    };
    finding
        .key(path)
        .help(format!("Set `\"{other}\": \"{value}\"`."))
        .maybe_fix(edit.map(|edit| Fix::one(Applicability::Unsafe, format!("Set `{other}`"), edit)));
}
