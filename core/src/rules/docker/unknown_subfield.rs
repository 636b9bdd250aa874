//! # `unknown-subfield`
//!
//! A name inside `runtimes`, `builder`, `default-address-pools` or `default-ulimits` that Docker does not read there.
//!
//! ## Why
//!
//! dockerd checks only the names at the top. Below, it silently drops what it does not recognize: arguments in `args`
//! never reach the runtime, whose key is `runtimeArgs`, and `keepDuration`, which the reference shows for a long
//! time, is not a field of a policy.
//!
//! ## What to do
//!
//! Correct the name, or remove it.
//!
//! ## Examples
//!
//! ```json bad
//! { "runtimes": { "runsc": { "path": "/usr/bin/runsc", "args": ["--platform=systrap"] } } }
//!                                                      ^^^^^^
//! ```
//!
//! ```json fixed
//! { "runtimes": { "runsc": { "path": "/usr/bin/runsc", "runtimeArgs": ["--platform=systrap"] } } }
//! ```
//!
//! ```json bad
//! { "builder": { "gc": { "policy": [{ "keepDuration": "48h", "all": true }] } } }
//!                                     ^^^^^^^^^^^^^^
//! ```
//!
//! ```json bad docker=27
//! { "builder": { "gc": { "enabled": true, "defaultReservedSpace": "20GB" } } }
//!                                         ^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! NVIDIA's tool writes an empty `args`, which loses no argument and is reported as information alone:
//!
//! ```json bad
//! { "runtimes": { "nvidia": { "path": "nvidia-container-runtime", "args": [] } } }
//!                                                                 ^^^^^^
//! ```
//!
//! ```json good
//! {
//!   "builder": { "gc": { "ENABLED": true } },
//!   "default-ulimits": { "nofile": { "name": "nofile", "hard": 64000, "soft": 64000 } }
//! }
//! ```
//!
//! ## References
//!
//! - NVIDIA/nvidia-container-toolkit#378; moby/moby@docker-v29.7.2:api/types/system/runtime.go,
//!   daemon/config/builder.go; measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::settings::{first, in_docker, is_empty};
use crate::keys::{Binding, Bound, KeySpec, nearest, tables_around};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-subfield",
    summary: "Name inside a setting that Docker does not read there",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        // Other rules check `features`, and `proxies` like the top level.
        let within = bound.within;
        let is_list = within.item().is_some();
        match bound.binding {
            Binding::Free if matches!(within.name(), "" | "proxies") => {}
            Binding::Free if within.has_children() && !within.is_free() && !is_list => report(cx, bound),
            Binding::Known(place) if !matches!(within.name(), "" | "features" | "proxies") => {
                if let Some(key) = place.key() {
                    report_release(cx, bound, key);
                }
            }
            _ => {}
        }
    }
}

/// A name that some releases do not read yet, while they read the object around it.
fn report_release(cx: &mut FileCx, bound: &Bound, key: &KeySpec) {
    let path = cx.path_of(bound.entry);
    let top = path.split('.').next().and_then(docker::directive);
    let missing = top.map_or(ReleaseSet::NONE, KeySpec::releases).without(key.releases());
    // A finding about an object around it covers its fields.
    let around = tables_around(cx.bound, bound).filter_map(Bound::key);
    let covered = around.fold(ReleaseSet::NONE, |set, key| set.or(ReleaseSet::ALL.without(key.releases())));
    let missing = missing.without(covered);
    if missing.is_empty() {
        return;
    }
    let finding = cx.report(bound.entry.key_span, format!("Docker reads `{}` from {} on", bound.entry.key, first(key)));
    finding
        .ignored(in_docker(missing))
        .key(path)
        .why(WHY)
        .help("Set it once all nodes have that release, or name the releases of your nodes: `--target docker=...`.");
    soften(finding, bound.entry);
}

/// Nothing is lost of a value that holds nothing.
fn soften(finding: &mut Finding, entry: &Entry) {
    if is_empty(&entry.value) {
        finding.as_info();
    }
}

fn report(cx: &mut FileCx, bound: &Bound) {
    let entry = bound.entry;
    let name = entry.key.as_ref();
    let path = cx.path_of(entry);
    let known: Vec<&str> = bound.within.children().map(|place| place.name()).collect();
    let close = match name {
        "args" if known.contains(&"runtimeArgs") => Some("runtimeArgs"),
        "runtime_type" | "type" if known.contains(&"runtimeType") => Some("runtimeType"),
        _ => nearest(name, known.iter().copied()),
    };
    let close = close.filter(|close| !bound.parent.entries().iter().any(|e| e.key.eq_ignore_ascii_case(close)));
    let help = match (name, close) {
        (_, Some(close)) => format!("Did you mean `{close}`?"),
        ("keepDuration", _) => "Write `\"filter\": [\"unused-for=48h\"]`.".to_owned(),
        _ => format!("Remove it, or use one of {}.", quoted(known, ", ")),
    };
    let object = path.rsplit_once('.').map_or("", |(object, _)| object);
    let fix = close.map(|close| Fix::rename(Applicability::Unsafe, cx.doc(), entry, close));
    let finding = cx.report(entry.key_span, format!("Docker does not read `{name}` in `{object}`"));
    finding.ignored(Releases::ANY).key(path.as_str()).why(WHY).help(help).maybe_fix(fix);
    soften(finding, entry);
}

const WHY: &str = "dockerd checks only the names at the top, and silently drops unknown names below it.";
