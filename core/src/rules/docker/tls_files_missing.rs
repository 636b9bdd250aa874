//! # `tls-files-missing`
//!
//! TLS is on, and the certificate or its key is not named.
//!
//! ## Why
//!
//! dockerd does not start: `invalid TLS configuration: could not load X509 key pair (cert: "", key: "")`. The usual places below
//! `~/.docker` count for the flags alone, not for the file. `tlsverify` turns TLS on whatever its value, so `false` stops the daemon
//! too.
//!
//! ## What to do
//!
//! Name both files with `tlscert` and `tlskey`, or remove `tls` and `tlsverify`.
//!
//! ## Examples
//!
//! ```json bad
//! { "tls": true }
//!   ^^^^^
//! ```
//!
//! ```json bad
//! { "debug": true, "tlsverify": false }
//!                  ^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "debug": true }
//! ```
//!
//! ```json bad
//! { "tlsverify": true, "tlscacert": "/etc/docker/ca.pem", "tlscert": "/etc/docker/cert.pem" }
//!   ^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "tlsverify": true, "tlscacert": "/etc/docker/ca.pem", "tlscert": "/etc/docker/cert.pem", "tlskey": "/etc/docker/key.pem" }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/command/daemon.go (`loadDaemonCliConfig`, `newAPIServerTLSConfig`), daemon/command/options.go;
//!   measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::settings::{anywhere, switch, text};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "tls-files-missing",
    summary: "TLS without a certificate or its key",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let root = cx.root;
    let verify = anywhere(root, "tlsverify");
    let tls = switch(root, "tls").filter(|(_, on)| *on).map(|(entry, _)| entry);
    let Some(entry) = verify.or(tls) else { return };
    let missing: Vec<&str> = ["tlscert", "tlskey"].into_iter().filter(|name| text(root, name).is_none()).collect();
    if missing.is_empty() {
        return;
    }
    let named: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
    let off = verify.is_some_and(|e| e.value.as_bool() != Some(true)) && tls.is_none();
    let is = if missing.len() > 1 { "are" } else { "is" };
    let message = if off {
        format!("`tlsverify` turns TLS on whatever its value, and {} {is} missing", named.join(" and "))
    } else {
        format!("TLS is on, and {} {is} missing", named.join(" and "))
    };
    let top = off && root.entry("tlsverify").is_some();
    let remove = if top { edit::remove(cx.doc(), root, entry) } else { None };
    let help = if off { "Remove `tlsverify`.".to_owned() } else { format!("Set {}.", named.join(" and ")) };
    cx.report(entry.key_span, message)
        .refused(Releases::ANY)
        .key(entry.key.as_ref())
        .why("dockerd does not start: `invalid TLS configuration: could not load X509 key pair`. The files in `~/.docker` count for the flags alone.")
        .help(help)
        .maybe_fix(remove.map(|edit| Fix::one(Applicability::Safe, "Remove `tlsverify`", edit)));
}
