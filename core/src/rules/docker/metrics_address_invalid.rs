//! # `metrics-address-invalid`
//!
//! `metrics-addr` is not `host:port`.
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
//! ```json good
//! { "metrics-addr": "127.0.0.1:9323" }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/command/metrics.go; measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker::network::split_host_port;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "metrics-address-invalid",
    summary: "Address of the metrics is not a host and port",
    run: Run::Settings(&[
        SettingCheck {
            why: "dockerd does not start: `failed to start metrics server: address {value}: missing port in address`. \
                  `dockerd --validate` still reports OK.",
            ..invalid(has_no_port)
        },
        SettingCheck {
            why: "dockerd does not start: `failed to start metrics server: listen tcp: address ...: invalid port`. \
                  `dockerd --validate` still reports OK.",
            ..invalid(has_invalid_port)
        },
    ]),
    ..Rule::DEFAULTS
};

const fn invalid(test: fn(&WrittenSetting) -> bool) -> SettingCheck {
    SettingCheck {
        outcomes: &[(Effect::Refused, Releases::ANY)],
        message: "`metrics-addr` is `{value}`, but must be `host:port`",
        help: "Write an address with a port, such as `127.0.0.1:9323`.",
        ..SettingCheck::of(&daemons::DOCKER, "metrics-addr", Test::Where(test))
    }
}

fn has_no_port(setting: &WrittenSetting) -> bool {
    setting.as_str().is_some_and(|text| !text.is_empty() && split_host_port(text).is_none())
}

/// A name of a service such as `http` is a port too.
fn has_invalid_port(setting: &WrittenSetting) -> bool {
    let (_, port) = setting.as_str().and_then(split_host_port).unwrap_or_default();
    !port.is_empty() && port.bytes().all(|digit| digit.is_ascii_digit()) && port.parse::<u16>().is_err()
}
