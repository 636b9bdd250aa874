//! # `registries-endpoint-invalid`
//!
//! An endpoint in `registries.yaml` that is not a URL of a host, or one that is listed twice.
//!
//! ## Why
//!
//! k3s leaves out an endpoint that it cannot read, with `Ignoring invalid endpoint URL` in its log, and asks the next
//! one. An endpoint that is listed twice is asked once; the releases of January and February 2024 write it twice, and
//! containerd discards the file with all mirrors of the registry (`duplicated tables`).
//!
//! ## What to do
//!
//! Write `https://host:port`, or `host:port`, once.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   docker.io:
//!     endpoint:
//!       - https:/mirror.example
//!         ^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml bad kubernetes=1.29.1
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   docker.io:
//!     endpoint:
//!       - https://mirror.example
//!       - https://mirror.example
//!         ^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml good
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   docker.io:
//!     endpoint:
//!       - mirror.example
//!       - http://10.0.0.2:5000
//!       - https://[fd00::2]:5000
//! ```
//!
//! ## References
//!
//! - k3s-io/k3s#9693
//! - k3s-io/k3s@06ea261:pkg/agent/containerd/config.go (`getHostConfigs`, `normalizeEndpointAddress`)

use crate::distributions::eras::WRITES_ENDPOINTS_TWICE;
use crate::distributions::registries::{self, endpoints, mirrors};
use crate::registry_hosts::url::{Url, UrlFault, is_placeholder};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "registries-endpoint-invalid",
    summary: "Endpoint in `registries.yaml` that is not a URL, or stands there twice",
    run: Run::File(&[&registries::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for mirror in mirrors(cx.root) {
        let mut known: Vec<&str> = vec![];
        for (node, text) in endpoints(mirror) {
            match Url::parse_endpoint(text) {
                _ if is_placeholder(text) => {}
                Err(fault) => report(cx, mirror, node, text, &fault),
                Ok(_) if known.contains(&text) => report_twice(cx, mirror, node, text),
                Ok(_) => known.push(text),
            }
        }
    }
}

fn report(cx: &mut FileCx, mirror: &Entry, node: &Node, text: &str, fault: &UrlFault) {
    let words = match fault {
        UrlFault::Unparsable(words) => words.as_str(),
        UrlFault::NoHost => "it has no host",
        UrlFault::Scheme => "the scheme is neither http nor https",
        UrlFault::Doubled => "it has two schemes",
        UrlFault::NotAName => "no host has such a name",
    };
    let key = format!("{}.endpoint", cx.path_of(mirror));
    cx.report(node.span, format!("`{text}` is not a URL of a mirror: {words}"))
        .ignored(Releases::ANY)
        .key(key)
        .why("k3s or containerd leaves the endpoint out, and the next one is asked, in the end the registry itself.")
        .help("Write https://host:port or http://host:port.");
}

fn report_twice(cx: &mut FileCx, mirror: &Entry, node: &Node, text: &str) {
    let key = format!("{}.endpoint", cx.path_of(mirror));
    cx.report(node.span, format!("`{text}` is listed twice"))
        .ignored(WRITES_ENDPOINTS_TWICE)
        .breaks(BreakScope::RegistryHost, mirror.key.as_ref())
        .key(key)
        .why(
            "The hosts.toml that k3s writes has two tables of this name. containerd discards the file (`duplicated \
             tables`) and asks none of the mirrors.",
        )
        .help("List it once. Releases from March 2024 on leave the second one out.");
}
