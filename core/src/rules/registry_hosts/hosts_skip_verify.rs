//! # `hosts-skip-verify`
//!
//! `skip_verify = true`: the certificate of the registry is not checked.
//!
//! ## Why
//!
//! A machine between the node and the registry can hand out any image under any tag. For a registry of the public
//! internet there is no reason for it: any system trusts its certificate, and where it does not, a proxy stands in
//! between. For a registry of your own there is a better way.
//!
//! ## What to do
//!
//! Name the certificate of the authority: `ca = "ca.crt"`, next to the `hosts.toml`.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/quay.io/hosts.toml
//! server = "https://quay.io"
//! skip_verify = true
//!               ^^^^
//! ```
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! [host."https://registry.example"]
//!   skip_verify = true
//!                 ^^^^
//! ```
//!
//! ```toml good
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! [host."https://registry.example"]
//!   ca = "ca.crt"
//! [host."https://127.0.0.1:5000"]
//!   skip_verify = true
//! ```
//!
//! ## References
//!
//! - containerd/containerd#12273, containerd/containerd#11647
//! - containerd/containerd@v2.3.4:docs/hosts.md

use crate::registry_hosts;
use crate::registry_hosts::eras::READS_HOSTS_FILES;
use crate::registry_hosts::kind::{namespace, registry_hosts};
use crate::registry_hosts::url::{Url, is_public};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-skip-verify",
    summary: "Certificate of a registry that is not checked",
    category: Category::Security,
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let all = registry_hosts(cx.root);
    for host in &all {
        let Ok(url) = Url::parse(host.url) else { continue };
        // Without TLS there is no certificate; on the node itself there is no machine in between.
        if !url.is_http() && !is_local(url.name()) {
            report(cx, host.table, url.name());
        }
    }
    // Without `server`, the settings at the top are for the registry in the names of images.
    if !all.iter().any(|host| host.is_server)
        && let Some(namespace) = namespace(cx.file.path)
    {
        let name = match namespace.split(':').next().unwrap_or_default() {
            "_default" => "every registry",
            name => name,
        };
        if !is_local(name) {
            report(cx, cx.root, name);
        }
    }
}

fn is_local(host: &str) -> bool {
    host == "localhost" || host == "[::1]" || host.starts_with("127.")
}

fn report(cx: &mut FileCx, table: &Node, host: &str) {
    let Some(entry) = table.entry("skip_verify").filter(|entry| entry.value.as_bool() == Some(true)) else { return };
    let finding = cx.report_value(entry, format!("the certificate of {host} is not checked"));
    finding.why("A machine between the node and the registry can hand out any image under any tag.");
    if is_public(host) {
        finding.harmful(READS_HOSTS_FILES).help(
            "Remove it: any system trusts this registry's certificate. Behind a proxy that opens TLS, name its \
             authority with `ca`.",
        );
    } else {
        finding.advice(READS_HOSTS_FILES).help(
            "Put the certificate of the registry's authority next to the hosts.toml, and write `ca = \"ca.crt\"`.",
        );
    }
}
