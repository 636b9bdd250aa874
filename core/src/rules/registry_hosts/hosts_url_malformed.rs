//! # `hosts-url-malformed`
//!
//! The URL of a registry host that containerd cannot read, or that has no host.
//!
//! ## Why
//!
//! A URL that Go does not parse (a blank, a port that is not a number) costs the whole file: containerd discards it
//! at each pull. A URL that parses and has no host costs this host alone, and no image comes from it:
//! `https:/mirror.example` has a path and no host, `docker://` and `HTTPS://` are not schemes to containerd, which then
//! puts `https://` before the whole text. A host such as `*` is asked under that very name, which no name server has.
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
//! ```toml bad
//! --- /etc/containerd/certs.d/_default/hosts.toml
//! server = "*"
//!          ^^^
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
use crate::registry_hosts::eras::READS_HOSTS_FILES;
use crate::registry_hosts::kind::{RegistryHost, registry_hosts};
use crate::registry_hosts::settings::{discards_file, key_of, write_url};
use crate::registry_hosts::url::{Url, UrlFault, is_placeholder};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-url-malformed",
    summary: "URL of a registry host that containerd cannot use",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for host in registry_hosts(cx.root) {
        // `host."" = ...` is the upstream by another name; a placeholder is not a URL yet.
        if host.url.is_empty() || is_placeholder(host.url) {
            continue;
        }
        if let Err(fault) = Url::parse(host.url) {
            report(cx, &host, &fault);
        }
    }
}

/// The URL that was probably meant.
fn corrected(url: &str) -> Option<String> {
    let url = url.trim();
    let lower = url.to_ascii_lowercase();
    let scheme = if lower.starts_with("https") { "https" } else { "http" };
    let rest = url.get(scheme.len()..)?;
    match lower.get(..scheme.len()) {
        Some(start) if start == scheme && rest.starts_with([':', '/']) => {
            Some(format!("{scheme}://{}", rest.trim_start_matches([':', '/'])))
        }
        _ if !url.contains("://") => Some(format!("https://{url}")),
        _ => None,
    }
}

fn report(cx: &mut FileCx, host: &RegistryHost, fault: &UrlFault) {
    let url = host.url;
    let fix = corrected(url).filter(|url| Url::parse(url).is_ok()).and_then(|url| {
        let edits = write_url(host, &url)?;
        Some(Fix::new(Applicability::Unsafe, format!("Write {url}"), edits))
    });
    let (message, why) = match fault {
        UrlFault::Unparsable(words) => {
            (format!("`{url}` is not a URL: {words}"), discards_file(&format!("unable to parse server {url}")))
        }
        UrlFault::NoHost => (format!("`{url}` has no host"), is_never_asked(host).to_owned()),
        UrlFault::Doubled => (format!("`{url}` is two URLs in one"), is_never_asked(host).to_owned()),
        UrlFault::NotAName => (format!("`{url}` does not name a host"), is_never_asked(host).to_owned()),
        UrlFault::Scheme => (
            format!("`{url}` has a scheme that containerd does not have"),
            format!("containerd asks by https and http alone, written in small letters. {}", is_never_asked(host)),
        ),
    };
    let help = match fault {
        UrlFault::NotAName if host.is_server => {
            "Write one registry, or leave `server` out: containerd then asks the registry in the name of the image."
        }
        UrlFault::NotAName => "Write one host: a host is not a pattern, and there is one table for each.",
        UrlFault::Doubled => "Write one URL: https:// or http://, the host, and its port.",
        _ => "Write https:// or http://, the host, and its port.",
    };
    let finding = cx.report(host.span, message);
    finding.ignored(READS_HOSTS_FILES);
    if !matches!(fault, UrlFault::Unparsable(_)) {
        finding.breaks(BreakScope::RegistryHost, url);
    }
    finding.key(key_of(host)).why(why).help(help).maybe_fix(fix);
}

fn is_never_asked(host: &RegistryHost) -> &'static str {
    match host.is_server {
        true => "It does not reach the host meant, and logs nothing until no mirror answers.",
        false => "Every request to this mirror fails, and containerd silently goes on to the next host.",
    }
}
