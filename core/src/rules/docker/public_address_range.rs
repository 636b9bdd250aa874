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
use crate::docker::network::{Cidr, address_pools};
use crate::docker::settings::text;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "public-address-range",
    summary: "Network of Docker in public address space",
    category: Category::Suspicious,
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    // A public `fixed-cidr` inside a public `bip` is the same mistake.
    let own = ["bip", "fixed-cidr"].into_iter().filter_map(|key| text(cx.settings(), key));
    if let Some(setting) = own.into_iter().find(|setting| is_public(&setting.text)) {
        report(cx, setting.value_span, &setting.text, &setting.path);
    }
    for base in address_pools(cx.settings()).iter().filter_map(|pool| pool.base) {
        let network = base.as_str().unwrap_or_default();
        if is_public(network) {
            report(cx, base.span, network, "default-address-pools");
        }
    }
}

fn is_public(network: &str) -> bool {
    Cidr::parse(network).is_some_and(|network| network.unmapped().is_public())
}

fn report(cx: &mut FileCx, span: Span, network: &str, key: &str) {
    cx.report(span, format!("`{network}` is public address space"))
        .harmful(Releases::ANY)
        .key(key)
        .why(WHY)
        .help("Take a network out of 10.0.0.0/8, 172.16.0.0/12 (up to 172.31) or 192.168.0.0/16.");
}

const WHY: &str = "The node sends packets for these addresses to its own bridges, so it cannot reach the hosts of \
    the internet that have them.";
