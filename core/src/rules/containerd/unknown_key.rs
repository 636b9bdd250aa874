//! # `unknown-key`
//!
//! A key that no release of containerd ever had in any place of this config version.
//!
//! ## Why
//!
//! containerd 1.x drops it without a word. 2.x log `Ignoring unknown key in TOML` and go on. Options of the runc runtime
//! are never checked: `SystemdCGroups = true` is dropped by every release in silence.
//!
//! ## What to do
//!
//! Mend the name, or remove the line.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_sever_port = "0"
//!   ^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml fixed
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_server_port = "0"
//! ```
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
//!   systemd_cgroup = true
//!   ^^^^^^^^^^^^^^
//! ```
//!
//! Options of other shims are none of runc's:
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
//!   BinaryName = "/usr/bin/crun"
//!   SystemdCgroup = true
//!   ConfigPath = "/etc/crun.toml"
//!   ^^^^^^^^^^
//! ```
//!
//! Letter case matters to some releases:
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   Stream_Server_Port = "10010"
//!   ^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good containerd=2.0..2.3
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]
//!   runtime_type = "io.containerd.runsc.v1"
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc.options]
//!   TypeUrl = "io.containerd.runsc.v1.options"
//!   anything = true
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:internal/cri/config/config.go (`getRuntimeOptionsType`)
//! - containerd/containerd#10959; measured with 1.3.10 to 2.4.0-beta.0

use crate::containerd;
use crate::containerd::kind::spoken_version;
use crate::containerd::settings::{migrated_key, reads};
use crate::containerd::shims::Options;
use crate::keys::{Binding, Bound};
use crate::kind::unknown_name::Guess;
use crate::rules::containerd::misplaced_key::place_elsewhere;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-key",
    summary: "A key that containerd does not know",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// They match the names of keys without regard to letter case; for keys that a migration moves, the exact name counts.
const ANY_CASE: Releases = Releases::containerd("2.0..");
const EXACT_CASE: Releases = Releases::containerd("1.5..1.7");
/// They match without regard to letter case, before any migration.
const NO_MIGRATION: Releases = Releases::containerd("1.5..");

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        let unknown = bound.binding == Binding::Unknown && bound.within.name() != "plugins";
        if unknown && place_elsewhere(cx, bound).is_none() && migrated_key(cx, bound).is_none() {
            report(cx, bound);
        } else if is_of_other_shims(cx, bound) {
            report_option(cx, bound.entry);
        }
    }
}

/// Whether an option of a runtime that says it is runc's is one that runc's shim does not have.
fn is_of_other_shims(cx: &FileCx, bound: &Bound) -> bool {
    if bound.within.name() != "options" || bound.key().is_none_or(|key| Options::Runc.has(key)) {
        return false;
    }
    let parts = cx.parts_of(bound.entry).unwrap_or_default();
    let way = parts.len().checked_sub(2).and_then(|end| parts.get(..end));
    let runtime = way.and_then(|way| cx.root.at(way)).filter(|runtime| runtime.get("runtime_type").is_some());
    runtime.is_some_and(|runtime| Options::of("", Some(runtime)) == Options::Runc)
}

fn report_option(cx: &mut FileCx, entry: &Entry) {
    let path = cx.path_of(entry);
    let releases = reads(cx);
    cx.report(entry.key_span, format!("the runc shim has no option `{}`", entry.key))
        .ignored(releases)
        .key(path)
        .why(DROPPED)
        .help("Remove it: it is for shims other than runc's, such as those of Kata Containers and gVisor.");
}

const DROPPED: &str = "The runc shim drops options that it does not know, in every release, without a word.";

fn report(cx: &mut FileCx, bound: &Bound) {
    let entry = bound.entry;
    if cx.is_full() {
        let in_plugin =
            bound.within.name() != "" && cx.parts_of(entry).is_some_and(|way| way.first() == Some(&"plugins"));
        let releases = if in_plugin { reads(cx) } else { Releases::ANY };
        cx.count(entry.key_span).ignored(releases);
        return;
    }
    let guess = Guess::by_spelling(cx, bound);
    let fix = guess.fix(cx, bound);
    if let Some(name) = guess.other_case(&entry.key) {
        report_case(cx, entry, name, fix);
        return;
    }
    let path = cx.path_of(entry);
    let releases = if path.starts_with("plugins.") { reads(cx) } else { Releases::ANY };
    let why = if path.starts_with("timeouts.") {
        "containerd keeps the time under that name and never asks for it, without a word in any release."
    } else if bound.within.name() == "options" {
        DROPPED
    } else {
        "containerd 1.x drops the key without a word; 2.x log `Ignoring unknown key in TOML` and go on."
    };
    let table = table_name(&path);
    cx.report(entry.key_span, format!("containerd knows no key `{}` in {table}", entry.key))
        .ignored(releases)
        .key(path)
        .why(why)
        .help(guess.help())
        .maybe_fix(fix);
}

/// A key in other letter case: what it does depends on the release's TOML reader.
fn report_case(cx: &mut FileCx, entry: &Entry, name: &str, fix: Option<Fix>) {
    let path = cx.path_of(entry);
    let plugin = path.starts_with("plugins.");
    let migrated = plugin && spoken_version(cx.root) < 3;
    let releases = if plugin { reads(cx) } else { Releases::ANY };
    let finding = cx.report(entry.key_span, format!("containerd spells `{}` as `{name}`", entry.key));
    if migrated {
        finding.ignored(NO_MIGRATION.and(releases));
    } else {
        finding.ignored(EXACT_CASE.and(releases)).advice(ANY_CASE.and(releases));
    }
    finding
        .key(path)
        .why("1.5 to 1.7 drop a key in other letter case without a word. 2.x take it, except in plugin tables of a version 1 or 2 file: the migration moves keys by their exact name.")
        .help(format!("Write `{name}`."))
        .maybe_fix(fix);
}

/// The table around a path, for a sentence.
pub(super) fn table_name(path: &str) -> String {
    // The last part may be a name with dots, in quotes.
    let leaf = match path.strip_suffix('"') {
        Some(rest) => rest.rfind('"').and_then(|at| rest.get(..at)),
        None => path.rfind('.').and_then(|at| path.get(..at)),
    };
    match leaf.map(|table| table.trim_end_matches('.')).filter(|table| !table.is_empty()) {
        Some(table) => format!("`[{table}]`"),
        None => "the top level".to_owned(),
    }
}
