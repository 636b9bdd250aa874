//! # `directive-not-in-release`
//!
//! A key that some of the target's releases do not take yet, or no longer take.
//!
//! ## Why
//!
//! dockerd does not start on a name that it does not know: `the following directives don't match any configuration option:
//! graph`. Most keys that went away were refused by name in one release (`graph` in 23.0, `oom-score-adjust` in 25.0,
//! `api-cors-header` in 28) and are unknown since.
//!
//! ## What to do
//!
//! For a key that went away, use what replaced it. For one that is to come, wait until all nodes have the release, or set a narrower target
//! with `--target docker=...`.
//!
//! ## Examples
//!
//! ```json bad
//! { "graph": "/data/docker" }
//!   ^^^^^^^
//! ```
//!
//! ```json fixed
//! { "data-root": "/data/docker" }
//! ```
//!
//! ```json bad docker=25..28
//! { "firewall-backend": "nftables" }
//!   ^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json bad docker=28
//! { "api-cors-header": "*" }
//!   ^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json bad docker=27..28
//! { "nri-opts": { "enable": true } }
//!   ^^^^^^^^^^
//! ```
//!
//! ```json good docker=20.10
//! { "data-root": "/data/docker", "log-driver": "local" }
//! ```
//!
//! ## References
//!
//! - moby/moby#43981, moby/moby#31359; the key's own row in `core/data/docker.toml` names its source
//! - measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::kind::{directive, refused_names};
use crate::docker::settings::{docker as in_docker, first, last_and_next};
use crate::keys::KeySpec;
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "directive-not-in-release",
    summary: "A key that some releases do not take yet, or no longer take",
    category: Category::Migration,
    fix: Some(Applicability::Safe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// Releases that know a key and refuse any value of it. Source: moby/moby@v23.0.18, v25.0.7, v28.5.2:daemon/config/config.go
/// (`Validate`).
const REFUSED: [(&str, Releases); 6] = [
    ("graph", Releases::docker("23")),
    ("cluster-store", Releases::docker("23")),
    ("cluster-store-opts", Releases::docker("23")),
    ("cluster-advertise", Releases::docker("23")),
    ("oom-score-adjust", Releases::docker("25")),
    ("api-cors-header", Releases::docker("28")),
];

/// What happens to a key, by release.
struct Fate {
    /// The daemon does not start.
    refused: ReleaseSet,
    /// The key does nothing: an object whose children are all names of flags, such as `default-network-opts` with `bridge`.
    ignored: ReleaseSet,
    /// The releases that take it.
    taken: ReleaseSet,
}

fn check(cx: &mut FileCx) {
    for entry in cx.root.entries() {
        let Some(key) = directive(&entry.key) else { continue };
        let fate = fate(entry, key);
        if !fate.refused.or(fate.ignored).is_empty() {
            report(cx, entry, key, &fate);
        }
    }
}

fn fate(entry: &Entry, key: &KeySpec) -> Fate {
    let missing = ReleaseSet::ALL.without(key.releases());
    let names = refused_names(entry).iter().fold(ReleaseSet::NONE, |all, (_, set)| all.or(*set));
    // An object in the place of something else is of a wrong type in every release that knows the key.
    let unknown = if matches!(entry.value.value, Value::Map(_)) { names.and(missing) } else { missing };
    let by_name = REFUSED.iter().find(|(name, _)| *name == entry.key).filter(|_| !says_nothing(entry));
    let by_name = by_name.map_or(ReleaseSet::NONE, |(_, set)| set.get(Product::Docker));
    let refused = unknown.or(by_name);
    Fate { refused, ignored: missing.without(refused), taken: key.releases().without(by_name) }
}

/// Whether a value means that nothing is set. Such a key is still unknown where it is unknown.
fn says_nothing(entry: &Entry) -> bool {
    match &entry.value.value {
        Value::Scalar(scalar) => entry.value.is_null() || matches!(scalar.text.as_ref(), "" | "0"),
        Value::Map(map) => map.entries.is_empty(),
        _ => false,
    }
}

fn report(cx: &mut FileCx, entry: &Entry, key: &KeySpec, fate: &Fate) {
    let name = entry.key.as_ref();
    let here = fate.refused.or(fate.ignored).and(cx.releases().get(Product::Docker));
    // Some release of the target comes behind all that take the key.
    let gone = last_and_next(fate.taken).filter(|_| here.0 > fate.taken.0);
    let message = match gone {
        Some((_, next)) => format!("Docker takes no `{name}` any more, since {next}"),
        None => format!("Docker has `{name}` from {} on", first(key)),
    };
    let fix = replacement(cx, entry, key);
    let help = match (gone, key.replaced_by()) {
        (Some(_), Some(other)) if directive(other).is_some() => format!("Use `{other}` instead."),
        (Some(_), Some(other)) => format!("Remove it, and use {other}."),
        (Some(_), None) => "Remove it.".to_owned(),
        (None, _) => format!(
            "Set it once all nodes run {0}, or name the releases of your nodes: `--target docker=...`.",
            first(key)
        ),
    };
    let path = cx.path_of(entry);
    cx.report(entry.key_span, message)
        .refused(in_docker(fate.refused))
        .ignored(in_docker(fate.ignored))
        .advice(in_docker(key.deprecated().and(fate.taken)))
        .key(path)
        .why(format!(
            "dockerd does not start on a name that it does not know: `the following directives don't match any configuration option: {}`.",
            printed(entry)
        ))
        .help(help)
        .maybe_fix(fix);
}

/// What the daemon names: the key, or the children of an object.
fn printed(entry: &Entry) -> String {
    let names: Vec<&str> = match &entry.value.value {
        Value::Map(map) if !map.entries.is_empty() => map.entries.iter().map(|e| e.key.as_ref()).collect(),
        _ => vec![entry.key.as_ref()],
    };
    names.join(", ")
}

/// Another key with the same value.
fn replacement(cx: &FileCx, entry: &Entry, key: &KeySpec) -> Option<Fix> {
    let other = key.replaced_by().filter(|other| directive(other).is_some_and(|o| o.ty() == key.ty()))?;
    let free = cx.root.get(other).is_none();
    free.then(|| Fix::rename(Applicability::Safe, cx.doc(), entry, other).keeping_meaning())
}
