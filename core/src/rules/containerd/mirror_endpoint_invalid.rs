//! # `mirror-endpoint-invalid`
//!
//! An endpoint of a mirror in `config.toml` that cannot answer.
//!
//! ## Why
//!
//! containerd reads the endpoints when it pulls, not when it starts. One that Go does not parse as a URL (a blank, a
//! port that is not a number) fails every pull from the registry: `parse registry endpoint "..." from mirrors`. One
//! with another scheme than http and https, or without a host, is asked, fails, and containerd silently goes on to the
//! next one: no image comes from it.
//!
//! ## What to do
//!
//! Write `https://` or `http://`, the host, and its port where it is not the usual one.
//!
//! ## Examples
//!
//! ```toml bad containerd=1.7
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
//!   endpoint = ["docker://mirror.example", "https://registry-1.docker.io"]
//!               ^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml bad containerd=1.7
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
//!   endpoint = ["https://mirror.example:port"]
//!               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good containerd=1.7
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
//!   endpoint = ["mirror.example:5000", "HTTPS://mirror.example", "http://10.0.0.1/v2/hub"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.7.34:pkg/cri/server/image_pull.go (`registryHosts`, `addDefaultScheme`)
//! - containerd/containerd@v2.3.4:internal/cri/server/images/image_pull.go

use crate::containerd::loader::{Effective, LoadedTable};
use crate::containerd::settings::in_effect;
use crate::go::address::url_fault;
use crate::kind::SettingPlace;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "mirror-endpoint-invalid",
    summary: "Endpoint of a mirror that cannot answer",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// Puts a scheme before an endpoint without one.
const ADDS_SCHEME: Releases = Releases::containerd("1.5..");

#[derive(PartialEq)]
enum EndpointError {
    /// Go does not parse it, in its words.
    Unparsable(String),
    Scheme(String),
    NoHost,
}

#[derive(PartialEq)]
struct BrokenEndpoint {
    place: SettingPlace,
    registry: String,
    endpoint: String,
    error: EndpointError,
}

fn check(cx: &mut NodeCx) {
    for (broken, releases) in in_effect(cx.loaded, find) {
        report(cx, &broken, releases);
    }
}

fn find(effective: &Effective) -> Vec<BrokenEndpoint> {
    let mut found = vec![];
    // With a folder of hosts.toml files the endpoints are not read.
    if !effective.release.is_in(ADDS_SCHEME) || effective.text("images:registry.config_path").is_some() {
        return found;
    }
    let mirrors = effective.table("images:registry.mirrors").into_iter().flat_map(LoadedTable::entries);
    for (registry, item) in mirrors {
        let Some(leaf) = item.as_table().and_then(|table| effective.leaf(table, "endpoint")) else { continue };
        for item in leaf.items() {
            let Some((endpoint, error)) = item.as_str().and_then(|text| Some((text, error_of(text)?))) else {
                continue;
            };
            let place = SettingPlace { value: item.span, ..SettingPlace::of(leaf) };
            found.push(BrokenEndpoint { place, registry: registry.to_owned(), endpoint: endpoint.to_owned(), error });
        }
    }
    found
}

fn error_of(endpoint: &str) -> Option<EndpointError> {
    // Another program fills it in.
    if endpoint.contains(['{', '$', '<', '%']) {
        return None;
    }
    let Some((scheme, rest)) = endpoint.split_once("://") else {
        return url_fault(&format!("https://{endpoint}")).map(EndpointError::Unparsable);
    };
    if let Some(fault) = url_fault(endpoint) {
        return Some(EndpointError::Unparsable(fault));
    }
    if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return Some(EndpointError::Scheme(scheme.to_ascii_lowercase()));
    }
    (rest.is_empty() || rest.starts_with('/')).then_some(EndpointError::NoHost)
}

fn report(cx: &mut NodeCx, broken: &BrokenEndpoint, releases: Releases) {
    let BrokenEndpoint { place, registry, endpoint, error } = broken;
    let (message, why, name) = match error {
        EndpointError::Unparsable(fault) => (
            format!("`{endpoint}` is not a URL: {fault}"),
            format!("Every pull from `{registry}` fails: `parse registry endpoint \"{endpoint}\" from mirrors`."),
            registry,
        ),
        EndpointError::Scheme(scheme) => (
            format!("`{endpoint}` has a scheme that containerd does not have"),
            format!("Every request fails (`unsupported protocol scheme \"{scheme}\"`). {GOES_ON}"),
            endpoint,
        ),
        EndpointError::NoHost => (
            format!("`{endpoint}` has no host"),
            format!("Every request fails (`http: no Host in request URL`). {GOES_ON}"),
            endpoint,
        ),
    };
    cx.report_value(*place, message)
        .harmful(releases)
        .breaks(BreakScope::RegistryHost, name.as_str())
        .why(why)
        .help("Write https:// or http://, the host, and its port.");
}

const GOES_ON: &str = "containerd silently goes on to the next endpoint, the registry itself at last.";
