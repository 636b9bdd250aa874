//! # `hosts-url-without-scheme`
//!
//! A registry host without `https://` or `http://`.
//!
//! ## Why
//!
//! containerd takes it for https, whatever the port. A registry that speaks plain http then answers `http: server
//! gave HTTP response to HTTPS client`, which `skip_verify` does not cure: it only leaves out the check of the
//! certificate.
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
use crate::registry_hosts::kind::{READ, registry_hosts};
use crate::registry_hosts::settings::{key_of, write_url};
use crate::registry_hosts::url::{Url, is_placeholder};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-url-without-scheme",
    summary: "A registry host without `https://` or `http://` is asked by https",
    category: Category::Suspicious,
    fix: Some(Applicability::Safe),
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for host in registry_hosts(cx.root) {
        let bare = Url::parse(host.url).is_ok_and(|url| url.scheme.is_none());
        // Where an unquoted name fell apart at its dots, another rule says so.
        let apart = cx.bound.iter().any(|b| std::ptr::eq(b.parent, host.table) && b.key().is_none());
        if !bare || is_placeholder(host.url) || (!host.is_server && apart) {
            continue;
        }
        let with_scheme = format!("https://{}", host.url);
        let fix = write_url(&host, &with_scheme)
            .map(|edits| Fix::new(Applicability::Safe, format!("Write {with_scheme}"), edits).keeping_meaning());
        cx.report(host.span, format!("`{}` is asked by https", host.url))
            .advice(READ)
            .key(key_of(&host))
            .why("Without a scheme containerd takes https. A registry that speaks plain http then answers `http: server gave HTTP response to HTTPS client`, with or without `skip_verify`.")
            .help(format!("Write `{with_scheme}`, or http:// for a registry without TLS."))
            .maybe_fix(fix);
    }
}
