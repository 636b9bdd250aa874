//! # `bridge-address-invalid`
//!
//! An address that the default bridge cannot have: `bip` without a length or with the address of the network, a
//! gateway outside or taken, IPv6 where IPv4 belongs.
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
//! ```json bad
//! { "fixed-cidr": "fd00:5::/64" }
//!                 ^^^^^^^^^^^^^
//! ```
//!
//! ```json bad
//! { "bip": "10.9.0.1/24", "default-gateway": "10.9.0.1" }
//!                                            ^^^^^^^^^^
//! ```
//!
//! An IPv4 address in the form of IPv6 is an IPv4 address:
//!
//! ```json good
//! { "bip": "::ffff:10.9.0.1/120", "default-gateway": "10.9.0.254" }
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
//!   28.5.2 and 29.7.2; address families and gateways with 20.10.24, 24.0.9, 26.1.5, 27.5.1, 28.5.2 and 29.7.2
//! - golang/go@go1.24.0:src/net/ip.go (`ParseCIDR`, `To4`)

use std::net::IpAddr;

use crate::docker;
use crate::docker::network::{AddressPool, Cidr, DefaultBridge, address_pools};
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

/// Releases that keep an address of each network for itself. Source: moby/moby@v20.10.27:libnetwork/ipam/allocator.go
/// (`insertBitMask`).
const NEEDS_THREE_ADDRESSES: Releases = Releases::docker("..20.10");
const NO_ROOM: &str = "No available addresses on this pool";

/// The two settings of a gateway, and those that name its network.
const GATEWAYS: [(&str, &str, &str); 2] =
    [("default-gateway", "bip", "fixed-cidr"), ("default-gateway-v6", "bip6", "fixed-cidr-v6")];

fn check(cx: &mut FileCx) {
    let bridge = DefaultBridge::of(cx);
    if bridge == DefaultBridge::Off {
        return;
    }
    check_own_address(cx, "bip");
    check_range(cx);
    let has_ipv6 = is_on(cx.settings(), "ipv6") == Some(true);
    if has_ipv6 {
        check_own_address(cx, "bip6");
    }
    for (gateway, own, range) in GATEWAYS {
        if own == "bip" || has_ipv6 {
            check_gateway(cx, gateway, [own, range], bridge);
        }
    }
}

/// The network of a setting, as dockerd works with it.
fn network(cx: &FileCx, key: &str) -> Option<Cidr> {
    Some(Cidr::parse(&text(cx.settings(), key)?.text)?.unmapped())
}

/// `bip` and `bip6` are the bridge's own address in its network.
fn check_own_address(cx: &mut FileCx, key: &str) {
    let Some(setting) = text(cx.settings(), key) else { return };
    let Some(network) = network(cx, key) else { return report_malformed(cx, &setting, OWN_ADDRESS) };
    let log = |reason: &str| format!("failed to allocate gateway ({}): {reason}", network.addr.to_canonical());
    let is_mapped = network.addr.to_canonical() != network.addr;
    let mut found = |refused, what: &str, reason: &str, help: &str| {
        report(cx, &setting, refused, what, &log(reason)).help(help);
    };
    match (key, network.addr) {
        ("bip", IpAddr::V6(_)) if is_mapped => {
            found(
                setting.releases,
                "has the length of an IPv6 network",
                "requested address is out of range",
                OWN_ADDRESS,
            );
        }
        ("bip", IpAddr::V6(_)) => {
            let help = "Set `bip6` (28.0 and later) or `fixed-cidr-v6` for IPv6.";
            found(REFUSES_IPV6_BIP, "is an IPv6 address", "cannot find address pool", help);
        }
        ("bip6", IpAddr::V4(_)) => {
            found(setting.releases, "is an IPv4 address", "cannot find address pool", "Set `bip` for IPv4.");
        }
        (_, IpAddr::V4(_)) if network.reserves(network.addr) => {
            let is_network = network.is_network_address();
            let what = if is_network { "is the address of the network itself" } else { "is the broadcast address" };
            report(cx, &setting, setting.releases, what, &log("Address already in use"))
                .help("Take an address in the network, such as the first.")
                .maybe_fix(setting.replaced_by(Applicability::Unsafe, &network.first_host()));
        }
        (_, IpAddr::V4(_)) if network.bits > 30 => {
            report(cx, &setting, NEEDS_THREE_ADDRESSES, "is in a network without room", &log(NO_ROOM))
                .help(OWN_ADDRESS);
        }
        _ => {}
    }
}

/// The pool of a bridge without an address of its own was one address.
/// Source: moby/moby#45356; moby/moby@v23.0.4, @v23.0.5:daemon/daemon_unix.go (`initBridgeDriver`).
const NEEDS_BIP: Releases = Releases::docker("23.0.4");

/// `fixed-cidr` is the part of the network that containers get addresses from.
fn check_range(cx: &mut FileCx) {
    let Some(setting) = text(cx.settings(), "fixed-cidr") else { return };
    match network(cx, "fixed-cidr") {
        None => report_malformed(cx, &setting, A_NETWORK),
        Some(network) if network.addr.is_ipv6() => {
            let log = match text(cx.settings(), "bip") {
                Some(_) => "pool and subpool are of incompatible address families",
                None => "failed to allocate gateway ()",
            };
            report(cx, &setting, setting.releases, "is an IPv6 network", log).help("Set `fixed-cidr-v6` for IPv6.");
        }
        Some(_) if text(cx.settings(), "bip").is_none() && text(cx.settings(), "bridge").is_none() => {
            report(cx, &setting, NEEDS_BIP, "needs `bip` beside it", "Invalid Address SubPool")
                .help("Upgrade to 23.0.5, or set `bip` to an address of the bridge in that network.");
        }
        Some(_) => {}
    }
}

fn report_malformed(cx: &mut FileCx, setting: &WrittenSetting, help: &str) {
    let value = setting.text.as_ref();
    let is_address = value.parse::<IpAddr>().is_ok();
    let what = if is_address { "has no length behind `/`" } else { "is not a network" };
    let log = format!("parse {} failed: invalid CIDR address: {value}", setting.path);
    report(cx, setting, setting.releases, what, &log).help(help);
}

fn check_gateway(cx: &mut FileCx, key: &str, networks: [&str; 2], bridge: DefaultBridge) {
    let Some(setting) = text(cx.settings(), key) else { return };
    let Ok(gateway) = setting.text.parse::<IpAddr>().map(|address| address.to_canonical()) else { return };
    let wants_ipv4 = key == "default-gateway";
    let log = format!("auxiliary address: (...:{gateway}) must belong to the master pool");
    if gateway.is_ipv4() != wants_ipv4 {
        let (what, other) = match wants_ipv4 {
            true => ("is an IPv6 address", "Set `default-gateway-v6` for IPv6."),
            false => ("is an IPv4 address", "Set `default-gateway` for IPv4."),
        };
        report(cx, &setting, setting.releases, what, &log).help(other);
        return;
    }
    // A bridge of the administrator's own has addresses that are not in the file.
    if bridge == DefaultBridge::Own {
        return;
    }
    let named = networks.into_iter().find_map(|name| Some((name, network(cx, name)?)));
    match named.filter(|(_, network)| network.addr.is_ipv4() == wants_ipv4) {
        Some((name, network)) => check_in_network(cx, &setting, gateway, name, network),
        None if wants_ipv4 && bridge == DefaultBridge::Pooled && !predefined(cx).any(|net| net.contains(gateway)) => {
            // A docker0 that is left from before keeps its network.
            let help = "Set `bip` to an address in the network of the gateway, unless docker0 already has one.";
            report(cx, &setting, setting.releases, "is outside the networks that Docker takes", &log).help(help);
        }
        None => {}
    }
}

/// The pools that docker0 gets its network from.
/// Source: moby/moby@docker-v29.7.2:daemon/libnetwork/ipamutils/utils.go (`localScopeDefaultNetworks`).
fn predefined(cx: &FileCx) -> impl Iterator<Item = Cidr> {
    const DEFAULT: [&str; 7] = [
        "172.17.0.0/16",
        "172.18.0.0/16",
        "172.19.0.0/16",
        "172.20.0.0/14",
        "172.24.0.0/14",
        "172.28.0.0/14",
        "192.168.0.0/16",
    ];
    let pools = address_pools(cx.settings());
    let default = DEFAULT.into_iter().filter_map(Cidr::parse).filter(|_| pools.is_empty());
    let all: Vec<Cidr> = pools.iter().filter_map(AddressPool::network).chain(default).collect();
    all.into_iter()
}

fn check_in_network(cx: &mut FileCx, setting: &WrittenSetting, gateway: IpAddr, name: &str, network: Cidr) {
    let is_own = name.starts_with("bip") && network.addr == gateway;
    // Without an address of its own docker0 takes the first.
    let is_first = !name.starts_with("bip") && network.first_host() == format!("{gateway}/{}", network.bits);
    let (what, log, help) = if !network.contains(gateway) {
        let log = format!("auxiliary address: (...:{gateway}) must belong to the master pool");
        (format!("is outside the network of `{name}`"), log, "Take an address in the bridge's network.")
    } else if is_own || is_first || network.reserves(gateway) {
        let log = format!("failed to allocate secondary ip address (...:{gateway}): Address already in use");
        match is_own || is_first {
            true => ("is the bridge's own address".to_owned(), log, "Remove it: the bridge is the gateway by default."),
            false => ("is an address that no host can have".to_owned(), log, "Take the address of a router there."),
        }
    } else {
        return;
    };
    let place = written(cx.settings(), name).map(|bridge| bridge.value_span);
    let finding = report(cx, setting, setting.releases, &what, &log).help(help);
    if let Some(place) = place {
        finding.label(place, "the network");
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
