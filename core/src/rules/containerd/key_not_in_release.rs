//! # `key-not-in-release`
//!
//! A key in its right place that some of the target's releases do not have yet, or no longer have.
//!
//! ## Why
//!
//! containerd 1.x drops a key that it does not know without a word, 2.x log `Ignoring unknown key in TOML` and go on:
//! the node comes up with another configuration than the file seems to say.
//!
//! ## What to do
//!
//! For a key that went away, use what replaced it. For one that is to come, wait for the release, or set a narrower
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
use crate::containerd::settings::{is_default, migrated_key, reads, says_nothing};
use crate::keys::{Bound, KeySpec};
use crate::rules::containerd::linux_runtime_setting;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "key-not-in-release",
    summary: "A key that some releases do not have yet, or no longer have",
    category: Category::Migration,
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let mut told: Vec<&KeySpec> = vec![];
    let target = target(cx);
    for bound in cx.bound {
        let Some(key) = bound.key().or_else(|| migrated_key(cx, bound)) else { continue };
        // One fault, one finding: what lies below a table that is gone goes with it.
        if told.iter().any(|table| is_below(key, table)) {
            continue;
        }
        let missing = missing(bound, key, target);
        if !missing.is_empty() {
            told.push(key);
            report(cx, bound, key, missing);
        }
    }
}

fn report(cx: &mut FileCx, bound: &Bound, key: &'static KeySpec, missing: ReleaseSet) {
    let path = cx.path_of(bound.entry);
    let has = key.releases();
    let later = is_before(missing, has);
    let replaced = key.replaced_by().filter(|_| !later);
    let message = if later {
        format!("containerd has `{}` from {} on", bound.entry.key, first(has))
    } else {
        format!("containerd has no `{}` any more", bound.entry.key)
    };
    let help = match replaced {
        Some(other) => replacement(other),
        None if later => {
            "Set it once all nodes have that release, or narrow the target: `--target containerd=...`.".to_owned()
        }
        None => "Remove it.".to_owned(),
    };
    let default = is_default(key, &bound.entry.value);
    let finding = cx.report(bound.entry.key_span, message);
    finding
        .ignored(Releases::ANY.with(Product::Containerd, missing))
        .key(path)
        .why("containerd 1.x drops a key that it does not know without a word; 2.x log `Ignoring unknown key in TOML` and go on.")
        .help(help);
    if default {
        finding.as_info();
    }
}

/// What to do instead, in a sentence.
pub(super) fn replacement(by: &str) -> String {
    if by.contains("registry.") {
        "Write a hosts.toml for each registry below one folder, and name the folder in `registry.config_path`."
            .to_owned()
    } else if by == "ImagePullSecrets" {
        "Give credentials to pods as image pull secrets, or to the kubelet by a credential provider.".to_owned()
    } else if let Some((_, what)) = by.split_once(": ") {
        format!("Remove it: {what}.")
    } else {
        format!("Use `{by}` instead.")
    }
}

/// Whether a key stands below another one in the data.
pub(super) fn is_below(key: &KeySpec, table: &KeySpec) -> bool {
    key.path().strip_prefix(table.path()).is_some_and(|rest| rest.starts_with(['.', '[']))
}

/// The target's releases that read the plugin tables of the file.
pub(super) fn target(cx: &FileCx) -> ReleaseSet {
    cx.releases().and(reads(cx)).get(Product::Containerd)
}

/// The releases of `target` that do not have the key, where writing it means anything at all.
pub(super) fn missing(bound: &Bound, key: &KeySpec, target: ReleaseSet) -> ReleaseSet {
    let missing = target.without(key.releases()).without(key.lost_in());
    if missing.is_empty() || is_told_elsewhere(bound, key, missing) {
        return ReleaseSet::NONE;
    }
    // Dumps of older releases spell out empty and false values: losing them loses nothing. Where the default is on, off
    // is meant.
    let on =
        key.defaults().any(|(_, default)| !matches!(default, "" | "\"\"" | "0" | "0.0" | "false" | "[]" | "\"0s\""));
    if says_nothing(&bound.entry.value.value) && !on { ReleaseSet::NONE } else { missing }
}

/// Whether rules of their own say what becomes of the key.
fn is_told_elsewhere(bound: &Bound, key: &KeySpec, missing: ReleaseSet) -> bool {
    match key.leaf() {
        "version" => key.path() == "version",
        // The old switch where it was and is no more.
        "systemd_cgroup" => !is_before(missing, key.releases()),
        leaf => linux_runtime_setting::is_one(leaf) && tells_about_removal(bound),
    }
}

/// Whether the rule on settings of the linux runtime tells that 2.x no longer have the key.
fn tells_about_removal(bound: &Bound) -> bool {
    bound.entry.value.as_str().is_some() || bound.entry.value.as_bool() == Some(true)
}

/// Whether all of `missing` comes before `has`.
pub(crate) fn is_before(missing: ReleaseSet, has: ReleaseSet) -> bool {
    missing.precedes(has)
}

pub(crate) fn first(set: ReleaseSet) -> &'static str {
    set.ids(Product::Containerd).next().unwrap_or("a later release")
}
