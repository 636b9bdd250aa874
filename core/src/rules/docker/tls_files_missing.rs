//! # `tls-files-missing`
//!
//! TLS is on, but the certificate or its key is not named.
//!
//! ## Why
//!
//! dockerd does not start: `invalid TLS configuration: could not load X509 key pair (cert: "", key: "")`. dockerd
//! uses the files in `~/.docker` for the flags alone, not for the file. `tlsverify` turns TLS on whatever its value,
//! so `false` stops the daemon too.
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
//! {
//!   "tlsverify": true, "tlscacert": "/etc/docker/ca.pem",
//!   "tlscert": "/etc/docker/cert.pem", "tlskey": "/etc/docker/key.pem"
//! }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/command/daemon.go (`loadDaemonCliConfig`, `newAPIServerTLSConfig`),
//!   daemon/command/options.go; measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::settings::{is_on, nested, text};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "tls-files-missing",
    summary: "TLS without a certificate or its key",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let root = cx.settings();
    let at_top = root.entry("tlsverify");
    let verify = at_top.or_else(|| nested(root, "tlsverify"));
    let tls = root.entry("tls").filter(|_| is_on(root, "tls") == Some(true));
    let Some(entry) = verify.or(tls) else { return };
    let missing = ["tlscert", "tlskey"].into_iter().filter(|name| text(root, name).is_none());
    let missing: Vec<&str> = missing.collect();
    if missing.is_empty() {
        return;
    }
    let are = if missing.len() > 1 { "are" } else { "is" };
    let missing = quoted(missing, " and ");
    let is_off = tls.is_none() && verify.is_some_and(|entry| entry.value.as_bool() != Some(true));
    let (message, help) = if is_off {
        (
            format!("`tlsverify` turns TLS on whatever its value, but {missing} {are} missing"),
            "Remove `tlsverify`.".to_owned(),
        )
    } else {
        (format!("TLS is on, but {missing} {are} missing"), format!("Set {missing}."))
    };
    let edit = at_top.filter(|_| is_off).and_then(|entry| edit::remove(cx.doc(), root, entry));
    cx.report(entry.key_span, message)
        .refused(Releases::ANY)
        .key(entry.key.as_ref())
        .why(WHY)
        .help(help)
        .maybe_fix(edit.map(|edit| Fix::one(Applicability::Safe, "Remove `tlsverify`", edit)));
}

const WHY: &str = "dockerd does not start: `invalid TLS configuration: could not load X509 key pair`. dockerd uses \
                   the files in `~/.docker` for the flags alone.";
