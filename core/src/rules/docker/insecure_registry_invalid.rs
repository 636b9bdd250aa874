//! # `insecure-registry-invalid`
//!
//! An item of `insecure-registries` that is no `host`, `host:port` or network.
//!
//! ## Why
//!
//! dockerd does not start: `insecure registry registry.example/team is not valid: invalid host "registry.example/team"`.
//! `http://` and `https://` are stripped with a warning; any other scheme stops the daemon. `dockerd --validate` says OK all the same.
//!
//! ## What to do
//!
//! Write `host:port`, or a network such as `10.1.0.0/16`.
//!
//! ## Examples
//!
//! ```json bad
//! { "insecure-registries": ["registry.example:5000/team"] }
//!                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "insecure-registries": ["registry.example:5000"] }
//! ```
//!
//! ```json bad
//! { "insecure-registries": ["http://registry.example:5000"] }
//!                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "insecure-registries": ["registry.example:5000"] }
//! ```
//!
//! ```json good
//! { "insecure-registries": ["registry.example:5000", "10.1.0.0/16"] }
//! ```
//!
//! ## References
//!
//! - moby/moby#29988, moby/moby#29936, docker/docs#17746
//! - moby/moby@docker-v29.7.2:daemon/pkg/registry/config.go (`loadInsecureRegistries`); measured with 20.10.24, 24.0.9, 27.5.1,
//!   28.5.2 and 29.7.2

use std::net::IpAddr;

use crate::docker;
use crate::docker::network::{Cidr, split_host_port};
use crate::docker::settings::texts;
use crate::rules::prelude::*;
use crate::text::excerpt;

pub(crate) const RULE: Rule = Rule {
    id: "insecure-registry-invalid",
    summary: "An insecure registry that is no host or network",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for (node, registry) in texts(cx.root, "insecure-registries") {
        let (host, scheme) = match registry.split_once("://") {
            Some((scheme, host)) => (host, Some(scheme.to_ascii_lowercase())),
            None => (registry, None),
        };
        let stripped = matches!(scheme.as_deref(), Some("http" | "https"));
        if registry.starts_with('-') || registry.ends_with('-') {
            let words = format!("invalid index name ({registry}). Cannot begin or end with a hyphen");
            report(cx, node, registry, &words, None);
        } else if scheme.is_some() && !stripped {
            let words = format!("insecure registry {registry} should not contain '://'");
            report(cx, node, registry, &words, Some(host));
        } else if !is_registry(host) {
            let words = format!("insecure registry {host} is not valid: invalid host");
            report(cx, node, registry, &words, host.split('/').next());
        } else if stripped {
            report_scheme(cx, node, registry, host);
        }
    }
}

/// A network, an address or a host name, the last two with a port or without.
/// Source: moby/moby@docker-v29.7.2:daemon/pkg/registry/config.go (`validateHostPort`).
fn is_registry(text: &str) -> bool {
    if Cidr::parse(text).is_some() {
        return true;
    }
    let (host, port) = split_host_port(text).unwrap_or((text, ""));
    if !port.is_empty() && !port.parse::<u32>().is_ok_and(|port| port <= 65535) {
        return false;
    }
    host.parse::<IpAddr>().is_ok() || is_domain_and_port(text)
}

/// `reference.DomainRegexp`: labels of letters, digits and inner hyphens, or an IPv6 address in brackets, and a port.
fn is_domain_and_port(text: &str) -> bool {
    let digits = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    if let Some(rest) = text.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else { return false };
        let hex = !address.is_empty() && address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':');
        return hex && (port.is_empty() || port.strip_prefix(':').is_some_and(digits));
    }
    let (name, port) = text.split_once(':').map_or((text, None), |(name, port)| (name, Some(port)));
    let label = |label: &str| {
        let inner = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        !label.is_empty() && inner && !label.starts_with('-') && !label.ends_with('-')
    };
    name.split('.').all(label) && port.is_none_or(digits)
}

fn report(cx: &mut FileCx, node: &Node, registry: &str, words: &str, meant: Option<&str>) {
    let meant = meant.filter(|host| *host != registry && is_registry(host));
    let fix = meant.map(|host| Fix::string(Applicability::Unsafe, node, host));
    cx.report(node.span, format!("`{}` is no registry: a host, `host:port` or a network", excerpt(registry)))
        .refused(Releases::ANY)
        .key("insecure-registries")
        .why(format!("dockerd does not start: `{words}`. `dockerd --validate` says OK all the same."))
        .help(meant.map_or_else(
            || "Write `host:port`, or a network such as `10.1.0.0/16`.".to_owned(),
            |host| format!("Write `{host}`."),
        ))
        .maybe_fix(fix);
}

/// A scheme that the daemon strips.
fn report_scheme(cx: &mut FileCx, node: &Node, registry: &str, host: &str) {
    cx.report(node.span, format!("`{}` needs no scheme: the list holds hosts", excerpt(registry)))
        .advice(Releases::ANY)
        .key("insecure-registries")
        .why("dockerd strips it with a warning (`... has been removed from the insecure registry config`). Docker 1.x took it for a part of the name, and the registry never matched.")
        .help(format!("Write `{host}`."))
        .fix(Fix::safe(format!("Write `{host}`"), node.span, edit::string(host)).keeping_meaning());
}
