//! The readers of TOML, JSON, YAML, units and environment files.
//!
//! What they make of a text stands in Markdown: `toml/*.md` and so on; `case.rs` describes how to write one. All cases,
//! the corpus and random texts hold `invariants.rs`; `toml.rs`, `json.rs`, `yaml.rs` and `unit.rs` add what only one
//! format has, such as another parser to compare with. `limits.rs` is about time, depth and length.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

mod case;
mod corpus;
mod dump;
mod invariants;
mod json;
mod limits;
mod random;
mod toml;
mod unit;
mod yaml;

use std::path::{Path, PathBuf};

use crilint_core::syntax::{Format, read};

use crate::case::Case;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/syntax")
}

/// The Markdown files of a folder, in order of their names.
fn pages(language: &str) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder().join(language)).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<_> = files.filter(|path| path.extension().is_some_and(|e| e == "md")).collect();
    pages.sort();
    assert!(!pages.is_empty(), "{language} has no page");
    pages
}

/// The cases of a format. A folder without any fails.
pub(crate) fn cases(language: &str) -> Vec<Case> {
    let read = |path: PathBuf| case::cases(&std::fs::read_to_string(path).unwrap());
    let cases: Vec<_> = pages(language).into_iter().flat_map(read).collect();
    assert!(!cases.is_empty(), "{language} has no case");
    cases
}

/// The texts of `good.md`.
pub(crate) fn good_texts(language: &str) -> Vec<String> {
    let page = std::fs::read_to_string(folder().join(language).join("good.md")).unwrap();
    case::cases(&page).into_iter().map(|case| case.text).collect()
}

/// Compares the pages of a format with what its reader reports. `UPDATE=1` rewrites them.
pub(crate) fn assert_pages(language: &str) {
    let mut differences = String::new();
    for path in pages(language) {
        let page = std::fs::read_to_string(&path).unwrap();
        let right = case::expected_page(&page);
        if right == page {
            continue;
        }
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, right).unwrap();
            continue;
        }
        let name = path.strip_prefix(folder()).unwrap().display().to_string();
        let diff = similar::TextDiff::from_lines(&page, &right);
        differences += &diff.unified_diff().header(&name, "what the reader reports").to_string();
    }
    assert!(differences.is_empty(), "UPDATE=1 rewrites the pages:\n{differences}");
    let cases = cases(language);
    for case in &cases {
        invariants::check(&case.read());
        invariants::check_fixes(&case.text, case.format);
    }
    println!("{}: {} cases", language, cases.len());
}

#[test]
fn real_files_have_problems_where_their_syntax_is_not_in_order() {
    for format in [Format::Toml, Format::Json, Format::Yaml, Format::Unit, Format::Env] {
        for real in corpus::texts(format) {
            let document = read(&real.text, real.format);
            invariants::check(&document);
            invariants::check_fixes(&real.text, format);
            let is_good = document.problems.is_empty();
            assert!(real.parses.is_none_or(|parses| parses == is_good), "{}: {:?}", real.path, document.problems);
        }
    }
}
