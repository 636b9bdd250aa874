//! # `host-address-invalid`
//!
//! An item of `hosts` that dockerd cannot listen on.
//!
//! ## Why
//!
//! dockerd does not start: `invalid bind address (http://...): unsupported proto 'http'`. It listens on `unix://`,
//! `tcp://` and `fd://`; dockerd reads an address without a scheme as TCP, and an address for TCP has no path.
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
//! ```json bad
//! { "hosts": ["fd://", "tcp://127.0.0.1:65536"], "tls": false }
//!                      ^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "hosts": ["fd://", "unix:///var/run/docker.sock", ""] }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/pkg/opts/hosts.go, moby/moby@v20.10.27:opts/hosts.go; measured with 20.10.24,
//!   24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::network::bad_authority;
use crate::docker::refusals::refusal;
use crate::docker::settings::texts;
use crate::go::address::is_host;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "host-address-invalid",
    summary: "Address that Docker cannot listen on",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

const REFUSES_PORT_ZERO: Releases = Releases::docker("23..");

fn check(cx: &mut FileCx) {
    for host in texts(cx.settings(), "hosts") {
        if let Some((log, refused)) = fault(host.text.trim()) {
            report(cx, &host, &log, refused);
        }
    }
}

/// What the daemon prints, and the releases that do. The older ones find some of it only when they start to listen.
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
    if let Some(reason) = bad_authority(rest) {
        return Some((reason, Releases::ANY));
    }
    let authority = rest.split(['?', '#']).next().unwrap_or_default();
    // 20.10 takes the path along and fails when it listens.
    if authority.contains('/') {
        return Some(("should not contain a path element".to_owned(), Releases::ANY));
    }
    let (host, port) = authority.rsplit('@').next().and_then(|host| host.rsplit_once(':'))?;
    let address = host.strip_prefix('[').map_or(Some(host), |host| host.strip_suffix(']'))?;
    match port.parse::<u64>() {
        _ if port.is_empty() => None,
        Ok(0) => Some((format!("invalid port: {port}"), REFUSES_PORT_ZERO)),
        Ok(1..=65535) => {
            let is_unknown = !address.is_empty() && !address.contains('%') && !is_host(address);
            is_unknown.then(|| (format!("failed to lookup {address} address in host specification"), Releases::ANY))
        }
        _ => Some((format!("listen tcp: address {port}: invalid port"), Releases::ANY)),
    }
}

fn report(cx: &mut FileCx, host: &WrittenSetting, log: &str, refused: Releases) {
    let text = host.text.as_ref();
    let socket = format!("unix://{text}");
    let is_path = text.starts_with('/');
    let edit = host.node.filter(|_| is_path).map(|node| edit::replace(node, edit::string(&socket)));
    let help = match is_path {
        true => format!("Write `{socket}`."),
        false => "Write `unix:///path`, `tcp://address:port` or `fd://`.".to_owned(),
    };
    cx.report_setting(host, format!("Docker cannot listen on `{}`", excerpt(text)))
        .refused(refused)
        .why(refusal(&format!("invalid bind address ({text}): {log}")))
        .help(help)
        .maybe_fix(edit.map(|edit| Fix::one(Applicability::Unsafe, "Write it as a unix socket", edit)));
}
