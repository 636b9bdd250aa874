//! # `hosts-top-settings-not-inherited`
//!
//! `ca`, `client` or `skip_verify` at the top of the file, and mirrors below that have none of them.
//!
//! ## Why
//!
//! Settings at the top are for `server` alone, or for the registry itself where no `server` is written. Mirrors do
//! not inherit them: one whose certificate needs that `ca` is left with `x509: certificate signed by unknown
//! authority`, and containerd goes on to the next host.
//!
//! ## What to do
//!
//! Repeat them below each mirror that needs them.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! server = "https://registry.example"
//! ca = "ca.crt"
//! ^^
//! [host."https://mirror.example"]
//!   capabilities = ["pull", "resolve"]
//! ```
//!
//! ```toml good
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! server = "https://registry.example"
//! ca = "ca.crt"
//! [host."https://mirror.example"]
//!   ca = "ca.crt"
//! [host."http://127.0.0.1:5000"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd#7118, containerd/containerd#13212
//! - containerd/containerd@v2.3.4:core/remotes/docker/config/hosts.go (`parseHostsFile`)

use crate::registry_hosts;
use crate::registry_hosts::eras::READS_HOSTS_FILES;
use crate::registry_hosts::kind::{RegistryHost, registry_hosts};
use crate::registry_hosts::url::Url;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-top-settings-not-inherited",
    summary: "TLS settings at the top of a `hosts.toml`, which mirrors do not inherit",
    category: Category::Suspicious,
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let Some(setting) = tls_setting(cx.root) else { return };
    let is_tls = |host: &RegistryHost| !host.is_server && Url::parse(host.url).is_ok_and(|url| !url.is_http());
    let mirrors: Vec<_> = registry_hosts(cx.root).into_iter().filter(is_tls).collect();
    // A mirror with settings of its own shows that the author expects no inheritance.
    if mirrors.iter().any(|host| tls_setting(host.table).is_some()) {
        return;
    }
    let Some(first) = mirrors.first() else { return };
    let message = format!("`{}` at the top is for the upstream alone, not for the mirrors", setting.key);
    cx.report_key(setting, message)
        .advice(READS_HOSTS_FILES)
        .label(first.span, "is asked without it")
        .why(
            "Mirrors do not inherit the settings at the top: one whose certificate needs them fails with an x509 \
             error, and containerd goes on to the next host.",
        )
        .help("Repeat it below each mirror that needs it.");
}

fn tls_setting<'t, 'a>(table: &'t Node<'a>) -> Option<&'t Entry<'a>> {
    ["ca", "client", "skip_verify"].iter().find_map(|key| table.entry(key))
}
