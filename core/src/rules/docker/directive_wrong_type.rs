//! # `directive-wrong-type`
//!
//! A value of another JSON type than the key takes: a string for a list, `"true"` for a switch, an object for a list.
//!
//! ## Why
//!
//! dockerd does not start: `json: cannot unmarshal string into Go struct field ... hosts of type []string`. A single
//! string is not a list, and numbers are whole: `"1500"` and `1.5e3` are not. An object in the place of a list is
//! reported by the names inside it (`the following directives don't match any configuration option: base, size`).
//!
//! ## What to do
//!
//! Write the value in its type.
//!
//! ## Examples
//!
//! ```json bad
//! { "insecure-registries": "registry.example:5000" }
//!                          ^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "insecure-registries": ["registry.example:5000"] }
//! ```
//!
//! ```json bad
//! { "iptables": "false" }
//!               ^^^^^^^
//! ```
//!
//! ```json fixed
//! { "iptables": false }
//! ```
//!
//! ```json bad
//! { "mtu": "1450" }
//!          ^^^^^^
//! ```
//!
//! ```json fixed
//! { "mtu": 1450 }
//! ```
//!
//! ```json bad
//! { "log-opts": ["max-size=10m", "max-file=3"] }
//!               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "log-opts": { "max-size": "10m", "max-file": "3" } }
//! ```
//!
//! ```json bad
//! { "labels": { "zone": "a" } }
//!             ^^^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "labels": ["zone=a"] }
//! ```
//!
//! ```json bad
//! { "default-address-pools": { "base": "10.123.0.0/16", "size": 24 } }
//!                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "default-address-pools": [{ "base": "10.123.0.0/16", "size": 24 }] }
//! ```
//!
//! ```json bad
//! { "default-ulimits": { "nofile": "64000:64000" } }
//!                                  ^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "default-ulimits": { "nofile": { "Name": "nofile", "Soft": 64000, "Hard": 64000 } } }
//! ```
//!
//! ```json bad
//! { "default-shm-size": 67108864 }
//!                       ^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "default-shm-size": "67108864" }
//! ```
//!
//! ```json bad
//! { "features": ["containerd-snapshotter"] }
//!               ^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "features": { "containerd-snapshotter": true } }
//! ```
//!
//! ```json good
//! {
//!   "debug": null, "mtu": 0, "dns": ["192.0.2.53"],
//!   "default-ulimits": { "nofile": { "Name": "nofile", "Hard": -1, "Soft": 1024 } }
//! }
//! ```
//!
//! ## References
//!
//! - docker/docs#3361, docker/docs#7351, moby/moby#22311, moby/moby#44905, docker/for-win#171
//! - moby/moby@docker-v29.7.2:daemon/config/config.go, config_linux.go; measured with 20.10.24, 24.0.9, 27.5.1,
//!   28.5.2 and 29.7.2

use crate::docker;
use crate::docker::kind::{is_flat, refused_names};
use crate::docker::refusals::{refusal, unknown_names};
use crate::docker::settings::{go_type, in_docker};
use crate::docker::types::{convert, mismatch, wanted};
use crate::keys::{Binding, KeySpec, Type};
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "directive-wrong-type",
    summary: "Value of another type than Docker takes",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// An integer in 24.0, and a text since.
const MAX_AGE: &str = "builder.History.MaxAge";
const READS_MAX_AGE_AS_INTEGER: Releases = Releases::docker("24");
const READS_MAX_AGE_AS_TEXT: Releases = Releases::docker("25..");
const FILTER: &str = "builder.GC.Policy[].Filter";
/// Source: moby/moby#40013; moby/moby@v19.03.5:daemon/config/builder.go.
const READS_FILTER_AS_OBJECT: Releases = Releases::docker("18.09..19.03.4");
/// Releases that read these keys; later ones accept the names and ignore what is behind them.
const READS_KEY_PATH: Releases = Releases::docker("..23");
const READS_NONDISTRIBUTABLE: Releases = Releases::docker("..28.0.4");

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        let Binding::Known(place) = bound.binding else { continue };
        let Some(key) = place.key().filter(|key| !key.is_unreachable()) else { continue };
        let node = &bound.entry.value;
        let is_object = matches!(node.value, Value::Map(_));
        // The rule `log-opts-not-string` checks the values of log options.
        if key.path() == "log-opts.*" || (key.path() == "log-opts" && is_object) {
            continue;
        }
        // Of several the last one is what the check of names sees.
        let is_last = || cx.root.entry("proxies").is_some_and(|last| last.key_span == bound.entry.key_span);
        if key.path() == "proxies" && !is_object && is_last() {
            report_proxies(cx, bound.entry);
        } else if let Some(wrong) = mismatch(key, node) {
            report(cx, bound.entry, key, wrong);
        } else if key.path() == FILTER && matches!(node.value, Value::Seq(_)) {
            report_filter_list(cx, bound.entry);
        }
    }
}

fn report(cx: &mut FileCx, entry: &Entry, key: &KeySpec, node: &Node) {
    let path = cx.path_of(entry);
    let fix = convert(cx.doc(), key, entry, node);
    let wanted = match key.path() {
        MAX_AGE => "a duration in a string since 25.0 (in 24.0 an integer)".to_owned(),
        _ => wanted(key.ty()),
    };
    let message = message(entry, node, &wanted, node.span.of(cx.doc().text));
    cx.report(node.span, message)
        .refused(checked(entry, key, node))
        .key(path)
        .why(why(entry, key, node))
        .help(format!("Write {wanted}."))
        .maybe_fix(fix);
}

/// Older releases take an object of objects.
fn report_filter_list(cx: &mut FileCx, entry: &Entry) {
    let key = cx.path_of(entry);
    cx.report(entry.value.span, format!("Docker before 19.03.5 takes no list for `{}`", entry.key))
        .refused(READS_FILTER_AS_OBJECT)
        .key(key)
        .why(refusal("json: cannot unmarshal array into Go value of type map[string]map[string]bool"))
        .help("Upgrade to 19.03.5, or write an object such as `{ \"unused-for\": { \"48h\": true } }`.");
}

/// An object alone lets the name pass.
fn report_proxies(cx: &mut FileCx, entry: &Entry) {
    cx.report(entry.value.span, format!("`proxies` must be an object, not {}", type_name(&entry.value)))
        .refused(Releases::ANY)
        .key("proxies")
        .why(format!("{} Only an object lets the name pass.", unknown_names(&["proxies"])))
        .help("Write an object with `http-proxy`, `https-proxy` and `no-proxy`, or remove it.");
}

/// The releases that read the key into a value of its type.
fn checked(entry: &Entry, key: &KeySpec, node: &Node) -> Releases {
    let readers = in_docker(key.releases());
    match key.path() {
        // dockerd still looks into an object.
        "deprecated-key-path" => refused_children(entry).or(readers.and(READS_KEY_PATH)),
        "allow-nondistributable-artifacts" => refused_children(entry).or(readers.and(READS_NONDISTRIBUTABLE)),
        MAX_AGE if node.as_str().is_some() => readers.and(READS_MAX_AGE_AS_INTEGER),
        MAX_AGE if node.as_int().is_some() => readers.and(READS_MAX_AGE_AS_TEXT),
        path => in_docker(map_around(path).map_or(key.releases(), KeySpec::releases)),
    }
}

/// The map of free names that holds a key: its values are of one type, also in releases that do nothing with the name.
fn map_around(path: &str) -> Option<&'static KeySpec> {
    let (parent, _) = path.rsplit_once('.')?;
    docker::directive(parent).filter(|key| matches!(key.ty(), Type::Map(_)))
}

fn refused_children(entry: &Entry) -> Releases {
    refused_names(entry).iter().fold(Releases::NONE, |all, (_, set)| all.or(in_docker(*set)))
}

fn type_name(node: &Node) -> &'static str {
    match node.type_name() {
        "a table" => "an object",
        other => other,
    }
}

fn message(entry: &Entry, node: &Node, wanted: &str, written: &str) -> String {
    let name = &entry.key;
    let written = excerpt(written);
    let is_too_large = node.type_name() == "an integer" && node.as_int().is_none();
    let is_whole_value = node.span == entry.value.span;
    if is_too_large {
        format!("`{name}` is {written}, which is not an integer that Docker can hold")
    } else if is_whole_value && node.is_null() {
        format!("`{name}` must be {wanted}, not null")
    } else if is_whole_value {
        format!("`{name}` must be {wanted}, not {} ({written})", type_name(node))
    } else {
        format!("`{name}` must be {wanted}, but holds {} ({written})", type_name(node))
    }
}

/// What dockerd does, with the words that it prints.
fn why(entry: &Entry, key: &KeySpec, node: &Node) -> String {
    let is_searched = matches!(entry.value.value, Value::Map(_)) && is_flat(&entry.key).is_empty();
    let children = if is_searched { refused_names(entry) } else { vec![] };
    if !children.is_empty() && key.path() == entry.key {
        let names: Vec<&str> = children.iter().map(|(child, _)| child.key.as_ref()).collect();
        return format!("dockerd takes the children of this object for keys. {}", unknown_names(&names));
    }
    if key.path() == "default-shm-size" {
        return format!("{} The size must be a string, also where it is only a number.", refusal("invalid size"));
    }
    let found = match node.as_scalar() {
        Some(scalar) if go_type(node) == "number" => format!("number {}", scalar.text),
        _ => go_type(node).to_owned(),
    };
    let go = match key.ty() {
        Type::Bool => "bool",
        Type::Int => "int",
        Type::List(_) => "[]string",
        Type::Map(_) => "map[string]...",
        Type::Table => "...",
        _ => "string",
    };
    // Go names the nearest field, which a free name is not.
    let field = key.path().split('.').rfind(|part| *part != "*").unwrap_or_default();
    refusal(&format!("json: cannot unmarshal {found} into Go struct field ... {field} of type {go}"))
}
