//! # `link-local-address-range`
//!
//! Networks of Docker out of 169.254.0.0/16.
//!
//! ## Why
//!
//! Link-local addresses belong to the link that a node is on: clouds serve instance metadata, time and DNS at addresses
//! such as 169.254.169.254. With a bridge in that range the node and its containers no longer reach them, and routers
//! do not forward packets with such addresses.
//!
//! ## What to do
//!
//! Take a network out of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.
//!
//! ## Examples
//!
//! ```json bad
//! { "bip": "169.254.123.1/24" }
//!          ^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json bad
//! { "default-address-pools": [{ "base": "169.254.0.0/16", "size": 24 }] }
//!                                       ^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "bip": "10.9.0.1/24", "default-address-pools": [{ "base": "172.30.0.0/16", "size": 24 }] }
//! ```
//!
//! ## References
//!
//! - RFC 3927, 2.6 and 2.7; moby/moby#46862

use crate::docker;
use crate::docker::network::{Cidr, address_ranges};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "link-local-address-range",
    summary: "Network of Docker in link-local address space",
    category: Category::Suspicious,
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for range in address_ranges(cx.settings(), Cidr::is_link_local) {
        cx.report(range.span, format!("`{}` is link-local address space", range.text))
            .harmful(Releases::ANY)
            .key(range.key)
            .why(
                "Link-local addresses belong to the node's own links: clouds serve instance metadata and DNS there \
                 (169.254.169.254), which this network hides, and routers do not forward such packets.",
            )
            .help("Take a network out of 10.0.0.0/8, 172.16.0.0/12 (up to 172.31) or 192.168.0.0/16.");
    }
}
