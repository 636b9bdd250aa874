//! # `grpc-tcp-key-missing`
//!
//! A certificate for containerd's TCP endpoint without its key.
//!
//! ## Why
//!
//! containerd loads both together, even where no address is set, and does not start: `open : no such file or
//! directory`. From 2.3 on the endpoint is a plugin, which does not load, and only if it has an address.
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

use crate::containerd::eras::{HAS_TCP_ENDPOINT, SERVERS_ARE_PLUGINS};
use crate::containerd::loader::Effective;
use crate::containerd::settings::in_effect;
use crate::kind::SettingPlace;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "grpc-tcp-key-missing",
    summary: "Certificate for the TCP endpoint without its key",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const LISTENS_ITSELF: Releases = Releases::containerd("..2.2");

fn check(cx: &mut NodeCx) {
    for (certificate, releases) in in_effect(cx.loaded, certificate_without_key) {
        cx.report_key(certificate, "the TCP endpoint has a certificate, but no key")
            .refused(releases.and(LISTENS_ITSELF))
            .failed(releases.and(SERVERS_ARE_PLUGINS))
            .why(
                "containerd does not start: it loads certificate and key together (`open : no such file or \
                 directory`). From 2.3 on the plugin of the endpoint does not load, and the daemon runs.",
            )
            .help("Set the key as well, or remove the TCP settings.");
    }
}

fn certificate_without_key(effective: &Effective) -> Vec<SettingPlace> {
    let is_plugin = effective.release.is_in(SERVERS_ARE_PLUGINS);
    let leaf = |name: &str| match is_plugin {
        true => effective.setting(&format!("io.containerd.server.v1.grpc-tcp:{name}")),
        false => effective.setting(&format!("grpc.tcp_{name}")),
    };
    let has = |name: &str| leaf(name).is_some_and(|leaf| leaf.text().is_some());
    // The key may be in a file that is not here.
    if !effective.is_complete || !effective.release.is_in(HAS_TCP_ENDPOINT) || is_plugin && !has("address") {
        return vec![];
    }
    let certificate = leaf("tls_cert").filter(|_| has("tls_cert") && !has("tls_key"));
    certificate.map(SettingPlace::of).into_iter().collect()
}
