//! # `address-pool-invalid`
//!
//! An item of `default-address-pools` without `base` or `size`, or with a `size` that does not fit: shorter than the
//! length of its `base`, or longer than an address. Pools of IPv6 alone leave the default bridge without a network.
//!
//! ## Why
//!
//! dockerd does not start: `could not construct local address space: network at index 0 ... has a smaller prefix
//! (/24) than the target size of that pool (/16)`; 26 and older log `invalid pools size: 16`. `dockerd --validate`
//! still reports OK. `size` is the length of each network cut from the pool, so it must not be shorter than that of
//! the pool, and not longer than 32 for IPv4 and 128 for IPv6. Releases 24 to 26 look at all networks when they start;
//! others cut one when it is asked for, so that only the pool of the default bridge stops them.
//!
//! ## What to do
//!
//! Write a `size` between the length of `base` and 32, mostly 24.
//!
//! ## Examples
//!
//! ```json bad
//! { "default-address-pools": [{ "base": "10.123.0.0/24", "size": 16 }] }
//!                                                                ^^
//! ```
//!
//! ```json bad
//! { "default-address-pools": [{ "base": "10.123.0.0/16" }] }
//!                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "default-address-pools": [{ "base": "10.123.0.0/16", "size": 24 }] }
//! ```
//!
//! ```json bad
//! { "default-address-pools": [{ "base": "192.168.128.0/17", "size": 33 }] }
//!                                                                   ^^
//! ```
//!
//! ```json bad
//! { "default-address-pools": [{ "base": "fd00:1::/48", "size": 64 }] }
//!                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json bad
//! { "default-address-pools": [{ "base": "10.123.0.0/16", "size": 24 }, null] }
//!                                                                      ^^^^
//! ```
//!
//! ```json good
//! { "bip": "10.9.0.1/24", "default-address-pools": [{ "base": "fd00:1::/48", "size": 64 }] }
//! ```
//!
//! ```json good
//! { "default-address-pools": [{ "base": "10.123.0.0/16", "size": 24 }, { "base": "fd00:1::/48", "size": 64 }] }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/libnetwork/ipams/defaultipam/allocator.go,
//!   moby/moby@v24.0.9:libnetwork/ipamutils/utils.go; measured with 20.10.24, 24.0.9, 26.1.5, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::network::{AddressPool, Cidr, DefaultBridge, address_pools};
use crate::docker::refusals::late_refusal;
use crate::docker::settings::{readers, written};
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "address-pool-invalid",
    summary: "Address pool that no network can be cut from",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// Releases that cut all networks and look at each when they start. Others fail when a network is asked for.
/// Source: moby/moby@v24.0.9:libnetwork/ipam/allocator.go (`NewAllocator`).
const CUTS_AT_START: Releases = Releases::docker("24..26");
/// Releases that list all networks. Source: moby/moby@v26.1.5:libnetwork/ipamutils/utils.go (`SplitNetworks`).
const LISTS_NETWORKS: Releases = Releases::docker("..26");
/// Releases that keep an address of each network for itself. Source: moby/moby@v20.10.27:libnetwork/ipam/allocator.go
/// (`insertBitMask`).
const NEEDS_THREE_ADDRESSES: Releases = Releases::docker("..20.10");
/// Releases that ask for an IPv4 network; older ones take the first pool.
/// Source: moby/moby@v23.0.18, v20.10.27:daemon/daemon_unix.go (`initBridgeDriver`).
const NEEDS_IPV4_POOL: Releases = Releases::docker("23..");
/// Releases that keep IPv4 in the form of IPv6 apart from both.
const REFUSES_MAPPED_POOL: Releases = Releases::docker("24..");
/// A list of this many networks, as a power of two, does not fit in memory.
const TOO_MANY: i64 = 40;

fn check(cx: &mut FileCx) {
    let pools = address_pools(cx.settings());
    let networks: Vec<Cidr> = pools.iter().filter_map(AddressPool::network).collect();
    let is_pooled = DefaultBridge::of(cx) == DefaultBridge::Pooled;
    let ipv4 = pools.iter().position(|pool| pool.network().is_some_and(|network| network.addr.is_ipv4()));
    for (number, pool) in pools.iter().enumerate() {
        check_pool(cx, pool, is_pooled && ipv4 == Some(number));
    }
    if !is_pooled || pools.is_empty() || networks.len() < pools.len() {
        return;
    }
    let is_mapped = |network: &Cidr| network.addr.to_canonical() != network.addr;
    let mapped = networks.iter().position(is_mapped);
    match (ipv4, mapped) {
        (None, None) => report_families(cx, NEEDS_IPV4_POOL),
        (None, Some(_)) => report_families(cx, REFUSES_MAPPED_POOL),
        (Some(ipv4), Some(mapped)) if mapped < ipv4 => report_families(cx, CUTS_AT_START),
        _ => {}
    }
}

/// Checks a pool. `is_used`: the default bridge gets its network from it.
fn check_pool(cx: &mut FileCx, pool: &AddressPool, is_used: bool) {
    let readers = readers("default-address-pools");
    let is_object = matches!(pool.node.value, Value::Map(_));
    let size = pool.size.and_then(Node::as_int);
    if pool.node.is_null() {
        report(cx, pool.node.span, "the pool is null", &late_refusal(PANIC)).refused(readers);
    } else if is_object && pool.base.is_none_or(|base| base.is_null() || base.as_str() == Some("")) {
        report(cx, pool.node.span, "the pool has no `base`", WHY).refused(readers);
    } else if is_object && (pool.size.is_none_or(Node::is_null) || size == Some(0)) {
        let span = pool.size.filter(|size| !size.is_null()).unwrap_or(pool.node).span;
        let fix = add_size(cx, pool);
        report(cx, span, "the pool has no `size`", WHY).refused(readers).maybe_fix(fix);
    } else if let (Some(network), Some(size), Some(node)) = (pool.network(), size, pool.size) {
        check_size(cx, network, size, node, is_used);
    }
}

fn check_size(cx: &mut FileCx, network: Cidr, size: i64, node: &Node, is_used: bool) {
    let (bits, width) = (i64::from(network.bits), i64::from(network.width()));
    if size < bits {
        report(cx, node.span, &too_large(bits, size), WHY).refused(readers("default-address-pools"));
    } else if size > width {
        let finding = report(cx, node.span, &too_long(width, size), WHY_TOO_LONG);
        match (network.addr.is_ipv4(), is_used) {
            (true, true) => finding.refused(readers("default-address-pools")),
            (true, false) => finding.refused(CUTS_AT_START).harmful(Releases::ANY),
            (false, _) => finding.harmful(Releases::ANY),
        };
    } else if size - bits >= TOO_MANY {
        let why = late_refusal("panic: runtime error: makeslice: cap out of range");
        report(cx, node.span, &too_many(size - bits), &why).refused(LISTS_NETWORKS);
    } else if is_used && size + 1 >= width {
        let why = late_refusal("failed to allocate gateway (): No available addresses on this pool");
        report(cx, node.span, &too_few(size), &why).refused(NEEDS_THREE_ADDRESSES);
    }
}

/// The default bridge gets no network from pools of IPv6, and none from one of IPv4 in the form of IPv6.
fn report_families(cx: &mut FileCx, refused: Releases) {
    let Some(setting) = written(cx.settings(), "default-address-pools") else { return };
    report(cx, setting.value_span, "the default bridge gets no IPv4 network from the pools", WHY_NO_IPV4)
        .refused(refused.and(setting.releases))
        .help("Add a pool of IPv4, or give the default bridge its address in `bip`.");
}

fn add_size(cx: &FileCx, pool: &AddressPool) -> Option<Fix> {
    let network = pool.network()?;
    if pool.node.get("size").is_some() || !network.addr.is_ipv4() || network.bits > 24 {
        return None;
    }
    let edit = edit::add_entry(cx.doc(), pool.node, "size", "24")?;
    Some(Fix::one(Applicability::Unsafe, "Cut it into networks of length 24", edit))
}

fn report<'c>(cx: &'c mut FileCx, span: Span, message: &str, why: &str) -> &'c mut Finding {
    cx.report(span, message)
        .key("default-address-pools")
        .why(why)
        .help("Write `base` as a network, and `size` as the length of each network cut from it, mostly 24.")
}

fn too_large(pool: i64, size: i64) -> String {
    format!("a pool of length {pool} cannot be cut into networks of length {size}")
}

fn too_long(width: i64, size: i64) -> String {
    format!("an address has {width} bits, so no network has the length {size}")
}

fn too_many(difference: i64) -> String {
    format!("the pool has 2^{difference} networks, which Docker up to 26 lists in memory")
}

fn too_few(size: i64) -> String {
    format!("a network of length {size} has no address for the default bridge")
}

const WHY: &str = "dockerd does not start: `could not construct local address space: network at index 0` (27 and \
    later), `invalid pools size` or `invalid base pool` (older). `dockerd --validate` still reports OK.";
const WHY_TOO_LONG: &str = "Docker 24 to 26 do not start on such a pool of IPv4: `network at index 0 (<nil>) is not \
    in canonical form`. Other releases fail when a network is cut from it: for the default bridge they do not start \
    (`failed to allocate gateway (): invalid pool id`). `dockerd --validate` still reports OK.";
const WHY_NO_IPV4: &str = "dockerd does not start: `error creating default \"bridge\" network: all predefined address \
    pools have been fully subnetted` (29: `invalid address pool`; up to 26: `could not find an available, \
    non-overlapping IPv4 address pool`). `dockerd --validate` still reports OK.";
const PANIC: &str = "panic: runtime error: invalid memory address or nil pointer dereference";
