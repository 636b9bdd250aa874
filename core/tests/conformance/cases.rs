//! Reads the records: `conformance/*.jsonl`.

use std::path::{Path, PathBuf};

use crilint_core::engine::Source;
use crilint_core::kind::Kind;
use crilint_core::releases::ReleaseSet;
use serde_json::Value;

/// A configuration, and what each release did with it.
pub struct Case {
    pub name: String,
    /// Paths and texts. The first is the one that the daemon is started with.
    pub files: Vec<(String, String)>,
    pub records: Vec<Record>,
}

/// What one release did with a case.
pub struct Record {
    pub release: &'static str,
    pub verdict: String,
    /// The settings without effect, if they are recorded.
    pub ignored_keys: Option<Vec<String>>,
}

impl Case {
    pub fn sources(&self) -> Vec<Source<'_>> {
        self.files.iter().map(|(path, text)| Source { path, text, ..Source::default() }).collect()
    }
}

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance")
}

/// Reads the cases of a kind from `name`.jsonl; `place` gives a file's path on the node.
pub fn cases(name: &str, kind: &Kind, place: impl Fn(&str) -> String) -> Vec<Case> {
    let path = folder().join(format!("{name}.jsonl"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let read = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        let files = value["files"].as_object().unwrap();
        let text = |v: &Value| v.as_str().unwrap().to_owned();
        let mut records = vec![];
        for record in value["verdicts"].as_array().unwrap() {
            let set = ReleaseSet::parse(kind.product, record["releases"].as_str().unwrap()).unwrap();
            let keys = record["ignored_keys"].as_array().map(|keys| keys.iter().map(text).collect::<Vec<_>>());
            let verdict = text(&record["verdict"]);
            records.extend(set.ids(kind.product).map(|release| Record {
                release,
                verdict: verdict.clone(),
                ignored_keys: keys.clone(),
            }));
        }
        // The file that the daemon is started with lies in the case's own folder, before its drop-ins.
        let mut files: Vec<_> = files.iter().map(|(path, v)| (place(path), text(v))).collect();
        files.sort_by_key(|(path, _)| !kind.places.iter().any(|p| p.rsplit('/').next() == path.rsplit('/').next()));
        Case { name: text(&value["name"]), files, records }
    };
    text.lines().map(read).collect()
}
