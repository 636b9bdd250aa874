//! # `deprecated-directive`
//!
//! A key that Docker takes and no longer uses, or whose removal is announced.
//!
//! ## Why
//!
//! `deprecated-key-path` has no effect since 24.0, and `allow-nondistributable-artifacts` since 28.1; dockerd
//! silently accepts both. `host-gateway-ip` became `host-gateway-ips` in 28.0, and `keepStorage` of the build cache
//! became `reservedSpace`.
//!
//! ## What to do
//!
//! Remove the key, or use the new name once all nodes have that release.
//!
//! ## Examples
//!
//! ```json bad docker=25..29
//! { "debug": true, "deprecated-key-path": "/etc/docker/key.json" }
//!                  ^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "debug": true }
//! ```
//!
//! ```json bad docker=28..29
//! { "host-gateway-ip": "192.0.2.1" }
//!   ^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json good docker=28..29
//! { "host-gateway-ips": ["192.0.2.1"] }
//! ```
//!
//! ## References
//!
//! - the key's own row in `core/data/docker.toml`; docker/cli@28f7560:docs/deprecated.md

use crate::docker;
use crate::docker::kind::directive;
use crate::docker::settings::{in_docker, is_unset};
use crate::keys::{Bound, KeySpec};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "deprecated-directive",
    summary: "Key that Docker no longer uses, or whose removal is announced",
    category: Category::Deprecation,
    fix: Some(Applicability::Safe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// Keys that dockerd accepts and does not read. Source: moby/moby@docker-v29.7.2:daemon/config/config.go
/// (`skipValidateOptions`).
const IGNORED: [(&str, Releases); 2] = [
    ("deprecated-key-path", Releases::docker("24..")),
    ("allow-nondistributable-artifacts", Releases::docker("28.1.0..")),
];

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        let Some(key) = bound.key().filter(|key| !key.deprecated().is_empty()) else { continue };
        // `directive-not-in-release` reports what some release refuses, with its deprecation.
        let is_taken_by_all_later = key.releases().covers(ReleaseSet::ALL.without(releases_before(key)));
        if is_taken_by_all_later && !is_unset(&bound.entry.value) {
            report(cx, bound, key);
        }
    }
}

/// Releases older than the key.
fn releases_before(key: &KeySpec) -> ReleaseSet {
    ReleaseSet::starting_at(key.releases().0.trailing_zeros() as usize).complement()
}

fn report(cx: &mut FileCx, bound: &Bound, key: &KeySpec) {
    let path = cx.path_of(bound.entry);
    let ignored = IGNORED.iter().find(|(known, _)| *known == key.path());
    let Some((_, ignored)) = ignored else {
        let other = key.replaced_by().map(|by| by.rsplit('.').next().unwrap_or(by));
        let (message, why) = deprecation(&bound.entry.key, other);
        cx.report(bound.entry.key_span, message)
            .advice(in_docker(key.deprecated()))
            .key(path)
            .why(why)
            .help(replacement(other));
        return;
    };
    // Where an older release of the target reads the key, removing it needs the user's consent.
    let is_idle = ignored.get(Product::Docker).covers(cx.releases().get(Product::Docker));
    let trust = if is_idle { Applicability::Safe } else { Applicability::Unsafe };
    let name = bound.entry.key.as_ref();
    let remove = edit::remove(cx.doc(), bound.parent, bound.entry);
    cx.report(bound.entry.key_span, format!("`{name}` no longer has an effect"))
        .ignored(*ignored)
        .key(path)
        .why("dockerd accepts the key and does not read it.")
        .help("Remove it.")
        .maybe_fix(remove.map(|edit| Fix::one(trust, format!("Remove `{name}`"), edit).keeping_meaning()));
}

fn deprecation(name: &str, other: Option<&str>) -> (String, &'static str) {
    match other {
        Some(other) => (
            format!("`{name}` has a new name: `{}`", lower_first(other)),
            "The old name still works; its removal is announced.",
        ),
        None => (format!("the removal of `{name}` is announced"), "It still works; a later release refuses it."),
    }
}

fn replacement(other: Option<&str>) -> String {
    match other {
        Some(other) if directive(other).is_some() => {
            format!("Write `{other}`, which takes a list, once all nodes have that release.")
        }
        Some(other) => format!("Write `{}` once all nodes have that release.", lower_first(other)),
        None => "Remove it.".to_owned(),
    }
}

/// The data writes names below `builder` as Go does; people write them with a small letter.
fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|c| c.to_ascii_lowercase()).into_iter().chain(letters).collect()
}
