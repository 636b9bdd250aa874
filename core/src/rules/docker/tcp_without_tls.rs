//! # `tcp-without-tls`
//!
//! The API listens on TCP without checking who calls.
//!
//! ## Why
//!
//! Whoever reaches the port is root on the node: the API starts containers with any part of the host inside. On an address of the
//! network this is found within hours. dockerd prints `Binding to IP address without --tlsverify is insecure` and waits 16 seconds
//! at each start (1 on a loopback address, or with `tls` set to false); upstream has announced that it will not start at all. `tls` alone
//! encrypts; from the file it also checks certificates, unless `tlsverify` is false.
//!
//! ## What to do
//!
//! Remove the address and use `ssh://`, or set `tlsverify` with `tlscacert`, `tlscert` and `tlskey`.
//!
//! ## Examples
//!
//! ```json bad
//! { "hosts": ["unix:///var/run/docker.sock", "tcp://0.0.0.0:2375"] }
//!                                            ^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json bad
//! { "hosts": ["tcp://127.0.0.1:2375"] }
//!             ^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! {
//!   "hosts": ["tcp://0.0.0.0:2376"], "tlsverify": true,
//!   "tlscacert": "/etc/docker/ca.pem", "tlscert": "/etc/docker/cert.pem", "tlskey": "/etc/docker/key.pem"
//! }
//! ```
//!
//! ## References
//!
//! - moby/moby#41285, moby/moby#47556; CIS Docker Benchmark 1.6.0, 2.7
//! - moby/moby@docker-v29.7.2:daemon/command/daemon.go (`loadListeners`); measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use std::net::IpAddr;

use crate::docker;
use crate::docker::network::split_host_port;
use crate::docker::settings::{switch, texts};
use crate::rules::prelude::*;
use crate::text::excerpt;

pub(crate) const RULE: Rule = Rule {
    id: "tcp-without-tls",
    summary: "The API listens on TCP without client certificates",
    category: Category::Security,
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let on = |name: &str| switch(cx.root, name).map(|(_, on)| on);
    // Certificates are checked unless `tlsverify` says no; the key alone turns TLS on.
    let verified = match on("tlsverify") {
        Some(verify) => verify,
        None => on("tls") == Some(true),
    };
    if verified {
        return;
    }
    for (node, host) in texts(cx.root, "hosts") {
        let host = host.trim();
        let Some((address, local)) = tcp(host) else { continue };
        let message = if local {
            format!("every program on the node can become root over `{}`", excerpt(host))
        } else {
            format!("whoever reaches `{}` is root on this node", excerpt(address))
        };
        let finding = cx.report(node.span, message);
        if local {
            finding.advice(Releases::ANY);
        } else {
            finding.harmful(Releases::ANY);
        }
        finding
            .key("hosts")
            .why("dockerd listens without asking for a certificate (`Binding to IP address without --tlsverify is insecure`) and waits up to 16 seconds at each start. Upstream has announced that it will not start at all.")
            .help("Remove the address and reach the daemon over `ssh://`, or set `tlsverify` with `tlscacert`, `tlscert` and `tlskey`.");
    }
}

/// The address of a TCP host, and whether only the node itself reaches it.
fn tcp(host: &str) -> Option<(&str, bool)> {
    let address = match host.split_once("://") {
        Some(("tcp", rest)) => rest,
        Some(_) => return None,
        None if host.is_empty() || host.starts_with('/') => return None,
        None => host,
    };
    let name = split_host_port(address).map_or(address, |(host, _)| host);
    let ip = name.parse::<IpAddr>();
    // Without a host it is localhost.
    Some((address, name.is_empty() || name == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())))
}
