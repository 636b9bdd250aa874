//! JSON: `serde_json` judges as the reader does, and so did dockerd.

use std::fmt::Write as _;

use crilint_core::syntax::{Document, Format, Node, Scalar, ScalarKind, Value, read};
use proptest::prelude::*;

use crate::random::{damaged, mixed};
use crate::{cases, corpus, invariants};

#[test]
fn pages() {
    crate::assert_pages("json");
}

#[test]
fn cases_are_judged_as_serde_json_does() {
    for case in cases("json") {
        compare(&case.text);
    }
}

#[test]
fn real_files_are_judged_as_serde_json_does() {
    for real in corpus::texts(Format::Json) {
        compare(&real.text);
    }
}

fn json(text: &str) -> Document<'_> {
    read(text, Format::Json)
}

fn value(node: &Node<'_>) -> serde_json::Value {
    use serde_json::Value as Json;
    match &node.value {
        Value::Missing => panic!("a good text has every value"),
        Value::Seq(items) => Json::Array(items.iter().map(value).collect()),
        Value::Map(map) => {
            let entries = map.entries.iter();
            Json::Object(entries.map(|e| (e.key.to_string(), value(&e.value))).collect())
        }
        Value::Scalar(scalar) => scalar_value(scalar),
    }
}

fn scalar_value(scalar: &Scalar<'_>) -> serde_json::Value {
    match scalar.kind {
        ScalarKind::String => scalar.text.as_ref().into(),
        ScalarKind::Null => serde_json::Value::Null,
        ScalarKind::Bool => (scalar.text == "true").into(),
        ScalarKind::Integer | ScalarKind::Float => serde_json::from_str(&scalar.text).unwrap_or_default(),
        ScalarKind::Datetime => panic!("JSON has no dates"),
    }
}

/// Compares with `serde_json`, except where Go differs from it.
fn compare(text: &str) {
    let document = json(text);
    invariants::check(&document);
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(right) => {
            assert!(document.problems.is_empty(), "{text:?} {:?}", document.problems);
            assert_eq!(value(&document.root), right, "{text:?}");
        }
        Err(error) => {
            let message = error.to_string();
            let go_accepts =
                ["surrogate", "recursion", "out of range", "unexpected end of hex", "EOF while parsing a value"]
                    .iter()
                    .any(|m| message.contains(m));
            let skipped = go_accepts || text.trim().is_empty() || text.starts_with('\u{feff}');
            assert!(skipped || !document.problems.is_empty(), "{text:?}: {message}");
        }
    }
}

/// Texts that dockerd refused with an error of Go's reader have problems, and no other text has.
#[test]
fn dockerd_refuses_the_same_texts() {
    let mut refused = 0;
    for case in corpus::conformance("docker-validate") {
        for text in case.texts("daemon.json") {
            invariants::check(&json(text));
            // Releases differ on a byte order mark, so that it is not a problem.
            if text.starts_with('\u{feff}') {
                continue;
            }
            let is_syntax = case.prints(&["invalid character", "unexpected end of JSON"]);
            refused += usize::from(is_syntax);
            assert_eq!(is_syntax, !json(text).problems.is_empty(), "{text}\n{:?}", json(text).problems);
        }
    }
    assert!(refused > 10, "{refused}");
}

/// A whole `daemon.json`, which `json/good.md` holds.
fn settings() -> String {
    crate::good_texts("json").into_iter().find(|text| text.contains("registry-mirrors")).expect("a configuration")
}

/// A file half typed has one problem: that it ends.
#[test]
fn every_prefix_has_one_problem() {
    let good = settings();
    let start = good.find('{').unwrap_or(0) + 1;
    let end = good.rfind('}').unwrap_or(0);
    for at in start..=end {
        let text = &good[..at];
        let found = json(text).problems;
        assert_eq!(found.len(), 1, "{text}\n{found:?}");
    }
}

/// One damage makes one problem. Where a quote is lost the rest may be ambiguous: up to three.
#[test]
fn single_damages_do_not_cascade() {
    let mut worst = String::new();
    let good = settings();
    let chars: Vec<(usize, char)> = good.char_indices().collect();
    for (at, c) in chars.iter().filter(|(_, c)| "{}[]\",:".contains(*c)) {
        let mut text = good.clone();
        text.remove(*at);
        if serde_json::from_str::<serde_json::Value>(&text).is_ok() {
            continue;
        }
        let found = json(&text).problems;
        let most = if *c == '"' { 3 } else { 2 };
        if found.is_empty() || found.len() > most {
            let _ = writeln!(worst, "{at} {c}: {found:?}");
        }
    }
    assert!(worst.is_empty(), "{worst}");
}

/// What JSON is made of, good and bad.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\":", "1", "true", "null", " ", "\n", "\t", "\"", "'", "'x'", "// c\n", "/*",
    "*/", "# c\n", "#", "/", "{{ x }}", "{% if %}", "${A}", "$", "{", "foo", "-1.5e3", "0", "-", "+", ".", "e", "x", "<<<<<<< a\n",
    "=======\n", ">>>>>>> b\n", "\\", "“", "”", "“q”", "\u{a0}", "=", ";",
];

/// What a hand slips on.
#[rustfmt::skip]
const SIGNS: &[&str] = &[
    "{", "}", "[", "]", "\"", ",", ":", "'", "#", "/", "\\", "\n", " ", "\t", "“", "”", "\u{a0}", "=", ";", "$", "x", "0", "-",
    "+", ".", "e",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in any::<String>()) {
        compare(&text);
    }

    #[test]
    fn any_signs(text in "[\\[\\]{}\",:'\\\\/*#=<>|%$;.+eE01ntfu \n\r\t\u{feff}\u{a0}“”é，]{0,40}") {
        compare(&text);
    }

    #[test]
    fn any_mix(text in mixed(PIECES, 0..24)) {
        compare(&text);
    }

    #[test]
    fn damaged_files(text in damaged("json", PIECES, 1..3)) {
        compare(&text);
    }

    #[test]
    fn a_safe_fix_repairs_one_damage(text in damaged("json", SIGNS, 1..2)) {
        invariants::check_fixes(&text, Format::Json);
    }
}
