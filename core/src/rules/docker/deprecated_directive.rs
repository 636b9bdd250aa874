//! # `deprecated-directive`
//!
//! A key that Docker takes and no longer uses, or that is announced to go.
//!
//! ## Why
//!
//! `deprecated-key-path` does nothing since 24.0, and `allow-nondistributable-artifacts` since 28.1; both are let through without a
//! word. `host-gateway-ip` became `host-gateway-ips` in 28.0, and `keepStorage` of the build cache became `reservedSpace`.
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
use crate::docker::settings::docker as in_docker;
use crate::keys::{Bound, KeySpec};
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "deprecated-directive",
    summary: "A key that Docker no longer uses, or that is announced to go",
    category: Category::Deprecation,
    fix: Some(Applicability::Safe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// Keys that are let through and do nothing. Source: moby/moby@docker-v29.7.2:daemon/config/config.go (`skipValidateOptions`).
const IGNORED: [(&str, Releases); 2] =
    [("deprecated-key-path", Releases::docker("24..")), ("allow-nondistributable-artifacts", Releases::docker("28.."))];

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        let Some(key) = bound.key().filter(|key| key.deprecated().0 != 0) else { continue };
        // What some release refuses is told by another rule, with its deprecation.
        let lives = key.releases().covers(crate::releases::ReleaseSet::ALL.without(before(key)));
        if lives && !says_nothing(&bound.entry.value) {
            report(cx, bound, key);
        }
    }
}

/// Releases older than the key.
fn before(key: &KeySpec) -> crate::releases::ReleaseSet {
    crate::releases::ReleaseSet::starting_at(key.releases().0.trailing_zeros() as usize).complement()
}

fn says_nothing(node: &Node) -> bool {
    match &node.value {
        Value::Missing => true,
        Value::Scalar(scalar) => node.is_null() || scalar.text.is_empty(),
        Value::Seq(items) => items.is_empty(),
        Value::Map(map) => map.entries.is_empty(),
    }
}

fn report(cx: &mut FileCx, bound: &Bound, key: &KeySpec) {
    let entry = bound.entry;
    let name = entry.key.as_ref();
    let path = cx.path_of(entry);
    let ignored = IGNORED.iter().find(|(known, _)| *known == key.path()).map(|(_, set)| *set);
    let other = key.replaced_by().map(|by| by.rsplit('.').next().unwrap_or(by));
    let (message, why) = match (ignored, other) {
        (Some(_), _) => {
            (format!("`{name}` does nothing any more"), "dockerd lets the key through and does not read it.")
        }
        (None, Some(other)) => (
            format!("`{name}` has a new name: `{}`", lower_first(other)),
            "The old name still works and is announced to go.",
        ),
        (None, None) => (format!("`{name}` is announced to go"), "It still works; a later release refuses it."),
    };
    // Where an older release of the target reads the key, it goes only with the user's consent.
    let is_idle = |set: Releases| set.get(Product::Docker).covers(cx.releases().get(Product::Docker));
    let trust = if ignored.is_some_and(is_idle) { Applicability::Safe } else { Applicability::Unsafe };
    let remove = ignored
        .and_then(|_| edit::remove(cx.doc(), bound.parent, entry))
        .map(|edit| Fix::one(trust, format!("Remove `{name}`"), edit).keeping_meaning());
    let help = match (ignored, other) {
        (Some(_), _) => "Remove it.".to_owned(),
        (None, Some(other)) if directive(other).is_some() => {
            format!("Write `{other}`, which takes a list, once all nodes have that release.")
        }
        (None, Some(other)) => format!("Write `{}` once all nodes have that release.", lower_first(other)),
        (None, None) => "Remove it.".to_owned(),
    };
    let finding = cx.report(entry.key_span, message);
    if let Some(set) = ignored {
        finding.ignored(set);
    } else {
        finding.advice(in_docker(key.deprecated()));
    }
    finding.key(path).why(why).help(help).maybe_fix(remove);
}

/// The data writes names below `builder` as Go does; people write them with a small letter.
fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|c| c.to_ascii_lowercase()).into_iter().chain(letters).collect()
}
