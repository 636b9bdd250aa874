//! Configuration texts as people have them: those below `tests/corpus`, and a larger corpus where there is one.
//!
//! A folder of `tests/corpus` is a node, and a file's path below it is its place on that node. Nodes in `good` have the
//! releases that their `crilint.toml` names, and nothing to report but advice; each file in `broken` has a syntax
//! fault, no file in `good` and `bad` has one; `templates` are for a program that fills them in.
//!
//! The variable `CRILINT_CORPUS` names the folder of a larger corpus. Its `index.jsonl` has a line for each file:
//! `file`, the path below the folder; `kind`, a kind's id or `templates`; `parses`, which is `ok` if the daemon's
//! parser reads it.
#![allow(dead_code, missing_docs, reason = "each test uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};

use crilint_core::kind::Kind;
use crilint_core::kinds;
use serde_json::Value;

/// The least number of texts in `tests/corpus`.
const OWN: usize = 70;

/// A text of the corpus.
pub struct Text {
    /// The path below the folder of the corpus, with `/`.
    pub path: String,
    /// The content of the file.
    pub text: String,
    /// The kind in the index; nothing for our own texts, whose kind is detected.
    pub kind: Option<&'static Kind>,
    /// Whether the syntax is in order; nothing if that is not recorded.
    pub parses: Option<bool>,
}

/// The folder of our own corpus.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// All texts: our own, then those of the larger corpus.
pub fn texts() -> Vec<Text> {
    let mut all = own();
    if let Some(folder) = std::env::var_os("CRILINT_CORPUS") {
        all.extend(larger(Path::new(&folder)));
    }
    all
}

/// Our own texts, by path.
pub fn own() -> Vec<Text> {
    let mut all = vec![];
    let mut open = vec![folder()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if !path.ends_with("crilint.toml") {
            let text = fs::read_to_string(&path).unwrap();
            let path = path.strip_prefix(folder()).unwrap().to_str().unwrap().replace('\\', "/");
            let parses = match path.split('/').next() {
                Some("good" | "bad") => Some(true),
                Some("broken") => Some(false),
                _ => None,
            };
            all.push(Text { path, text, kind: None, parses });
        }
    }
    assert!(all.len() >= OWN, "{} texts, at least {OWN} are expected", all.len());
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all
}

fn larger(folder: &Path) -> Vec<Text> {
    let index = folder.join("index.jsonl");
    let index = fs::read_to_string(&index).unwrap_or_else(|e| panic!("CRILINT_CORPUS: {}: {e}", index.display()));
    let read = |line: &str| {
        let row: Value = serde_json::from_str(line).unwrap();
        let path = row["file"].as_str().unwrap().to_owned();
        let text = fs::read_to_string(folder.join(&path)).unwrap_or_else(|e| panic!("CRILINT_CORPUS: {path}: {e}"));
        let kind = match row["kind"].as_str().unwrap() {
            "hosts" => "containerd-hosts",
            other => other,
        };
        let parses = row["parses"].as_str().filter(|parses| *parses != "n/a");
        Text { path, text, kind: kinds::find(kind), parses: parses.map(|parses| parses == "ok") }
    };
    let all: Vec<Text> = index.lines().map(read).collect();
    assert!(!all.is_empty(), "CRILINT_CORPUS: no text in {}", folder.display());
    all
}
