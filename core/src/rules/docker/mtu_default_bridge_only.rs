//! # `mtu-default-bridge-only`
//!
//! `mtu` is set, but holds for the default bridge alone.
//!
//! ## Why
//!
//! Networks that users or compose files make keep 1500: a VPN or an overlay drops their large packets, and
//! connections hang after the first kilobytes.
//!
//! ## What to do
//!
//! From 24.0 on set `default-network-opts` too.
//!
//! ## Examples
//!
//! ```json bad
//! { "mtu": 1450 }
//!   ^^^^^
//! ```
//!
//! ```json good
//! { "mtu": 1450, "default-network-opts": { "bridge": { "com.docker.network.driver.mtu": "1450" } } }
//! ```
//!
//! ## References
//!
//! - moby/moby#34981, moby/moby#28314, moby/moby#22297; moby/moby@docker-v29.7.2:daemon/daemon_unix.go
//!   (`initBridgeDriver`)

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "mtu-default-bridge-only",
    summary: "MTU that holds for the default bridge alone",
    category: Category::Suspicious,
    run: Run::Settings(&[SettingCheck {
        unless: &[("default-network-opts", Test::Written)],
        mark: Mark::Key,
        outcomes: &[(Effect::Advice, HAS_NETWORK_OPTS)],
        message: "the MTU {value} holds for the default bridge alone",
        why: "Networks that users or compose files make keep 1500: their large packets are dropped where the way \
              outside is narrower.",
        help: "Set `\"default-network-opts\": { \"bridge\": { \"com.docker.network.driver.mtu\": \"{value}\" } }` too.",
        ..SettingCheck::of(&daemons::DOCKER, "mtu", Test::Where(is_unusual))
    }]),
    ..Rule::DEFAULTS
};

const HAS_NETWORK_OPTS: Releases = Releases::docker("24..");

fn is_unusual(setting: &WrittenSetting) -> bool {
    setting.as_int().is_some_and(|mtu| mtu > 0 && mtu != 1500)
}
