//! `show` against what real daemons dump: `conformance/containerd-effective.json`, and a larger file of the same form
//! where `CRILINT_EFFECTIVE` names one. A case has its own files, or names a text of the corpus in `CRILINT_CORPUS`.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crilint_core::engine::{Options, Source};
use crilint_core::show::{self, EffectiveSetting, SettingSource};
use crilint_core::syntax::path::join;
use serde_json::Value;

const RELEASES: [&str; 3] = ["1.7", "2.2", "2.3"];
/// The least number of configurations that are compared.
const COMPARED: usize = 150;

struct Case {
    name: String,
    files: Vec<(String, String)>,
    effective: Value,
}

/// The recorded dumps of an empty file, and all cases.
fn recorded(file: &Path) -> (Value, Vec<Case>) {
    let text = fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let all: Value = serde_json::from_str(&text).unwrap();
    let mut cases = vec![];
    for case in all["cases"].as_array().unwrap() {
        let mut files: Vec<(String, String)> = match &case["files"] {
            Value::Object(files) => {
                let place = |path: &str| format!("/etc/containerd/{path}");
                files.iter().map(|(path, text)| (place(path), text.as_str().unwrap().to_owned())).collect()
            }
            _ => vec![("/etc/containerd/config.toml".to_owned(), text_of_corpus(case["corpus"].as_str().unwrap()))],
        };
        files.sort_by_key(|(path, _)| path != "/etc/containerd/config.toml");
        cases.push(Case {
            name: case["name"].as_str().unwrap().to_owned(),
            files,
            effective: case["effective"].clone(),
        });
    }
    (all["empty_file"].clone(), cases)
}

fn text_of_corpus(file: &str) -> String {
    let folder = std::env::var_os("CRILINT_CORPUS").unwrap_or_else(|| panic!("{file}: set CRILINT_CORPUS"));
    let path = Path::new(&folder).join(file);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn effective<'v>(case: &'v Value, release: &str) -> &'v Value {
    let own = &case[release];
    match own["same_as"].as_str() {
        Some(other) => effective(case, other),
        None => own,
    }
}

/// What the daemon has in the end, empty tables left out.
fn dumped(empty: &Value, effective: &Value) -> BTreeMap<String, Value> {
    let mut all: BTreeMap<String, Value> =
        empty.as_object().unwrap().iter().map(|(k, v)| (k.clone(), v.clone())).collect();
    for path in effective["unset"].as_array().unwrap() {
        all.remove(path.as_str().unwrap());
    }
    all.extend(effective["set"].as_object().unwrap().iter().map(|(k, v)| (k.clone(), v.clone())));
    all.retain(|_, value| !value.as_object().is_some_and(serde_json::Map::is_empty));
    all
}

fn value_of(setting: &EffectiveSetting) -> Value {
    let text = format!("x = {}", setting.value);
    let table: toml::Table = toml::from_str(&text).unwrap_or_else(|e| panic!("{text}: {e}"));
    serde_json::to_value(&table["x"]).unwrap()
}

/// Defaults that a dump leaves out: of plugins that were not built in or run on Windows, and values that only 1.7
/// copies into the environment.
fn is_left_out(path: &str) -> bool {
    ["snapshotter.v1.btrfs", "internal.v1.tracing", "tracing.processor.v1.otlp"].iter().any(|p| path.contains(p))
}

fn differences(empty: &Value, case: &Case, release: &str) -> Option<String> {
    let recorded = effective(&case.effective, release);
    // Refused files have nothing in effect; files of another run come out differently from run to run.
    if !recorded["error"].is_null() || !recorded["one_of"].is_null() {
        return None;
    }
    let sources: Vec<Source<'_>> =
        case.files.iter().map(|(path, text)| Source { path, text, ..Source::default() }).collect();
    let mut options = Options::default();
    options.target.add(&format!("containerd={release}")).unwrap();
    let (_, shown) = show::reveal(&sources, &options);
    let settings = shown.into_iter().find(|shown| shown.file == 0).unwrap().settings;
    let dumped = dumped(&empty[release], recorded);
    let mut wrong = String::new();
    let mut shown = BTreeMap::new();
    for setting in &settings {
        let path = join(&setting.path.iter().map(String::as_str).collect::<Vec<_>>());
        let empty = matches!(setting.value.as_str(), "\"\"" | "0" | "false");
        if (setting.source == SettingSource::Default || empty) && is_left_out(&path) && !dumped.contains_key(&path) {
            continue;
        }
        shown.insert(path, value_of(setting));
    }
    for (path, value) in &dumped {
        match shown.get(path) {
            None => _ = writeln!(wrong, "  {path} = {value} is missing"),
            Some(other) if other != value => _ = writeln!(wrong, "  {path} is {other}, recorded {value}"),
            Some(_) => {}
        }
    }
    for (path, value) in shown.iter().filter(|(path, _)| !dumped.contains_key(*path)) {
        let _ = writeln!(wrong, "  {path} = {value} is not in the dump");
    }
    Some(wrong)
}

#[test]
fn shown_settings_are_what_the_daemon_dumps() {
    let mut files = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/containerd-effective.json")];
    files.extend(std::env::var_os("CRILINT_EFFECTIVE").map(Into::into));
    let (mut compared, mut equal) = (0, 0);
    let mut wrong = String::new();
    for file in files {
        let (empty, cases) = recorded(&file);
        for case in &cases {
            for release in RELEASES {
                let Some(differs) = differences(&empty, case, release) else { continue };
                compared += 1;
                if differs.is_empty() {
                    equal += 1;
                } else {
                    let _ = writeln!(wrong, "{} on {release}:\n{differs}", case.name);
                }
            }
        }
    }
    println!("{equal} of {compared} effective configurations are equal");
    assert!(wrong.is_empty(), "{wrong}");
    assert!(compared >= COMPARED, "{compared} configurations, at least {COMPARED} are expected");
}
