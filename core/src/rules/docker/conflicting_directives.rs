//! # `conflicting-directives`
//!
//! Two keys that dockerd does not take together.
//!
//! ## Why
//!
//! dockerd does not start, for example: `host-gateway-ip and host-gateway-ips must not both be specified in the config file`.
//!
//! ## What to do
//!
//! Keep one of the two.
//!
//! ## Examples
//!
//! ```json bad docker=28..29
//! { "host-gateway-ip": "192.0.2.1", "host-gateway-ips": ["192.0.2.1"] }
//!                                   ^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json bad docker=29
//! { "userns-remap": "default", "features": { "containerd-snapshotter": true } }
//!                                            ^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json bad docker=28..29
//! { "host-gateway-ips": ["192.0.2.1", "192.0.2.2"] }
//!                                     ^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "features": { "containerd-snapshotter": true }, "userns-remap": "", "cri-containerd": false }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/config/config.go, daemon/command/daemon_linux.go; measured with 20.10.24, 24.0.9, 27.5.1,
//!   28.5.2 and 29.7.2

use std::net::IpAddr;

use crate::docker;
use crate::docker::settings::{feature, readers, switch, text, texts};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "conflicting-directives",
    summary: "Two keys that Docker does not take together",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// The release that knows `graph` next to `data-root` and still starts with it alone.
const GRAPH: Releases = Releases::docker("17.06..20.10");
const GATEWAYS: Releases = Releases::docker("28..");
const USERNS: Releases = Releases::docker("29..");

fn check(cx: &mut FileCx) {
    let root = cx.root;
    if let (Some((graph, _)), Some((data, _))) = (text(root, "graph"), text(root, "data-root")) {
        let words = "cannot specify both \"graph\" and \"data-root\" config file options";
        report(cx, graph.key_span, data.key_span, ["graph", "data-root"], GRAPH, words, "Remove `graph`.");
    }
    if let (Some(one), Some(many)) = (root.entry("host-gateway-ip"), root.entry("host-gateway-ips")) {
        let words = "host-gateway-ip and host-gateway-ips must not both be specified in the config file";
        let help = "Remove `host-gateway-ip`.";
        report(cx, many.key_span, one.key_span, ["host-gateway-ips", "host-gateway-ip"], GATEWAYS, words, help);
    }
    if let (Some((embedded, true)), Some((cri, true))) =
        (feature(root, "embedded-containerd"), switch(root, "cri-containerd"))
    {
        let words = "conflicting options: cannot use the \"embedded-containerd\" feature and CRI support (--cri-containerd) at the same time";
        let keys = ["features.embedded-containerd", "cri-containerd"];
        report(cx, embedded.key_span, cri.key_span, keys, USERNS, words, "Remove one of the two.");
    }
    if let (Some((store, true)), Some((userns, _))) =
        (feature(root, "containerd-snapshotter"), text(root, "userns-remap"))
    {
        let words = "containerd-snapshotter is explicitly enabled, but is not compatible with userns remapping";
        let keys = ["features.containerd-snapshotter", "userns-remap"];
        report(
            cx,
            store.key_span,
            userns.key_span,
            keys,
            USERNS,
            words,
            "Remove one of the two; without the feature Docker turns the containerd image store off by itself.",
        );
    }
    check_gateways(cx);
}

/// One address of each family.
fn check_gateways(cx: &mut FileCx) {
    let all: Vec<(Span, IpAddr)> = texts(cx.root, "host-gateway-ips")
        .into_iter()
        .filter_map(|(node, text)| Some((node.span, text.parse().ok()?)))
        .collect();
    for (i, (span, addr)) in all.iter().enumerate() {
        let earlier = all.iter().take(i).find(|(_, other)| other.is_ipv4() == addr.is_ipv4());
        if let Some((first, _)) = earlier {
            let family = if addr.is_ipv4() { "IPv4" } else { "IPv6" };
            cx.report(*span, format!("`{addr}` is a second {family} address of the host"))
                .refused(readers("host-gateway-ips"))
                .key("host-gateway-ips")
                .label(*first, "the first one")
                .why(format!("dockerd does not start: `only one {family} host gateway IP address can be specified`."))
                .help("Keep one address of each family.");
            return;
        }
    }
}

fn report(cx: &mut FileCx, at: Span, other: Span, keys: [&str; 2], refused: Releases, words: &str, help: &str) {
    let [first, second] = keys;
    cx.report(at, format!("`{first}` does not go together with `{second}`"))
        .refused(refused)
        .key(first)
        .key(second)
        .label(other, "the other one")
        .why(format!("dockerd does not start: `{words}`."))
        .help(help);
}
