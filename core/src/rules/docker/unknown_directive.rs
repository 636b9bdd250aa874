//! # `unknown-directive`
//!
//! A key of `daemon.json` that no release of Docker takes.
//!
//! ## Why
//!
//! dockerd does not start: `the following directives don't match any configuration option: liverestore`. Names are
//! compared letter by letter, so `Debug` is unknown too, and there is no place for notes: dockerd refuses `_comment`
//! and `$schema` like any other name.
//!
//! dockerd looks into an object of an unknown name instead: it takes the children for keys and prints only those.
//!
//! ## What to do
//!
//! Correct the name, or remove the key.
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
//! - moby/moby@docker-v29.7.2:daemon/config/config.go (`findConfigurationConflicts`); measured with 20.10.24, 24.0.9,
//!   27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::kind::{SHORT_FLAGS, directive, is_flat, refuses_object, releases_with};
use crate::docker::refusals::{refusal, unknown_names};
use crate::docker::settings::{flag_key, in_docker};
use crate::keys::drivers::{log_drivers, storage_drivers};
use crate::keys::{Binding, KeySpec, Place, nearest, tables};
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-directive",
    summary: "Key that Docker does not recognize",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for entry in cx.root.entries() {
        // Of two entries of one name the last is checked.
        let is_last = cx.root.entry(&entry.key).is_some_and(|last| last.key_span == entry.key_span);
        if is_last && flag_key(&entry.key).is_none() {
            check_entry(cx, entry);
        }
    }
    for bound in cx.bound {
        if bound.binding == Binding::Unknown && bound.within.name() == "nri-opts" {
            report_nri(cx, bound.parent, bound.entry);
        }
    }
}

fn check_entry(cx: &mut FileCx, entry: &Entry) {
    let name = entry.key.as_ref();
    let Value::Map(map) = &entry.value.value else {
        if directive(name).is_none() && releases_with(name).is_empty() {
            report(cx, cx.root, entry, false);
        }
        return;
    };
    // dockerd looks into the object first, and then refuses it.
    if refuses_object(name) {
        report(cx, cx.root, entry, false);
        return;
    }
    let unknown: Vec<&Entry> = map.entries.iter().filter(|child| releases_with(&child.key).is_empty()).collect();
    if name == "proxies" {
        unknown.into_iter().for_each(|child| report(cx, &entry.value, child, true));
    } else if directive(name).is_none() && !unknown.is_empty() {
        // The rule `directive-wrong-type` reports an object in the place of something else.
        report_object(cx, entry, &unknown);
    }
}

/// The key at the top that was meant.
fn meant(cx: &FileCx, name: &str) -> Option<&'static str> {
    let target = cx.releases().get(Product::Docker);
    let current = |name: &&str| directive(name).is_some_and(|key| !key.releases().and(target).is_empty());
    let short = SHORT_FLAGS.iter().find(|(short, _)| *short == name);
    let close = match short {
        // `graph` has another name today.
        Some((_, "graph")) => Some("data-root"),
        Some((_, key)) => Some(*key),
        None => nearest(name, tables::DOCKER.root().children().map(Place::name).filter(current)),
    };
    // Where the name is set too, this one is something else.
    close.filter(|close| cx.root.get(close).is_none())
}

fn is_note(name: &str) -> bool {
    name.starts_with(['_', '$', '/', '#'])
        || matches!(name.to_ascii_lowercase().as_str(), "comment" | "comments" | "note")
}

fn report(cx: &mut FileCx, parent: &Node, entry: &Entry, is_in_proxies: bool) {
    if cx.is_full() {
        cx.count(entry.key_span).refused(Releases::ANY);
        return;
    }
    let name = entry.key.as_ref();
    let (close, place) = if is_in_proxies {
        (nearest(name, ["http-proxy", "https-proxy", "no-proxy"].into_iter()), "in `proxies`")
    } else {
        (meant(cx, name), "at the top level")
    };
    let close = close.filter(|_| !is_note(name));
    let same = close.filter(|close| close.eq_ignore_ascii_case(name));
    let own = tables::DOCKER.find(&[name]).and_then(|place| place.key()).filter(|key| key.is_unreachable());
    let message = match (own, same) {
        (Some(_), _) => format!("Docker does not read `{name}` from the file"),
        (None, Some(same)) => format!("Docker spells `{name}` as `{same}`"),
        (None, None) => format!("Docker does not recognize the key `{name}` {place}"),
    };
    let fix = if is_note(name) {
        let edit = edit::remove(cx.doc(), parent, entry);
        edit.map(|edit| Fix::one(Applicability::Safe, "Remove the note", edit))
    } else {
        let applicability = if same.is_some() { Applicability::Safe } else { Applicability::Unsafe };
        close.map(|close| Fix::rename(applicability, cx.doc(), entry, close))
    };
    let help = help(cx.root, name, close, own);
    cx.report_key(entry, message).refused(Releases::ANY).why(unknown_names(&[name])).help(help).maybe_fix(fix);
}

/// An unknown object: dockerd looks at its children.
fn report_object(cx: &mut FileCx, entry: &Entry, unknown: &[&Entry]) {
    let close = meant(cx, &entry.key).filter(|close| !is_flat(close).is_empty());
    let help = match close {
        Some(close) => format!("Did you mean `{close}`?"),
        None => "Remove it, or put the settings at the top level under their own names.".to_owned(),
    };
    let names: Vec<&str> = unknown.iter().map(|child| child.key.as_ref()).collect();
    let fix = close.map(|close| Fix::rename(Applicability::Unsafe, cx.doc(), entry, close));
    cx.report_key(entry, format!("Docker does not recognize the key `{}` at the top level", entry.key))
        .refused(Releases::ANY)
        .why(format!("dockerd takes the children of an unknown object for keys. {}", unknown_names(&names)))
        .help(help)
        .maybe_fix(fix);
}

/// The one object whose children are checked by name.
fn report_nri(cx: &mut FileCx, parent: &Node, entry: &Entry) {
    let name = entry.key.as_ref();
    let known = ["enable", "plugin-path", "plugin-config-path", "socket-path"];
    let close = nearest(name, known.into_iter()).filter(|close| parent.get(close).is_none());
    let path = cx.path_of(entry);
    let fix = close.map(|close| Fix::rename(Applicability::Unsafe, cx.doc(), entry, close));
    cx.report(entry.key_span, format!("Docker does not recognize the key `{name}` in `nri-opts`"))
        .refused(in_docker(is_flat("nri-opts")))
        .key(path)
        .why(refusal(&format!("invalid JSON: json: unknown field \"{name}\"")))
        .help(close.map_or("Remove it.".to_owned(), |close| format!("Did you mean `{close}`?")))
        .maybe_fix(fix);
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
    let is_storage_opt = name.contains('.') && storage_drivers().iter().any(|driver| driver.opt(name).is_some());
    if is_log_opt && root.get(name).is_some() {
        format!("`{name}` is an option of a log driver: put it in `log-opts`.")
    } else if is_storage_opt {
        format!("`{name}` is an option of a storage driver: write `\"storage-opts\": [\"{name}=...\"]`.")
    } else if name.eq_ignore_ascii_case("native.cgroupdriver") {
        "Write `\"exec-opts\": [\"native.cgroupdriver=systemd\"]`.".to_owned()
    } else {
        "Remove it, or look the name up: `crilint explain` describes every key.".to_owned()
    }
}
