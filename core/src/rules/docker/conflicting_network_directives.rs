//! # `conflicting-network-directives`
//!
//! Network settings that dockerd does not take together, and finds only when it starts.
//!
//! ## Why
//!
//! A bridge of your own (`bridge`) has addresses of your own, so `bip` cannot give it one: `You specified -b & --bip, mutually exclusive
//! options`. And dockerd cannot keep containers apart (`icc` false) without rules of the packet filter: `ICC=false uses iptables to
//! function`. In both cases it does not start, and `dockerd --validate` says OK all the same.
//!
//! ## What to do
//!
//! Keep one of the two.
//!
//! ## Examples
//!
//! ```json bad
//! { "bridge": "br0", "bip": "10.9.0.1/24" }
//!                    ^^^^^
//! ```
//!
//! ```json bad
//! { "icc": false, "iptables": false }
//!   ^^^^^
//! ```
//!
//! ```json bad docker=25
//! { "ip6tables": true }
//!   ^^^^^^^^^^^
//! ```
//!
//! ```json bad
//! { "containerd-namespace": "plugins.moby" }
//!                           ^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "icc": false, "iptables": true, "bridge": "", "bip": "10.9.0.1/24" }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/daemon_unix.go (`verifyDaemonSettings`); measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and
//!   29.7.2

use crate::docker;
use crate::docker::settings::{readers, switch, text};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "conflicting-network-directives",
    summary: "Network settings that Docker does not take together",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// They have `ip6tables` as an experiment. Source: moby/moby@v26.1.5:daemon/daemon_unix.go.
const EXPERIMENTAL: Releases = Releases::docker("20.10..26");
const IP6TABLES: Releases = Releases::docker("27..");

fn check(cx: &mut FileCx) {
    let root = cx.root;
    if let Some((bridge, _)) = text(root, "bridge") {
        for key in ["bip", "bip6"] {
            if let Some((entry, _)) = text(root, key) {
                let words = format!("You specified -b & --{key}, mutually exclusive options. Please specify only one");
                let help = format!("Remove `{key}` and give the bridge its address yourself, or remove `bridge`.");
                report(cx, entry.key_span, Some(bridge.key_span), [key, "bridge"], readers(key), &words, &help);
            }
        }
    }
    let off = |name: &str| switch(root, name).filter(|(_, on)| !on).map(|(entry, _)| entry.key_span);
    let ipv6 = switch(root, "ipv6").is_some_and(|(_, on)| on);
    if let Some(icc) = off("icc") {
        for (key, needed, releases) in [("iptables", true, Releases::ANY), ("ip6tables", ipv6, IP6TABLES)] {
            if let Some(span) = off(key).filter(|_| needed) {
                let words = format!("You specified --{key}=false with --icc=false. ICC=false uses {key} to function");
                let help = format!("Remove `{key}`, or `icc`.");
                report(cx, icc, Some(span), ["icc", key], releases, &words, &help);
                break;
            }
        }
    }
    let experimental = switch(root, "experimental").is_some_and(|(_, on)| on);
    if let Some((entry, true)) = switch(root, "ip6tables").filter(|_| !experimental) {
        cx.report(entry.key_span, "`ip6tables` needs `experimental`, up to Docker 26")
            .refused(EXPERIMENTAL)
            .key("ip6tables")
            .why("dockerd does not start: `ip6tables rules are only available if experimental features are enabled`. `dockerd --validate` says OK all the same. Since 27.0 it is on by default and needs nothing.")
            .help("Set `experimental` too, or remove `ip6tables` once all nodes have 27 or later.");
    }
    if let Some((entry, "plugins.moby")) = text(root, "containerd-namespace") {
        cx.report(entry.value.span, "`plugins.moby` is the containerd namespace of Docker's plugins")
            .refused(readers("containerd-namespace"))
            .key("containerd-namespace")
            .why("dockerd does not start: `containers namespace and plugins namespace cannot be the same`. `dockerd --validate` says OK all the same.")
            .help("Take another name; the default is `moby`.");
    }
}

fn report(cx: &mut FileCx, at: Span, other: Option<Span>, keys: [&str; 2], refused: Releases, words: &str, help: &str) {
    let [first, second] = keys;
    let message = if first == "icc" {
        format!("`icc` cannot be false while `{second}` is")
    } else {
        format!("`{first}` does not go together with `{second}`")
    };
    let finding = cx.report(at, message);
    finding
        .refused(refused)
        .key(first)
        .key(second)
        .why(format!("dockerd does not start: `{words}`. `dockerd --validate` says OK all the same."))
        .help(help);
    if let Some(span) = other {
        finding.label(span, "the other one");
    }
}
