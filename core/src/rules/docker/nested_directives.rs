//! # `nested-directives`
//!
//! Keys inside an object whose name is not a key of Docker.
//!
//! ## Why
//!
//! dockerd looks into such an object once, to check the names in it, and then reads the top level alone. So the
//! settings pass the check and have no effect, with one exception: switches (`live-restore`, `icc`,
//! `no-new-privileges`, ...) take effect from there, except `debug` and `tls`. There they may also be the text or
//! number that the flag takes (`"true"`, `1`); anything else is false. If the same switch is at the top level too,
//! which of them wins is random.
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
//! { "settings": { "live-restore": true, "log-driver": "local" } }
//!   ^^^^^^^^^^
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
//! - moby/moby@docker-v29.7.2:daemon/config/config.go (`configValuesSet`); measured with 20.10.24, 24.0.9, 27.5.1,
//!   28.5.2 and 29.7.2; switches that are not booleans with 20.10.24, 24.0.9 and 29.7.2

use crate::docker;
use crate::docker::decoded::{is_switch, switch_value};
use crate::docker::kind::{directive, refused_names, refuses_object, releases_with};
use crate::docker::settings::in_docker;
use crate::keys::flags::docker_ignored;
use crate::rules::prelude::*;
use crate::syntax::Value;
use crate::syntax::path::join;

pub(crate) const RULE: Rule = Rule {
    id: "nested-directives",
    summary: "Keys in an object whose name is not a key of Docker",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for entry in cx.root.entries() {
        let Value::Map(map) = &entry.value.value else { continue };
        let name = entry.key.as_ref();
        let is_known = directive(name).is_some() || docker_ignored(name).is_some() || refuses_object(name);
        // The rule `unknown-directive` reports unknown names inside.
        if !is_known && map.entries.iter().all(|child| !releases_with(&child.key).is_empty()) {
            report(cx, entry, &map.entries);
        }
    }
}

/// dockerd writes switches into the flags, wherever they are. One that is not a boolean is false there, which is the
/// default of most.
fn takes_effect(entry: &Entry) -> bool {
    let is_on_by_default = || directive(&entry.key).is_some_and(|key| key.defaults().any(|(_, value)| value == "true"));
    is_switch(entry) && (switch_value(&entry.value).is_some() || is_on_by_default())
}

fn report(cx: &mut FileCx, entry: &Entry, children: &[Entry]) {
    let name = entry.key.as_ref();
    let refused = refused_names(entry).iter().fold(ReleaseSet::NONE, |all, (_, set)| all.or(*set));
    let rest = in_docker(ReleaseSet::ALL.without(refused));
    let (switches, ignored): (Vec<&Entry>, Vec<&Entry>) = children.iter().partition(|child| takes_effect(child));
    let all_work = !children.is_empty() && ignored.is_empty();
    let names = quoted(switches.iter().map(|child| child.key.as_ref()), ", ");
    let message = if children.is_empty() {
        format!("Docker has no key `{name}`, but accepts it because it is empty")
    } else if all_work {
        format!("Docker has no key `{name}`, but reads {names} from it by accident")
    } else if names.is_empty() {
        format!("Docker has no key `{name}`, and ignores what is in it")
    } else {
        format!("Docker has no key `{name}`, and ignores what is in it but {names}")
    };
    let fix = fix(cx, entry, children);
    // The object stands for what is in it where all of that has no effect.
    let keys: Vec<String> = match switches.is_empty() || all_work {
        true => vec![cx.path_of(entry)],
        false => ignored.iter().map(|child| join(&[name, &child.key])).collect(),
    };
    cx.report(entry.key_span, message)
        .refused(in_docker(refused))
        .outcome(if all_work { Effect::Harmful } else { Effect::Ignored }, rest)
        .why(if names.is_empty() { WHY_IGNORED.to_owned() } else { why_switches(&names) })
        .help(if children.is_empty() { "Remove it." } else { "Put the settings at the top level." })
        .maybe_fix(fix)
        .keys = keys;
}

/// The children in the place of the object.
fn fix(cx: &FileCx, entry: &Entry, children: &[Entry]) -> Option<Fix> {
    let (first, last) = (children.first()?, children.last()?);
    let is_movable = |child: &Entry| directive(&child.key).is_some() && cx.root.get(&child.key).is_none();
    if !children.iter().all(is_movable) {
        return None;
    }
    let inner = first.key_span.to(last.value.span).of(cx.doc().text);
    let edit = Edit::new(entry.key_span.to(entry.value.span), inner);
    Some(Fix::one(Applicability::Unsafe, "Take the keys out of the object", edit))
}

fn why_switches(switches: &str) -> String {
    format!(
        "dockerd looks into such an object to check the names, and sets switches on the way: {switches} takes effect, \
         and everything else is ignored. This is not documented."
    )
}

const WHY_IGNORED: &str = "dockerd looks into such an object to check the names, and then reads the top level alone: \
                           it silently ignores what is in the object.";
