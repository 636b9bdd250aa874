//! The smallest file that holds a key, with a value that changes nothing or one of the wrong type.

use std::fmt::Write as _;

use crilint_core::keys::{Item, KeySpec, Table, Type};
use crilint_core::syntax::path;

/// The parts of a path of the tables: `plugins."a.b".c[].*` -> plugins, a.b, c, [], *.
pub fn parts(path: &str) -> Vec<&str> {
    let mut parts = vec![];
    let mut rest = path;
    while !rest.is_empty() {
        let (part, tail) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => match rest.find(['.', '[']) {
                Some(0) if rest.starts_with("[]") => ("[]", &rest[2..]),
                Some(at) => (&rest[..at], &rest[at..]),
                None => (rest, ""),
            },
        };
        parts.push(part);
        rest = tail.strip_prefix('.').unwrap_or(tail);
    }
    parts
}

/// The same with names for what is free.
pub fn named<'p>(parts: &[&'p str]) -> Vec<&'p str> {
    let names = parts.iter().enumerate().map(|(i, part)| match (*part, parts.get(i.wrapping_sub(1)).copied()) {
        ("*", Some("runtimes")) => "runc",
        ("*", Some("host")) => "https://mirror.example",
        ("*", Some("mirrors" | "configs" | "auths")) => "registry.example",
        ("*", _) => "name",
        (part, _) => part,
    });
    names.collect()
}

/// A TOML file with the key at `parts` (names, no `*`), below `head`.
pub fn toml(head: &str, parts: &[&str], value: &str, beside: &str) -> String {
    let mut out = head.to_owned();
    let (leaf, table) = parts.split_last().expect("a path has parts");
    let is_table = matches!(value, "{}" | "[{}]");
    let (list, table, leaf) = if is_table { (value == "[{}]", parts, None) } else { (false, table, Some(leaf)) };
    let in_list = table.contains(&"[]");
    let names: Vec<_> = table.iter().copied().filter(|part| *part != "[]").collect();
    if !names.is_empty() {
        let header = path::join(&names);
        let _ = if list || in_list { writeln!(out, "[[{header}]]") } else { writeln!(out, "[{header}]") };
    }
    out.push_str(beside);
    if let Some(leaf) = leaf {
        let _ = writeln!(out, "{} = {value}", path::join(&[leaf]));
    }
    out
}

/// A JSON file with the key at `parts`.
pub fn json(parts: &[&str], value: &str) -> String {
    // The tables write values in TOML; literal strings are what JSON does not have.
    let value = match value.strip_prefix('\'').and_then(|v| v.strip_suffix('\'')) {
        Some(text) => format!("{text:?}"),
        None => value.replace(" = ", ": ").replace("{ name", "{ \"name\"").replace("{ x", "{ \"x\""),
    };
    parts.iter().rev().fold(value, |inner, part| match *part {
        "[]" => format!("[{inner}]"),
        name => format!("{{ {name:?}: {inner} }}"),
    })
}

/// A YAML file with the key at `parts`.
pub fn yaml(kubelet: bool, parts: &[&str], value: &str) -> String {
    let mut out = String::new();
    if kubelet {
        out.push_str("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n");
    }
    let mut indent = String::new();
    for (i, part) in parts.iter().enumerate() {
        if *part == "[]" {
            indent.push_str("- ");
            continue;
        }
        let value = if i + 1 == parts.len() { format!(" {}", value.replace(" = ", ": ")) } else { String::new() };
        let _ = writeln!(out, "{indent}{part}:{value}");
        indent = " ".repeat(indent.len() + 2);
    }
    out
}

/// A value of the key's type, in TOML: its default, or what stands for nothing.
pub fn neutral(key: &KeySpec) -> String {
    let value = key.values().next();
    let default = key.defaults().map(|(_, value)| value).find(|value| !value.is_empty() && !value.starts_with('{'));
    match (default, value) {
        (Some(default), _) => default.to_owned(),
        (None, Some(value)) if matches!(key.ty(), Type::String) => format!("{value:?}"),
        (None, Some(value)) if matches!(key.ty(), Type::List(Item::String)) => format!("[{value:?}]"),
        _ => of_type(key).to_owned(),
    }
}

fn of_type(key: &KeySpec) -> &'static str {
    match key.ty() {
        Type::Bool => "false",
        Type::Int | Type::StringOrInt => "0",
        Type::Float => "0.0",
        Type::String if key.format() == "duration" => "\"1s\"",
        Type::Duration => "\"1s\"",
        Type::String | Type::Bytes | Type::StringOrList | Type::StringOrLists | Type::Any => "\"\"",
        Type::List(Item::Table) => "[{}]",
        Type::List(_) => "[]",
        Type::Table | Type::Map(_) => "{}",
    }
}

/// A value of the key's type that differs from its defaults, in TOML; nothing for a table, whose keys have their own.
pub fn distinct(key: &KeySpec) -> Option<String> {
    let is_default = |text: &str| key.defaults().any(|(_, default)| default == text);
    let choices: Vec<String> = match key.ty() {
        Type::Table | Type::List(Item::Table) | Type::Map(Item::Table) => return None,
        Type::Bool => vec!["true".into(), "false".into()],
        Type::Int | Type::StringOrInt => vec!["7".into()],
        Type::Float => vec!["0.7".into()],
        Type::Duration => vec!["\"7s\"".into()],
        Type::String if key.format() == "duration" => vec!["\"7s\"".into()],
        Type::String if key.format() == "quantity" => vec!["\"7\"".into()],
        Type::List(Item::Int) => vec!["[7]".into()],
        Type::List(_) => vec![format!("[{:?}]", key.values().next().unwrap_or("x"))],
        Type::Map(Item::Bool) => vec!["{ name = true }".into()],
        Type::Map(Item::ListOfString) => vec!["{ name = [\"x\"] }".into()],
        Type::Map(Item::MapOfString) => vec!["{ name = { x = \"y\" } }".into()],
        Type::Map(_) => vec!["{ name = \"x\" }".into()],
        _ => key.values().chain(["x"]).filter(|v| !v.is_empty()).map(|v| format!("{v:?}")).collect(),
    };
    choices.into_iter().find(|choice| !is_default(choice))
}

/// A value that the type does not admit; nothing if it admits any.
pub fn wrong(key: &KeySpec) -> Option<&'static str> {
    Some(match key.ty() {
        Type::Any => return None,
        Type::Bool => "\"true\"",
        Type::Int => "\"1\"",
        Type::Float => "\"0.5\"",
        Type::String | Type::Duration | Type::Bytes => "[\"x\"]",
        Type::StringOrInt | Type::StringOrList | Type::StringOrLists => "true",
        Type::List(_) => "\"x\"",
        Type::Table | Type::Map(_) => "\"x\"",
    })
}

/// A suffix that makes a name unknown.
pub const TYPO: &str = "qqq";

/// A name that upstream never had in the place of a key; nothing where names are free.
pub fn typo(table: &'static Table, parts: &[&str]) -> Option<String> {
    let (leaf, above) = parts.split_last()?;
    let within = table.find(above)?;
    let free = within.is_free() || matches!(*leaf, "*" | "[]");
    (!free).then(|| format!("{leaf}{TYPO}"))
}
