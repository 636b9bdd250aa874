//! The schema of the value of a key.

use crilint_core::keys::{Item, KeySpec, Type};
use crilint_core::releases::ReleaseSet;
use serde_json::{Map, Value, json};

use super::{Scope, spec};

/// Go's durations: `1m30s`, `0`.
pub(super) const DURATION: &str = "^[-+]?(0|([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|\u{b5}s|\u{3bc}s|ms|s|m|h))+$";

/// The schema of a value without its texts.
pub(super) fn of(scope: Scope, key: &KeySpec) -> Map<String, Value> {
    let mut schema = match (scope.kind.id, key.ty()) {
        // crictl reads the raw text of a scalar, whatever YAML would make of it.
        ("crictl", Type::Int) => object(json!({ "type": ["integer", "string"], "pattern": "^[-+]?[0-9]+$" })),
        ("crictl", Type::Bool) => object(json!({ "enum": go_booleans().chain(raw_booleans()).collect::<Vec<_>>() })),
        (_, ty) => object(of_type(ty)),
    };
    if is_duration(key) {
        // An empty string in a plain string field means that nothing is set.
        let empty = if scope.kind.id == "containerd" && key.ty() == Type::String { "^$|" } else { "" };
        schema.insert("pattern".into(), json!(format!("{empty}{DURATION}")));
    }
    restrict(&mut schema, key, scope.releases);
    schema
}

fn is_duration(key: &KeySpec) -> bool {
    key.ty() == Type::Duration || (key.format() == "duration" && matches!(key.ty(), Type::String | Type::StringOrInt))
}

/// The texts that Go's `ParseBool` takes.
pub(super) fn go_booleans() -> impl Iterator<Item = Value> {
    ["1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"].into_iter().map(Value::from)
}

/// The same without quotes.
fn raw_booleans() -> impl Iterator<Item = Value> {
    [json!(true), json!(false), json!(1), json!(0)].into_iter()
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn of_type(ty: Type) -> Value {
    let text = json!({ "type": "string" });
    let list = |items: Value| json!({ "type": "array", "items": items });
    match ty {
        Type::Any => json!({}),
        Type::Bool => json!({ "type": "boolean" }),
        Type::Int => json!({ "type": "integer" }),
        Type::Float => json!({ "type": "number" }),
        Type::String | Type::Duration | Type::Bytes => text,
        Type::Table => json!({ "type": "object", "additionalProperties": true }),
        Type::StringOrInt => json!({ "type": ["string", "integer"] }),
        Type::StringOrList => json!({ "anyOf": [text, list(text.clone())] }),
        Type::StringOrLists => {
            let one_or_more = json!({ "anyOf": [text, list(text.clone())] });
            json!({ "anyOf": [text, list(one_or_more)] })
        }
        Type::List(item) => list(of_item(item)),
        Type::Map(item) => json!({ "type": "object", "additionalProperties": of_item(item) }),
    }
}

fn of_item(item: Item) -> Value {
    of_type(item.ty())
}

/// The only values, or those to offer.
fn restrict(schema: &mut Map<String, Value>, key: &KeySpec, releases: ReleaseSet) {
    let known = key.values_by_release().filter(|(_, set)| !set.and(releases).is_empty());
    let mut values: Vec<_> = known.map(|(value, _)| typed(key.ty(), value)).collect();
    if values.is_empty() {
        return;
    }
    // An empty text stands for the default in some places.
    let defaults = key.defaults().filter_map(|(_, text)| json_of(text)).filter(|value| value.is_string());
    let unlisted: Vec<_> = defaults.filter(|value| !values.contains(value)).collect();
    values.extend(unlisted);
    let word = if key.values_enforced() { "enum" } else { "examples" };
    match schema.get_mut("items") {
        Some(Value::Object(items)) => items.insert(word.into(), Value::Array(values)),
        _ => schema.insert(word.into(), Value::Array(values)),
    };
}

fn typed(ty: Type, value: &str) -> Value {
    match ty {
        Type::Int => value.parse::<i64>().map_or_else(|_| json!(value), Value::from),
        _ => json!(value),
    }
}

/// Docker and the kubelet take null for unset, as YAML reads a key with nothing behind it.
pub(super) fn or_null(schema: &mut Map<String, Value>, scope: Scope, key: &KeySpec) {
    let takes_null = match scope.kind.id {
        // Being there is what turns these on. Source: section 1 of the measurements.
        "docker" => !matches!(key.path(), "tlsverify" | "proxies"),
        // A duration reads null as an empty text, which is not a duration.
        "kubelet" => !is_duration(key),
        _ => false,
    };
    if !takes_null {
        return;
    }
    match schema.get_mut("type") {
        Some(Value::Array(types)) => types.push(json!("null")),
        Some(ty) => *ty = json!([ty.take(), "null"]),
        None => {}
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.push(Value::Null);
    }
}

/// The default of the newest release, and all of them where they differ.
pub(super) fn defaults(schema: &mut Map<String, Value>, scope: Scope, key: &KeySpec) {
    let product = scope.kind.product;
    let all = crilint_core::keys::defaults::by_release(key, product);
    let all: Vec<_> = all.into_iter().filter(|(set, _)| !set.and(scope.releases).is_empty()).collect();
    let Some((_, newest)) = all.last() else { return };
    if let Some(value) = json_of(newest).filter(|value| fits(key.ty(), value)) {
        schema.insert("default".into(), value);
    }
    if all.len() > 1 {
        let by_release = all.iter().map(|(set, text)| {
            let value = json_of(text).unwrap_or(Value::Null);
            json!({ "releases": spec(*set, product), "default": value })
        });
        schema.insert("x-crilint-defaults".into(), Value::Array(by_release.collect()));
    }
}

/// A TOML value as JSON.
fn json_of(text: &str) -> Option<Value> {
    let table: toml::Table = toml::from_str(&format!("value = {text}")).ok()?;
    serde_json::to_value(table.get("value")?).ok()
}

/// A remark such as `true, or false when ...` is not a default to write into a file.
fn fits(ty: Type, value: &Value) -> bool {
    match ty {
        Type::Bool => value.is_boolean(),
        Type::Int => value.is_i64(),
        Type::Float => value.is_number(),
        Type::List(_) => value.is_array(),
        Type::Table | Type::Map(_) => value.is_object(),
        Type::String | Type::Duration | Type::Bytes => value.is_string(),
        _ => true,
    }
}
