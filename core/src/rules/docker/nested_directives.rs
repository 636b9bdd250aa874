//! # `nested-directives`
//!
//! Keys inside an object that is no key of Docker's.
//!
//! ## Why
//!
//! dockerd looks into such an object once, to check the names in it, and then reads the top level alone. So the settings pass without a
//! word and do nothing; with one exception: switches (`live-restore`, `icc`, `no-new-privileges`, ...) take effect from there, except `debug` and `tls`.
//! If the same switch stands at the top level too, chance decides.
//!
//! ## What to do
//!
//! Put the settings at the top level.
//!
//! ## Examples
//!
//! ```json bad
//! { "daemon": { "log-driver": "local" } }
//!   ^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "log-driver": "local" }
//! ```
//!
//! ```json bad
//! { "settings": { "live-restore": true } }
//!   ^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "live-restore": true }
//! ```
//!
//! ```json bad
//! { "x-notes": {} }
//!   ^^^^^^^^^
//! ```
//!
//! ```json good
//! { "log-driver": "local" }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/config/config.go (`configValuesSet`); measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2
//!   and 29.7.2

use crate::docker;
use crate::docker::kind::{directive, knows, refused_names};
use crate::docker::settings::docker as in_docker;
use crate::keys::Type;
use crate::keys::flags::docker_ignored;
use crate::rules::docker::unknown_directive::has_no_room;
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "nested-directives",
    summary: "Keys in an object that is no key of Docker's",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for entry in cx.root.entries() {
        let Value::Map(map) = &entry.value.value else { continue };
        let own = directive(&entry.key).is_some() || docker_ignored(&entry.key).is_some() || has_no_room(&entry.key);
        // A name that nobody knows is told by another rule.
        if !own && map.entries.iter().all(|child| !knows(&child.key).is_empty()) {
            report(cx, entry, &map.entries);
        }
    }
}

/// dockerd writes switches into the flags, wherever they stand. Some are read before.
fn takes_effect(entry: &Entry) -> bool {
    !matches!(entry.key.as_ref(), "debug" | "tls" | "tlsverify")
        && directive(&entry.key).is_some_and(|key| key.ty() == Type::Bool)
}

fn report(cx: &mut FileCx, entry: &Entry, children: &[Entry]) {
    let name = entry.key.as_ref();
    let refused = refused_names(entry).iter().fold(ReleaseSet::NONE, |all, (_, set)| all.or(*set));
    let rest = in_docker(ReleaseSet::ALL.without(refused));
    let works: Vec<&str> = children.iter().filter(|c| takes_effect(c)).map(|c| c.key.as_ref()).collect();
    let all_work = !children.is_empty() && works.len() == children.len();
    let fix = fix(cx, entry, children);
    let path = cx.path_of(entry);
    let message = match (children.is_empty(), all_work) {
        (true, _) => format!("Docker knows no key `{name}`, and takes it because it is empty"),
        (_, true) => format!("Docker knows no key `{name}`, and takes {} out of it by accident", quoted(&works)),
        _ => format!("Docker knows no key `{name}`, and reads nothing in it"),
    };
    let why = if works.is_empty() {
        "dockerd looks into such an object to check the names, and then reads the top level alone: nothing in it has an effect, without a word.".to_owned()
    } else {
        format!(
            "dockerd looks into such an object to check the names, and sets switches on the way: {} takes effect, and all else does nothing. This is not documented.",
            quoted(&works)
        )
    };
    let finding = cx.report(entry.key_span, message);
    finding.refused(in_docker(refused));
    if all_work {
        finding.harmful(rest);
    } else {
        finding.ignored(rest);
    }
    let help = if children.is_empty() { "Remove it." } else { "Put the settings at the top level." };
    finding.key(path).why(why).help(help).maybe_fix(fix);
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The children in the place of the object.
fn fix(cx: &FileCx, entry: &Entry, children: &[Entry]) -> Option<Fix> {
    let (first, last) = (children.first()?, children.last()?);
    let taken = |root: &Node| children.iter().any(|child| root.get(&child.key).is_some());
    let flags = children.iter().any(|child| directive(&child.key).is_none());
    if taken(cx.root) || flags {
        return None;
    }
    let inner = first.key_span.to(last.value.span).of(cx.doc().text);
    let edit = Edit::new(entry.key_span.to(entry.value.span), inner);
    Some(Fix::one(Applicability::Unsafe, "Take the keys out of the object", edit))
}
