//! # `hosts-key-wrong-type`
//!
//! A value in a `hosts.toml` of a type that the loader does not take.
//!
//! ## Why
//!
//! One such value costs the whole file: containerd logs `failed to decode`, discards the file at each pull, and asks
//! the upstream registry alone. Mirrors, certificates and headers of the file have no effect, and the pull may well
//! work.
//!
//! ## What to do
//!
//! Write the value in its type. A `client` pair names two files, and a time has a unit.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! [host."https://registry.example"]
//!   skip_verify = "true"
//!                 ^^^^^^
//! ```
//!
//! ```toml fixed
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! [host."https://registry.example"]
//!   skip_verify = true
//! ```
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! [host."https://registry.example".header]
//!   x-tenant = 1
//!              ^
//! ```
//!
//! ```toml bad containerd=2.1..2.3
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! [host."https://registry.example"]
//!   dial_timeout = "3"
//!                  ^^^
//! ```
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! client = [["client.cert"]]
//!           ^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! ca = ["a.crt", "b.crt"]
//! client = [["client.cert", "client.key"], ["both.pem", "both.pem"]]
//! [header]
//!   x-tenant = ["1", "2"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:core/remotes/docker/config/hosts.go (`parseHostConfig`); measured with the loaders of
//!   1.7.34, 2.0.11 and 2.3.4

use crate::go::duration::{duration, meant};
use crate::keys::type_fault::TypeFault;
use crate::keys::{KeySpec, Type};
use crate::registry_hosts;
use crate::registry_hosts::eras::READS_HOSTS_FILES;
use crate::registry_hosts::settings::discards_file;
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-key-wrong-type",
    summary: "Value for which containerd discards a `hosts.toml`",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        let Some(key) = bound.key() else { continue };
        if let Some(fault) = TypeFault::of(bound, key) {
            report_type(cx, bound.entry, key, &fault);
        } else if key.format() == "duration" {
            check_duration(cx, bound.entry, key);
        } else if key.ty() == Type::StringOrLists {
            check_pairs(cx, bound.entry);
        }
    }
}

fn check_duration(cx: &mut FileCx, entry: &Entry, key: &KeySpec) {
    let Some(text) = entry.value.as_str().filter(|text| !text.is_empty()) else { return };
    let Err(fault) = duration(text) else { return };
    let meant = meant(text);
    let fix = meant.map(|meant| Fix::string(Applicability::Safe, entry.value.span, &meant));
    cx.report_value(entry, format!("`{text}` is not a duration for `{}`", entry.key))
        .ignored(releases_with(key))
        .why(discards_file(&fault.words(text)))
        .help("Write a number with its unit, such as \"3s\" or \"500ms\".")
        .maybe_fix(fix);
}

/// An item of `client` is a file, or a pair of certificate and key.
fn check_pairs(cx: &mut FileCx, entry: &Entry) {
    for item in entry.value.items() {
        if matches!(item.value, Value::Seq(_)) && item.items().len() != 2 {
            report_pair(cx, entry, item);
        }
    }
}

/// The releases that have a key: others drop it, whatever its value.
fn releases_with(key: &KeySpec) -> Releases {
    READS_HOSTS_FILES.and(Releases::only(Product::Containerd, key.releases()))
}

fn report_type(cx: &mut FileCx, entry: &Entry, key: &KeySpec, fault: &TypeFault) {
    let text = cx.doc().text;
    let written = fault.node.span.of(text);
    let is_item = !std::ptr::eq(fault.node, &raw const entry.value);
    let words = match key.leaf() {
        "ca" | "client" if is_item => format!("unable to cast {written} to string"),
        "ca" | "client" => format!("invalid type {written} for \"{}\"", key.leaf()),
        "header" if is_item => format!("invalid type {written} for header \"{}\"", fault.name),
        // Each TOML parser has words of its own for these.
        _ => String::new(),
    };
    // A number is never meant as the name of a file.
    let fix = if matches!(key.leaf(), "ca" | "client") { None } else { fault.convert(cx.doc()) };
    let key_path = fault.key(&cx.path_of(entry), entry);
    cx.report(fault.node.span, fault.message(text))
        .ignored(releases_with(key))
        .key(key_path)
        .why(discards_file(&words))
        .help(format!("Write {}.", fault.ty.name()))
        .maybe_fix(fix);
}

fn report_pair(cx: &mut FileCx, entry: &Entry, pair: &Node) {
    let path = cx.path_of(entry);
    let files: Vec<&str> = pair.items().iter().filter_map(Node::as_str).collect();
    let words = format!("invalid pair [{}] for \"client\"", files.join(" "));
    cx.report(pair.span, format!("a pair of `{}` names two files, but this one names {}", entry.key, files.len()))
        .ignored(READS_HOSTS_FILES)
        .key(path)
        .why(discards_file(&words))
        .help(
            "Write certificate and key, such as [\"client.cert\", \"client.key\"]; a file that holds both stands by \
             itself, without brackets of its own.",
        );
}
