//! # `hosts-no-host-table`
//!
//! A `hosts.toml` without any `[host]` table, which containerd before 1.7.32 does not read.
//!
//! ## Why
//!
//! These releases want at least one: else they log ``invalid `host` tree``, discard the file at each pull, and ask
//! the registry itself. Later releases take `server` and its certificates alone.
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
//! - containerd/containerd@v1.6.39, @v1.7.31, @v1.7.32:remotes/docker/config/hosts.go (`parseHostsFile`)

use crate::registry_hosts;
use crate::registry_hosts::settings::discards_file;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-no-host-table",
    summary: "`hosts.toml` without a `[host]` table, which containerd before 1.7.32 discards",
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

const REQUIRES_HOST_TABLE: Releases = Releases::containerd("1.5..1.7.31");

fn check(cx: &mut FileCx) {
    // A file that sets nothing has nothing to lose.
    let Some(first) = cx.bound.iter().find(|bound| bound.key().is_some()) else { return };
    if cx.root.get("host").is_some() {
        return;
    }
    cx.report_key(first.entry, "containerd before 1.7.32 does not read a hosts.toml without a [host] table")
        .ignored(REQUIRES_HOST_TABLE)
        .why(format!("{} The line ends in: invalid `host` tree.", discards_file("")))
        .help("Add a [host.\"https://...\"] table with the URL of the server.");
}
