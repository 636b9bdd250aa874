//! # `insecure-registry-invalid`
//!
//! An item of `insecure-registries` that is not a `host`, `host:port` or network.
//!
//! ## Why
//!
//! dockerd does not start: `insecure registry registry.example/team is not valid: invalid host
//! "registry.example/team"`. dockerd strips `http://` and `https://` with a warning; any other scheme stops the
//! daemon. `dockerd --validate` still reports OK.
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
//! - moby/moby@docker-v29.7.2:daemon/pkg/registry/config.go (`loadInsecureRegistries`); measured with 20.10.24,
//!   24.0.9, 27.5.1, 28.5.2 and 29.7.2

use std::net::IpAddr;

use crate::docker;
use crate::docker::network::{Cidr, split_host_port};
use crate::docker::refusals::late_refusal;
use crate::docker::settings::texts;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "insecure-registry-invalid",
    summary: "Insecure registry is not a host or network",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for item in texts(cx.settings(), "insecure-registries") {
        let registry = item.text.as_ref();
        let (scheme, host) = registry.split_once("://").unwrap_or(("", registry));
        let is_stripped = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
        let has_scheme = host.len() != registry.len();
        if registry.starts_with('-') || registry.ends_with('-') {
            let log = format!("invalid index name ({registry}). Cannot begin or end with a hyphen");
            report(cx, &item, &log, None);
        } else if has_scheme && !is_stripped {
            let log = format!("insecure registry {registry} should not contain '://'");
            report(cx, &item, &log, Some(host));
        } else if !is_registry(host) {
            let log = format!("insecure registry {host} is not valid: invalid host");
            report(cx, &item, &log, host.split('/').next());
        } else if is_stripped {
            report_scheme(cx, &item, host);
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
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    if let Some(rest) = text.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else { return false };
        let is_address = !address.is_empty() && address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':');
        return is_address && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port));
    }
    let (name, port) = text.split_once(':').map_or((text, None), |(name, port)| (name, Some(port)));
    let is_label = |label: &str| {
        let has_inner = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        !label.is_empty() && has_inner && !label.starts_with('-') && !label.ends_with('-')
    };
    name.split('.').all(is_label) && port.is_none_or(is_port)
}

fn report(cx: &mut FileCx, item: &WrittenSetting, log: &str, meant: Option<&str>) {
    let registry = item.text.as_ref();
    let meant = meant.filter(|host| *host != registry && is_registry(host));
    let help = match meant {
        Some(host) => format!("Write `{host}`."),
        None => "Write `host:port`, or a network such as `10.1.0.0/16`.".to_owned(),
    };
    cx.report_setting(item, format!("`{}` is not a host, `host:port` or network", excerpt(registry)))
        .refused(Releases::ANY)
        .why(late_refusal(log))
        .help(help)
        .maybe_fix(meant.and_then(|host| item.replaced_by(Applicability::Unsafe, host)));
}

/// A scheme that the daemon strips.
fn report_scheme(cx: &mut FileCx, item: &WrittenSetting, host: &str) {
    let fix = item.replaced_by(Applicability::Safe, host).map(Fix::keeping_meaning);
    cx.report_setting(item, format!("`{}` needs no scheme: the list holds hosts", excerpt(&item.text)))
        .advice(Releases::ANY)
        .why(WHY_SCHEME)
        .help(format!("Write `{host}`."))
        .maybe_fix(fix);
}

const WHY_SCHEME: &str = "dockerd strips it with a warning (`... has been removed from the insecure registry \
    config`). Docker 1.x read it as a part of the name, and the registry never matched.";
