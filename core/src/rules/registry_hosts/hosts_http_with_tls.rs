//! # `hosts-http-with-tls`
//!
//! `skip_verify`, `ca` or `client` on a registry host that is asked by plain `http://`.
//!
//! ## Why
//!
//! These settings are for TLS. A host with any of them and another port than 80 is tried by https first, and by http
//! when that fails: containerd logs `host will try HTTPS first since it is configured for HTTP with a TLS
//! configuration`. On port 80, and in 1.5, they do nothing.
//!
//! ## What to do
//!
//! Remove them, or write `https://`.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/registry.example_5000_/hosts.toml
//! server = "http://registry.example:5000"
//! [host."http://registry.example:5000"]
//!   capabilities = ["pull", "resolve"]
//!   skip_verify = true
//!   ^^^^^^^^^^^
//! ```
//!
//! ```toml fixed
//! --- /etc/containerd/certs.d/registry.example_5000_/hosts.toml
//! server = "http://registry.example:5000"
//! [host."http://registry.example:5000"]
//!   capabilities = ["pull", "resolve"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:core/remotes/docker/config/hosts.go (`ConfigureHosts`); measured with the loaders of
//!   1.7.34, 2.0.11 and 2.3.4

use crate::registry_hosts;
use crate::registry_hosts::eras::READS_HOSTS_FILES;
use crate::registry_hosts::kind::registry_hosts;
use crate::registry_hosts::url::Url;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-http-with-tls",
    summary: "TLS settings on a registry host that is asked by plain http",
    category: Category::Suspicious,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for host in registry_hosts(cx.root) {
        let Ok(url) = Url::parse(host.url) else { continue };
        let settings = ["skip_verify", "ca", "client"].iter().filter_map(|key| host.table.entry(key));
        let settings: Vec<&Entry> = settings.collect();
        let [first, others @ ..] = settings.as_slice() else { continue };
        if !url.is_http() {
            continue;
        }
        let edit = edit::remove(cx.doc(), host.table, first).filter(|_| others.is_empty());
        let fix = edit.map(|edit| Fix::one(Applicability::Unsafe, format!("Remove `{}`", first.key), edit));
        let keys: Vec<String> = settings.iter().map(|entry| cx.path_of(entry)).collect();
        let message = format!("`{}` is for TLS, but `{}` is plain http", first.key, host.url);
        let finding = cx.report(first.key_span, message);
        finding
            .advice(READS_HOSTS_FILES)
            .why(if url.port() == Some("80") { IGNORED_ON_PORT_80 } else { HTTPS_FIRST })
            .help("Remove it, or write the URL with https:// if the registry supports TLS.")
            .maybe_fix(fix);
        finding.keys = keys;
        for other in others {
            finding.label(other.key_span, "for TLS too");
        }
    }
}

const IGNORED_ON_PORT_80: &str =
    "These settings are for TLS, and port 80 is asked by plain http alone: they have no effect.";
const HTTPS_FIRST: &str = "Because of it containerd tries the host by https first, with a line in its log \
                           (`host will try HTTPS first since it is configured for HTTP with a TLS configuration`), and \
                           by http when that fails.";
