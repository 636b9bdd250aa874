//! # `hosts-client-not-paired`
//!
//! `client` lists a certificate and a key side by side, where each item is a file that holds both.
//!
//! ## Why
//!
//! In `client = ["client.cert", "client.key"]` containerd looks for certificate and key in the first file, finds no
//! key and fails the pull: `failed to load X509 key pair`. The file is read, so no other host is asked.
//!
//! ## What to do
//!
//! Put the two in brackets of their own: a list of pairs.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! [host."https://registry.example"]
//!   client = ["client.cert", "client.key"]
//!            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml fixed
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! [host."https://registry.example"]
//!   client = [["client.cert", "client.key"]]
//! ```
//!
//! ```toml good
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! [host."https://registry.example"]
//!   client = ["old.pem", "new.pem"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:core/remotes/docker/config/hosts.go (`parseHostConfig`, `tlsConfigFromHost`)

use crate::registry_hosts;
use crate::registry_hosts::kind::READ;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-client-not-paired",
    summary: "Certificate and key in `client` that are not written as a pair",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let clients = cx.bound.iter().filter(|b| b.key().is_some_and(|key| key.leaf() == "client"));
    for entry in clients.map(|b| b.entry) {
        let node = &entry.value;
        let files: Vec<&str> = node.items().iter().filter_map(Node::as_str).collect();
        let [certificate, key] = files.as_slice() else { continue };
        if node.items().len() != 2 || is_key(certificate) || !is_key(key) {
            continue;
        }
        let path = cx.path_of(entry);
        let pair = format!("[{}]", node.span.of(cx.doc().text));
        cx.report(node.span, format!("{certificate} and {key} are not written as a pair"))
            .harmful(READ)
            .key(path)
            .why("In a plain list each file holds certificate and key. containerd finds no key in the first one and fails every pull from this registry: `failed to load X509 key pair`.")
            .help(format!("Write `client = {pair}`."))
            .fix(Fix::edit(Applicability::Unsafe, "Make them a pair", node.span, pair));
    }
}

/// Whether a file's name says that it holds a key alone.
fn is_key(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file).to_ascii_lowercase();
    name.ends_with(".key") || name.ends_with("-key.pem") || name.ends_with("_key.pem") || name == "key.pem"
}
