//! # `host-address-invalid`
//!
//! An item of `hosts` that dockerd cannot listen on.
//!
//! ## Why
//!
//! dockerd does not start: `invalid bind address (http://...): unsupported proto 'http'`. It listens on `unix://`, `tcp://` and
//! `fd://`; an address without a scheme is taken for TCP, and one for TCP has no path.
//!
//! ## What to do
//!
//! Write the address with one of these schemes.
//!
//! ## Examples
//!
//! ```json bad
//! { "hosts": ["unix:///var/run/docker.sock", "http://127.0.0.1:2375"] }
//!                                            ^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json bad
//! { "hosts": ["tcp://127.0.0.1:2375/api"], "tls": false }
//!             ^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json bad
//! { "hosts": ["/var/run/docker.sock"] }
//!             ^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "hosts": ["unix:///var/run/docker.sock"] }
//! ```
//!
//! ```json good
//! { "hosts": ["fd://", "unix:///var/run/docker.sock", ""] }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/pkg/opts/hosts.go, moby/moby@v20.10.27:opts/hosts.go; measured with 20.10.24, 24.0.9,
//!   27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::network::bad_authority;
use crate::docker::settings::texts;
use crate::rules::prelude::*;
use crate::text::excerpt;

pub(crate) const RULE: Rule = Rule {
    id: "host-address-invalid",
    summary: "An address that Docker cannot listen on",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

const SINCE_23: Releases = Releases::docker("23..");

fn check(cx: &mut FileCx) {
    for (node, host) in texts(cx.root, "hosts") {
        if let Some((words, refused)) = fault(host.trim()) {
            report(cx, node, host, &words, refused);
        }
    }
}

/// What the daemon says, and the releases that say it. The older ones find some of it only when they start to listen.
fn fault(host: &str) -> Option<(String, Releases)> {
    if host.is_empty() {
        return None;
    }
    let (scheme, rest) = host.split_once("://").unwrap_or(("tcp", host));
    match scheme {
        "tcp" => tcp_fault(rest),
        "unix" | "npipe" if rest.contains("://") => Some((format!("invalid {scheme} address: {rest}"), Releases::ANY)),
        "unix" | "npipe" | "fd" => None,
        other => Some((format!("unsupported proto '{other}'"), Releases::ANY)),
    }
}

fn tcp_fault(rest: &str) -> Option<(String, Releases)> {
    if let Some(words) = bad_authority(rest) {
        return Some((words, Releases::ANY));
    }
    let authority = rest.split(['?', '#']).next().unwrap_or_default();
    // 20.10 takes the path along and fails when it listens.
    if authority.contains('/') {
        return Some(("should not contain a path element".to_owned(), Releases::ANY));
    }
    let port =
        authority.rsplit_once(':').map(|(_, port)| port).filter(|port| !port.is_empty() && !port.ends_with(']'))?;
    port.bytes().all(|b| b == b'0').then(|| (format!("invalid port: {port}"), SINCE_23))
}

fn report(cx: &mut FileCx, node: &Node, host: &str, words: &str, refused: Releases) {
    let path = host.starts_with('/');
    let fix = path.then(|| {
        let socket = edit::string(&format!("unix://{host}"));
        Fix::one(Applicability::Unsafe, "Write it as a unix socket", edit::replace(node, socket))
    });
    let help = if path {
        format!("Write `unix://{host}`.")
    } else {
        "Write `unix:///path`, `tcp://address:port` or `fd://`.".to_owned()
    };
    cx.report(node.span, format!("Docker cannot listen on `{}`", excerpt(host)))
        .refused(refused)
        .key("hosts")
        .why(format!("dockerd does not start: `invalid bind address ({host}): {words}`."))
        .help(help)
        .maybe_fix(fix);
}
