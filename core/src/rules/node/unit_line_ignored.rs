//! # `unit-line-ignored`
//!
//! A line of a daemon's unit or drop-in that systemd reads and ignores.
//!
//! ## Why
//!
//! Names of sections and directives count in their exact case. systemd ignores an unknown one with a warning in the
//! journal, and starts the daemon without it. The path of `EnvironmentFile=` is absolute and has no quotes.
//!
//! ## What to do
//!
//! Correct the line: `systemctl cat UNIT` shows all files of a unit, systemd.directives(7) lists the names.
//!
//! ## Examples
//!
//! ```ini bad
//! --- /etc/systemd/system/docker.service.d/override.conf
//! [Service]
//! EnvironmentFile="/etc/default/docker"
//!                 ^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```ini bad
//! --- /etc/systemd/system/kubelet.service.d/override.conf
//! [service]
//! ^^^^^^^^^
//! Environment=KUBELET_EXTRA_ARGS=--v=4
//! ```
//!
//! ```ini good
//! --- /etc/systemd/system/docker.service.d/override.conf
//! [Service]
//! EnvironmentFile=-/etc/default/docker
//! X-Note=extensions have this form
//! ```
//!
//! ## References
//!
//! - systemd v252:src/shared/conf-parser.c (`parse_line`, `next_assignment`)

use std::collections::HashSet;

use crate::rules::prelude::*;
use crate::systemd::on_node::of_node;

pub(crate) const RULE: Rule = Rule {
    id: "unit-line-ignored",
    summary: "Line of a unit that systemd ignores",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// The messages of systemd that are reported; `unit-syntax` and `specifier-invalid` report others.
const MESSAGES: [&str; 4] =
    ["Unknown key ", "Unknown section ", "EnvironmentFile= path is not ", "Failed to parse service type"];

fn check(cx: &mut NodeCx) {
    let mut seen: HashSet<(usize, Span)> = HashSet::new();
    for node in of_node(cx.loaded) {
        for message in &node.service.messages {
            let is_reported = MESSAGES.iter().any(|start| message.text.starts_with(start));
            let place = message.place.filter(|_| is_reported);
            let Some((file, span)) = place.and_then(|place| Some((node.file(place)?, place.span))) else { continue };
            // What is lost behind a broken line is a part of that fault.
            if seen.contains(&(file.index, span)) || !file.doc.problems.is_empty() {
                continue;
            }
            seen.insert((file.index, span));
            let text = message.text.split([',', '.']).next().unwrap_or_default();
            let text = text.replace('\'', "`");
            cx.report(file.index, span, format!("systemd ignores this: {}", excerpt(&text)))
                .ignored(Releases::ANY)
                .why(format!("systemd logs `{}` and goes on without it.", excerpt(&message.text)))
                .help("Correct the name or the value; names count in their exact case.");
        }
    }
}
