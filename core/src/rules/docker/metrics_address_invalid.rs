//! # `metrics-address-invalid`
//!
//! `metrics-addr` is no `host:port`.
//!
//! ## Why
//!
//! dockerd does not start: `failed to start metrics server: ... address nope: missing port in address`. `dockerd --validate` says OK all
//! the same.
//!
//! ## What to do
//!
//! Write `127.0.0.1:9323`.
//!
//! ## Examples
//!
//! ```json bad
//! { "metrics-addr": "127.0.0.1" }
//!                   ^^^^^^^^^^^
//! ```
//!
//! ```json bad
//! { "metrics-addr": "127.0.0.1:99999" }
//!                   ^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "metrics-addr": "127.0.0.1:9323" }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/command/metrics.go; measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::network::split_host_port;
use crate::docker::settings::{readers, text};
use crate::rules::prelude::*;
use crate::text::excerpt;

pub(crate) const RULE: Rule = Rule {
    id: "metrics-address-invalid",
    summary: "The address of the metrics is no host and port",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let Some((entry, value)) = text(cx.root, "metrics-addr") else { return };
    let words = match split_host_port(value) {
        None => format!("address {value}: missing port in address"),
        Some((_, port))
            if port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_err() && !port.is_empty() =>
        {
            format!("listen tcp: address {port}: invalid port")
        }
        // A name of a service such as `http` is a port too.
        Some(_) => return,
    };
    cx.report(entry.value.span, format!("`metrics-addr` is `{}`, and takes `host:port`", excerpt(value)))
        .refused(readers("metrics-addr").and(Releases::ANY))
        .key("metrics-addr")
        .why(format!("dockerd does not start: `failed to start metrics server: {words}`. `dockerd --validate` says OK all the same."))
        .help("Write an address with a port, such as `127.0.0.1:9323`.");
}
