//! Real configuration files, where they are at hand (they are not part of the repository): nothing crashes, and files
//! that their daemons' parsers read give no finding about syntax.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use crilint_core::kinds;

use std::path::{Path, PathBuf};

use crilint_core::check;
use crilint_core::engine::{Options, Source};
use crilint_core::kind::Kind;

struct Entry {
    file: String,
    kind: Option<&'static Kind>,
    parses: bool,
    text: String,
}

fn corpus() -> Vec<Entry> {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let Ok(index) = std::fs::read_to_string(root.join("index.jsonl")) else { return vec![] };
    let lines = index.lines().map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap());
    let mut all = vec![];
    for line in lines {
        let file = line["file"].as_str().unwrap_or_default().to_owned();
        let kind = match line["kind"].as_str().unwrap_or_default() {
            "hosts" => "containerd-hosts",
            other => other,
        };
        let Ok(text) = std::fs::read_to_string(root.join(&file)) else { continue };
        let parses = line["parses"].as_str().is_some_and(|p| p == "ok");
        all.push(Entry { file, kind: kinds::find(kind), parses, text });
    }
    all
}

#[test]
fn real_files_that_parse_give_no_syntax_finding() {
    let mut wrong = vec![];
    for entry in corpus() {
        let source = Source { path: &entry.file, text: &entry.text, kind: entry.kind, ..Source::default() };
        let report = check(&[source], &Options::default());
        let syntax = report.findings.iter().filter(|f| f.rule.ends_with("-syntax"));
        if entry.parses {
            wrong.extend(syntax.map(|f| format!("{}: {}", entry.file, f.message)));
        }
        for finding in &report.findings {
            assert!(entry.text.get(finding.span.range()).is_some(), "{}: {finding:?}", entry.file);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every kind on every text: a misnamed file must not crash anything either.
#[test]
fn no_kind_crashes_on_any_real_file() {
    let all = corpus();
    for entry in &all {
        for kind in kinds::KINDS {
            let source = Source { path: &entry.file, text: &entry.text, kind: Some(kind), ..Source::default() };
            let _ = check(&[source], &Options::default());
        }
    }
}
