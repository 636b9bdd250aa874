//! # `registries-client-incomplete`
//!
//! A client certificate in `registries.yaml` without its key, or the key without the certificate.
//!
//! ## Why
//!
//! k3s writes both names into one pair, one of them empty. containerd cannot read the empty one, and each pull from the
//! registry fails.
//!
//! ## What to do
//!
//! Name both files, or remove the one.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- /etc/rancher/k3s/registries.yaml
//! configs:
//!   registry.example:
//!     tls:
//!       cert_file: /etc/ssl/client.pem
//!       ^^^^^^^^^
//! ```
//!
//! ```yaml good
//! --- /etc/rancher/k3s/registries.yaml
//! configs:
//!   registry.example:
//!     tls:
//!       ca_file: /etc/ssl/ca.pem
//!       cert_file: /etc/ssl/client.pem
//!       key_file: /etc/ssl/client.key
//! ```
//!
//! ## References
//!
//! - k3s-io/k3s@053afed:pkg/agent/templates/templates.go; rancher/wharfie@bb7080c:pkg/registries/registries.go

use crate::distributions::registries::{self, configs};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "registries-client-incomplete",
    summary: "Client certificate or key in `registries.yaml` without the other",
    run: Run::File(&[&registries::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for config in configs(cx.root) {
        let Some(tls) = config.value.get("tls") else { continue };
        let named =
            |key: &str| tls.entry(key).filter(|entry| entry.value.as_str().is_some_and(|name| !name.is_empty()));
        let (only, other) = match (named("cert_file"), named("key_file")) {
            (Some(cert), None) => (cert, "key_file"),
            (None, Some(key)) => (key, "cert_file"),
            _ => continue,
        };
        cx.report_key(only, format!("`{}` without `{other}`", only.key))
            .harmful(Releases::ANY)
            .breaks(BreakScope::RegistryHost, config.key.as_ref())
            .why("k3s writes an empty name for the other one, which containerd cannot read: pulls from it fail.")
            .help(format!("Add `{other}`."));
    }
}
