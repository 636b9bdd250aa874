//! # `docker-no-log-rotation`
//!
//! Container logs are never rotated.
//!
//! ## Why
//!
//! Without `max-size` the driver `json-file`, which is the default, keeps every line that a container ever wrote,
//! until the disk is full. Nothing else rotates these files: logrotate must not touch them.
//!
//! ## What to do
//!
//! Set `max-size` and `max-file`, or take the driver `local`, which rotates by itself (cri-dockerd needs
//! `json-file`). Containers that exist keep their options until they are created anew.
//!
//! ## Examples
//!
//! ```json bad
//! { "log-driver": "json-file" }
//!                 ^^^^^^^^^^^
//! ```
//!
//! ```json bad
//! {
//! ^
//!   "storage-driver": "overlay2"
//! }
//! ```
//!
//! ```json good
//! { "log-driver": "json-file", "log-opts": { "max-size": "10m", "max-file": "3" } }
//! ```
//!
//! ```json good
//! { "log-driver": "local" }
//! ```
//!
//! ## References
//!
//! - moby/moby#27957, docker/for-linux#985, docker/cli#1148, coreos/coreos-kubernetes#821
//! - moby/moby@docker-v29.7.2:daemon/logger/jsonfilelog/jsonfilelog.go

use crate::docker;
use crate::docker::logging::option;
use crate::docker::settings::text;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "docker-no-log-rotation",
    summary: "Container logs without rotation",
    category: Category::Reliability,
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let root = cx.settings();
    // An empty file sets nothing, and other rules report a broken file or half of the options.
    let is_empty = root.entries().is_empty() || !cx.doc().problems.is_empty();
    let has_options = ["max-size", "max-file", "compress"].iter().any(|name| option(root, name).is_some());
    if is_empty || has_options || docker::log_driver_name(root) != "json-file" {
        return;
    }
    let start = root.span.start as usize;
    let (span, key) = match (text(root, "log-driver"), root.entry("log-opts")) {
        (Some(driver), _) => (driver.value_span, "log-driver"),
        (None, Some(options)) => (options.key_span, "log-opts"),
        (None, None) => (Span::new(start, start + 1), "log-opts"),
    };
    cx.report(span, "container logs are never rotated: `max-size` is not set")
        .advice(Releases::ANY)
        .key(key)
        .why("The driver `json-file` keeps every line until the disk is full.")
        .help(HELP);
}

const HELP: &str = "Set `\"log-opts\": { \"max-size\": \"10m\", \"max-file\": \"3\" }`, \
                    or take the driver `local`, which rotates by itself.";
