//! # `grpc-tcp-key-missing`
//!
//! A certificate for containerd's TCP endpoint without its key.
//!
//! ## Why
//!
//! containerd loads both together, even where no address is set, and does not start: `open : no such file or directory`.
//! From 2.3 on the endpoint is a plugin, which does not load, and only if it has an address.
//!
//! ## What to do
//!
//! Set `tcp_tls_key` as well, or remove the TCP settings: the kubelet and all tools use the socket.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [grpc]
//!   tcp_address = "127.0.0.1:2376"
//!   tcp_tls_cert = "/etc/containerd/server.crt"
//!   ^^^^^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! [grpc]
//!   tcp_tls_cert = ""
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.7.34:services/server/server.go, v2.3.4:plugins/server/grpc/plugin.go
//! - measured with 1.6.39 to 2.3.4

use crate::containerd::effective::{Spot, by_release, some_text};
use crate::containerd::loader::Effective;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "grpc-tcp-key-missing",
    summary: "A certificate for the TCP endpoint without its key",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const HAS_TCP: ReleaseSet = Releases::containerd("1.3..").get(Product::Containerd);
/// The endpoint is a plugin.
const IS_PLUGIN: Releases = Releases::containerd("2.3..");
const NO_PLUGIN: Releases = Releases::containerd("..2.2");
const TCP: &str = "io.containerd.server.v1.grpc-tcp";

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    // The key may be in a file that is not here.
    for configuration in loaded.configurations().iter().filter(|c| c.complete) {
        for (spot, releases) in by_release(configuration, find) {
            let path = spot.path(cx.loaded);
            cx.report(spot.file, spot.key, "the TCP endpoint has a certificate and no key")
                .refused(releases.and(NO_PLUGIN))
                .failed(releases.and(IS_PLUGIN))
                .key(path)
                .why("containerd does not start: it loads certificate and key together (`open : no such file or directory`). From 2.3 on the plugin of the endpoint does not load, and the daemon runs.")
                .help("Set the key as well, or remove the TCP settings.");
        }
    }
}

fn find(effective: &Effective, out: &mut Vec<Spot>) {
    let plugin = effective.release.is_in(IS_PLUGIN.get(Product::Containerd));
    let leaf = |old: &str, new: &str| match plugin {
        true => effective.of_plugin(TCP, &[new]),
        false => effective.setting(&["grpc", old]),
    };
    let Some(cert) = leaf("tcp_tls_cert", "tls_cert").filter(|leaf| some_text(Some(leaf)).is_some()) else { return };
    let idle = plugin && some_text(leaf("tcp_address", "address")).is_none();
    if effective.release.is_in(HAS_TCP) && !idle && some_text(leaf("tcp_tls_key", "tls_key")).is_none() {
        out.push(Spot::of(cert));
    }
}
