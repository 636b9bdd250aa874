//! # `address-pool-invalid`
//!
//! An item of `default-address-pools` whose `size` is missing, or shorter than the length of its `base`.
//!
//! ## Why
//!
//! dockerd does not start: `could not construct local address space: network at index 0 ... has a smaller prefix (/24) than the target
//! size of that pool (/16)`; 26 and older say `invalid pools size: 16`. `dockerd --validate` says OK all the same. `size` is the
//! length of each network cut from the pool, so it must not be shorter than that of the pool.
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
//! - moby/moby@docker-v29.7.2:daemon/libnetwork/ipams/defaultipam/allocator.go, moby/moby@v24.0.9:libnetwork/ipamutils/utils.go;
//!   measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::network::{Cidr, pools};
use crate::docker::settings::readers;
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "address-pool-invalid",
    summary: "An address pool whose networks do not fit in it",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for (pool, base, size) in pools(cx.root) {
        if !matches!(pool.value, Value::Map(_)) {
            continue;
        }
        let text = base.and_then(Node::as_str).unwrap_or_default();
        let net = Cidr::parse(text);
        let number = size.and_then(Node::as_int);
        let no_size = size.is_none_or(Node::is_null) || number == Some(0);
        let no_base = base.is_none_or(|b| b.is_null() || b.as_str() == Some(""));
        if no_base {
            report(cx, pool, pool, "the pool has no `base`".to_owned(), net);
        } else if no_size {
            report(cx, pool, size.filter(|s| !s.is_null()).unwrap_or(pool), "the pool has no `size`".to_owned(), net);
        } else if let (Some(net), Some(number), Some(node)) = (net, number, size)
            && number < i64::from(net.bits)
        {
            report(
                cx,
                pool,
                node,
                format!("a pool of length {} cannot be cut into networks of length {number}", net.bits),
                Some(net),
            );
        }
    }
}

fn report(cx: &mut FileCx, pool: &Node, at: &Node, message: String, net: Option<Cidr>) {
    let missing = pool.get("size").is_none() && message.ends_with("no `size`");
    let fits = net.is_some_and(|net| net.addr.is_ipv4() && net.bits <= 24);
    let edit = if missing && fits { edit::add_entry(cx.doc(), pool, "size", "24") } else { None };
    cx.report(at.span, message)
        .refused(readers("default-address-pools"))
        .key("default-address-pools")
        .why("dockerd does not start: `could not construct local address space: network at index 0` (27 and later), `invalid pools size` or `invalid base pool` (older). `dockerd --validate` says OK all the same.")
        .help("Write `base` as a network, and `size` as the length of each network cut from it, mostly 24.")
        .maybe_fix(edit.map(|edit| Fix::one(Applicability::Unsafe, "Cut it into networks of length 24", edit)));
}
