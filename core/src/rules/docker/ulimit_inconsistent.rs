//! # `ulimit-inconsistent`
//!
//! An item of `default-ulimits` without a name, with another name than its key, unknown, or with a soft limit above
//! the hard one.
//!
//! ## Why
//!
//! The daemon accepts all of it. The field `Name` decides which limit is meant, not the key around it, and a fault
//! shows when a container starts: `ulimit soft limit must be less than or equal to hard limit`, or `invalid ulimit
//! type`. Without `Name` no container starts that takes the defaults.
//!
//! ## What to do
//!
//! Write `"nofile": { "Name": "nofile", "Soft": 64000, "Hard": 64000 }`.
//!
//! ## Examples
//!
//! ```json bad
//! { "default-ulimits": { "nofile": { "Hard": 64000, "Soft": 64000 } } }
//!                        ^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "default-ulimits": { "nofile": { "Hard": 64000, "Soft": 64000, "Name": "nofile" } } }
//! ```
//!
//! ```json bad
//! { "default-ulimits": { "nofile": { "Name": "nofile", "Hard": 1024, "Soft": 64000 } } }
//!                                                                            ^^^^^
//! ```
//!
//! ```json good
//! { "default-ulimits": { "nofile": { "Name": "nofile", "Hard": -1, "Soft": 64000 } } }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/daemon_unix.go, vendor/github.com/docker/go-units/ulimit.go; that the daemon
//!   starts is measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::settings::{field, readers};
use crate::keys::{KeySpec, nearest, tables};
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "ulimit-inconsistent",
    summary: "Default limit that no container can have",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for entry in cx.settings().get("default-ulimits").map(Node::entries).unwrap_or_default() {
        if matches!(entry.value.value, Value::Map(_)) {
            check_limit(cx, entry);
        }
    }
}

fn check_limit(cx: &mut FileCx, entry: &Entry) {
    let key = entry.key.as_ref();
    let name_node = field(&entry.value, "name");
    let Some((name, node)) =
        name_node.and_then(|node| Some((node.as_str()?, node))).filter(|(name, _)| !name.is_empty())
    else {
        let message = format!("the limit `{key}` has no `Name`");
        let fix = add_name(cx, entry);
        report_failing(cx, entry, entry.key_span, message)
            .help("Set `Name` to the limit that is meant.")
            .maybe_fix(fix);
        return;
    };
    if !is_limit(name) {
        report_failing(cx, entry, node.span, format!("there is no limit `{name}`")).help(help_name(name));
        return;
    }
    if name != key {
        let path = cx.path_of(entry);
        cx.report(node.span, format!("`Name` is `{name}`, but the key around it is `{key}`"))
            .advice(Releases::ANY)
            .key(path)
            .why("`Name` decides. The key around it is a label alone; it may overwrite or double another limit.")
            .help("Give both the same name.");
    }
    let limit = |name: &str| field(&entry.value, name).map_or(Some(0), Node::as_int);
    if let (Some(soft), Some(hard), Some(node)) = (limit("soft"), limit("hard"), field(&entry.value, "soft"))
        && hard != -1
        && (soft > hard || soft == -1)
    {
        let message = format!("the soft limit {soft} is above the hard one, {hard}");
        report_failing(cx, entry, node.span, message).help("Raise `Hard`, or lower `Soft`.");
    }
}

fn limits() -> impl Iterator<Item = &'static str> {
    let name = tables::DOCKER.find(&["default-ulimits", "*", "Name"]).and_then(|place| place.key());
    name.into_iter().flat_map(KeySpec::values)
}

fn is_limit(name: &str) -> bool {
    limits().any(|limit| limit == name)
}

fn add_name(cx: &FileCx, entry: &Entry) -> Option<Fix> {
    let key = entry.key.as_ref();
    if !is_limit(key) {
        return None;
    }
    let edit = edit::add_entry(cx.doc(), &entry.value, "Name", &edit::string(key))?;
    Some(Fix::one(Applicability::Unsafe, format!("Name it `{key}`"), edit))
}

fn report_failing<'c>(cx: &'c mut FileCx, entry: &Entry, span: Span, message: String) -> &'c mut Finding {
    let path = cx.path_of(entry);
    let finding = cx.report(span, message);
    finding.harmful(readers("default-ulimits")).breaks(BreakScope::EveryContainer, "").key(path).why(
        "The daemon starts, but containers that take the defaults do not: a container gets its limits when it starts.",
    )
}

fn help_name(name: &str) -> String {
    match nearest(name, limits()) {
        Some(close) => format!("Did you mean `{close}`?"),
        None => format!("Take one of {}.", limits().collect::<Vec<_>>().join(", ")),
    }
}
