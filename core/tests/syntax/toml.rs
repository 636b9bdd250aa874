//! TOML: the crate `toml` judges as the reader does.

use crilint_core::syntax::{Format, Node, ScalarKind, Value, read};
use proptest::prelude::*;

use crate::random::{damaged, mixed};
use crate::{cases, corpus, invariants};

#[test]
fn pages() {
    crate::assert_pages("toml");
}

#[test]
fn cases_are_judged_as_the_crate_toml_does() {
    for case in cases("toml") {
        agrees(&case.text);
        agrees(&case.text.replace('\n', "\r\n"));
    }
}

#[test]
fn real_files_are_judged_as_the_crate_toml_does() {
    for real in corpus::texts(Format::Toml) {
        // A template may be good TOML as is, and a marker in it a problem.
        let is_good = read(&real.text, Format::Toml).problems.is_empty();
        assert_eq!(is_good, toml::from_str::<toml::Table>(&real.text).is_ok(), "{}", real.path);
    }
}

/// Whether the reader and the crate `toml` agree on whether a text is good, and on what it contains.
fn agrees(text: &str) {
    let document = read(text, Format::Toml);
    invariants::check(&document);
    match toml::from_str::<toml::Table>(text) {
        Ok(_) if is_lax(text) && !document.problems.is_empty() => {}
        Ok(table) => {
            assert!(document.problems.is_empty(), "{text:?}\n{:?}", document.problems);
            let is_empty = matches!(document.root.value, Value::Missing);
            let ours = if is_empty { "{}".to_owned() } else { plain(&document.root) };
            assert_eq!(ours, plain_toml(&toml::Value::Table(table)), "{text:?}");
        }
        Err(error) => assert!(!document.problems.is_empty(), "{text:?}\n{error}"),
    }
}

/// In braces the crate lets a line end on either side of `=`, which TOML does not.
fn is_lax(text: &str) -> bool {
    let code = |line: &str| line.split('#').next().unwrap_or("").trim().to_owned();
    text.lines().map(code).any(|line| line.starts_with('=') || line.ends_with('='))
}

fn plain(node: &Node<'_>) -> String {
    match &node.value {
        Value::Missing => "nothing".to_owned(),
        Value::Seq(items) => format!("[{}]", items.iter().map(plain).collect::<Vec<_>>().join(",")),
        Value::Map(map) => {
            let mut entries: Vec<_> = map.entries.iter().map(|e| format!("{:?}:{}", e.key, plain(&e.value))).collect();
            entries.sort();
            format!("{{{}}}", entries.join(","))
        }
        Value::Scalar(s) => match s.kind {
            ScalarKind::String => format!("{:?}", s.text),
            ScalarKind::Integer => format!("{}", node.as_int().expect("a number that fits")),
            ScalarKind::Float => format!("{:?}f", s.text.replace('_', "").parse::<f64>().expect("a float")),
            ScalarKind::Bool => format!("{}", node.as_bool().expect("a boolean")),
            ScalarKind::Datetime => format!("date {}", s.text.parse::<toml::value::Datetime>().expect("a date")),
            ScalarKind::Null => "null".to_owned(),
        },
    }
}

fn plain_toml(value: &toml::Value) -> String {
    match value {
        toml::Value::String(s) => format!("{s:?}"),
        toml::Value::Integer(n) => n.to_string(),
        toml::Value::Float(f) => format!("{f:?}f"),
        toml::Value::Boolean(b) => b.to_string(),
        toml::Value::Datetime(d) => format!("date {d}"),
        toml::Value::Array(items) => format!("[{}]", items.iter().map(plain_toml).collect::<Vec<_>>().join(",")),
        toml::Value::Table(table) => {
            let mut entries: Vec<_> = table.iter().map(|(k, v)| format!("{k:?}:{}", plain_toml(v))).collect();
            entries.sort();
            format!("{{{}}}", entries.join(","))
        }
    }
}

/// What TOML is made of, good and bad.
#[rustfmt::skip]
pub(crate) const PIECES: &[&str] = &[
    "a", "b", "key", "\"q\"", "'l'", "1", "0x1f", "07", "1.5", "true", "True", "1979-05-27", " 07:32:00", "=",
    " = ", ".", ",", "[", "]", "[[", "]]", "{", "}", "\n", "\n", "\n", "\r\n", "\r", " ", "\t", "#", "# c\n",
    "\"", "'", "\"\"\"", "'''", "\\", "\\_", "\\\"", "\\[", "\\u12", "\u{a0}", "\u{200b}", "\u{feff}", "“",
    "”", "‘", "’", "`", "$", "${X}", "$X", "$(x)", "{{", "}}", "{{ x }}", "{%", "%}", "{#", "#}", "<%", "%>",
    "%q", "//", "/*", "*/", ";", ":", "<<<<<<< a\n", "=======\n", ">>>>>>> b\n", "io.containerd.grpc.v1.cri",
    "a = 1\n", "b.c = 2\n", "[t]\n", "[t.a]\n", "[[t]]\n", "x = [\n", "y = { a = 1", "é", "😀", "\0",
    "<true|false>", "...",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        agrees(&text);
    }

    #[test]
    fn any_mix_of_toml_is_read_as_the_crate_toml_does(text in mixed(PIECES, 0..24)) {
        agrees(&text);
    }

    #[test]
    fn damaged_files_are_read(text in damaged("toml", PIECES, 1..4)) {
        agrees(&text);
    }

    #[test]
    fn fixing_damaged_files_comes_to_an_end(text in damaged("toml", PIECES, 1..4)) {
        invariants::check_fixing_ends(&text, Format::Toml);
    }

    #[test]
    fn fixing_any_mix_comes_to_an_end(text in mixed(PIECES, 0..24)) {
        invariants::check_fixing_ends(&text, Format::Toml);
    }
}
