//! Docker's drivers in the schema of `daemon.json`.

use crilint_core::describe;
use crilint_core::keys::KeySpec;
use crilint_core::keys::drivers::{self, Driver, DriverOpt, Form};
use crilint_core::releases::{Product, ReleaseSet};
use serde_json::{Map, Value, json};

use super::{spec, value};

/// Names of drivers and of their options, to be offered.
pub(super) fn values(schema: &mut Map<String, Value>, key: &KeySpec, releases: ReleaseSet) {
    let names = |all: &'static [Driver]| known(all, releases).map(|d| json!(d.name())).collect::<Vec<_>>();
    match key.path() {
        // A plugin may have any name.
        "log-driver" => drop(schema.insert("examples".into(), names(drivers::log_drivers()).into())),
        "storage-driver" => drop(schema.insert("examples".into(), names(drivers::storage_drivers()).into())),
        "storage-opts" => drop(schema.insert("items".into(), json!({ "type": "string", "pattern": "=" }))),
        "log-opts" => {
            let mut properties = Map::new();
            for (driver, opt) in options(releases) {
                let entry = properties.entry(opt.name()).or_insert_with(|| offered(opt));
                if let (Some(driver), Some(Value::Array(all))) = (driver, entry.get_mut("x-crilint-log-drivers")) {
                    all.push(json!(driver.name()));
                }
            }
            schema.insert("properties".into(), Value::Object(properties));
        }
        _ => {}
    }
}

fn known(all: &'static [Driver], releases: ReleaseSet) -> impl Iterator<Item = &'static Driver> {
    all.iter().filter(move |driver| !driver.releases().and(releases).is_empty())
}

/// All log options with the driver that takes them; nothing for those that all drivers take.
fn options(releases: ReleaseSet) -> impl Iterator<Item = (Option<&'static Driver>, &'static DriverOpt)> {
    let any = drivers::any_log_opts().iter().map(|opt| (None, opt));
    let own = known(drivers::log_drivers(), releases).flat_map(|d| d.opts().iter().map(move |opt| (Some(d), opt)));
    any.chain(own).filter(move |(_, opt)| !opt.releases().and(releases).is_empty())
}

/// An option as an editor offers it; what it must be depends on the driver.
fn offered(opt: &DriverOpt) -> Value {
    json!({
        "title": opt.name(),
        "description": opt.doc(),
        "type": "string",
        "x-crilint-log-drivers": [],
    })
}

/// For each log driver that refuses options it does not recognize: only its own.
pub(super) fn conditions(schema: &mut Map<String, Value>, releases: ReleaseSet) {
    let mut all = vec![];
    for driver in known(drivers::log_drivers(), releases) {
        let reads = driver.releases().and(releases);
        if !driver.checks_names().covers(reads) {
            continue;
        }
        let own = options(releases).filter(|(of, _)| of.is_none_or(|of| of == driver));
        let properties: Map<_, _> =
            own.map(|(_, opt)| (opt.name().to_owned(), strict(opt, driver, releases))).collect();
        let mut condition = json!({ "properties": { "log-driver": { "const": driver.name() } } });
        // The default driver is meant when none is named.
        if driver.name() != "json-file"
            && let Value::Object(condition) = &mut condition
        {
            condition.insert("required".into(), json!(["log-driver"]));
        }
        let log_opts = json!({ "properties": properties, "additionalProperties": false });
        all.push(json!({ "if": condition, "then": { "properties": { "log-opts": log_opts } } }));
    }
    schema.insert("allOf".into(), Value::Array(all));
}

/// An option of a driver with the form of its value. Empty means unset to most drivers.
fn strict(opt: &DriverOpt, driver: &Driver, releases: ReleaseSet) -> Value {
    const PRODUCT: Product = Product::Docker;
    const SIZE: &str = "^$|^[0-9]+(\\.[0-9]+)? ?([kKmMgGtTpP][iI]?)?[bB]?$";
    let empty = std::iter::once(json!(""));
    let mut schema = match opt.form {
        Form::Bool => json!({ "enum": value::go_booleans().chain(empty).collect::<Vec<_>>() }),
        Form::Int(min, _) if min >= 0 => json!({ "pattern": "^$|^[+]?[0-9]+$" }),
        Form::Int(..) => json!({ "pattern": "^$|^[-+]?[0-9]+$" }),
        Form::DecimalSize(_) | Form::RamSize => json!({ "pattern": SIZE }),
        Form::Duration(_) => json!({ "pattern": format!("^$|{}", value::DURATION) }),
        Form::OneOf => json!({ "enum": opt.values().map(Value::from).chain(empty).collect::<Vec<_>>() }),
        _ => json!({}),
    };
    if let Value::Object(schema) = &mut schema {
        let about = describe::driver_opt(opt, driver.source());
        let note = opt.note().map(|note| format!(" Note: {note}.")).unwrap_or_default();
        schema.insert("type".into(), json!("string"));
        schema.insert("description".into(), json!(format!("{}{note}", about.doc)));
        if let Some(default) = opt.default() {
            schema.insert("x-crilint-default".into(), json!(default));
        }
        if !opt.deprecated().and(releases).is_empty() {
            schema.insert("deprecated".into(), json!(true));
        }
        schema.insert("x-crilint-releases".into(), json!({ PRODUCT.id(): spec(opt.releases(), PRODUCT) }));
    }
    schema
}
