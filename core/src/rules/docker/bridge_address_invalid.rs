//! # `bridge-address-invalid`
//!
//! An address of the default bridge that it cannot have: `bip` without a length or with the address of the network, a gateway outside.
//!
//! ## Why
//!
//! dockerd does not start: `parse bip failed: invalid CIDR address: 10.9.0.1`, `failed to allocate gateway (10.9.0.0): Address already
//! in use`, or `auxiliary address ... must belong to the master pool`. `dockerd --validate` says OK all the same: the addresses are
//! read when the network is set up.
//!
//! ## What to do
//!
//! `bip` is the address of the bridge itself with the length of its network: `10.9.0.1/24`.
//!
//! ## Examples
//!
//! ```json bad
//! { "bip": "10.9.0.1" }
//!          ^^^^^^^^^^
//! ```
//!
//! ```json bad
//! { "bip": "10.9.0.0/24" }
//!          ^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "bip": "10.9.0.1/24" }
//! ```
//!
//! ```json bad
//! { "bip": "10.9.0.1/24", "default-gateway": "10.8.0.1" }
//!                                            ^^^^^^^^^^
//! ```
//!
//! ```json bad
//! { "fixed-cidr": "10.9.0.1" }
//!                 ^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "bip": "10.9.0.1/24", "fixed-cidr": "10.9.0.128/25", "default-gateway": "10.9.0.254" }
//! ```
//!
//! ## References
//!
//! - moby/moby#40392, moby/moby#22638, docker/docs#11521, docker/for-mac#7104
//! - moby/moby@docker-v29.7.2:daemon/daemon_unix.go (`initBridgeDriver`); measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use std::net::IpAddr;

use crate::docker;
use crate::docker::network::Cidr;
use crate::docker::settings::{readers, switch, text};
use crate::rules::prelude::*;
use crate::text::excerpt;

pub(crate) const RULE: Rule = Rule {
    id: "bridge-address-invalid",
    summary: "An address that the default bridge cannot have",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// They refuse an IPv6 address for `bip`.
const V4_ONLY: Releases = Releases::docker("27..");

fn check(cx: &mut FileCx) {
    let root = cx.root;
    // Without the default bridge nobody reads these.
    if text(root, "bridge").is_some_and(|(_, name)| name == "none") {
        return;
    }
    let ipv6 = switch(root, "ipv6").is_some_and(|(_, on)| on);
    let net = check_network(cx, "bip", Releases::ANY, true);
    check_network(cx, "fixed-cidr", Releases::ANY, false);
    if ipv6 {
        let net6 = check_network(cx, "bip6", Releases::ANY, true);
        check_gateway(cx, "default-gateway-v6", "bip6", net6);
    }
    check_gateway(cx, "default-gateway", "bip", net);
}

/// A network, and for a bridge's own address the place in it.
fn check_network(cx: &mut FileCx, key: &str, checked: Releases, own: bool) -> Option<Cidr> {
    let (entry, value) = text(cx.root, key)?;
    let Some(net) = Cidr::parse(value) else {
        let what = if value.parse::<IpAddr>().is_ok() { "has no length behind `/`" } else { "is no network" };
        let words = format!("parse {key} failed: invalid CIDR address: {value}");
        let help = if own {
            "Write the bridge's address with the length of its network, such as `10.9.0.1/24`."
        } else {
            "Write a network such as `10.9.0.0/24`."
        };
        report(cx, entry, what, checked, &words, help, None);
        return None;
    };
    if key == "bip" && net.addr.is_ipv6() {
        let words = format!("failed to allocate gateway ({}): cannot find address pool", net.addr);
        report(
            cx,
            entry,
            "is an IPv6 address",
            V4_ONLY,
            &words,
            "Set `bip6` (28.0 and later) or `fixed-cidr-v6` for IPv6.",
            None,
        );
        return None;
    }
    let taken = own && net.addr.is_ipv4() && (net.is_network_address() || net.is_broadcast_address());
    if taken {
        let what =
            if net.is_network_address() { "is the address of the network itself" } else { "is the broadcast address" };
        let words = format!("failed to allocate gateway ({}): Address already in use", net.addr);
        let meant = net.first_host();
        report(cx, entry, what, checked, &words, "Take an address in the network, such as the first.", Some(&meant));
    }
    Some(net)
}

fn check_gateway(cx: &mut FileCx, key: &str, own: &str, net: Option<Cidr>) {
    let (Some((entry, value)), Some(net)) = (text(cx.root, key), net) else { return };
    let Some(gateway) = value.parse::<IpAddr>().ok().filter(|gateway| gateway.is_ipv4() == net.addr.is_ipv4()) else {
        return;
    };
    if net.contains(gateway) {
        return;
    }
    let words = format!("auxiliary address: (...:{value}) must belong to the master pool");
    let what = format!("lies outside the network of `{own}`");
    let label = cx.root.entry(own).map(|e| e.value.span);
    let finding = report(cx, entry, &what, Releases::ANY, &words, "Take an address in the bridge's network.", None);
    if let Some(span) = label {
        finding.label(span, "the network");
    }
}

fn report<'c>(
    cx: &'c mut FileCx,
    entry: &Entry,
    what: &str,
    refused: Releases,
    words: &str,
    help: &str,
    meant: Option<&str>,
) -> &'c mut crate::finding::Finding {
    let key = entry.key.as_ref();
    let value = entry.value.as_str().map(excerpt).unwrap_or_default();
    let fix = meant.map(|meant| Fix::string(Applicability::Unsafe, &entry.value, meant));
    cx.report(entry.value.span, format!("`{key}` is `{value}`, which {what}"))
        .refused(refused.and(readers(key)))
        .key(key)
        .why(format!("dockerd does not start: `{words}`. `dockerd --validate` says OK all the same."))
        .help(help)
        .maybe_fix(fix)
}
