//! # `unknown-directive`
//!
//! A key of `daemon.json` that no release of Docker takes.
//!
//! ## Why
//!
//! dockerd does not start: `the following directives don't match any configuration option: liverestore`. Names are compared
//! letter by letter, so `Debug` is unknown too, and there is no place for notes: `_comment` and `$schema` are refused like any
//! other name.
//!
//! An object of an unknown name is looked into instead: dockerd takes its children for keys and names only those.
//!
//! ## What to do
//!
//! Mend the name, or remove the key.
//!
//! ## Examples
//!
//! ```json bad
//! {
//!   "liverestore": true
//!   ^^^^^^^^^^^^^
//! }
//! ```
//!
//! ```json fixed
//! {
//!   "live-restore": true
//! }
//! ```
//!
//! ```json bad
//! { "Debug": true }
//!   ^^^^^^^
//! ```
//!
//! ```json fixed
//! { "debug": true }
//! ```
//!
//! ```json bad
//! {
//!   "_comment": "mirrors of our own",
//!   ^^^^^^^^^^
//!   "registry-mirrors": ["https://mirror.example"]
//! }
//! ```
//!
//! ```json fixed
//! {
//!   "registry-mirrors": ["https://mirror.example"]
//! }
//! ```
//!
//! ```json bad
//! { "proxies": { "httpProxy": "http://proxy.example:3128" } }
//!                ^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "proxies": { "http-proxy": "http://proxy.example:3128" } }
//! ```
//!
//! ```json bad
//! { "max-size": "10m" }
//!   ^^^^^^^^^^
//! ```
//!
//! ```json bad
//! { "logging": { "driver": "local" } }
//!   ^^^^^^^^^
//! ```
//!
//! ```json bad docker=29
//! { "nri-opts": { "enabled": true } }
//!                 ^^^^^^^^^
//! ```
//!
//! ```json good
//! { "live-restore": true, "debug": false }
//! ```
//!
//! ## References
//!
//! - docker/docs#4504, docker/docs#19398
//! - moby/moby@docker-v29.7.2:daemon/config/config.go (`findConfigurationConflicts`); measured with 20.10.24, 24.0.9, 27.5.1,
//!   28.5.2 and 29.7.2

use crate::docker;
use crate::docker::kind::{directive, is_flat, knows};
use crate::docker::settings::{docker as in_docker, flag_key};
use crate::keys::drivers::{log_drivers, storage_drivers};
use crate::keys::{Binding, KeySpec, Type, nearest, tables};
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-directive",
    summary: "A key that Docker does not know",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let root = cx.root;
    // Of two entries of one name the last is checked.
    for entry in root.entries().iter().filter(|e| root.entry(&e.key).is_some_and(|last| last.key_span == e.key_span)) {
        match &entry.value.value {
            _ if flag_key(&entry.key).is_some() => {}
            Value::Map(map) if entry.key == "proxies" => {
                let unknown = map.entries.iter().filter(|child| knows(&child.key).is_empty());
                unknown.for_each(|child| report(cx, &entry.value, child, "in `proxies`"));
            }
            // dockerd looks into the object first, and then has no room for one there.
            Value::Map(_) if has_no_room(&entry.key) => report(cx, root, entry, "at the top level"),
            // What holds an object and should not is of a wrong type.
            Value::Map(_) if directive(&entry.key).is_some() => {}
            Value::Map(map) => {
                let unknown: Vec<_> = map.entries.iter().filter(|child| knows(&child.key).is_empty()).collect();
                if !unknown.is_empty() {
                    report_object(cx, entry, &unknown);
                }
            }
            _ if directive(&entry.key).is_none() && knows(&entry.key).is_empty() => {
                report(cx, root, entry, "at the top level");
            }
            _ => {}
        }
    }
    for bound in cx.bound {
        if bound.binding == Binding::Unknown && bound.within.name() == "nri-opts" {
            report_nri(cx, bound.parent, bound.entry);
        }
    }
}

/// Whether dockerd's struct has a field of this name, in any letter case, that takes no object: the names inside pass, and the
/// decoder refuses the object.
pub(crate) fn has_no_room(name: &str) -> bool {
    let mut all = tables::DOCKER.root().children().filter(|place| place.name().eq_ignore_ascii_case(name));
    let simple = |ty: Type| !matches!(ty, Type::Map(_) | Type::Table | Type::Any);
    directive(name).is_none() && all.any(|place| place.key().is_some_and(|key| simple(key.ty())))
}

/// The name that was meant.
fn suggestion(parent: &Node, name: &str, proxies: bool) -> Option<&'static str> {
    if proxies {
        return nearest(name, ["http-proxy", "https-proxy", "no-proxy"].into_iter());
    }
    let short = match name {
        "D" => Some("debug"),
        "H" => Some("hosts"),
        "l" => Some("log-level"),
        "s" => Some("storage-driver"),
        "G" => Some("group"),
        "b" => Some("bridge"),
        "g" => Some("data-root"),
        "p" => Some("pidfile"),
        _ => None,
    };
    let all = tables::DOCKER.root().children().map(crate::keys::Place::name);
    let target = Product::Docker.default_target();
    let mut close = short.or_else(|| {
        nearest(name, all.filter(|n| directive(n).is_some_and(|key| !key.releases().and(target).is_empty())))
    });
    // Two slips of one name: the second is something else.
    close = close.filter(|name| parent.get(name).is_none());
    close
}

fn is_note(name: &str) -> bool {
    name.starts_with(['_', '$', '/', '#'])
        || matches!(name.to_ascii_lowercase().as_str(), "comment" | "comments" | "note")
}

fn report(cx: &mut FileCx, parent: &Node, entry: &Entry, place: &str) {
    let name = entry.key.as_ref();
    if cx.is_full() {
        cx.count(entry.key_span).refused(Releases::ANY);
        return;
    }
    let close = suggestion(parent, name, place != "at the top level").filter(|_| !is_note(name));
    let same = close.is_some_and(|close| close.eq_ignore_ascii_case(name));
    let own = tables::DOCKER.find(&[name]).and_then(|place| place.key()).filter(|key| key.is_unreachable());
    let message = match (own, close) {
        (Some(_), _) => format!("Docker takes no `{name}` from the file"),
        (None, Some(close)) if same => format!("Docker spells `{name}` as `{close}`"),
        _ => format!("Docker knows no key `{name}` {place}"),
    };
    let fix = fix(cx, parent, entry, close, same);
    let help = help(cx.root, name, close, own);
    let path = cx.path_of(entry);
    cx.report(entry.key_span, message)
        .refused(Releases::ANY)
        .key(path)
        .why(format!(
            "dockerd does not start: `the following directives don't match any configuration option: {name}`."
        ))
        .help(help)
        .maybe_fix(fix);
}

fn fix(cx: &FileCx, parent: &Node, entry: &Entry, close: Option<&str>, same: bool) -> Option<Fix> {
    if is_note(&entry.key) {
        let edit = edit::remove(cx.doc(), parent, entry)?;
        return Some(Fix::one(Applicability::Safe, "Remove the note", edit));
    }
    let close = close?;
    let applicability = if same { Applicability::Safe } else { Applicability::Unsafe };
    Some(Fix::rename(applicability, cx.doc(), entry, close))
}

fn help(root: &Node, name: &str, close: Option<&str>, own: Option<&KeySpec>) -> String {
    if let Some(key) = own {
        return match key.flag() {
            Some(flag) => format!("Only the flag `{flag}` sets it: give it to dockerd in the systemd unit."),
            None => "Remove it: dockerd sets this itself.".to_owned(),
        };
    }
    if is_note(name) {
        return "Remove it: dockerd has no key for notes. Keep them in a file beside this one.".to_owned();
    }
    if let Some(close) = close {
        return format!("Did you mean `{close}`?");
    }
    let is_log_opt = log_drivers().iter().any(|driver| driver.opt(name).is_some());
    let is_storage_opt = storage_drivers().iter().any(|driver| name.contains('.') && driver.opt(name).is_some());
    if is_log_opt && root.get(name).is_some() {
        return format!("`{name}` is an option of a log driver: put it in `log-opts`.");
    }
    if is_storage_opt {
        return format!("`{name}` is an option of a storage driver: write `\"storage-opts\": [\"{name}=...\"]`.");
    }
    if name.eq_ignore_ascii_case("native.cgroupdriver") {
        return "Write `\"exec-opts\": [\"native.cgroupdriver=systemd\"]`.".to_owned();
    }
    "Remove it, or look the name up: `crilint explain` knows every key.".to_owned()
}

/// An unknown object: dockerd looks at its children.
fn report_object(cx: &mut FileCx, entry: &Entry, unknown: &[&Entry]) {
    let name = entry.key.as_ref();
    let close = suggestion(cx.root, name, false).filter(|close| !is_flat(close).is_empty());
    let printed: Vec<&str> = unknown.iter().map(|child| child.key.as_ref()).collect();
    let fix = close.map(|close| Fix::rename(Applicability::Unsafe, cx.doc(), entry, close));
    let help = match close {
        Some(close) => format!("Did you mean `{close}`?"),
        None => "Remove it, or put the settings at the top level under their own names.".to_owned(),
    };
    let path = cx.path_of(entry);
    cx.report(entry.key_span, format!("Docker knows no key `{name}` at the top level"))
        .refused(Releases::ANY)
        .key(path)
        .why(format!(
            "dockerd takes the children of an unknown object for keys, and does not start: `the following directives don't match any configuration option: {}`.",
            printed.join(", ")
        ))
        .help(help)
        .maybe_fix(fix);
}

/// The one object whose children are checked by name.
fn report_nri(cx: &mut FileCx, parent: &Node, entry: &Entry) {
    let name = entry.key.as_ref();
    let close = nearest(name, ["enable", "plugin-path", "plugin-config-path", "socket-path"].into_iter())
        .filter(|close| parent.get(close).is_none());
    let fix = close.map(|close| Fix::rename(Applicability::Unsafe, cx.doc(), entry, close));
    let help = match close {
        Some(close) => format!("Did you mean `{close}`?"),
        None => "Remove it.".to_owned(),
    };
    let path = cx.path_of(entry);
    cx.report(entry.key_span, format!("Docker knows no key `{name}` in `nri-opts`"))
        .refused(in_docker(is_flat("nri-opts")))
        .key(path)
        .why(format!("dockerd does not start: `invalid JSON: json: unknown field \"{name}\"`."))
        .help(help)
        .maybe_fix(fix);
}
