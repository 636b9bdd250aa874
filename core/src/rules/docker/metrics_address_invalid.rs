//! # `metrics-address-invalid`
//!
//! `metrics-addr` is not `host:port` with a port in digits.
//!
//! ## Why
//!
//! dockerd does not start: `failed to start metrics server: ... address nope: missing port in address`. `dockerd
//! --validate` still reports OK.
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
//! ```json bad
//! { "metrics-addr": "127.0.0.1:prometheus" }
//!                   ^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "metrics-addr": "127.0.0.1:9323" }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/command/metrics.go, daemon_unix.go (`allocateDaemonPort`); measured with
//!   20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::go::address::{is_host, split_host_port};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "metrics-address-invalid",
    summary: "Address of the metrics is not a host and port",
    run: Run::Settings(&[SettingCheck {
        outcomes: &[(Effect::Refused, Releases::ANY)],
        message: "`metrics-addr` is `{value}`, but must be `host:port`",
        why: "dockerd does not start: `failed to start metrics server: {reason}`. `dockerd --validate` still reports \
              OK.",
        help: "Write an address with a port in digits, such as `127.0.0.1:9323`.",
        ..SettingCheck::of(&daemons::DOCKER, "metrics-addr", Test::Refused(fault))
    }]),
    ..Rule::DEFAULTS
};

/// Docker's words about an address; nothing if it is valid.
fn fault(address: &str) -> Option<String> {
    if address.is_empty() {
        return None;
    }
    let (host, port) = match split_host_port(address) {
        Ok(split) => split,
        Err(words) => return Some(format!("error parsing tcp address: address {address}: {words}")),
    };
    let Ok(number) = port.parse::<i64>() else {
        return Some(format!("error parsing tcp address: strconv.Atoi: parsing \"{port}\": invalid syntax"));
    };
    if !is_host(host) {
        return Some(format!("failed to lookup {host} address in host specification"));
    }
    let is_port = (0..=65535).contains(&number);
    (!is_port).then(|| format!("listen tcp: address {port}: invalid port"))
}
