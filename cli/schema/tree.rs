//! Places of a key table -> schemas of objects, with what upstream does with names it does not recognize.

use crilint_core::describe;
use crilint_core::keys::{KeySpec, Place, Type, gates};
use crilint_core::releases::{Product, ReleaseSet};
use serde_json::{Map, Value, json};

use super::{Scope, drivers, spec, value};

/// The schema of the table at a place. Names that the daemon refuses or ignores are not allowed.
pub(super) fn object(scope: Scope, place: Place) -> Map<String, Value> {
    let mut properties = Map::new();
    let mut patterns = Map::new();
    let mut others = json!(false);
    let any_case = scope.kind.ignores_case(place);
    for child in place.children() {
        let Some(schema) = node(scope, child) else { continue };
        match child.name() {
            "[]" => {}
            "*" => others = schema,
            name if any_case => {
                let shown = json!({ "title": schema.get("title"), "description": schema.get("description") });
                properties.insert(as_documented(place, name), shown);
                patterns.insert(format!("^{}$", any_letter_case(name)), schema);
            }
            name => {
                properties.insert(name.to_owned(), schema);
            }
        }
    }
    if place.name() == "plugins" {
        // Snapshotters are what others build into their containerd.
        let any = json!({ "type": "object", "additionalProperties": true });
        patterns.insert("^io\\.containerd\\.snapshotter\\.v1\\.".into(), any);
    }
    if scope.kind.id == "docker" && any_case && place.child("runtimeArgs").is_some() {
        let text = "Not a key of Docker, which ignores it. nvidia-ctk writes it.";
        properties.insert("args".into(), json!({ "title": "args", "description": text, "maxItems": 0 }));
    }
    let mut schema = Map::new();
    schema.insert("type".into(), json!("object"));
    schema.insert("properties".into(), Value::Object(properties));
    if !patterns.is_empty() {
        schema.insert("patternProperties".into(), Value::Object(patterns));
    }
    if is_shim_options(place) {
        others = json!(true);
    }
    schema.insert("additionalProperties".into(), others);
    if is_runtime(place) {
        shim_options(&mut schema, place);
    }
    schema
}

/// The schema of what stands at a place; nothing if no release in question has it.
fn node(scope: Scope, place: Place) -> Option<Value> {
    let Some(key) = place.key() else {
        let schema = object(scope, place);
        let has = |name: &str| schema.get(name).and_then(Value::as_object).is_some_and(|map| !map.is_empty());
        return has("properties").then_some(Value::Object(schema));
    };
    let releases = key.releases().and(scope.releases);
    if releases.is_empty() {
        return None;
    }
    let mut schema = match key.ty() {
        Type::Map(_) if key.path() == "featureGates" => feature_gates(scope),
        Type::Table | Type::Map(_) if place.has_children() => object(scope, place),
        Type::List(_) => {
            let mut schema = value::of(scope, key);
            if let Some(item) = place.item().filter(|item| item.has_children()) {
                schema.insert("items".into(), Value::Object(object(scope, item)));
            }
            schema
        }
        _ => value::of(scope, key),
    };
    if scope.kind.id == "docker" {
        drivers::values(&mut schema, key, scope.releases);
    }
    value::or_null(&mut schema, scope, key);
    annotate(&mut schema, scope, key, releases);
    Some(Value::Object(schema))
}

/// Title, text, default, deprecation and releases.
fn annotate(schema: &mut Map<String, Value>, scope: Scope, key: &KeySpec, releases: ReleaseSet) {
    let product = scope.kind.product;
    let about = describe::key(key, product);
    let mut text = about.doc.to_owned();
    let mut add = |name: &str, value: &str| text.push_str(&format!(" {name}: {}.", value.trim_end_matches('.')));
    if let Some(note) = key.note() {
        add("Note", note);
    }
    let deprecated = key.deprecated().and(scope.releases);
    let reason = about.fact("deprecated").filter(|_| !deprecated.is_empty() || key.removal().is_some());
    if let Some(reason) = reason {
        add("Deprecated", reason);
    } else if let Some(new) = about.fact("newer place") {
        add("Newer place", new);
    }
    if let Some(effect) = about.fact("effect") {
        add("Effect", effect);
    }
    if releases != scope.releases {
        add("Only in", &format!("{} {}", product.title(), releases.describe(product)));
    }
    schema.insert("title".into(), json!(key.leaf()));
    schema.insert("description".into(), json!(text));
    if !deprecated.is_empty() {
        schema.insert("deprecated".into(), json!(true));
        schema.insert("x-crilint-deprecated".into(), json!({ product.id(): spec(deprecated, product) }));
    }
    schema.insert("x-crilint-releases".into(), json!({ product.id(): spec(key.releases(), product) }));
    value::defaults(schema, scope, key);
}

/// The feature gates that some of the releases have; others stop the kubelet.
fn feature_gates(scope: Scope) -> Map<String, Value> {
    const PRODUCT: Product = Product::Kubernetes;
    let mut properties = Map::new();
    for gate in gates::all() {
        let releases = gate.releases().and(scope.releases);
        if releases.is_empty() {
            continue;
        }
        let facts = describe::gate(gate).facts;
        let text: Vec<_> = facts.iter().map(|fact| format!("{} {}", fact.name, fact.text)).collect();
        let mut schema = json!({
            "title": gate.name(),
            "description": format!("{}.", text.join("; ")),
            "type": "boolean",
            "x-crilint-releases": { PRODUCT.id(): spec(gate.releases(), PRODUCT) },
        });
        if let Value::Object(schema) = &mut schema {
            let stage = gate.stages().iter().rev().find(|stage| !stage.releases().and(scope.releases).is_empty());
            if let Some(stage) = stage {
                schema.insert("default".into(), json!(stage.default));
            }
            // Locked in all of them: another value stops the kubelet.
            for value in [true, false] {
                if gate.locked_against(!value).covers(releases) && releases == scope.releases {
                    schema.insert("const".into(), json!(value));
                }
            }
        }
        properties.insert(gate.name().to_owned(), schema);
    }
    let mut schema = Map::new();
    schema.insert("type".into(), json!("object"));
    schema.insert("properties".into(), Value::Object(properties));
    schema.insert("additionalProperties".into(), json!(false));
    schema
}

/// A runtime handler of containerd: what its options may be depends on its type.
fn is_runtime(place: Place) -> bool {
    place.child("options").is_some_and(is_shim_options) && place.child("runtime_type").is_some()
}

/// Only the options of runc's shim are known; other shims take what they like.
fn is_shim_options(place: Place) -> bool {
    place.name() == "options" && place.child("BinaryName").is_some()
}

fn shim_options(schema: &mut Map<String, Value>, place: Place) {
    let Some(options) = place.child("options") else { return };
    let names: Vec<_> = options.children().map(Place::name).collect();
    let patterns: Vec<_> = names.iter().copied().map(any_letter_case).collect();
    // The list is for the reader of the message, the pattern for other letter cases.
    let known = json!({ "anyOf": [{ "enum": names }, { "pattern": format!("^({})$", patterns.join("|")) }] });
    let runc =
        json!({ "enum": ["", "io.containerd.runc.v1", "io.containerd.runc.v2", "io.containerd.runtime.v1.linux"] });
    let options = json!({ "propertyNames": known, "additionalProperties": true });
    schema.insert("if".into(), json!({ "properties": { "runtime_type": runc }, "additionalProperties": true }));
    schema.insert("then".into(), json!({ "properties": { "options": options }, "additionalProperties": true }));
}

/// A pattern for a name in any letter case.
fn any_letter_case(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            'a'..='z' | 'A'..='Z' => out.extend(['[', c.to_ascii_uppercase(), c.to_ascii_lowercase(), ']']),
            '.' => out.push_str("\\."),
            _ => out.push(c),
        }
    }
    out
}

/// The spelling that upstream's documents use: `builder.gc.defaultKeepStorage`, `options.SystemdCgroup`.
fn as_documented(place: Place, name: &str) -> String {
    let lower = matches!(place.name(), "builder" | "GC" | "History" | "Entitlements" | "[]");
    match name.chars().next() {
        Some(_) if lower && name.chars().all(|c| c.is_ascii_uppercase()) => name.to_ascii_lowercase(),
        Some(first) if lower => format!("{}{}", first.to_ascii_lowercase(), &name[first.len_utf8()..]),
        _ => name.to_owned(),
    }
}
