//! # `hosts-no-host-table`
//!
//! A `hosts.toml` without any `[host]` table, which containerd 1.5 and 1.6 do not read.
//!
//! ## Why
//!
//! They want at least one: else they log ``invalid `host` tree``, throw the file away at each pull, and ask the
//! registry itself. Later releases take `server` and its certificates alone.
//!
//! ## What to do
//!
//! Name the server once more as a host.
//!
//! ## Examples
//!
//! ```toml bad containerd=1.6
//! --- /etc/containerd/certs.d/_default/hosts.toml
//! server = "https://mirror.example"
//! ^^^^^^
//! ```
//!
//! ```toml good
//! --- /etc/containerd/certs.d/_default/hosts.toml
//! server = "https://mirror.example"
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.6.39:remotes/docker/config/hosts.go (`getSortedHosts`); fixed in v1.7.0

use crate::registry_hosts;
use crate::registry_hosts::settings::thrown_away;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-no-host-table",
    summary: "A `hosts.toml` without a `[host]` table, which 1.5 and 1.6 throw away",
    category: Category::Migration,
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

const WANT_A_HOST: Releases = Releases::containerd("1.5..1.6");

fn check(cx: &mut FileCx) {
    // A file that says nothing has nothing to lose.
    let Some(first) = cx.bound.iter().find(|b| b.key().is_some()) else { return };
    if cx.root.get("host").is_some() {
        return;
    }
    let path = cx.path_of(first.entry);
    cx.report(first.entry.key_span, "containerd 1.5 and 1.6 do not read a hosts.toml without a [host] table")
        .ignored(WANT_A_HOST)
        .key(path)
        .why(format!("{} The line ends in: invalid `host` tree.", thrown_away("")))
        .help("Add a [host.\"https://...\"] table with the URL of the server.");
}
