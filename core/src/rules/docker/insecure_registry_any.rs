//! # `insecure-registry-any`
//!
//! `insecure-registries` holds a network of all addresses.
//!
//! ## Why
//!
//! Docker then takes images from any registry without checking its certificate, and over plain HTTP: whoever sits
//! between the node and a registry can replace the images.
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

use crate::docker::network::Cidr;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "insecure-registry-any",
    summary: "Every registry is accepted without checking its certificate",
    category: Category::Security,
    run: Run::Settings(&[SettingCheck {
        outcomes: &[(Effect::Harmful, Releases::ANY)],
        message: "`{value}` means every registry: Docker checks no certificate",
        why: "Docker takes images from any registry without checking its certificate, and over plain HTTP.",
        help: "Name the registries, or install their CA in `/etc/docker/certs.d/<host>/ca.crt` and name none.",
        ..SettingCheck::of(&daemons::DOCKER, "insecure-registries[]", Test::Where(is_every_address))
    }]),
    ..Rule::DEFAULTS
};

fn is_every_address(registry: &WrittenSetting) -> bool {
    let text = registry.as_str().unwrap_or_default();
    let (_, network) = text.split_once("://").unwrap_or(("", text));
    Cidr::parse(network).is_some_and(|network| network.unmapped().bits == 0)
}
