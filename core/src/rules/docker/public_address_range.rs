//! # `public-address-range`
//!
//! Networks of Docker in the address space of the internet.
//!
//! ## Why
//!
//! The node sends packets for such addresses to its own bridges: the node and its containers cannot reach the hosts
//! that have them. Private space ends at 172.31: `172.80.0.0/16` is public, as in an example that the documentation
//! showed for years.
//!
//! ## What to do
//!
//! Take a network out of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.
//!
//! ## Examples
//!
//! ```json bad
//! { "default-address-pools": [{ "base": "172.80.0.0/16", "size": 24 }] }
//!                                       ^^^^^^^^^^^^^^^
//! ```
//!
//! ```json bad
//! { "bip": "11.11.0.1/16" }
//!          ^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "bip": "10.9.0.1/24", "default-address-pools": [{ "base": "172.30.0.0/16", "size": 24 }] }
//! ```
//!
//! ## References
//!
//! - docker/docs#11868, docker/for-linux#387; RFC 1918

use crate::docker;
use crate::docker::network::{Cidr, address_ranges};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "public-address-range",
    summary: "Network of Docker in public address space",
    category: Category::Suspicious,
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for range in address_ranges(cx.settings(), Cidr::is_public) {
        cx.report(range.span, format!("`{}` is public address space", range.text))
            .harmful(Releases::ANY)
            .key(range.key)
            .why(WHY)
            .help("Take a network out of 10.0.0.0/8, 172.16.0.0/12 (up to 172.31) or 192.168.0.0/16.");
    }
}

const WHY: &str = "The node sends packets for these addresses to its own bridges, so it cannot reach the hosts of \
    the internet that have them.";
