//! # `address-pool-invalid`
//!
//! An item of `default-address-pools` without `base` or `size`, or with a `size` shorter than the length of its
//! `base`.
//!
//! ## Why
//!
//! dockerd does not start: `could not construct local address space: network at index 0 ... has a smaller prefix
//! (/24) than the target size of that pool (/16)`; 26 and older log `invalid pools size: 16`. `dockerd --validate`
//! still reports OK. `size` is the length of each network cut from the pool, so it must not be shorter than that of
//! the pool.
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
//! ```json good
//! { "default-address-pools": [{ "base": "10.123.0.0/16", "size": 24 }, { "base": "fd00:1::/48", "size": 64 }] }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/libnetwork/ipams/defaultipam/allocator.go,
//!   moby/moby@v24.0.9:libnetwork/ipamutils/utils.go; measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::network::{AddressPool, address_pools};
use crate::docker::settings::readers;
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "address-pool-invalid",
    summary: "Address pool whose networks do not fit in it",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for pool in address_pools(cx.root) {
        if !matches!(pool.node.value, Value::Map(_)) {
            continue;
        }
        let size = pool.size.and_then(Node::as_int);
        let has_no_size = pool.size.is_none_or(Node::is_null) || size == Some(0);
        let has_no_base = pool.base.is_none_or(|base| base.is_null() || base.as_str() == Some(""));
        if has_no_base {
            report(cx, pool.node.span, "the pool has no `base`", None);
        } else if has_no_size {
            let span = pool.size.filter(|size| !size.is_null()).unwrap_or(pool.node).span;
            let fix = add_size(cx, &pool);
            report(cx, span, "the pool has no `size`", fix);
        } else if let (Some(network), Some(size), Some(node)) = (pool.network(), size, pool.size)
            && size < i64::from(network.bits)
        {
            report(cx, node.span, &too_large(network.bits, size), None);
        }
    }
}

fn add_size(cx: &FileCx, pool: &AddressPool) -> Option<Fix> {
    let network = pool.network()?;
    if pool.node.get("size").is_some() || !network.addr.is_ipv4() || network.bits > 24 {
        return None;
    }
    let edit = edit::add_entry(cx.doc(), pool.node, "size", "24")?;
    Some(Fix::one(Applicability::Unsafe, "Cut it into networks of length 24", edit))
}

fn report(cx: &mut FileCx, span: Span, message: &str, fix: Option<Fix>) {
    cx.report(span, message)
        .refused(readers("default-address-pools"))
        .key("default-address-pools")
        .why(WHY)
        .help("Write `base` as a network, and `size` as the length of each network cut from it, mostly 24.")
        .maybe_fix(fix);
}

fn too_large(pool: u32, size: i64) -> String {
    format!("a pool of length {pool} cannot be cut into networks of length {size}")
}

const WHY: &str = "dockerd does not start: `could not construct local address space: network at index 0` (27 and \
    later), `invalid pools size` or `invalid base pool` (older). `dockerd --validate` still reports OK.";
