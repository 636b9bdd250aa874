//! # `conflicting-network-directives`
//!
//! Network settings that dockerd does not take together, and finds only when it starts.
//!
//! ## Why
//!
//! A bridge of your own (`bridge`) has addresses of your own, so `bip` cannot give it one: `You specified -b & --bip,
//! mutually exclusive options`. And dockerd cannot keep containers apart (`icc` false) without rules of the packet
//! filter: `ICC=false uses iptables to function`. dockerd does not start in both cases, and `dockerd --validate`
//! still reports OK.
//!
//! ## What to do
//!
//! Keep one of the two.
//!
//! ## Examples
//!
//! ```json bad
//! { "bridge": "br0", "bip": "10.9.0.1/24" }
//!                    ^^^^^
//! ```
//!
//! ```json bad
//! { "icc": false, "iptables": false }
//!   ^^^^^
//! ```
//!
//! ```json bad docker=25
//! { "ip6tables": true }
//!   ^^^^^^^^^^^
//! ```
//!
//! ```json bad
//! { "containerd-namespace": "plugins.moby" }
//!                           ^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "icc": false, "iptables": true, "bridge": "", "bip": "10.9.0.1/24" }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/daemon_unix.go (`verifyDaemonSettings`); measured with 20.10.24, 24.0.9, 27.5.1,
//!   28.5.2 and 29.7.2

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "conflicting-network-directives",
    summary: "Network settings that Docker does not take together",
    run: Run::Settings(&[
        SettingCheck {
            message: "`bip` cannot be set beside `bridge`",
            why: "dockerd does not start: `You specified -b & --bip, mutually exclusive options. Please specify only \
                  one`. `dockerd --validate` still reports OK.",
            help: "Remove `bip` and give the bridge its address yourself, or remove `bridge`.",
            ..own_bridge("bip")
        },
        SettingCheck {
            message: "`bip6` cannot be set beside `bridge`",
            why: "dockerd does not start: `You specified -b & --bip6, mutually exclusive options. Please specify only \
                  one`. `dockerd --validate` still reports OK.",
            help: "Remove `bip6` and give the bridge its address yourself, or remove `bridge`.",
            ..own_bridge("bip6")
        },
        SettingCheck {
            only_if: &[("iptables", Test::Is(false))],
            outcomes: &[(Effect::Refused, Releases::ANY)],
            message: "`icc` cannot be false while `iptables` is",
            why: "dockerd does not start: `You specified --iptables=false with --icc=false. ICC=false uses iptables \
                  to function`. `dockerd --validate` still reports OK.",
            help: "Remove `iptables`, or `icc`.",
            labels: &[("iptables", "the other one")],
            keys: &["iptables"],
            ..NO_ICC
        },
        SettingCheck {
            only_if: &[("ip6tables", Test::Is(false)), ("ipv6", Test::Is(true))],
            unless: &[("iptables", Test::Is(false))],
            outcomes: &[(Effect::Refused, HAS_IP6TABLES)],
            message: "`icc` cannot be false while `ip6tables` is",
            why: "dockerd does not start: `You specified --ip6tables=false with --icc=false. ICC=false uses ip6tables \
                  to function`. `dockerd --validate` still reports OK.",
            help: "Remove `ip6tables`, or `icc`.",
            labels: &[("ip6tables", "the other one")],
            keys: &["ip6tables"],
            ..NO_ICC
        },
        SettingCheck {
            unless: &[("experimental", Test::Is(true))],
            mark: Mark::Key,
            outcomes: &[(Effect::Refused, TRIES_IP6TABLES)],
            message: "`ip6tables` needs `experimental` up to Docker 26",
            why: "dockerd does not start: `ip6tables rules are only available if experimental features are enabled`. \
                  `dockerd --validate` still reports OK. 27.0 and later set `ip6tables` by default and need nothing.",
            help: "Set `experimental` too, or remove `ip6tables` once all nodes have 27 or later.",
            ..SettingCheck::of(&daemons::DOCKER, "ip6tables", Test::Is(true))
        },
        SettingCheck {
            outcomes: &[(Effect::Refused, Releases::ANY)],
            message: "`{value}` is the containerd namespace of Docker's plugins",
            why: "dockerd does not start: `containers namespace and plugins namespace cannot be the same`. \
                  `dockerd --validate` still reports OK.",
            help: "Take another name; the default is `moby`.",
            ..SettingCheck::of(&daemons::DOCKER, "containerd-namespace", Test::OneOf(&["plugins.moby"]))
        },
    ]),
    ..Rule::DEFAULTS
};

/// Releases with `ip6tables` as an experiment. Source: moby/moby@v26.1.5:daemon/daemon_unix.go.
const TRIES_IP6TABLES: Releases = Releases::docker("20.10..26");
const HAS_IP6TABLES: Releases = Releases::docker("27..");

const NO_ICC: SettingCheck =
    SettingCheck { mark: Mark::Key, ..SettingCheck::of(&daemons::DOCKER, "icc", Test::Is(false)) };

const fn own_bridge(setting: &'static str) -> SettingCheck {
    SettingCheck {
        only_if: &[("bridge", Test::NotEmpty)],
        mark: Mark::Key,
        outcomes: &[(Effect::Refused, Releases::ANY)],
        labels: &[("bridge", "the other one")],
        keys: &["bridge"],
        ..SettingCheck::of(&daemons::DOCKER, setting, Test::NotEmpty)
    }
}
