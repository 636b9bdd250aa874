//! # `log-opts-not-string`
//!
//! A value in `log-opts` that is not a string: `"max-file": 3` instead of `"max-file": "3"`.
//!
//! ## Why
//!
//! dockerd does not start: `json: cannot unmarshal number into Go struct field ... log-opts of type string`. Numbers
//! and switches of log drivers are strings in the file.
//!
//! ## What to do
//!
//! Put the value in quotes.
//!
//! ## Examples
//!
//! ```json bad
//! {
//!   "log-driver": "json-file",
//!   "log-opts": { "max-size": "10m", "max-file": 3 }
//!                                                ^
//! }
//! ```
//!
//! ```json fixed
//! {
//!   "log-driver": "json-file",
//!   "log-opts": { "max-size": "10m", "max-file": "3" }
//! }
//! ```
//!
//! ```json bad
//! { "log-driver": "splunk", "log-opts": { "splunk-insecureskipverify": true } }
//!                                                                      ^^^^
//! ```
//!
//! ```json fixed
//! { "log-driver": "splunk", "log-opts": { "splunk-insecureskipverify": "true" } }
//! ```
//!
//! ```json good
//! { "log-opts": { "max-size": "10m", "max-file": "3" } }
//! ```
//!
//! ## References
//!
//! - moby/moby#38242, docker/docs#6041, docker/cli#1528, docker/compose#4153
//! - moby/moby@docker-v29.7.2:daemon/config/config.go (`LogConfig`); measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2
//!   and 29.7.2

use crate::docker;
use crate::docker::refusals::refusal;
use crate::docker::settings::{go_type, readers};
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "log-opts-not-string",
    summary: "Log option is not a string",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    // Go reads each of several objects.
    let objects = cx.root.entries().iter().filter(|entry| entry.key == "log-opts");
    for entry in objects.flat_map(|object| object.value.entries()) {
        let is_missing = matches!(entry.value.value, Value::Missing);
        if entry.value.as_str().is_none() && !entry.value.is_null() && !is_missing {
            report(cx, entry);
        }
    }
}

fn report(cx: &mut FileCx, entry: &Entry) {
    let quote = entry.value.as_scalar().map(|_| edit::quote(cx.doc(), &entry.value));
    let found = go_type(&entry.value);
    cx.report_value(entry, format!("`{}` must be a string, not {}", entry.key, entry.value.type_name()))
        .refused(readers("log-opts"))
        .why(refusal(&format!("json: cannot unmarshal {found} into Go struct field ... log-opts of type string")))
        .help("Put the value in quotes: all log options are strings.")
        .maybe_fix(quote.map(|edit| Fix::one(Applicability::Safe, "Put the value in quotes", edit)));
}
