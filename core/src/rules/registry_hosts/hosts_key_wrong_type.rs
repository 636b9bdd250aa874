//! # `hosts-key-wrong-type`
//!
//! A value in a `hosts.toml` that the loader does not take.
//!
//! ## Why
//!
//! One such value costs the whole file: containerd logs `failed to decode`, throws the file away at each pull, and
//! asks the upstream registry alone. Mirrors, certificates and headers of the file are gone, and the pull may well
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

use crate::go::duration::duration;
use crate::go::duration::meant;
use crate::keys::type_fault::TypeFault;
use crate::keys::{Bound, KeySpec, Type};
use crate::registry_hosts;
use crate::registry_hosts::kind::READ;
use crate::registry_hosts::settings::thrown_away;
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-key-wrong-type",
    summary: "A value for which containerd throws a `hosts.toml` away",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        let Some(key) = bound.key() else { continue };
        if let Some(fault) = TypeFault::of(bound, key) {
            report_type(cx, bound, key, &fault);
        } else if key.format() == "duration" {
            check_duration(cx, bound, key);
        } else if key.ty() == Type::StringOrLists {
            check_pairs(cx, bound);
        }
    }
}

fn report_type(cx: &mut FileCx, bound: &Bound, key: &KeySpec, fault: &TypeFault) {
    let text = cx.doc().text;
    let written = fault.node.span.of(text);
    let in_list = !std::ptr::eq(fault.node, &raw const bound.entry.value);
    let words = match key.leaf() {
        "ca" | "client" if in_list => format!("unable to cast {written} to string"),
        "ca" | "client" => format!("invalid type {written} for \"{}\"", key.leaf()),
        "header" if in_list => format!("invalid type {written} for header \"{}\"", fault.name),
        // Each TOML parser has words of its own for these.
        _ => String::new(),
    };
    // A file name out of a number is nobody's meaning.
    let fix = if matches!(key.leaf(), "ca" | "client") { None } else { fault.convert(cx.doc()) };
    let key_path = fault.key(&cx.path_of(bound.entry), bound.entry);
    cx.report(fault.node.span, fault.message(text))
        .ignored(knows(key))
        .key(key_path)
        .why(thrown_away(&words))
        .help(format!("Write {}.", fault.ty.name()))
        .maybe_fix(fix);
}

fn check_duration(cx: &mut FileCx, bound: &Bound, key: &KeySpec) {
    let node = &bound.entry.value;
    let Some(text) = node.as_str().filter(|text| !text.is_empty()) else { return };
    let Err(fault) = duration(text) else { return };
    let meant = meant(text);
    let help = match &meant {
        Some(meant) => format!("Write \"{meant}\"."),
        None => "Write a number with its unit, such as \"3s\" or \"500ms\".".to_owned(),
    };
    let fix = meant.map(|meant| Fix::safe(format!("Write \"{meant}\""), node.span, edit::string(&meant)));
    let path = cx.path_of(bound.entry);
    cx.report(node.span, format!("\"{text}\" is no duration for `{}`", bound.entry.key))
        .ignored(knows(key))
        .key(path)
        .why(thrown_away(&fault.words(text)))
        .help(help)
        .maybe_fix(fix);
}

/// An item of `client` is a file, or a pair of certificate and key.
fn check_pairs(cx: &mut FileCx, bound: &Bound) {
    let is_pair = |node: &&Node| !matches!(node.value, Value::Seq(_)) || node.items().len() == 2;
    for pair in bound.entry.value.items().iter().filter(|node| !is_pair(node)) {
        let path = cx.path_of(bound.entry);
        let files: Vec<&str> = pair.items().iter().filter_map(Node::as_str).collect();
        let count = files.len();
        cx.report(pair.span, format!("a pair of `{}` names two files, this one {count}", bound.entry.key))
            .ignored(READ)
            .key(path)
            .why(thrown_away(&format!("invalid pair [{}] for \"client\"", files.join(" "))))
            .help("Write certificate and key, such as [\"client.cert\", \"client.key\"]; a file that holds both stands by itself, without brackets of its own.");
    }
}

/// Other releases drop the key, whatever its value.
fn knows(key: &KeySpec) -> Releases {
    READ.and(Releases::ANY.with(Product::Containerd, key.releases()))
}
