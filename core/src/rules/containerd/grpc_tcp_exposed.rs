//! # `grpc-tcp-exposed`
//!
//! containerd's API listens on a TCP address that other machines reach, without asking clients for a certificate.
//!
//! ## Why
//!
//! What the endpoint offers is CRI, and only with `disable_tcp_service = false`: then whoever reaches the port runs
//! privileged containers, which is root on the node. With the default nothing is offered: up to 2.2 the port is opened all
//! the same, from 2.3 on it is not (`no tcp grpc services configured`).
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
use crate::containerd::kind::Cri;
use crate::containerd::settings::text;
use crate::rules::containerd::stream_server_exposed::is_loopback;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "grpc-tcp-exposed",
    summary: "containerd's API listens on TCP without asking for a certificate",
    category: Category::Security,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

const HAS_TCP: Releases = Releases::containerd("1.3..");
/// The plugin's own table is read.
const HAS_PLUGIN: Releases = Releases::containerd("2.3..");
/// They open the port though nothing serves it; what later ones do is another rule's.
const OPENS: Releases = Releases::containerd("..2.2");
const PLUGIN: &str = "io.containerd.server.v1.grpc-tcp";

fn check(cx: &mut FileCx) {
    let old = cx.root.get("grpc").filter(|_| Cri::of(cx.root).version < 4);
    if let Some(table) = old {
        check_table(cx, table, "tcp_", HAS_TCP);
    }
    if let Some(table) = cx.root.at(&["plugins", PLUGIN]) {
        check_table(cx, table, "", HAS_PLUGIN);
    }
}

fn check_table(cx: &mut FileCx, table: &Node, prefix: &str, releases: Releases) {
    let entry = |name: &str| table.entry(&format!("{prefix}{name}"));
    let Some(address) = entry("address") else { return };
    let Some(text_of) = text(Some(address)) else { return };
    let has = |name: &str| text(entry(name)).is_some();
    let by_store = has("tls_common_name");
    let tls = has("tls_cert") && has("tls_key");
    if is_local(text_of) || by_store || (tls && has("tls_ca")) {
        return;
    }
    let fix = edit::remove(cx.doc(), table, address)
        .map(|edit| Fix::one(Applicability::Unsafe, format!("Remove {}", address.key), edit));
    report(cx, address, text_of, tls, releases, fix);
}

fn report(cx: &mut FileCx, address: &Entry, text: &str, tls: bool, releases: Releases, fix: Option<Fix>) {
    let path = cx.path_of(address);
    let served = Cri::of(cx.root).streaming(&["disable_tcp_service"]).filter(|e| e.value.as_bool() == Some(false));
    let lacking = if tls { "any client, with or without a certificate" } else { "any client, without TLS" };
    let Some(served) = served else {
        cx.report(address.value.span, format!("containerd opens {text} on the network for nothing"))
            .advice(releases.and(OPENS))
            .key(path)
            .why("Only CRI has a service for this port, and `disable_tcp_service` is true by default. The port is opened all the same.")
            .help("Remove it: kubelet, crictl, ctr and nerdctl use the socket.")
            .maybe_fix(fix);
        return;
    };
    cx.report(address.value.span, format!("containerd offers CRI on {text} to {lacking}"))
        .harmful(releases)
        .key(path)
        .label(served.value.span, "opens CRI on that port")
        .why("Whoever reaches the port can run privileged containers, which is root on the node.")
        .help("Remove the address: kubelet and tools use the socket. If another machine needs it, set the TLS certificate, its key and the clients' authority (tls_ca).")
        .maybe_fix(fix);
}

/// Whether only the node itself reaches `host:port`.
fn is_local(address: &str) -> bool {
    let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
    is_loopback(host)
}
