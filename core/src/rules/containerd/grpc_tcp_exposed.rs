//! # `grpc-tcp-exposed`
//!
//! containerd's API listens on a TCP address that other machines reach, without asking clients for a certificate.
//!
//! ## Why
//!
//! What the endpoint offers is CRI, and only with `disable_tcp_service = false`: then whoever reaches the port runs
//! privileged containers, which is root on the node. With the default nothing is offered: up to 2.2 the port is still
//! opened, from 2.3 on it is not (`no tcp grpc services configured`).
//!
//! ## What to do
//!
//! Remove the address: the kubelet and all tools use the socket. If another machine needs CRI, set `tcp_tls_cert`,
//! `tcp_tls_key` and `tcp_tls_ca`, which makes clients show a certificate.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [grpc]
//!   tcp_address = "0.0.0.0:2376"
//!                 ^^^^^^^^^^^^^^
//! [plugins."io.containerd.grpc.v1.cri"]
//!   disable_tcp_service = false
//! ```
//!
//! ```toml bad containerd=1.7..2.2
//! version = 2
//! [grpc]
//!   tcp_address = ":2376"
//!                 ^^^^^^^
//! ```
//!
//! ```toml fixed containerd=1.7..2.2
//! version = 2
//! [grpc]
//! ```
//!
//! ```toml good
//! version = 2
//! [grpc]
//!   tcp_address = "10.0.0.1:2376"
//!   tcp_tls_ca = "/etc/containerd/ca.crt"
//!   tcp_tls_cert = "/etc/containerd/server.crt"
//!   tcp_tls_key = "/etc/containerd/server.key"
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.7.29:services/server/server.go, v2.3.4:plugins/server/grpc/plugin.go, plugins/cri/cri.go

use crate::containerd;
use crate::containerd::cri::Cri;
use crate::containerd::eras::{HAS_TCP_ENDPOINT, SERVERS_ARE_PLUGINS};
use crate::containerd::values::text;
use crate::go::address::is_loopback;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "grpc-tcp-exposed",
    summary: "TCP endpoint of containerd's API without client certificates",
    category: Category::Security,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// Opens the port though nothing serves it; `grpc-tcp-idle` reports what later ones do.
const OPENS_UNUSED_PORT: Releases = Releases::containerd("..2.2");

fn check(cx: &mut FileCx) {
    if let Some(table) = cx.root.get("grpc").filter(|_| Cri::of(cx.root).version < 4) {
        check_table(cx, table, "tcp_", HAS_TCP_ENDPOINT);
    }
    if let Some(table) = cx.root.at(&["plugins", "io.containerd.server.v1.grpc-tcp"]) {
        check_table(cx, table, "", SERVERS_ARE_PLUGINS);
    }
}

fn check_table(cx: &mut FileCx, table: &Node, prefix: &str, releases: Releases) {
    let entry = |name: &str| table.entry(&format!("{prefix}{name}"));
    let has = |name: &str| text(entry(name)).is_some();
    let Some(address) = entry("address") else { return };
    let Some(host_and_port) = text(Some(address)) else { return };
    let has_tls = has("tls_cert") && has("tls_key");
    let asks_clients = has("tls_common_name") || has_tls && has("tls_ca");
    if asks_clients || is_local(host_and_port) {
        return;
    }
    let fix = edit::remove(cx.doc(), table, address)
        .map(|edit| Fix::one(Applicability::Unsafe, format!("Remove {}", address.key), edit));
    let switch = Cri::of(cx.root).streaming(&["disable_tcp_service"]);
    match switch.filter(|switch| switch.value.as_bool() == Some(false)) {
        Some(switch) => report_served(cx, address, has_tls, switch, releases, fix),
        None => report_unused(cx, address, releases, fix),
    }
}

/// Whether only the node itself reaches `host:port`.
fn is_local(address: &str) -> bool {
    is_loopback(address.rsplit_once(':').map_or(address, |(host, _)| host))
}

fn report_served(
    cx: &mut FileCx,
    address: &Entry,
    has_tls: bool,
    switch: &Entry,
    releases: Releases,
    fix: Option<Fix>,
) {
    let text = address.value.as_str().unwrap_or_default();
    let clients = if has_tls { "any client, with or without a certificate" } else { "any client, without TLS" };
    cx.report_value(address, format!("containerd offers CRI on {text} to {clients}"))
        .harmful(releases)
        .label(switch.value.span, "opens CRI on that port")
        .why("Whoever reaches the port can run privileged containers, which is root on the node.")
        .help(
            "Use the socket, as kubelet and tools do. If another machine needs the port, set the TLS certificate, its \
             key and the authority of the clients (tls_ca).",
        )
        .maybe_fix(fix);
}

fn report_unused(cx: &mut FileCx, address: &Entry, releases: Releases, fix: Option<Fix>) {
    let text = address.value.as_str().unwrap_or_default();
    cx.report_value(address, format!("containerd opens {text} on the network for nothing"))
        .advice(releases.and(OPENS_UNUSED_PORT))
        .why(
            "Only CRI has a service for this port, and `disable_tcp_service` is true by default. The port is still \
             opened.",
        )
        .help("Use the socket, as kubelet, crictl, ctr and nerdctl do.")
        .maybe_fix(fix);
}
