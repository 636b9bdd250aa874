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
//! - containerd/containerd@v2.3.4:core/remotes/docker/config/hosts.go (`makeAbsPath`, `updateTLSConfigFromHost`)

use crate::registry_hosts;
use crate::registry_hosts::eras::READS_HOSTS_FILES;
use crate::registry_hosts::kind::registry_name;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-certificate-empty",
    summary: "Empty file name for a certificate",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        let Some(key) = bound.key().filter(|key| matches!(key.leaf(), "ca" | "client")) else { continue };
        let value = &bound.entry.value;
        if is_empty(value) {
            let fix = edit::remove(cx.doc(), bound.parent, bound.entry)
                .map(|edit| Fix::one(Applicability::Unsafe, format!("Remove `{}`", bound.entry.key), edit));
            report(cx, bound.entry, key.leaf(), value, "Name the file, or leave the key out.", fix);
        } else if let Some(empty) = value.items().iter().find(|item| is_empty(item)) {
            report(cx, bound.entry, key.leaf(), empty, "Remove it, or name the file.", None);
        }
        for pair in value.items() {
            let [certificate, private] = pair.items() else { continue };
            if is_empty(private) && !is_empty(certificate) {
                let name = certificate.span.of(cx.doc().text);
                let fix = Fix::edit(Applicability::Unsafe, format!("Write {name} twice"), private.span, name);
                report(cx, bound.entry, key.leaf(), private, "Name a file that holds both twice.", Some(fix));
            }
        }
    }
}

fn is_empty(node: &Node) -> bool {
    node.as_str() == Some("")
}

fn report(cx: &mut FileCx, entry: &Entry, key: &str, empty: &Node, help: &str, fix: Option<Fix>) {
    let path = cx.path_of(entry);
    let registry = registry_name(cx.file.path);
    let words = if key == "ca" { "unable to read CA cert" } else { "unable to read CERT file" };
    cx.report(empty.span, format!("an empty file name for `{}` fails every pull", entry.key))
        .harmful(READS_HOSTS_FILES)
        .breaks(BreakScope::RegistryHost, registry)
        .key(path)
        .why(format!(
            "An empty name is the folder of the hosts.toml itself: containerd fails every pull from this registry with \
             `{words} ...: is a directory`."
        ))
        .help(help)
        .maybe_fix(fix);
}
