//! # `unknown-subfield`
//!
//! A name inside `runtimes`, `builder`, `default-address-pools` or `default-ulimits` that Docker does not read there.
//!
//! ## Why
//!
//! Only the names at the top are checked. Below, dockerd drops what it does not know without a word: arguments in `args` never reach the
//! runtime, whose key is `runtimeArgs`, and `keepDuration`, which the reference shows for a long time, is no field of a policy.
//!
//! ## What to do
//!
//! Mend the name, or remove it.
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
//! { "builder": { "gc": { "enabled": true, "policy": [{ "keepDuration": "48h", "all": true }] } } }
//!                                                      ^^^^^^^^^^^^^^
//! ```
//!
//! ```json bad docker=27
//! { "builder": { "gc": { "enabled": true, "defaultReservedSpace": "20GB" } } }
//!                                         ^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! NVIDIA's tool writes an empty `args`, with which nothing is lost:
//!
//! ```json good
//! { "runtimes": { "nvidia": { "path": "nvidia-container-runtime", "args": [] } } }
//! ```
//!
//! ```json good
//! { "builder": { "gc": { "ENABLED": true } }, "default-ulimits": { "nofile": { "name": "nofile", "hard": 64000, "soft": 64000 } } }
//! ```
//!
//! ## References
//!
//! - NVIDIA/nvidia-container-toolkit#378; moby/moby@docker-v29.7.2:api/types/system/runtime.go, daemon/config/builder.go; measured
//!   with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::settings::{docker as in_docker, first};
use crate::keys::{Binding, Bound, KeySpec, nearest, tables_around};
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-subfield",
    summary: "A name inside a setting that Docker does not read there",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        // Known names stand there, and this one is none of them. `proxies` are checked like the top level.
        let within = bound.within;
        let list = within.item().is_some();
        let closed = within.has_children() && !within.is_free() && !list && !matches!(within.name(), "" | "proxies");
        let empty = match &bound.entry.value.value {
            Value::Seq(items) => items.is_empty(),
            Value::Map(map) => map.entries.is_empty(),
            _ => bound.entry.value.is_null(),
        };
        match bound.binding {
            _ if empty => {}
            Binding::Free if closed => report(cx, bound),
            // Features have a rule of their own.
            Binding::Known(place) if !matches!(within.name(), "" | "features" | "proxies") => {
                if let Some(key) = place.key() {
                    report_release(cx, bound, key);
                }
            }
            _ => {}
        }
    }
}

/// A name that some releases do not read yet, while they read what it stands in.
fn report_release(cx: &mut FileCx, bound: &Bound, key: &KeySpec) {
    let path = cx.path_of(bound.entry);
    let top = path.split('.').next().and_then(docker::directive);
    let missing = top.map_or(ReleaseSet::NONE, KeySpec::releases).without(key.releases());
    // What stands in an entry that is told already goes with it.
    let told = tables_around(cx.bound, bound)
        .filter_map(Bound::key)
        .fold(ReleaseSet::NONE, |set, k| set.or(ReleaseSet::ALL.without(k.releases())));
    let missing = missing.without(told);
    if missing.is_empty() {
        return;
    }
    let name = bound.entry.key.as_ref();
    cx.report(bound.entry.key_span, format!("Docker reads `{name}` from {} on", first(key)))
        .ignored(in_docker(missing))
        .key(path)
        .why("dockerd checks the names at the top alone and drops one that it does not know further down without a word.")
        .help("Set it once all nodes have that release, or name the releases of your nodes: `--target docker=...`.");
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
        _ => format!(
            "Remove it, or use one of {}.",
            known.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ")
        ),
    };
    let fix = close.map(|close| Fix::rename(Applicability::Unsafe, cx.doc(), entry, close));
    let place = path.rsplit_once('.').map_or("", |(table, _)| table).to_owned();
    cx.report(entry.key_span, format!("Docker reads no `{name}` in `{place}`"))
        .ignored(Releases::ANY)
        .key(path)
        .why("dockerd checks the names at the top alone and drops this one without a word.")
        .help(help)
        .maybe_fix(fix);
}
