//! # `log-rotation-incomplete`
//!
//! Options for the rotation of `json-file` logs that do not work without each other.
//!
//! ## Why
//!
//! `max-file` has no effect without `max-size`: the log grows until the disk is full. `compress` without rotated
//! files stops every container: `compress cannot be true when max-file is less than 2 or max-size is not set`.
//! `max-size` alone keeps one file: each time it is full, all earlier lines are lost.
//!
//! ## What to do
//!
//! Set both: `"log-opts": { "max-size": "10m", "max-file": "3" }`. Containers that exist keep their options until
//! they are created anew.
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
//! - moby/moby@docker-v29.7.2:daemon/logger/jsonfilelog/jsonfilelog.go; measured with 20.10.24, 24.0.9, 27.5.1,
//!   28.5.2 and 29.7.2

use crate::docker;
use crate::docker::logging::{option, options};
use crate::go::boolean::parse_bool;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "log-rotation-incomplete",
    summary: "Options for log rotation that do not work without each other",
    category: Category::Reliability,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// What is wrong with the options for rotation.
struct Gap {
    /// The option that does not work.
    option: &'static str,
    /// What it needs: a name and a value in JSON.
    missing: (&'static str, &'static str),
    effect: Effect,
    message: &'static str,
    why: &'static str,
}

fn check(cx: &mut FileCx) {
    if docker::log_driver_name(cx.settings()) != "json-file" {
        return;
    }
    let set = |name: &str| option(cx.settings(), name).filter(|value| !value.is_empty());
    let (size, files) = (set("max-size"), set("max-file"));
    let has_many_files = files.and_then(|number| number.parse::<i64>().ok()).is_some_and(|number| number >= 2);
    let compresses = set("compress").and_then(parse_bool) == Some(true);
    match (size, files) {
        (None, None) if compresses => report(cx, &COMPRESSION_ALONE),
        (None, _) if compresses => report(cx, &COMPRESSION_WITHOUT_SIZE),
        (Some(_), _) if compresses && !has_many_files => report(cx, &COMPRESSION_WITHOUT_FILES),
        (None, Some(_)) => report(cx, &FILES_WITHOUT_SIZE),
        (Some(_), None) => report(cx, &SIZE_WITHOUT_FILES),
        _ => {}
    }
}

fn report(cx: &mut FileCx, gap: &Gap) {
    let Some(entry) = options(cx.settings()).iter().rfind(|entry| entry.key == gap.option) else { return };
    let (name, value) = gap.missing;
    let table = cx.settings().get("log-opts").filter(|_| option(cx.settings(), name).is_none());
    let edit = table.and_then(|table| edit::add_entry(cx.doc(), table, name, value));
    let title = format!("Set `{name}`");
    let finding = cx.report_key(entry, gap.message);
    finding.outcome(gap.effect, Releases::ANY);
    if gap.effect == Effect::Harmful {
        finding.breaks(BreakScope::EveryContainer, "");
    }
    finding
        .why(gap.why)
        .help(format!("Set `\"{name}\": {value}`."))
        .maybe_fix(edit.map(|edit| Fix::one(Applicability::Unsafe, title, edit)));
}

const COMPRESSION_WITHOUT_SIZE: Gap = Gap {
    option: "compress",
    missing: ("max-size", "\"10m\""),
    effect: Effect::Harmful,
    message: "`compress` needs `max-size`, and 2 files or more",
    why: "The daemon starts, but no container does: \
          `compress cannot be true when max-file is less than 2 or max-size is not set`.",
};
/// Both options at once: one of them would leave the fault.
const COMPRESSION_ALONE: Gap =
    Gap { missing: ("max-size", "\"10m\", \"max-file\": \"3\""), ..COMPRESSION_WITHOUT_SIZE };
const COMPRESSION_WITHOUT_FILES: Gap = Gap { missing: ("max-file", "\"3\""), ..COMPRESSION_WITHOUT_SIZE };
const FILES_WITHOUT_SIZE: Gap = Gap {
    option: "max-file",
    missing: ("max-size", "\"10m\""),
    effect: Effect::Ignored,
    message: "`max-file` has no effect without `max-size`",
    why: "Docker does not rotate logs without a size: they grow until the disk is full.",
};
const SIZE_WITHOUT_FILES: Gap = Gap {
    option: "max-size",
    missing: ("max-file", "\"3\""),
    effect: Effect::Advice,
    message: "one log file is kept: each time it is full, all earlier lines are lost",
    why: "Without `max-file` Docker keeps one file, and empties it when it is full. `kubectl logs` and `docker logs` \
          then start anew.",
};
