//! # `mtu-default-bridge-only`
//!
//! `mtu` is set, and counts for the default bridge alone.
//!
//! ## Why
//!
//! Networks that users or compose files make keep 1500: on a VPN or an overlay their large packets vanish, and connections hang after the
//! first kilobytes.
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
//! - moby/moby#34981, moby/moby#28314, moby/moby#22297; moby/moby@docker-v29.7.2:daemon/daemon_unix.go (`initBridgeDriver`)

use crate::docker;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "mtu-default-bridge-only",
    summary: "An MTU that counts for the default bridge alone",
    category: Category::Suspicious,
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

const NETWORK_OPTS: Releases = Releases::docker("24..");

fn check(cx: &mut FileCx) {
    let Some(entry) = cx.root.entry("mtu") else { return };
    let Some(mtu) = entry.value.as_int().filter(|mtu| *mtu > 0 && *mtu != 1500) else { return };
    if cx.root.get("default-network-opts").is_some() {
        return;
    }
    cx.report(entry.key_span, format!("the MTU {mtu} counts for the default bridge alone"))
        .advice(NETWORK_OPTS)
        .key("mtu")
        .why("Networks that users or compose files make keep 1500: their large packets vanish where the way outside is narrower.")
        .help(format!(
            "Set `\"default-network-opts\": {{ \"bridge\": {{ \"com.docker.network.driver.mtu\": \"{mtu}\" }} }}` too."
        ));
}
