//! How Go's JSON decoder fits values into dockerd's configuration, and the intended value where one does not fit.

use crate::fix::{Applicability, Fix};
use crate::keys::{Item, KeySpec, Type};
use crate::syntax::edit;
use crate::syntax::{Document, Entry, Node, ScalarKind, Value};

/// The part of a value that does not fit the key's type: an item rather than the whole list. Null fits anything.
pub(crate) fn mismatch<'t, 'a>(key: &KeySpec, node: &'t Node<'a>) -> Option<&'t Node<'a>> {
    if matches!(node.value, Value::Missing) || (node.is_null() && key.path() != "default-shm-size") {
        return None;
    }
    if key.path() == "default-shm-size" {
        // A function of its own reads the text of the value, and wants quotes around at least one character.
        return node.as_str().is_none_or(str::is_empty).then_some(node);
    }
    if key.path() == "builder.GC.Policy[].Filter" {
        return filter_mismatch(node);
    }
    if key.path() == "builder.History.MaxAge" {
        // No release takes both a number and a text.
        return Some(node);
    }
    match (key.ty(), &node.value) {
        (Type::List(item), Value::Seq(items)) => items.iter().find(|i| !fits(item.ty(), i)),
        // The entries of maps with rows of their own are checked there.
        (Type::Map(item), Value::Map(map)) if !has_rows(key) => {
            map.entries.iter().map(|e| &e.value).find(|v| !fits(item.ty(), v))
        }
        (Type::Map(_) | Type::Table, Value::Map(_)) => None,
        (ty, _) => (!fits(ty, node)).then_some(node),
    }
}

/// Maps whose entries are keys in the data, by a free name.
fn has_rows(key: &KeySpec) -> bool {
    matches!(
        key.path(),
        "runtimes"
            | "cluster-store-opts"
            | "default-ulimits"
            | "features"
            | "default-network-opts"
            | "default-network-opts.*"
    )
}

fn fits(ty: Type, node: &Node<'_>) -> bool {
    match ty {
        _ if node.is_null() => true,
        // Go refuses a whole number that does not fit 64 bits.
        Type::Int => node.as_int().is_some(),
        Type::Map(Item::String) => matches!(node.value, Value::Map(_)),
        ty => ty.admits(node),
    }
}

/// A list of strings, or the object of objects that older releases wrote.
fn filter_mismatch<'t, 'a>(node: &'t Node<'a>) -> Option<&'t Node<'a>> {
    match &node.value {
        Value::Seq(items) => items.iter().find(|i| !i.is_null() && i.as_str().is_none()),
        Value::Map(map) => {
            let switches =
                |node: &Node<'_>| node.entries().iter().all(|e| e.value.as_bool().is_some() || e.value.is_null());
            let fits = |node: &Node<'_>| node.is_null() || (matches!(node.value, Value::Map(_)) && switches(node));
            map.entries.iter().map(|e| &e.value).find(|value| !fits(value))
        }
        _ => Some(node),
    }
}

/// A type with its article, in the words of JSON: what the other formats call a table is an object.
pub(crate) fn wanted(ty: Type) -> String {
    ty.name().replace("a table", "an object").replace("table", "object")
}

/// The same value in the right type, where there is no doubt about it.
pub(crate) fn convert(doc: &Document<'_>, key: &KeySpec, entry: &Entry<'_>, node: &Node<'_>) -> Option<Fix> {
    let whole = node.span == entry.value.span;
    let new = if whole { convert_value(doc, key, entry, node)? } else { convert_item(doc, key, node)? };
    let title =
        if new.len() > 40 { format!("Write `{}` as {}", entry.key, wanted(key.ty())) } else { format!("Write {new}") };
    Some(Fix::one(Applicability::Safe, title, edit::replace(node, new)))
}

fn convert_item(doc: &Document<'_>, key: &KeySpec, node: &Node<'_>) -> Option<String> {
    match key.ty() {
        Type::List(item) | Type::Map(item) => convert_scalar(doc, item.ty(), node),
        _ => None,
    }
}

fn convert_value(doc: &Document<'_>, key: &KeySpec, entry: &Entry<'_>, node: &Node<'_>) -> Option<String> {
    let written = node.span.of(doc.text);
    match (key.ty(), &node.value) {
        (Type::List(Item::String), Value::Scalar(_)) => string_as_list(doc, node),
        (Type::List(Item::String), Value::Map(map)) => object_as_list(&map.entries),
        (Type::List(Item::Table), Value::Map(_)) => Some(format!("[{written}]")),
        (Type::Map(Item::String), Value::Seq(items)) => list_as_object(items.iter().map(Node::as_str)),
        (Type::Map(Item::String), Value::Scalar(_)) => list_as_object(std::iter::once(node.as_str())),
        (Type::Map(Item::Bool), Value::Seq(items)) => switches(items),
        (Type::Table, Value::Scalar(_)) if key.path() == "default-ulimits.*" => ulimit(&entry.key, node.as_str()?),
        (Type::Table, Value::Scalar(_)) if key.path() == "runtimes.*" => {
            node.as_str().filter(|path| !path.is_empty()).map(|path| format!("{{ \"path\": {} }}", edit::string(path)))
        }
        (Type::String, Value::Seq(items)) => match items.as_slice() {
            [one] if one.as_str().is_some() => Some(one.span.of(doc.text).to_owned()),
            _ => None,
        },
        (ty, Value::Scalar(_)) => convert_scalar(doc, ty, node),
        _ => None,
    }
}

fn convert_scalar(doc: &Document<'_>, ty: Type, node: &Node<'_>) -> Option<String> {
    let scalar = node.as_scalar()?;
    let text = scalar.text.trim();
    match (ty, scalar.kind) {
        (Type::Bool, ScalarKind::String) => match text.to_ascii_lowercase().as_str() {
            "true" => Some("true".to_owned()),
            "false" => Some("false".to_owned()),
            _ => None,
        },
        (Type::Int, ScalarKind::String) => text.parse::<i64>().ok().map(|n| n.to_string()),
        (Type::Int, ScalarKind::Float) => whole(text),
        (Type::String, ScalarKind::Integer | ScalarKind::Float | ScalarKind::Bool) => {
            Some(edit::string(node.span.of(doc.text)))
        }
        _ => None,
    }
}

/// A number with a fraction or an exponent that is still a whole number.
fn whole(text: &str) -> Option<String> {
    let number: f64 = text.parse().ok()?;
    (number.fract() == 0.0 && number.abs() < 1e15).then(|| (number as i64).to_string())
}

/// `"a"` as `["a"]`, and `"a, b"` as `["a", "b"]`.
fn string_as_list(doc: &Document<'_>, node: &Node<'_>) -> Option<String> {
    let text = node.as_str()?;
    if text.trim().is_empty() {
        return Some("[]".to_owned());
    }
    if !text.contains(',') {
        return Some(format!("[{}]", node.span.of(doc.text)));
    }
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    Some(format!("[{}]", parts.map(edit::string).collect::<Vec<_>>().join(", ")))
}

/// `{"a": "b"}` as `["a=b"]`.
fn object_as_list(entries: &[Entry<'_>]) -> Option<String> {
    let items: Option<Vec<String>> = entries
        .iter()
        .map(|e| {
            e.value
                .as_scalar()
                .filter(|s| s.kind != ScalarKind::Null)
                .map(|s| edit::string(&format!("{}={}", e.key, s.text)))
        })
        .collect();
    items.filter(|items| !items.is_empty()).map(|items| format!("[{}]", items.join(", ")))
}

/// `["a=b"]` as `{"a": "b"}`.
fn list_as_object<'t>(items: impl Iterator<Item = Option<&'t str>>) -> Option<String> {
    let pairs: Option<Vec<String>> = items
        .map(|item| {
            let (name, value) = item?.split_once('=')?;
            Some(format!("{}: {}", edit::string(name.trim()), edit::string(value.trim())))
        })
        .collect();
    pairs.filter(|pairs| !pairs.is_empty()).map(|pairs| format!("{{ {} }}", pairs.join(", ")))
}

/// `["a", "b=false"]` as `{"a": true, "b": false}`.
fn switches(items: &[Node<'_>]) -> Option<String> {
    let pairs: Option<Vec<String>> = items
        .iter()
        .map(|item| {
            let text = item.as_str()?;
            let (name, value) = text.split_once('=').unwrap_or((text, "true"));
            let on = matches!(value, "true" | "false");
            on.then(|| format!("{}: {value}", edit::string(name)))
        })
        .collect();
    pairs.filter(|pairs| !pairs.is_empty()).map(|pairs| format!("{{ {} }}", pairs.join(", ")))
}

/// `soft[:hard]`, as the flag takes it, as an object.
fn ulimit(name: &str, text: &str) -> Option<String> {
    let (soft, hard) = text.split_once(':').unwrap_or((text, text));
    let number = |text: &str| text.trim().parse::<i64>().ok();
    let (soft, hard) = (number(soft)?, number(hard)?);
    Some(format!("{{ \"Name\": {}, \"Soft\": {soft}, \"Hard\": {hard} }}", edit::string(name)))
}
