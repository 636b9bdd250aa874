//! # `address-pool-overlap`
//!
//! A pool of `default-address-pools` that lies in another one.
//!
//! ## Why
//!
//! Networks of the smaller pool are networks of the larger one too, so that it adds none. Docker 29 silently discards
//! it, with its `size`; older releases skip what is in use. No release logs it.
//!
//! ## What to do
//!
//! Remove the smaller pool, or write ranges that do not overlap.
//!
//! ## Examples
//!
//! ```json bad
//! { "default-address-pools": [{ "base": "10.0.0.0/8", "size": 24 }, { "base": "10.1.0.0/16", "size": 26 }] }
//!                                                                             ^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "default-address-pools": [{ "base": "10.0.0.0/16", "size": 24 }, { "base": "10.1.0.0/16", "size": 26 }] }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/libnetwork/ipams/defaultipam/address_space.go (`newAddrSpace`); measured with
//!   20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2, which all start

use crate::docker;
use crate::docker::network::{Cidr, address_pools};
use crate::order;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "address-pool-overlap",
    summary: "Address pool inside another one",
    category: Category::Suspicious,
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let pools = address_pools(cx.settings());
    let mut networks: Vec<(Cidr, &Node)> =
        pools.iter().filter_map(|pool| Some((pool.network()?, pool.base?))).collect();
    // By family, address and length, so that a pool comes before those that lie in it.
    order::by_key(&mut networks, |(network, _)| network.bits as usize);
    order::by_key(&mut networks, |(network, _)| network.first());
    order::by_key(&mut networks, |(network, _)| network.addr.is_ipv6());
    let mut outer: Option<(Cidr, &Node)> = None;
    for (network, base) in networks {
        match outer.filter(|(outer, _)| outer.contains(network.addr)) {
            Some((_, around)) => report(cx, base, around),
            None => outer = Some((network, base)),
        }
    }
}

fn report(cx: &mut FileCx, base: &Node, around: &Node) {
    let (inner, outer) = (base.as_str().unwrap_or_default(), around.as_str().unwrap_or_default());
    cx.report(base.span, format!("the pool `{inner}` lies in the pool `{outer}` and adds no networks"))
        .advice(Releases::ANY)
        .as_warning()
        .key("default-address-pools")
        .why("Docker 29 silently discards the smaller pool with its `size`; older releases skip what is in use.")
        .help("Remove the smaller pool, or write ranges that do not overlap.")
        .label(around.span, "contains the other pool");
}
