//! # `hosts-server-in-host`
//!
//! `server` stands below a `[host]` header, where it belongs to that host and has no effect.
//!
//! ## Why
//!
//! In TOML a key belongs to the header above it, whatever its indentation. containerd silently drops the line, and
//! the host that is tried last is the registry itself rather than the one written: where `server` was to keep nodes
//! from the internet, they go there.
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

use crate::keys::Bound;
use crate::registry_hosts;
use crate::registry_hosts::eras::READS_HOSTS_FILES;
use crate::registry_hosts::settings::is_stray_server;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-server-in-host",
    summary: "`server` below a `[host]` header",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for bound in cx.bound.iter().filter(|bound| is_stray_server(bound)) {
        report(cx, bound);
    }
}

fn move_up(cx: &FileCx, bound: &Bound) -> Option<Fix> {
    let removal = edit::remove(cx.doc(), bound.parent, bound.entry)?;
    let line = format!("server = {}", bound.entry.value.span.of(cx.doc().text));
    let edits = vec![edit::first_line(cx.doc(), &line), removal];
    Some(Fix::new(Applicability::Unsafe, "Move the line above the first header", edits))
}

fn report(cx: &mut FileCx, bound: &Bound) {
    let has_server = cx.root.entry("server").is_some();
    let fix = if has_server { None } else { move_up(cx, bound) };
    let help = match has_server {
        true => "Remove it: `server` stands at the top of the file too.",
        false => "Move the line above the first header.",
    };
    let header = bound.parent.as_map().and_then(|map| map.headers.first().copied());
    let finding = cx.report_key(bound.entry, "`server` below a `[host]` header belongs to that host and is dropped");
    finding
        .ignored(READS_HOSTS_FILES)
        .why(
            "containerd reads `server` at the top level alone and silently drops this one: the host tried last is the \
             registry that the image names.",
        )
        .help(help)
        .maybe_fix(fix);
    if let Some(header) = header {
        finding.label(header, "all lines up to the next header belong to this host");
    }
}
