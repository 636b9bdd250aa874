//! # `tcp-without-tls`
//!
//! The API listens on TCP without checking who calls.
//!
//! ## Why
//!
//! Whoever reaches the port is root on the node: the API starts containers with any part of the host inside. Scanners
//! find such a port within hours. dockerd prints `Binding to IP address without --tlsverify is insecure` and waits 16
//! seconds at each start (1 on a loopback address, or with `tls` set to false); upstream has announced that it will
//! not start at all. `tls` alone encrypts; from the file it also checks certificates, unless `tlsverify` is false.
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
//! - moby/moby@docker-v29.7.2:daemon/command/daemon.go (`loadListeners`); measured with 20.10.24, 24.0.9, 27.5.1,
//!   28.5.2 and 29.7.2

use std::net::IpAddr;

use crate::docker::network::split_host_port;
use crate::docker::settings::checks_certificates;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "tcp-without-tls",
    summary: "API on TCP without client certificates",
    category: Category::Security,
    run: Run::Settings(&[
        SettingCheck {
            outcomes: &[(Effect::Harmful, Releases::ANY)],
            message: "whoever reaches `{value}` is root on this node",
            ..unverified(|host| is_local(host) == Some(false))
        },
        SettingCheck {
            outcomes: &[(Effect::Advice, Releases::ANY)],
            message: "every program on the node can become root over `{value}`",
            ..unverified(|host| is_local(host) == Some(true))
        },
    ]),
    ..Rule::DEFAULTS
};

const fn unverified(test: fn(&WrittenSetting) -> bool) -> SettingCheck {
    SettingCheck {
        applies: |cx| !checks_certificates(cx.settings()),
        why: "dockerd listens without asking for a certificate (`Binding to IP address without --tlsverify is \
              insecure`) and waits up to 16 seconds at each start. Upstream has announced that it will not start at \
              all.",
        help: "Remove the address and reach the daemon over `ssh://`, or set `tlsverify` with `tlscacert`, `tlscert` \
               and `tlskey`.",
        ..SettingCheck::of(&daemons::DOCKER, "hosts[]", Test::Where(test))
    }
}

/// Whether only the node itself reaches a TCP address; nothing for other addresses.
fn is_local(host: &WrittenSetting) -> Option<bool> {
    let host = host.as_str()?.trim();
    let address = match host.split_once("://") {
        Some(("tcp", rest)) => rest,
        Some(_) => return None,
        None if host.is_empty() || host.starts_with('/') => return None,
        None => host,
    };
    let name = split_host_port(address).map_or(address, |(name, _)| name);
    let is_loopback = name.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback());
    // Without a host it is localhost.
    Some(name.is_empty() || name == "localhost" || is_loopback)
}
