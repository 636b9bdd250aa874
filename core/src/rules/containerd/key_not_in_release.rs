//! # `key-not-in-release`
//!
//! A key in its right place that some of the target's releases do not have yet, or no longer have.
//!
//! ## Why
//!
//! containerd 1.x silently drops a key that it does not have, 2.x log `Ignoring unknown key in TOML` and continue:
//! the node runs with another configuration than the file contains.
//!
//! ## What to do
//!
//! For a removed key, use what replaced it. For one that is to come, wait for the release, or set a narrower
//! target with `--target`.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".registry.configs."registry.example".tls]
//!                                                                          ^^^
//!   insecure_skip_verify = true
//! ```
//!
//! ```toml bad
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime".cni]
//!   bin_dirs = ["/opt/cni/bin", "/usr/lib/cni"]
//!   ^^^^^^^^
//! ```
//!
//! ```toml good containerd=2.1..2.3
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime".cni]
//!   bin_dirs = ["/opt/cni/bin", "/usr/lib/cni"]
//! ```
//!
//! ## References
//!
//! - the key's own row in `core/data/containerd.toml` names its source

use crate::containerd;
use crate::containerd::lifetime::{first, is_below, missing, replacement, target, target_as_version_3};
use crate::containerd::settings::is_read_as_version_3;
use crate::containerd::values::is_default;
use crate::keys::{Bound, KeySpec};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "key-not-in-release",
    summary: "Key that some releases do not have yet, or no longer have",
    category: Category::Migration,
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let mut reported: Vec<(&KeySpec, ReleaseSet)> = vec![];
    let file_target = target(cx);
    let is_read_as_version_3 = is_read_as_version_3(cx);
    for bound in cx.bound {
        let Some(key) = bound.key() else { continue };
        // One fault, one finding: where a table is missing, it stands for what lies in it.
        let around = reported.iter().filter(|(table, _)| is_below(key, table));
        let covered = around.fold(ReleaseSet::NONE, |all, (_, releases)| all.or(*releases));
        let target = if is_read_as_version_3 { target_as_version_3(cx, bound.entry) } else { file_target };
        let missing = missing(bound, key, target).without(covered);
        if !missing.is_empty() {
            reported.push((key, missing));
            report(cx, bound, key, missing);
        }
    }
}

fn report(cx: &mut FileCx, bound: &Bound, key: &'static KeySpec, missing: ReleaseSet) {
    let has = key.releases();
    // Patch releases may bring a key to several releases.
    let is_to_come = has.and_earlier().covers(missing);
    let message = if is_to_come {
        format!("containerd has `{}` from {} on", bound.entry.key, first(has))
    } else {
        format!("containerd no longer has `{}`", bound.entry.key)
    };
    let help = match key.replaced_by() {
        _ if is_to_come => {
            "Set it once all nodes have that release, or narrow the target: `--target containerd=...`.".to_owned()
        }
        Some(other) => replacement(other),
        None => "Remove it.".to_owned(),
    };
    let finding = cx.report_key(bound.entry, message);
    finding
        .ignored(Releases::only(Product::Containerd, missing))
        .why(
            "containerd 1.x silently drops a key that it does not have; 2.x log `Ignoring unknown key in TOML` and \
             continue.",
        )
        .help(help);
    if is_default(key, &bound.entry.value) {
        finding.as_info();
    }
}
