//! # `hosts-url-malformed`
//!
//! The URL of a registry host that containerd cannot read, or that names no host.
//!
//! ## Why
//!
//! Two things happen. A URL that Go does not parse (a blank, a port that is no number) costs the whole file:
//! containerd throws it away at each pull. A URL that parses and names no host costs this host alone:
//! `https:/mirror.example` has a path and no host, `docker://` and `HTTPS://` are no schemes to containerd, which
//! then puts `https://` before it all.
//!
//! ## What to do
//!
//! Write `https://` or `http://`, the host, and its port where it is not the usual one.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! [host."https:/mirror.example"]
//!       ^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml fixed
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! [host."https://mirror.example"]
//! ```
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! server = "https://registry.example:port"
//!          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! [host."https://mirror.example"]
//! ```
//!
//! ```toml good
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! server = "https://registry.example"
//! [host."http://[2001:db8::1]:5000"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:core/remotes/docker/config/hosts.go (`parseHostConfig`); Go's net/url

use crate::registry_hosts;
use crate::registry_hosts::kind::{READ, RegistryHost, registry_hosts};
use crate::registry_hosts::settings::{key_of, thrown_away, write_url};
use crate::registry_hosts::url::Fault;
use crate::registry_hosts::url::{Url, is_placeholder};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-url-malformed",
    summary: "A URL of a registry host that containerd cannot use",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for host in registry_hosts(cx.root) {
        // `host."" = ...` is the upstream by another name; what is to be filled in is no URL yet.
        if host.url.is_empty() || is_placeholder(host.url) {
            continue;
        }
        if let Err(fault) = Url::parse(host.url) {
            report(cx, &host, &fault);
        }
    }
}

fn report(cx: &mut FileCx, host: &RegistryHost, fault: &Fault) {
    let url = host.url;
    let (message, why) = match fault {
        Fault::Unparsable(words) => {
            (format!("`{url}` is no URL: {words}"), thrown_away(&format!("unable to parse server {url}")))
        }
        Fault::NoHost => (format!("`{url}` names no host"), unused(host)),
        Fault::Scheme => (
            format!("`{url}` has a scheme that containerd does not know"),
            format!("containerd asks by https and http alone, written in small letters. {}", unused(host)),
        ),
    };
    let mended = mended(url).filter(|url| Url::parse(url).is_ok());
    let help = match &mended {
        Some(url) => format!("Write `{url}`."),
        None => "Write https:// or http://, the host, and its port.".to_owned(),
    };
    let fix = mended.and_then(|url| {
        let edits = write_url(host, &url)?;
        Some(Fix::new(Applicability::Unsafe, format!("Write {url}"), edits))
    });
    cx.report(host.span, message).ignored(READ).key(key_of(host)).why(why).help(help).maybe_fix(fix);
}

fn unused(host: &RegistryHost) -> String {
    if host.is_server {
        "It does not reach the host meant, and says nothing until no mirror answers.".to_owned()
    } else {
        "Every request to this mirror fails, and containerd goes on to the next host without telling.".to_owned()
    }
}

/// The URL that was probably meant.
fn mended(url: &str) -> Option<String> {
    let url = url.trim();
    let lower = url.to_ascii_lowercase();
    let scheme = if lower.starts_with("https") { "https" } else { "http" };
    let rest = url.get(scheme.len()..)?;
    match lower.get(..scheme.len()) {
        Some(start) if start == scheme && rest.starts_with([':', '/']) => {
            let host = rest.trim_start_matches([':', '/']);
            Some(format!("{scheme}://{host}"))
        }
        _ if !url.contains("://") => Some(format!("https://{url}")),
        _ => None,
    }
}
