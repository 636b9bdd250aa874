//! # `ipv6-without-subnet`
//!
//! `ipv6` without `fixed-cidr-v6`, for Docker up to 27.
//!
//! ## Why
//!
//! Docker up to 27 does not start: `IPv6 is enabled for the default bridge, but no subnet is configured. Specify an
//! IPv6 subnet using --fixed-cidr-v6`. `dockerd --validate` still reports OK. 28.0 and later choose a subnet.
//!
//! ## What to do
//!
//! Set `fixed-cidr-v6`, for example to a network out of `fd00::/8` of your own.
//!
//! ## Examples
//!
//! ```json bad docker=25
//! { "ipv6": true }
//!   ^^^^^^
//! ```
//!
//! ```json good docker=25
//! { "ipv6": true, "fixed-cidr-v6": "fd00:1::/64" }
//! ```
//!
//! ```json good docker=28..29
//! { "ipv6": true }
//! ```
//!
//! ## References
//!
//! - docker/docs#8199, docker/for-linux#829; moby/moby@v27.5.1:daemon/daemon_unix.go; measured with 20.10.24, 24.0.9,
//!   27.5.1, 28.5.2 and 29.7.2

use crate::rules::prelude::*;

/// 28.0 and later choose a subnet.
const NEEDS_SUBNET: Releases = Releases::docker("..27");

pub(crate) const RULE: Rule = Rule {
    id: "ipv6-without-subnet",
    summary: "IPv6 on the default bridge without a subnet",
    run: Run::Settings(&[SettingCheck {
        // A bridge of the user's own may have addresses; `none` has no default bridge.
        unless: &[("bridge", Test::NotEmpty), ("fixed-cidr-v6", Test::NotEmpty)],
        mark: Mark::Key,
        outcomes: &[(Effect::Refused, NEEDS_SUBNET)],
        message: "IPv6 is on without `fixed-cidr-v6`",
        why: "Docker up to 27 does not start: `IPv6 is enabled for the default bridge, but no subnet is configured`. \
              `dockerd --validate` still reports OK. 28.0 and later choose a subnet.",
        help: "Set `fixed-cidr-v6`, for example to `fd00:1::/64` out of a prefix of your own.",
        ..SettingCheck::of(&daemons::DOCKER, "ipv6", Test::Is(true))
    }]),
    ..Rule::DEFAULTS
};
