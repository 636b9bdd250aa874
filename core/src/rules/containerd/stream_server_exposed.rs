//! # `stream-server-exposed`
//!
//! The CRI stream server, which serves `kubectl exec`, `attach` and `port-forward`, listens on an address that other
//! machines reach.
//!
//! ## Why
//!
//! Until Kubernetes 1.10 clients were redirected to it, so it had to be reachable. Since 1.11 the kubelet proxies these
//! streams and asks for them on the node itself. An address other than loopback opens every container of the node to
//! whoever guesses a stream's token, and without TLS to whoever reads the traffic.
//!
//! ## What to do
//!
//! Set `stream_server_address = "127.0.0.1"` and `stream_server_port = "0"`, which are the defaults.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_server_address = "0.0.0.0"
//!                           ^^^^^^^^^
//! ```
//!
//! ```toml fixed
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_server_address = "127.0.0.1"
//! ```
//!
//! ```toml good kubernetes=1.10
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_server_address = "0.0.0.0"
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes#64006: the kubelet proxies streams since 1.11
//! - containerd/cri#776, containerd/cri#829: loopback without TLS becomes the default

use crate::containerd;
use crate::containerd::kind::Cri;
use crate::containerd::settings::counts;
use crate::go::address::is_host;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "stream-server-exposed",
    summary: "The stream server behind `kubectl exec` listens beyond the node",
    category: Category::Security,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// Since then the kubelet proxies streams.
const PROXIED: Releases = Releases::kubernetes("1.11..");

fn check(cx: &mut FileCx) {
    let Some(entry) = Cri::of(cx.root).streaming(&["stream_server_address"]) else {
        return;
    };
    let Some(address) = entry.value.as_str() else {
        return;
    };
    // What is no address at all is another rule's.
    if is_loopback(address) || !address.is_empty() && !is_host(address) {
        return;
    }
    let message = if address.is_empty() {
        "an empty `stream_server_address` makes the stream server listen on the node's own address".to_owned()
    } else {
        format!("the stream server behind `kubectl exec` listens on {address}, which other machines reach")
    };
    let span = entry.value.span;
    let releases = counts(cx, cx.loaded, entry).and(PROXIED);
    let path = cx.path_of(entry);
    cx.report(span, message)
        .harmful(releases)
        .key(path)
        .why("Since Kubernetes 1.11 the kubelet proxies exec, attach and port-forward and asks for them on the node itself, so nobody else needs this port; whoever reaches it can try to enter containers.")
        .help("Set it to \"127.0.0.1\", which is the default.")
        .fix(Fix::edit(Applicability::Unsafe, "Listen on 127.0.0.1", span, edit::string("127.0.0.1")));
}

/// Whether only the node itself reaches the address.
pub(super) fn is_loopback(address: &str) -> bool {
    let ip: Result<std::net::IpAddr, _> = address.trim_matches(['[', ']']).parse();
    address == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
}
