//! The schemas in `schemas/` are those of the code. `UPDATE=1 cargo test` rewrites them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crilint::compare::Comparison;
use crilint::compat::Forecasts;
use crilint::report::Report;
use crilint::schema;
use crilint::schema::settings::Settings;
use crilint::services::StartedServices;
use crilint::show::Configurations;
use schemars::schema_for;

use crate::sandbox::Sandbox;
use crate::snapshot;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas")
}

fn is_fresh(name: &str, text: &str) {
    let path = folder().join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == text, "{name} is stale: run `cargo xtask gen`");
}

#[test]
fn the_schema_of_reports_is_fresh() {
    is_fresh("report.schema.json", &schema::text(&schema_for!(Report)));
}

#[test]
fn the_schema_of_the_configuration_is_fresh() {
    is_fresh("crilint.schema.json", &schema::text(&schema_for!(Settings)));
}

#[test]
fn the_schema_of_the_configuration_has_the_settings_that_are_read() {
    let schema = serde_json::to_value(schema_for!(Settings)).unwrap();
    for (table, read) in crilint_core::config::SETTINGS {
        let own = match table {
            "" => &schema,
            "target" => &schema["$defs"]["Targets"],
            "files" => &schema["$defs"]["FileSettings"],
            _ => &schema["$defs"]["NodeSettings"],
        };
        let described: BTreeSet<&str> = own["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(described, read.iter().copied().collect(), "{table}");
    }
}

#[test]
fn the_schemas_of_all_kinds_are_fresh() {
    let committed = schema::committed();
    for one in &committed {
        is_fresh(&one.path, &schema::text(&one.schema));
    }
    let known: BTreeSet<_> = committed.iter().map(|one| folder().join(&one.path)).collect();
    for kind in crilint_core::kinds::KINDS {
        for file in fs::read_dir(folder().join(kind.id)).into_iter().flatten() {
            let path = file.unwrap().path();
            assert!(known.contains(&path), "{} is of no schema any more", path.display());
        }
    }
}

fn printed(arguments: &str) -> serde_json::Value {
    let run = Sandbox::new(&[]).run(&format!("schema {arguments}"));
    assert_eq!(run.code, 0, "{run}");
    serde_json::from_str(&run.stdout).unwrap()
}

fn has(schema: &serde_json::Value, key: &str) -> bool {
    schema["properties"].get(key).is_some()
}

#[test]
fn a_schema_is_for_the_releases_asked_for() {
    snapshot!("schema-of-crictl-yaml", Sandbox::new(&[]).run("schema crictl"));
    let old = printed("docker --target docker=20.10");
    assert!(has(&old, "graph") && !has(&old, "nri-opts"));
    let new = printed("docker --target docker=29");
    assert!(!has(&new, "graph") && has(&new, "nri-opts"));
    assert!(has(&printed("docker --target docker=20.10..29"), "graph"));
}

#[test]
fn the_config_version_follows_the_releases() {
    let version = |arguments: &str| printed(arguments)["properties"]["version"]["const"].clone();
    assert_eq!(version("containerd"), 4);
    assert_eq!(version("containerd --target containerd=1.7"), 2);
    assert_eq!(version("containerd --target containerd=2.0..2.2"), 3);
    assert_eq!(version("containerd --config-version 2"), 2);
    let none = Sandbox::new(&[]).run("schema containerd --config-version 4 --target containerd=1.7");
    assert!(none.code == 2 && none.stderr.contains("config version 4"), "{none}");
    assert_eq!(Sandbox::new(&[]).run("schema docker --config-version 2").code, 2);
    assert_eq!(Sandbox::new(&[]).run("schema pods").code, 2);
}

#[test]
fn a_schema_describes_what_explain_prints() {
    let schema = printed("containerd --config-version 3");
    let cni = &schema["properties"]["plugins"]["properties"]["io.containerd.cri.v1.runtime"]["properties"]["cni"];
    let key = &cni["properties"]["bin_dir"];
    assert_eq!(key["deprecated"], true);
    assert_eq!(key["x-crilint-deprecated"]["containerd"], "2.1..");
    assert_eq!(key["x-crilint-releases"]["containerd"], "2.0..");
    assert_eq!(key["x-crilint-defaults"][0]["default"], "/opt/cni/bin");
    assert_eq!(cni["additionalProperties"], false);
}

#[test]
fn the_schema_of_forecasts_is_fresh() {
    is_fresh("compat.schema.json", &schema::text(&schema_for!(Forecasts)));
}

#[test]
fn the_schema_of_services_is_fresh() {
    is_fresh("services.schema.json", &schema::text(&schema_for!(StartedServices)));
}

#[test]
fn the_schema_of_comparisons_is_fresh() {
    is_fresh("diff.schema.json", &schema::text(&schema_for!(Comparison)));
}

#[test]
fn the_schema_of_effective_configurations_is_fresh() {
    is_fresh("show.schema.json", &schema::text(&schema_for!(Configurations)));
}
