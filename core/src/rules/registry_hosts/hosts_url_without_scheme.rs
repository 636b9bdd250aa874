//! # `hosts-url-without-scheme`
//!
//! A registry host without `https://` or `http://`.
//!
//! ## Why
//!
//! containerd takes it for https, whatever the port. A registry with plain http then answers `http: server gave HTTP
//! response to HTTPS client`, with `skip_verify` too: it only leaves out the check of the certificate.
//!
//! ## What to do
//!
//! Write the scheme.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/registry.example_5000_/hosts.toml
//! [host."registry.example:5000"]
//!       ^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml fixed
//! --- /etc/containerd/certs.d/registry.example_5000_/hosts.toml
//! [host."https://registry.example:5000"]
//! ```
//!
//! Where the file has the same host by plain http, https is not what is meant:
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/registry.example_5000_/hosts.toml
//! server = "registry.example:5000"
//!          ^^^^^^^^^^^^^^^^^^^^^^^
//! [host."http://registry.example:5000"]
//! ```
//!
//! ```toml good
//! --- /etc/containerd/certs.d/registry.example_5000_/hosts.toml
//! [host."http://registry.example:5000"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd#11647, containerd/containerd#12668, containerd/containerd#4826
//! - containerd/containerd@v2.3.4:core/remotes/docker/config/hosts.go (`parseHostConfig`)

use crate::registry_hosts;
use crate::registry_hosts::eras::READS_HOSTS_FILES;
use crate::registry_hosts::kind::{RegistryHost, registry_hosts};
use crate::registry_hosts::settings::{key_of, write_url};
use crate::registry_hosts::url::{Url, is_placeholder};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-url-without-scheme",
    summary: "Registry host without `https://` or `http://`",
    category: Category::Suspicious,
    fix: Some(Applicability::Safe),
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let hosts = registry_hosts(cx.root);
    for host in &hosts {
        let has_no_scheme = Url::parse(host.url).is_ok_and(|url| url.scheme.is_none());
        if !has_no_scheme || is_placeholder(host.url) || is_part_of_url(cx, host) {
            continue;
        }
        let name = host.url;
        let is_http = hosts.iter().any(|other| is_same_by_http(other.url, host.url));
        let (help, fix) = if is_http {
            (format!("Write http://{name}, as in the table of the same host beside it."), None)
        } else {
            let new = format!("https://{name}");
            let fix = write_url(host, &new)
                .map(|edits| Fix::new(Applicability::Safe, format!("Write {new}"), edits).keeping_meaning());
            ("For a registry without TLS write http://.".to_owned(), fix)
        };
        cx.report(host.span, format!("`{name}` is asked by https"))
            .advice(READS_HOSTS_FILES)
            .key(key_of(host))
            .why(
                "Without a scheme containerd takes https. A registry with plain http then answers `http: server gave \
                 HTTP response to HTTPS client`, with or without `skip_verify`.",
            )
            .help(help)
            .maybe_fix(fix);
    }
}

/// Whether a URL is plain http to a host that another one has without a scheme.
fn is_same_by_http(url: &str, plain: &str) -> bool {
    let host = |url| Url::parse(url).ok();
    host(url).zip(host(plain)).is_some_and(|(url, plain)| url.is_http() && url.host == plain.host)
}

/// Whether the host is the first part of a URL without quotes, which `hosts-unknown-key` reports.
fn is_part_of_url(cx: &FileCx, host: &RegistryHost) -> bool {
    let is_unknown = || cx.bound.iter().any(|b| std::ptr::eq(b.parent, host.table) && b.key().is_none());
    !host.is_server && is_unknown()
}
