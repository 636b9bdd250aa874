//! # `directive-not-in-release`
//!
//! A key that some of the target's releases do not take yet, or no longer take.
//!
//! ## Why
//!
//! dockerd does not start on a name that it does not recognize: `the following directives don't match any configuration
//! option: graph`. Most removed keys were refused by name in one release (`graph` in 23.0, `oom-score-adjust` in
//! 25.0, `api-cors-header` in 28) and are unknown since.
//!
//! ## What to do
//!
//! Replace a removed key by its successor. For a newer key, wait until all nodes have the release, or set a narrower
//! target with `--target docker=...`.
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
//! Releases that still take a removed key have it as deprecated:
//!
//! ```json bad docker=17.12..20.10
//! { "graph": "/data/docker", "log-opts": { "max-size": "10m", "max-file": "3" } }
//!   ^^^^^^^
//! ```
//!
//! ```json fixed docker=17.12..20.10
//! { "data-root": "/data/docker", "log-opts": { "max-size": "10m", "max-file": "3" } }
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
use crate::docker::kind::{REFUSED_KEYS, directive, refused_names};
use crate::docker::refusals::unknown_names;
use crate::docker::settings::{first, in_docker, is_unset, last_and_next};
use crate::keys::KeySpec;
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "directive-not-in-release",
    summary: "Key that some releases do not take yet, or no longer take",
    category: Category::Migration,
    fix: Some(Applicability::Safe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// What releases do with a key.
struct Acceptance {
    /// The daemon does not start.
    refused: ReleaseSet,
    /// The key has no effect: an object whose children are all names of flags, such as `default-network-opts` with
    /// `bridge`.
    ignored: ReleaseSet,
    taken: ReleaseSet,
}

fn check(cx: &mut FileCx) {
    for entry in cx.root.entries() {
        let Some(key) = directive(&entry.key) else { continue };
        let acceptance = acceptance(entry, key);
        if !acceptance.refused.or(acceptance.ignored).is_empty() {
            report(cx, entry, key, &acceptance);
        }
    }
}

fn acceptance(entry: &Entry, key: &KeySpec) -> Acceptance {
    let missing = ReleaseSet::ALL.without(key.releases());
    // An object in the place of something else is of a wrong type in every release that has the key.
    let unknown = match &entry.value.value {
        Value::Map(_) => refused_names(entry).iter().fold(ReleaseSet::NONE, |all, (_, set)| all.or(*set)).and(missing),
        _ => missing,
    };
    // A key without a value is still unknown where it is unknown.
    let is_zero = entry.value.as_scalar().is_some_and(|scalar| scalar.text == "0");
    let is_set = !is_unset(&entry.value) && !is_zero;
    let by_name = REFUSED_KEYS.iter().find(|(name, _)| *name == entry.key && is_set);
    let by_name = by_name.map_or(ReleaseSet::NONE, |(_, set)| set.get(Product::Docker));
    let refused = unknown.or(by_name);
    Acceptance { refused, ignored: missing.without(refused), taken: key.releases().without(by_name) }
}

fn report(cx: &mut FileCx, entry: &Entry, key: &KeySpec, acceptance: &Acceptance) {
    let name = entry.key.as_ref();
    let lacking = acceptance.refused.or(acceptance.ignored).and(cx.releases().get(Product::Docker));
    // Some release of the target is later than all that take the key.
    let is_deprecated = lacking.is_empty();
    let removal = last_and_next(acceptance.taken).filter(|_| is_deprecated || lacking.0 > acceptance.taken.0);
    let message = match removal {
        Some((_, release)) if is_deprecated => format!("`{name}` is deprecated: Docker {release} and later refuse it"),
        Some((_, release)) => format!("Docker {release} and later do not take `{name}`"),
        None => format!("Docker has `{name}` from {} on", first(key)),
    };
    let why = match is_deprecated {
        true => "Every release of the target still takes it; on a later one dockerd does not start.".to_owned(),
        false => unknown_names(&printed(entry)),
    };
    let help = match (removal, key.replaced_by()) {
        (Some(_), Some(other)) if directive(other).is_some() => format!("Use `{other}` instead."),
        (Some(_), Some(other)) => format!("Remove it, and use {other}."),
        (Some(_), None) => "Remove it.".to_owned(),
        (None, _) => wait_for(&first(key)),
    };
    let fix = replacement(cx, entry, key);
    cx.report_key(entry, message)
        .refused(in_docker(acceptance.refused))
        .ignored(in_docker(acceptance.ignored))
        .advice(in_docker(key.deprecated().and(acceptance.taken)))
        .why(why)
        .help(help)
        .maybe_fix(fix);
}

/// The names that dockerd prints: the key, or the children of an object.
fn printed<'t>(entry: &'t Entry) -> Vec<&'t str> {
    match &entry.value.value {
        Value::Map(map) if !map.entries.is_empty() => map.entries.iter().map(|entry| entry.key.as_ref()).collect(),
        _ => vec![entry.key.as_ref()],
    }
}

/// Another key with the same value.
fn replacement(cx: &FileCx, entry: &Entry, key: &KeySpec) -> Option<Fix> {
    let other = key.replaced_by().filter(|other| directive(other).is_some_and(|other| other.ty() == key.ty()))?;
    if cx.root.get(other).is_some() {
        return None;
    }
    Some(Fix::rename(Applicability::Safe, cx.doc(), entry, other).keeping_meaning())
}

fn wait_for(release: &str) -> String {
    format!("Set it once all nodes run {release}, or name the releases of your nodes: `--target docker=...`.")
}
