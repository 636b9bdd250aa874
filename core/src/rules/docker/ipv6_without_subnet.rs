//! # `ipv6-without-subnet`
//!
//! `ipv6` without `fixed-cidr-v6`, for Docker up to 27.
//!
//! ## Why
//!
//! Docker up to 27 does not start: `IPv6 is enabled for the default bridge, but no subnet is configured. Specify an IPv6 subnet using
//! --fixed-cidr-v6`. `dockerd --validate` says OK all the same. 28.0 and later choose a subnet.
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
//! - docker/docs#8199, docker/for-linux#829; moby/moby@v27.5.1:daemon/daemon_unix.go; measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2
//!   and 29.7.2

use crate::docker;
use crate::docker::settings::{switch, text};
use crate::releases::Releases;
use crate::rules::{Category, FileCx, Rule, Run};

pub(crate) const RULE: Rule = Rule {
    id: "ipv6-without-subnet",
    summary: "IPv6 on the default bridge without a subnet",
    category: Category::Correctness,
    since: "0.1.0",
    fix: None,
    opt_in: false,
    run: Run::File(&[&docker::KIND], check),
};

const NEEDED: Releases = Releases::docker("..27");

fn check(cx: &mut FileCx<'_, '_, '_>) {
    let bridge = text(cx.root, "bridge");
    let Some((entry, true)) = switch(cx.root, "ipv6") else { return };
    // A bridge of the user's own may have addresses; without a bridge nobody asks.
    if bridge.is_some() || text(cx.root, "fixed-cidr-v6").is_some() {
        return;
    }
    cx.report(entry.key_span, "IPv6 is on without `fixed-cidr-v6`")
        .refused(NEEDED)
        .key("ipv6")
        .why("Docker up to 27 does not start: `IPv6 is enabled for the default bridge, but no subnet is configured`. `dockerd --validate` says OK all the same. 28.0 and later choose a subnet.")
        .help("Set `fixed-cidr-v6`, for example to `fd00:1::/64` out of a prefix of your own.");
}
