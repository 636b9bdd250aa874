//! `crilint schema`: a JSON Schema of a kind of file, made from the key tables.

mod drivers;
pub mod settings;
mod tree;
mod value;

use crilint_core::containerd;
use crilint_core::describe::find;
use crilint_core::engine::Target;
use crilint_core::kind::Kind;
use crilint_core::releases::{Product, ReleaseSet};
use crilint_core::rules::DOCS;
use schemars::{Schema, json_schema};
use serde_json::{Map, Value, json};

use crate::args::SchemaArgs;
use crate::error::Error;
use crate::terminal::Terminal;
use crate::{CLEAN, output};

/// A schema that is committed in `schemas/`.
#[derive(Debug)]
pub struct Committed {
    /// The path below `schemas/`.
    pub path: String,
    /// The schema.
    pub schema: Schema,
}

/// The subject of a schema.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope {
    pub(crate) kind: &'static Kind,
    /// containerd's config version.
    pub(crate) version: Option<u8>,
    pub(crate) releases: ReleaseSet,
}

/// Runs the command and gives its exit code.
pub(crate) fn run(args: &SchemaArgs, terminal: &Terminal) -> Result<u8, Error> {
    let mut target = Target::default();
    for text in &args.target {
        // Checked when read, so that this cannot fail.
        let _ = target.add(text);
    }
    output::notes(terminal, &target.notes());
    let product = args.kind.product;
    let wanted = target.all().get(product);
    let newest = find::tables_of(args.kind)
        .filter_map(|(version, _)| version)
        .find(|version| !containerd::releases_of((*version).into()).get(product).and(wanted).is_empty());
    let version = match args.config_version {
        Some(_) if newest.is_none() => return Err(Error::NoConfigVersion(args.kind.id)),
        given => given.or(newest),
    };
    let releases = match version {
        Some(version) if target.names(product) => containerd::releases_of(version.into()).get(product).and(wanted),
        Some(version) => containerd::releases_of(version.into()).get(product),
        None => wanted,
    };
    if releases.is_empty() {
        return Err(Error::NoRelease { kind: args.kind.id, version });
    }
    output::print(&text(&of(args.kind, version, releases)))?;
    Ok(CLEAN)
}

/// The schema of a kind, for containerd in a config version, that the given releases read.
#[must_use]
pub fn of(kind: &'static Kind, version: Option<u8>, releases: ReleaseSet) -> Schema {
    schema(Scope { kind, version, releases }, None)
}

/// A schema as text, with its keywords in the order in which people read them.
#[must_use]
pub fn text(schema: &Schema) -> String {
    // A schema always serialises.
    serde_json::to_string_pretty(schema).unwrap_or_default() + "\n"
}

/// The schema of a kind; `path` is where it is published.
fn schema(scope: Scope, path: Option<&str>) -> Schema {
    let tables = find::tables_of(scope.kind);
    let table = tables.filter(|(version, _)| *version == scope.version).map(|(_, table)| table).next();
    let mut schema = table.map_or_else(Map::new, |table| tree::object(scope, table.root()));
    let product = scope.kind.product;
    let version = scope.version.map(|v| format!(", config version {v}")).unwrap_or_default();
    let title = format!("{}{version}, for {} {}", scope.kind.title, product.title(), in_words(scope.releases, product));
    schema.insert("$schema".into(), json!("http://json-schema.org/draft-07/schema#"));
    if let Some(path) = path {
        schema.insert("$id".into(), json!(format!("{DOCS}/schemas/{path}")));
    }
    schema.insert("title".into(), json!(title));
    schema.insert("x-crilint-releases".into(), json!({ product.id(): spec(scope.releases, product) }));
    match scope.kind.id {
        "containerd" => containerd_version(&mut schema, scope.version),
        "kubelet" => type_meta(&mut schema),
        "docker" => drivers::conditions(&mut schema, scope.releases),
        _ => {}
    }
    schema.into()
}

/// The schemas that are committed: one for each config version of containerd, and for Docker and the kubelet one for
/// each release since the oldest that is still in use, and one for what upstream maintains.
#[must_use]
pub fn committed() -> Vec<Committed> {
    let mut all = vec![];
    let mut add = |kind: &'static Kind, name: &str, version, releases| {
        let path = format!("{}/{name}.json", kind.id);
        let schema = schema(Scope { kind, version, releases }, Some(&path));
        all.push(Committed { path, schema });
    };
    for kind in crilint_core::kinds::KINDS.iter().copied() {
        let product = kind.product;
        for (version, _) in find::tables_of(kind) {
            match version {
                Some(version) => {
                    let releases = containerd::releases_of(version.into()).get(product);
                    add(kind, &version.to_string(), Some(version), releases);
                }
                None => add(kind, "maintained", None, product.default_target()),
            }
        }
        let oldest = match kind.id {
            "docker" => "20.10..",
            "kubelet" => "1.24..",
            _ => continue,
        };
        let releases = ReleaseSet::parse(product, oldest).unwrap_or_default();
        for release in releases.releases(product) {
            add(kind, release.id, None, release.newest());
        }
    }
    all.push(Committed { path: "containerd/config.json".into(), schema: any_version() });
    all
}

/// Sends a file of containerd to the schema of its config version.
fn any_version() -> Schema {
    let by_version = (1..=4).map(|version: u8| {
        let number = json!({ "properties": { "version": { "const": version } }, "additionalProperties": true });
        // A file without the key has version 1.
        let condition = if version == 1 { number } else { with(number, "required", json!(["version"])) };
        json!({ "if": condition, "then": { "$ref": format!("{version}.json") } })
    });
    json_schema!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": format!("{DOCS}/schemas/containerd/config.json"),
        "title": containerd::KIND.title,
        "type": "object",
        "properties": { "version": {
            "title": "version",
            "description": "Version of the configuration file; without it, 1.",
            "enum": [1, 2, 3, 4],
        } },
        "allOf": by_version.collect::<Vec<_>>(),
    })
}

fn with(value: Value, key: &str, more: Value) -> Value {
    let mut value = value;
    if let Value::Object(map) = &mut value {
        map.insert(key.to_owned(), more);
    }
    value
}

/// The config version itself: a file of another one has other keys.
fn containerd_version(schema: &mut Map<String, Value>, version: Option<u8>) {
    let Some(number) = version else { return };
    if let Some(Value::Object(own)) = schema.get_mut("properties").and_then(|p| p.get_mut("version")) {
        own.remove("default");
        // 0 is what the daemon takes a missing key for.
        let (key, value) = if number == 1 { ("enum", json!([0, 1])) } else { ("const", json!(number)) };
        own.insert(key.into(), value);
    }
    if number > 1 {
        schema.insert("required".into(), json!(["version"]));
    }
}

/// `apiVersion` and `kind`, which every KubeletConfiguration has.
fn type_meta(schema: &mut Map<String, Value>) {
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        for (name, value) in [("apiVersion", "kubelet.config.k8s.io/v1beta1"), ("kind", "KubeletConfiguration")] {
            properties.insert(name.into(), json!({ "title": name, "const": value }));
        }
    }
    schema.insert("required".into(), json!(["apiVersion", "kind"]));
}

/// The releases of a scope in words.
fn in_words(set: ReleaseSet, product: Product) -> String {
    set.describe(product)
}

/// A set of releases as `--target` takes it: `1.7..2.2`, `1.6,2.0..`.
pub(crate) fn spec(set: ReleaseSet, product: Product) -> String {
    set.describe(product).replace(" and later", "..").replace(" to ", "..").replace(", ", ",")
}
