//! # `insecure-registry-any`
//!
//! `insecure-registries` holds a network of all addresses.
//!
//! ## Why
//!
//! Docker then takes images from any registry without checking its certificate, and over plain HTTP: whoever sits between the node and a registry
//! puts in what they like.
//!
//! ## What to do
//!
//! Name the registries, or install their CA in `/etc/docker/certs.d/<host>/ca.crt` and name none.
//!
//! ## Examples
//!
//! ```json bad
//! { "insecure-registries": ["0.0.0.0/0"] }
//!                           ^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "insecure-registries": ["registry.example:5000", "127.0.0.0/8"] }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/pkg/registry/config.go (`isSecureIndex`); CIS Docker Benchmark 1.6.0, 2.5

use crate::docker;
use crate::docker::network::Cidr;
use crate::docker::settings::texts;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "insecure-registry-any",
    summary: "Every registry is taken without checking its certificate",
    category: Category::Security,
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for (node, registry) in texts(cx.root, "insecure-registries") {
        let host = registry.split_once("://").map_or(registry, |(_, host)| host);
        if Cidr::parse(host).is_some_and(|net| net.bits == 0) {
            cx.report(node.span, format!("`{registry}` means every registry: no certificate is checked"))
                .harmful(Releases::ANY)
                .key("insecure-registries")
                .why("Docker takes images from any registry without checking its certificate, and over plain HTTP.")
                .help("Name the registries, or install their CA in `/etc/docker/certs.d/<host>/ca.crt` and name none.");
        }
    }
}
