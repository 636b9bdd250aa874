//! # `hosts-key-not-in-release`
//!
//! A key of a `hosts.toml` that some of the target's releases do not have yet.
//!
//! ## Why
//!
//! A release that does not have a key silently drops it. Without `override_path` (from 1.6 on) `/v2` is appended to
//! the path of a mirror; without `dial_timeout` (from 2.0.7 on) a dead mirror holds up each pull for 30 seconds.
//!
//! ## What to do
//!
//! Set it once all nodes have a release that has it, or name the releases of your nodes with `--target`.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! [host."http://127.0.0.1:5000"]
//!   dial_timeout = "200ms"
//!   ^^^^^^^^^^^^
//! [host."http://127.0.0.1:5001"]
//!   dial_timeout = "200ms"
//! ```
//!
//! ```toml good containerd=2.0..2.3
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! [host."http://127.0.0.1:5000"]
//!   dial_timeout = "200ms"
//! ```
//!
//! ## References
//!
//! - the key's own row in `core/data/hosts.toml` names its source

use crate::containerd::lifetime::first;
use crate::containerd::values::is_zero_value;
use crate::keys::{Bound, KeySpec};
use crate::registry_hosts;
use crate::registry_hosts::eras::READS_HOSTS_FILES;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-key-not-in-release",
    summary: "Key of a `hosts.toml` that some releases do not have yet",
    category: Category::Migration,
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let mut reported: Vec<&str> = vec![];
    for bound in cx.bound {
        let Some(key) = bound.key() else { continue };
        let missing = READS_HOSTS_FILES.get(Product::Containerd).without(key.releases());
        let all_have = missing.and(cx.releases().get(Product::Containerd)).is_empty();
        if all_have || reported.contains(&key.leaf()) || is_zero_value(&bound.entry.value.value) {
            continue;
        }
        reported.push(key.leaf());
        report(cx, bound.entry, key, Releases::only(Product::Containerd, missing));
    }
}

fn report(cx: &mut FileCx, entry: &Entry, key: &KeySpec, missing: Releases) {
    let same = cx.bound.iter().filter(|bound| bound.key().is_some_and(|other| other.leaf() == key.leaf()));
    let same: Vec<&Bound> = same.collect();
    let keys: Vec<String> = same.iter().map(|bound| cx.path_of(bound.entry)).collect();
    let since = first(key.releases());
    let finding = cx.report(entry.key_span, format!("containerd has `{}` from {since} on", entry.key));
    finding
        .ignored(missing)
        .why("A release that does not have the key silently drops it.")
        .help("Set it once all nodes have that release, or narrow the target: `--target containerd=...`.");
    finding.keys = keys;
    for other in same.iter().filter(|bound| bound.entry.key_span != entry.key_span) {
        finding.label(other.entry.key_span, "here too");
    }
}
