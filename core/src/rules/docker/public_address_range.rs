//! # `public-address-range`
//!
//! Networks of Docker lie where hosts of the internet are.
//!
//! ## Why
//!
//! The node sends packets for such addresses to its own bridges: whatever really lives there cannot be reached from the node and its
//! containers. Private space ends at 172.31: `172.80.0.0/16` is public, as in an example that the documentation showed for years.
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
use crate::docker::network::{Cidr, pools};
use crate::docker::settings::text;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "public-address-range",
    summary: "Networks of Docker that lie in public address space",
    category: Category::Suspicious,
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let own = ["bip", "fixed-cidr"].into_iter().filter_map(|key| Some((key, &text(cx.root, key)?.0.value)));
    let pools = pools(cx.root).into_iter().filter_map(|(_, base, _)| Some(("default-address-pools", base?)));
    let all: Vec<(&str, &Node)> = own.chain(pools).collect();
    let mut told = false;
    for (key, node) in all {
        let public = node.as_str().and_then(Cidr::parse).is_some_and(Cidr::is_public);
        // The range inside the bridge's own network is the same mistake.
        if !public || (key == "fixed-cidr" && told) {
            continue;
        }
        told = true;
        let value = node.as_str().unwrap_or_default();
        cx.report(node.span, format!("`{value}` is public address space"))
            .harmful(Releases::ANY)
            .key(key)
            .why("The node sends packets for these addresses to its own bridges: the hosts of the internet that have them cannot be reached from here.")
            .help("Take a network out of 10.0.0.0/8, 172.16.0.0/12 (up to 172.31) or 192.168.0.0/16.");
    }
}
