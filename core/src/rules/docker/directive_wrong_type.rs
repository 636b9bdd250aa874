//! # `directive-wrong-type`
//!
//! A value of another JSON type than the key takes: a string for a list, `"true"` for a switch, an object for a list.
//!
//! ## Why
//!
//! dockerd does not start: `json: cannot unmarshal string into Go struct field ... hosts of type []string`. A single string is no list,
//! and numbers are whole: neither `"1500"` nor `1.5e3` is one. An object in the place of a list is reported by the names inside it
//! (`the following directives don't match any configuration option: base, size`).
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
//! { "debug": null, "mtu": 0, "dns": ["192.0.2.53"], "default-ulimits": { "nofile": { "Name": "nofile", "Hard": -1, "Soft": 1024 } } }
//! ```
//!
//! ## References
//!
//! - docker/docs#3361, docker/docs#7351, moby/moby#22311, moby/moby#44905, docker/for-win#171
//! - moby/moby@docker-v29.7.2:daemon/config/config.go, config_linux.go; measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::kind::{is_flat, refused_names};
use crate::docker::settings::{docker as in_docker, go_type};
use crate::docker::types::{convert, mismatch, wanted};
use crate::keys::{Binding, KeySpec, Type};
use crate::rules::prelude::*;
use crate::syntax::Value;
use crate::text::excerpt;

pub(crate) const RULE: Rule = Rule {
    id: "directive-wrong-type",
    summary: "A value of another type than Docker takes",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        let Binding::Known(place) = bound.binding else { continue };
        let Some(key) = place.key().filter(|key| !key.is_unreachable()) else { continue };
        let node = &bound.entry.value;
        // Its values have a rule of their own.
        if key.path() == "log-opts.*" || (key.path() == "log-opts" && matches!(node.value, Value::Map(_))) {
            continue;
        }
        if key.path() == "proxies" && !matches!(node.value, Value::Map(_)) {
            report_proxies(cx, bound.entry);
        } else if let Some(wrong) = mismatch(key, node) {
            report(cx, bound.entry, key, wrong);
        }
    }
}

fn report(cx: &mut FileCx, entry: &Entry, key: &KeySpec, node: &Node) {
    let name = entry.key.as_ref();
    let text = cx.doc().text;
    let whole = node.span == entry.value.span;
    let fix = convert(cx.doc(), key, entry, node);
    let path = cx.path_of(entry);
    let wanted = if key.path() == MAX_AGE {
        "a duration in a string since 25.0 (in 24.0 an integer)".to_owned()
    } else {
        wanted(key.ty())
    };
    let message = match (whole, node.as_int().is_none() && node.type_name() == "an integer") {
        (_, true) => format!("`{name}` is {}, which no integer of Docker's can be", excerpt(node.span.of(text))),
        (true, _) if node.is_null() => format!("`{name}` must be {wanted}, not null"),
        (true, _) => {
            format!("`{name}` must be {wanted}, not {} ({})", type_name(node), excerpt(node.span.of(text)))
        }
        (false, _) => {
            format!("`{name}` must be {wanted}, and holds {} ({})", type_name(node), excerpt(node.span.of(text)))
        }
    };
    let why = why(entry, key, node);
    let refused = checked(entry, key, node);
    cx.report(node.span, message).refused(refused).key(path).why(why).help(format!("Write {wanted}.")).maybe_fix(fix);
}

/// An integer at first, and a text since.
const MAX_AGE: &str = "builder.History.MaxAge";

/// The releases that read the key into a value of its type.
fn checked(entry: &Entry, key: &KeySpec, node: &Node) -> Releases {
    let read = in_docker(key.releases());
    // An object is looked into all the same.
    let names = || refused_names(entry).iter().fold(Releases::NONE, |all, (_, set)| all.or(in_docker(*set)));
    match key.path() {
        // Names that are let through, with nothing behind them.
        "deprecated-key-path" => names().or(read.and(Releases::docker("..23"))),
        "allow-nondistributable-artifacts" => names().or(read.and(Releases::docker("..27"))),
        MAX_AGE if node.as_str().is_some() => read.and(Releases::docker("24")),
        MAX_AGE if node.as_int().is_some() => read.and(Releases::docker("25..")),
        _ => read,
    }
}

fn type_name(node: &Node) -> &'static str {
    match node.type_name() {
        "a table" => "an object",
        other => other,
    }
}

/// The words that dockerd prints.
fn why(entry: &Entry, key: &KeySpec, node: &Node) -> String {
    let printed: Vec<&str> = match &entry.value.value {
        Value::Map(_) if is_flat(&entry.key).is_empty() => {
            refused_names(entry).iter().map(|(child, _)| child.key.as_ref()).collect()
        }
        _ => vec![],
    };
    if !printed.is_empty() && key.path() == entry.key {
        return format!(
            "dockerd takes the children of this object for keys, and does not start: `the following directives don't match any configuration option: {}`.",
            printed.join(", ")
        );
    }
    if key.path() == "default-shm-size" {
        return "dockerd does not start: `invalid size`. The size must be a string, also where it is only a number."
            .to_owned();
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
    format!("dockerd does not start: `json: cannot unmarshal {found} into Go struct field ... {field} of type {go}`.")
}

/// An object alone lets the name pass.
fn report_proxies(cx: &mut FileCx, entry: &Entry) {
    cx.report(entry.value.span, format!("`proxies` must be an object, not {}", type_name(&entry.value)))
        .refused(Releases::ANY)
        .key("proxies")
        .why("dockerd does not start: `the following directives don't match any configuration option: proxies`. Only an object lets the name pass.")
        .help("Write an object with `http-proxy`, `https-proxy` and `no-proxy`, or remove it.");
}
