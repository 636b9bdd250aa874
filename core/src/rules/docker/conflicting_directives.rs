//! # `conflicting-directives`
//!
//! Two settings that dockerd does not take together.
//!
//! ## Why
//!
//! dockerd does not start, for example: `host-gateway-ip and host-gateway-ips must not both be specified in the
//! config file`.
//!
//! ## What to do
//!
//! Keep one of the two.
//!
//! ## Examples
//!
//! ```json bad docker=28..29
//! { "host-gateway-ip": "192.0.2.1", "host-gateway-ips": ["192.0.2.1"] }
//!                                   ^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json bad docker=29
//! { "userns-remap": "default", "features": { "containerd-snapshotter": true } }
//!                                            ^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json bad docker=28..29
//! { "host-gateway-ips": ["192.0.2.1", "192.0.2.2"] }
//!                                     ^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "features": { "containerd-snapshotter": true }, "userns-remap": "", "cri-containerd": false }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/config/config.go, daemon/command/daemon_linux.go; measured with 20.10.24,
//!   24.0.9, 27.5.1, 28.5.2 and 29.7.2

use std::net::IpAddr;

use crate::docker;
use crate::docker::refusals::refusal;
use crate::docker::settings::texts;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "conflicting-directives",
    summary: "Two settings that Docker does not take together",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// Source: moby/moby@v20.10.27:daemon/config/config.go. Later releases refuse `graph` alone.
const TAKES_GRAPH: Releases = Releases::docker("17.06..20.10");
/// Source: moby/moby@v28.0.0:daemon/config/config.go (`findConfigurationConflicts`).
const HAS_TWO_GATEWAY_KEYS: Releases = Releases::docker("28..");
/// Source: moby/moby@docker-v29.7.2:daemon/config/config.go (`Validate`), daemon/command/daemon_linux.go
/// (`setPlatformOptions`).
const COMPARES_FEATURES: Releases = Releases::docker("29..");

const PAIRS: [SettingCheck; 4] = [
    SettingCheck {
        only_if: &[("data-root", Test::NotEmpty)],
        outcomes: &[(Effect::Refused, TAKES_GRAPH)],
        message: "`graph` cannot be set beside `data-root`",
        why: "dockerd does not start: `cannot specify both \"graph\" and \"data-root\" config file options`.",
        help: "Remove `graph`.",
        labels: &[("data-root", "the other one")],
        keys: &["data-root"],
        ..pair("graph", Test::NotEmpty)
    },
    SettingCheck {
        only_if: &[("host-gateway-ip", Test::Written)],
        outcomes: &[(Effect::Refused, HAS_TWO_GATEWAY_KEYS)],
        message: "`host-gateway-ips` cannot be set beside `host-gateway-ip`",
        why: "dockerd does not start: \
              `host-gateway-ip and host-gateway-ips must not both be specified in the config file`.",
        help: "Remove `host-gateway-ip`.",
        labels: &[("host-gateway-ip", "the other one")],
        keys: &["host-gateway-ip"],
        ..pair("host-gateway-ips", Test::Written)
    },
    SettingCheck {
        only_if: &[("cri-containerd", Test::Is(true))],
        outcomes: &[(Effect::Refused, COMPARES_FEATURES)],
        message: "`embedded-containerd` cannot be on beside `cri-containerd`",
        why: "dockerd does not start: `conflicting options: cannot use the \"embedded-containerd\" feature and \
              CRI support (--cri-containerd) at the same time`.",
        help: "Remove one of the two.",
        labels: &[("cri-containerd", "the other one")],
        keys: &["cri-containerd"],
        ..pair("features.embedded-containerd", Test::Is(true))
    },
    SettingCheck {
        only_if: &[("userns-remap", Test::NotEmpty)],
        outcomes: &[(Effect::Refused, COMPARES_FEATURES)],
        message: "`containerd-snapshotter` cannot be on beside `userns-remap`",
        why: "dockerd does not start: \
              `containerd-snapshotter is explicitly enabled, but is not compatible with userns remapping`.",
        help: "Remove one of the two; without the feature Docker turns the containerd image store off by itself.",
        labels: &[("userns-remap", "the other one")],
        keys: &["userns-remap"],
        ..pair("features.containerd-snapshotter", Test::Is(true))
    },
];

const fn pair(setting: &'static str, fault: Test) -> SettingCheck {
    SettingCheck { mark: Mark::Key, ..SettingCheck::of(&daemons::DOCKER, setting, fault) }
}

fn check(cx: &mut FileCx) {
    PAIRS.iter().for_each(|pair| pair.run(cx));
    check_gateways(cx);
}

/// dockerd takes one address of each family.
fn check_gateways(cx: &mut FileCx) {
    let mut known: Vec<(Span, IpAddr)> = vec![];
    for item in texts(cx.settings(), "host-gateway-ips") {
        let Ok(address) = item.text.parse::<IpAddr>() else { continue };
        let family = if address.is_ipv4() { "IPv4" } else { "IPv6" };
        if let Some((first, _)) = known.iter().find(|(_, other)| other.is_ipv4() == address.is_ipv4()) {
            cx.report_setting(&item, format!("`{address}` is a second {family} address of the host"))
                .refused(item.releases)
                .label(*first, "the first one")
                .why(refusal(&format!("only one {family} host gateway IP address can be specified")))
                .help("Keep one address of each family.");
            return;
        }
        known.push((item.value_span, address));
    }
}
