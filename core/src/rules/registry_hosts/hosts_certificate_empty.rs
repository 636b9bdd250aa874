//! # `hosts-certificate-empty`
//!
//! An empty file name for `ca` or `client`.
//!
//! ## Why
//!
//! A name is taken relative to the folder of the file, and an empty one is the folder itself: containerd fails every
//! pull from the registry with `unable to read CA cert ...: is a directory`. The same holds for the empty half of a
//! `client` pair, although upstream's documentation has such an example.
//!
//! ## What to do
//!
//! Remove the line, or name the file.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! [host."https://registry.example"]
//!   ca = ""
//!        ^^
//! ```
//!
//! ```toml fixed
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! [host."https://registry.example"]
//! ```
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! [host."https://registry.example"]
//!   client = [["both.pem", ""]]
//!                          ^^
//! ```
//!
//! ```toml good
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! [host."https://registry.example"]
//!   ca = []
//!   client = [["both.pem", "both.pem"]]
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:core/remotes/docker/config/hosts.go (`makeAbsPath`, `tlsConfigFromHost`)

use crate::keys::{Bound, KeySpec};
use crate::registry_hosts;
use crate::registry_hosts::kind::READ;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-certificate-empty",
    summary: "An empty file name for a certificate: pulls fail",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        let Some(key) = bound.key().filter(|key| matches!(key.leaf(), "ca" | "client")) else { continue };
        let value = &bound.entry.value;
        let own = std::iter::once(value).chain(value.items());
        if let Some(empty) = own.into_iter().find(|node| is_empty(node)) {
            let whole = std::ptr::eq(empty, value);
            let fix = edit::remove(cx.doc(), bound.parent, bound.entry)
                .filter(|_| whole)
                .map(|edit| Fix::one(Applicability::Unsafe, format!("Remove `{}`", bound.entry.key), edit));
            report(cx, bound, key, empty, "Remove it, or name the file.", fix);
        }
        for pair in value.items() {
            let [certificate, private] = pair.items() else { continue };
            if is_empty(private) && !is_empty(certificate) {
                let name = certificate.span.of(cx.doc().text);
                let fix = Fix::edit(Applicability::Unsafe, format!("Write {name} twice"), private.span, name);
                report(cx, bound, key, private, "Name a file that holds both twice.", Some(fix));
            }
        }
    }
}

fn is_empty(node: &Node) -> bool {
    node.as_str() == Some("")
}

fn report(cx: &mut FileCx, bound: &Bound, key: &KeySpec, empty: &Node, help: &str, fix: Option<Fix>) {
    let path = cx.path_of(bound.entry);
    let words = if key.leaf() == "ca" { "unable to read CA cert" } else { "unable to read CERT file" };
    cx.report(empty.span, format!("an empty file name for `{}` fails every pull", bound.entry.key))
        .harmful(READ)
        .key(path)
        .why(format!("An empty name is the folder of the hosts.toml itself: containerd fails every pull from this registry with `{words} ...: is a directory`."))
        .help(help)
        .maybe_fix(fix);
}
