//! # `label-invalid`
//!
//! A label of the daemon without a value, in a reserved namespace, or with two values.
//!
//! ## Why
//!
//! dockerd does not start: `bad attribute format: zone`, `conflict labels for zone=b and zone=a`, or `the namespaces
//! com.docker.*, io.docker.*, and org.dockerproject.* are reserved for internal use`.
//!
//! ## What to do
//!
//! Write each label once, as `key=value`.
//!
//! ## Examples
//!
//! ```json bad
//! { "labels": ["zone"] }
//!              ^^^^^^
//! ```
//!
//! ```json bad
//! { "labels": ["zone=a", "zone=b"] }
//!                        ^^^^^^^^
//! ```
//!
//! ```json bad
//! { "labels": ["com.docker.zone=a"] }
//!              ^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "labels": ["zone=a", "zone=a", "rack="] }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/pkg/opts/opts.go (`ValidateLabel`), daemon/config/config.go
//!   (`GetConflictFreeLabels`); measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use std::collections::HashMap;

use crate::docker;
use crate::docker::refusals::refusal;
use crate::docker::settings::texts;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "label-invalid",
    summary: "Label that Docker does not accept",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

const RESERVES_NAMESPACES: Releases = Releases::docker("20.10..");
const COMPARES_LABELS: Releases = Releases::docker("1.13..");
/// Source: moby/moby@docker-v29.7.2:daemon/pkg/opts/opts.go (`ValidateLabel`).
const RESERVED: [&str; 3] = ["com.docker.", "io.docker.", "org.dockerproject."];

fn check(cx: &mut FileCx) {
    // The first label of each key, and the first one with another value.
    let mut known: HashMap<String, (String, Option<String>)> = HashMap::new();
    for item in texts(cx.settings(), "labels") {
        let label = item.text.as_ref();
        let Some((key, _)) = label.split_once('=') else {
            let message = format!("the label `{}` has no value", excerpt(label));
            let log = format!("bad attribute format: {label}");
            report(cx, &item, Releases::ANY, message, &log).help("Write `key=value`.");
            continue;
        };
        let (first, second) = known.entry(key.to_owned()).or_insert_with(|| (label.to_owned(), None));
        let other = if first == label { second.clone() } else { Some(first.clone()) };
        if first != label && second.is_none() {
            *second = Some(label.to_owned());
        }
        let lower = label.to_ascii_lowercase();
        if RESERVED.iter().any(|namespace| lower.starts_with(namespace)) {
            let message = format!("the label `{}` is in a namespace of Docker's own", excerpt(label));
            report(cx, &item, RESERVES_NAMESPACES, message, &log_reserved(label)).help("Take another namespace.");
        } else if let Some(other) = other {
            let message = format!("the label `{}` has another value above", excerpt(key));
            let log = format!("conflict labels for {label} and {other}");
            report(cx, &item, COMPARES_LABELS, message, &log).help("Keep one of the two.");
        }
    }
}

fn report<'c>(
    cx: &'c mut FileCx,
    item: &WrittenSetting,
    refused: Releases,
    message: String,
    log: &str,
) -> &'c mut Finding {
    cx.report_setting(item, message).refused(refused).why(refusal(log))
}

fn log_reserved(label: &str) -> String {
    format!(
        "label {label} is not allowed: the namespaces com.docker.*, io.docker.*, and org.dockerproject.* \
         are reserved for internal use"
    )
}
