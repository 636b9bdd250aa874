//! The schemas in `schemas/` are those of the code. `UPDATE=1 cargo test` rewrites them.

use std::fs;
use std::path::Path;

use crilint::compat::Forecasts;
use crilint::config::Config;
use crilint::report::Report;
use schemars::{Schema, schema_for};

fn is_fresh(name: &str, schema: &Schema) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(name);
    let text = serde_json::to_string_pretty(schema).unwrap() + "\n";
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == text, "{name} is stale: run UPDATE=1 cargo test");
}

#[test]
fn the_schema_of_reports_is_fresh() {
    is_fresh("report.schema.json", &schema_for!(Report));
}

#[test]
fn the_schema_of_the_configuration_is_fresh() {
    is_fresh("crilint.schema.json", &schema_for!(Config));
}

#[test]
fn the_schema_of_forecasts_is_fresh() {
    is_fresh("compat.schema.json", &schema_for!(Forecasts));
}
