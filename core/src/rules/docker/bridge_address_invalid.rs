//! # `bridge-address-invalid`
//!
//! An address that the default bridge cannot have: `bip` without a length or with the address of the network, a
//! gateway outside.
//!
//! ## Why
//!
//! dockerd does not start: `parse bip failed: invalid CIDR address: 10.9.0.1`, `failed to allocate gateway
//! (10.9.0.0): Address already in use`, or `auxiliary address ... must belong to the master pool`. `dockerd
//! --validate` still reports OK: the addresses are read when the network is set up.
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
//! - moby/moby@docker-v29.7.2:daemon/daemon_unix.go (`initBridgeDriver`); measured with 20.10.24, 24.0.9, 27.5.1,
//!   28.5.2 and 29.7.2

use std::net::IpAddr;

use crate::docker;
use crate::docker::network::Cidr;
use crate::docker::refusals::late_refusal;
use crate::docker::settings::{is_on, text, written};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "bridge-address-invalid",
    summary: "Address that the default bridge cannot have",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// Keeps IPv4 and IPv6 pools apart. Source: moby/moby@v27.5.1:libnetwork/ipams/defaultipam/allocator.go
/// (`getAddrSpace`); @v26.1.5:libnetwork/ipam/allocator.go keeps one space.
const REFUSES_IPV6_BIP: Releases = Releases::docker("27..");

fn check(cx: &mut FileCx) {
    // dockerd does not read the addresses without the default bridge.
    if text(cx.root, "bridge").is_some_and(|bridge| bridge.text == "none") {
        return;
    }
    let network = check_network(cx, "bip");
    check_network(cx, "fixed-cidr");
    if is_on(cx.root, "ipv6") == Some(true) {
        let network = check_network(cx, "bip6");
        check_gateway(cx, "default-gateway-v6", "bip6", network);
    }
    check_gateway(cx, "default-gateway", "bip", network);
}

/// The network of a setting. `bip` and `bip6` are the bridge's own address in it.
fn check_network(cx: &mut FileCx, key: &str) -> Option<Cidr> {
    let setting = text(cx.root, key)?;
    let value = setting.text.as_ref();
    let is_own = key != "fixed-cidr";
    let Some(network) = Cidr::parse(value) else {
        let is_address = value.parse::<IpAddr>().is_ok();
        let what = if is_address { "has no length behind `/`" } else { "is not a network" };
        let log = format!("parse {key} failed: invalid CIDR address: {value}");
        report(cx, &setting, setting.releases, what, &log).help(if is_own { OWN_ADDRESS } else { A_NETWORK });
        return None;
    };
    let log = |reason: &str| format!("failed to allocate gateway ({}): {reason}", network.addr);
    if key == "bip" && network.addr.is_ipv6() {
        report(cx, &setting, REFUSES_IPV6_BIP, "is an IPv6 address", &log("cannot find address pool"))
            .help("Set `bip6` (28.0 and later) or `fixed-cidr-v6` for IPv6.");
        return None;
    }
    let what =
        if network.is_network_address() { "is the address of the network itself" } else { "is the broadcast address" };
    let is_taken = network.is_network_address() || network.is_broadcast_address();
    if is_own && network.addr.is_ipv4() && is_taken {
        report(cx, &setting, setting.releases, what, &log("Address already in use"))
            .help("Take an address in the network, such as the first.")
            .maybe_fix(setting.replaced_by(Applicability::Unsafe, &network.first_host()));
    }
    Some(network)
}

fn check_gateway(cx: &mut FileCx, key: &str, own: &str, network: Option<Cidr>) {
    let (Some(setting), Some(network)) = (text(cx.root, key), network) else { return };
    let Ok(gateway) = setting.text.parse::<IpAddr>() else { return };
    if gateway.is_ipv4() != network.addr.is_ipv4() || network.contains(gateway) {
        return;
    }
    let what = format!("is outside the network of `{own}`");
    let log = format!("auxiliary address: (...:{}) must belong to the master pool", setting.text);
    let bridge = written(cx.root, own);
    let finding = report(cx, &setting, setting.releases, &what, &log).help("Take an address in the bridge's network.");
    if let Some(bridge) = bridge {
        finding.label(bridge.value_span, "the network");
    }
}

fn report<'c>(
    cx: &'c mut FileCx,
    setting: &WrittenSetting,
    refused: Releases,
    what: &str,
    log: &str,
) -> &'c mut Finding {
    cx.report_setting(setting, format!("`{}` {what}", excerpt(&setting.text))).refused(refused).why(late_refusal(log))
}

const OWN_ADDRESS: &str = "Write the bridge's address with the length of its network, such as `10.9.0.1/24`.";
const A_NETWORK: &str = "Write a network such as `10.9.0.0/24`.";
