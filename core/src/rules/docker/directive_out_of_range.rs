//! # `directive-out-of-range`
//!
//! A number that Docker does not accept.
//!
//! ## Why
//!
//! dockerd does not start: `invalid max concurrent downloads: -1`. A 0 means the default; only 20.10 refuses it for
//! `max-download-attempts`.
//!
//! ## What to do
//!
//! Write a number in the range, or remove the line.
//!
//! ## Examples
//!
//! ```json bad
//! { "max-concurrent-downloads": -1 }
//!                               ^^
//! ```
//!
//! ```json bad
//! { "network-diagnostic-port": 70000 }
//!                              ^^^^^
//! ```
//!
//! ```json bad docker=20.10
//! { "max-download-attempts": 0 }
//!                            ^
//! ```
//!
//! ```json bad docker=25..29
//! { "mtu": 65536 }
//!          ^^^^^
//! ```
//!
//! ```json good
//! { "max-concurrent-downloads": 0, "mtu": 1450, "shutdown-timeout": -1 }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/config/config.go (`Validate`), moby/moby@v20.10.27:daemon/config/config.go;
//!   measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker::network::DefaultBridge;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "directive-out-of-range",
    summary: "Number that Docker does not accept",
    run: Run::Settings(&[
        SettingCheck {
            applies: |cx| DefaultBridge::of(cx) != DefaultBridge::Off,
            why: "dockerd does not start: `invalid default MTU: {value}`. 20.10 and older find it when they set up the \
                  default bridge: `invalid MTU number: {value}`.",
            ..negative("mtu")
        },
        SettingCheck {
            applies: |cx| DefaultBridge::of(cx) == DefaultBridge::Off,
            outcomes: &[(Effect::Refused, CHECKS_MTU)],
            why: "dockerd does not start: `invalid default MTU: {value}`.",
            ..negative("mtu")
        },
        SettingCheck {
            fault: Test::Where(|setting| setting.as_int().is_some_and(|mtu| mtu > 0 && !(68..=65535).contains(&mtu))),
            applies: |cx| DefaultBridge::of(cx) != DefaultBridge::Off,
            outcomes: &[(Effect::Refused, SETS_MTU), (Effect::Harmful, SETS_MTU_OF_CONTAINERS)],
            message: "`{name}` is {value}, but Linux takes 68 to 65535",
            why: "25.0 and later do not start: `error creating default \"bridge\" network: invalid argument`. \
                  `dockerd --validate` still reports OK. Older releases start, but no container on the default \
                  bridge does.",
            ..negative("mtu")
        },
        SettingCheck {
            why: "dockerd does not start: `invalid max concurrent downloads: {value}`.",
            ..negative("max-concurrent-downloads")
        },
        SettingCheck {
            why: "dockerd does not start: `invalid max concurrent uploads: {value}`.",
            ..negative("max-concurrent-uploads")
        },
        SettingCheck {
            why: "dockerd does not start: `invalid max download attempts: {value}`.",
            ..negative("max-download-attempts")
        },
        SettingCheck {
            fault: Test::Where(|setting| setting.as_int() == Some(0)),
            outcomes: &[(Effect::Refused, REFUSES_NO_ATTEMPT)],
            message: "`{name}` is {value}, but must be 1 or more",
            why: "dockerd does not start: `invalid max download attempts: {value}`.",
            ..negative("max-download-attempts")
        },
        SettingCheck {
            why: "dockerd does not start: `invalid default stop timeout: {value}`.",
            ..negative("default-stop-timeout")
        },
        SettingCheck {
            outcomes: &[(Effect::Refused, COUNTS_BUILDS)],
            why: "dockerd does not start: `panic: runtime error: slice bounds out of range [{value}:]`. \
                  `dockerd --validate` still reports OK.",
            ..negative("builder.History.MaxEntries")
        },
        SettingCheck {
            fault: Test::Outside(0, 65535),
            outcomes: &[(Effect::Refused, CHECKS_DIAGNOSTIC_PORT)],
            message: "`{name}` is {value}, but must be from 0 to 65535",
            why: "dockerd does not start: `invalid network-diagnostic-port: {value}`.",
            ..negative("network-diagnostic-port")
        },
    ]),
    ..Rule::DEFAULTS
};

const CHECKS_MTU: Releases = Releases::docker("23..");
/// Releases that give the default bridge the MTU. Source: moby/moby@v25.0.0:libnetwork/drivers/bridge/bridge_linux.go
/// (`setupMTU`); @v24.0.9 gives it to the interfaces of containers alone.
const SETS_MTU: Releases = Releases::docker("25..");
const SETS_MTU_OF_CONTAINERS: Releases = Releases::docker("..24");
const REFUSES_NO_ATTEMPT: Releases = Releases::docker("20.10");
/// Source: moby/moby@v24.0.9:vendor/github.com/moby/buildkit/solver/llbsolver/history.go (`gc`).
const COUNTS_BUILDS: Releases = Releases::docker("24..");
const CHECKS_DIAGNOSTIC_PORT: Releases = Releases::docker("28..");

const fn negative(setting: &'static str) -> SettingCheck {
    SettingCheck {
        outcomes: &[(Effect::Refused, Releases::ANY)],
        message: "`{name}` is {value}, but must not be negative",
        help: "Write a number in the range, or remove the line to have the default.",
        ..SettingCheck::of(&daemons::DOCKER, setting, Test::Outside(0, i64::MAX))
    }
}
