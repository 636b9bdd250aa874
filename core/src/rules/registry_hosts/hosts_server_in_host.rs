//! # `hosts-server-in-host`
//!
//! `server` stands below a `[host]` header, where it belongs to that host and means nothing.
//!
//! ## Why
//!
//! In TOML a key belongs to the header above it, whatever its indentation. containerd drops the line without a word,
//! and the host that is tried last is the registry itself rather than the one written: where `server` was to keep
//! nodes from the internet, they go there.
//!
//! ## What to do
//!
//! Move the line above the first header.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! [host."https://mirror.example"]
//!   capabilities = ["pull"]
//! server = "https://mirror.example"
//! ^^^^^^
//! ```
//!
//! ```toml fixed
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! server = "https://mirror.example"
//! [host."https://mirror.example"]
//!   capabilities = ["pull"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:core/remotes/docker/config/hosts.go; measured with the loaders of 1.7.34, 2.0.11 and
//!   2.3.4

use crate::keys::{Binding, Bound};
use crate::registry_hosts;
use crate::registry_hosts::kind::READ;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-server-in-host",
    summary: "`server` below a `[host]` header is dropped",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for bound in cx.bound.iter().filter(|b| is_stray_server(b)) {
        report(cx, bound);
    }
}

/// Whether an entry is a `server` in the table of a host.
pub(super) fn is_stray_server(bound: &Bound) -> bool {
    bound.binding == Binding::Unknown && bound.entry.key == "server" && bound.within.name() == "*"
}

fn report(cx: &mut FileCx, bound: &Bound) {
    let entry = bound.entry;
    let path = cx.path_of(entry);
    let own = cx.root.entry("server");
    let fix = edit::remove(cx.doc(), bound.parent, entry).filter(|_| own.is_none()).map(|gone| {
        let line = format!("server = {}", entry.value.span.of(cx.doc().text));
        Fix::new(
            Applicability::Unsafe,
            "Move the line above the first header",
            vec![edit::first_line(cx.doc(), &line), gone],
        )
    });
    let header = bound.parent.as_map().and_then(|map| map.headers.first().copied());
    let help = match own {
        Some(_) => "Remove it: `server` stands at the top of the file too.",
        None => "Move the line above the first header.",
    };
    let finding = cx.report(entry.key_span, "`server` below a `[host]` header belongs to that host and is dropped");
    finding
        .ignored(READ)
        .key(path)
        .why("containerd knows `server` at the top level alone and drops this one without a word: the host tried last is the registry that the image names.")
        .help(help)
        .maybe_fix(fix);
    if let Some(header) = header {
        finding.label(header, "all lines up to the next header belong to this host");
    }
}
