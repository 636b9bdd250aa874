//! # `label-invalid`
//!
//! A label of the daemon without a value, in a reserved namespace, or with two values.
//!
//! ## Why
//!
//! dockerd does not start: `bad attribute format: zone`, `conflict labels for zone=b and zone=a`, or `the namespaces com.docker.*,
//! io.docker.*, and org.dockerproject.* are reserved for internal use`.
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
//! - moby/moby@docker-v29.7.2:daemon/pkg/opts/opts.go (`ValidateLabel`), daemon/config/config.go (`GetConflictFreeLabels`);
//!   measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::docker;
use crate::docker::settings::texts;
use crate::rules::prelude::*;
use crate::text::excerpt;

pub(crate) const RULE: Rule = Rule {
    id: "label-invalid",
    summary: "A label that Docker does not take",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

const RESERVING: Releases = Releases::docker("20.10..");
const COMPARING: Releases = Releases::docker("1.13..");
const RESERVED: [&str; 3] = ["com.docker.", "io.docker.", "org.dockerproject."];

fn check(cx: &mut FileCx) {
    let labels = texts(cx.root, "labels");
    // The first label of each key, and the first one with another value.
    let mut earlier: HashMap<&str, (&str, Option<&str>)> = HashMap::new();
    for (node, label) in &labels {
        let Some((key, _)) = label.split_once('=') else {
            let words = format!("bad attribute format: {label}");
            let message = format!("the label `{}` has no value", excerpt(label));
            report(cx, node, message, Releases::ANY, &words, "Write `key=value`.");
            continue;
        };
        let known = earlier.entry(key);
        let other = match &known {
            Entry::Occupied(known) => {
                let (first, second) = *known.get();
                if first == *label { second } else { Some(first) }
            }
            Entry::Vacant(_) => None,
        };
        let (first, second) = known.or_insert((label, None));
        if second.is_none() && first != label {
            *second = Some(label);
        }
        let lower = label.to_ascii_lowercase();
        if RESERVED.iter().any(|space| lower.starts_with(space)) {
            let words = format!(
                "label {label} is not allowed: the namespaces com.docker.*, io.docker.*, and org.dockerproject.* are reserved for internal use"
            );
            let message = format!("the label `{}` is in a namespace of Docker's own", excerpt(label));
            report(cx, node, message, RESERVING, &words, "Take another namespace.");
            continue;
        }
        if let Some(other) = other {
            let words = format!("conflict labels for {label} and {other}");
            let message = format!("the label `{}` has another value above", excerpt(key));
            report(cx, node, message, COMPARING, &words, "Keep one of the two.");
        }
    }
}

fn report(cx: &mut FileCx, node: &Node, message: String, refused: Releases, words: &str, help: &str) {
    cx.report(node.span, message)
        .refused(refused)
        .key("labels")
        .why(format!("dockerd does not start: `{words}`."))
        .help(help);
}
