//! YAML: `yaml-rust2` and `serde_json` read the same.

use crilint_core::engine::identify;
use crilint_core::syntax::yaml::{block_content, read, read_at};
use crilint_core::syntax::{Format, Node, Style, Value};
use crilint_core::text::Span;
use proptest::prelude::*;

use crate::random::{damaged, mixed};
use crate::{cases, corpus, invariants};

#[test]
fn pages() {
    crate::assert_pages("yaml");
}

#[test]
fn texts_are_borrowed_where_they_can_be() {
    let text = "a: x\nb: 'y'\nc:z\nd: w\n";
    let document = read(text);
    for entry in document.root.entries() {
        assert!(matches!(entry.key, std::borrow::Cow::Borrowed(_)));
        let scalar = entry.value.as_scalar().unwrap();
        assert!(matches!(scalar.text, std::borrow::Cow::Borrowed(_)), "{}", scalar.text);
    }
}

#[test]
fn a_region_that_does_not_fit_is_empty() {
    for region in [Span::new(1, 2), Span::new(3, 90), Span::new(2, 1)] {
        assert!(matches!(read_at("é: 1", region).root.value, Value::Missing));
    }
}

#[test]
fn only_a_literal_block_scalar_is_read_in_place() {
    let text = "empty: |\nfolded: >\n  a: 1\nplain: a\nliteral: |\n  a: 1\n";
    let document = read(text);
    for key in ["empty", "folded", "plain"] {
        assert_eq!(block_content(text, document.root.get(key).unwrap()), None, "{key}");
    }
    assert_eq!(block_content(text, document.root.get("literal").unwrap()).map(|span| span.of(text)), Some("  a: 1\n"));
}

/// A value as others see it: structure and texts, without types.
#[derive(Debug, PartialEq)]
enum Plain {
    Text(String),
    List(Vec<Self>),
    Table(Vec<(Self, Self)>),
}

fn plain(node: &Node<'_>) -> Plain {
    match &node.value {
        Value::Missing => Plain::Text(String::new()),
        // `yaml-rust2` writes nothing as `~`.
        Value::Scalar(scalar) if scalar.style == Style::Plain && scalar.text == "~" => Plain::Text(String::new()),
        Value::Scalar(scalar) => Plain::Text(scalar.text.to_string()),
        Value::Seq(items) => Plain::List(items.iter().map(plain).collect()),
        Value::Map(map) => {
            Plain::Table(map.entries.iter().map(|e| (Plain::Text(e.key.to_string()), plain(&e.value))).collect())
        }
    }
}

/// What `yaml-rust2` reads: the documents of a text, or its error.
fn other(text: &str) -> Result<Vec<Plain>, String> {
    use yaml_rust2::parser::{Event, Parser};
    use yaml_rust2::scanner::TScalarStyle;
    let mut parser = Parser::new_from_str(text);
    let mut stack: Vec<(bool, Vec<Plain>)> = vec![(false, vec![])];
    loop {
        let (event, _) = parser.next_token().map_err(|e| e.to_string())?;
        match event {
            Event::StreamEnd => return Ok(stack.pop().unwrap().1),
            Event::Alias(_) => return Err("alias".into()),
            Event::Scalar(text, style, ..) => {
                let empty = style == TScalarStyle::Plain && text == "~";
                stack.last_mut().unwrap().1.push(Plain::Text(if empty { String::new() } else { text }));
            }
            Event::SequenceStart(..) => stack.push((false, vec![])),
            Event::MappingStart(..) => stack.push((true, vec![])),
            Event::SequenceEnd | Event::MappingEnd => {
                let (table, items) = stack.pop().unwrap();
                let node = if table {
                    let mut items = items.into_iter();
                    let pairs = std::iter::from_fn(|| Some((items.next()?, items.next()?)));
                    Plain::Table(pairs.collect())
                } else {
                    Plain::List(items)
                };
                stack.last_mut().unwrap().1.push(node);
            }
            _ => {}
        }
    }
}

fn mine(text: &str) -> Vec<Plain> {
    let document = read(text);
    std::iter::once(&document.root).chain(&document.more).map(plain).collect()
}

fn any_value() -> impl Strategy<Value = serde_json::Value> {
    let text = "[a-z0-9 :#'\"\\[\\]{},|>*&!%@`\\-?~é😀\n\t\\\\]{0,12}";
    let leaf = prop_oneof![
        text.prop_map(serde_json::Value::from),
        any::<i32>().prop_map(serde_json::Value::from),
        any::<bool>().prop_map(serde_json::Value::from),
        Just(serde_json::Value::Null),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            prop::collection::btree_map("[a-zA-Z][a-zA-Z0-9_./-]{0,8}", inner, 0..4)
                .prop_map(|m| serde_json::Value::Object(m.into_iter().collect())),
        ]
    })
}

fn same(node: &Node<'_>, value: &serde_json::Value) -> bool {
    use serde_json::Value as Json;
    match value {
        Json::Null => node.is_null(),
        Json::Bool(b) => node.as_bool() == Some(*b),
        Json::Number(n) => node.as_int() == n.as_i64(),
        Json::String(s) => node.as_str() == Some(s),
        Json::Array(items) => {
            node.items().len() == items.len() && node.items().iter().zip(items).all(|(n, v)| same(n, v))
        }
        Json::Object(map) => {
            node.entries().len() == map.len() && map.iter().all(|(k, v)| node.get(k).is_some_and(|n| same(n, v)))
        }
    }
}

/// A value as block YAML, texts as JSON writes them.
fn block(value: &serde_json::Value, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    match value {
        serde_json::Value::Array(items) if !items.is_empty() => {
            for item in items {
                *out += &format!("{pad}-");
                below(item, indent, out);
            }
        }
        serde_json::Value::Object(map) if !map.is_empty() => {
            for (key, item) in map {
                *out += &format!("{pad}{}:", serde_json::to_string(key).unwrap());
                below(item, indent, out);
            }
        }
        leaf => *out += &format!("{pad}{leaf}\n"),
    }
}

fn below(value: &serde_json::Value, indent: usize, out: &mut String) {
    let nested = value.as_array().is_some_and(|a| !a.is_empty()) || value.as_object().is_some_and(|o| !o.is_empty());
    if nested {
        *out += " # c\n";
        block(value, indent + 2, out);
    } else {
        *out += &format!(" {value}\n");
    }
}

#[test]
fn good_cases_are_read_as_others_do() {
    let mut compared = 0;
    for case in cases("yaml").iter().filter(|case| case.read().problems.is_empty()) {
        compared += usize::from(is_read_as_others_do(&case.text));
    }
    assert!(compared > 10, "{compared}");
}

#[test]
fn real_files_are_read_as_others_do() {
    for real in corpus::texts(Format::Yaml) {
        check_all(&real.text);
        if read(&real.text).problems.is_empty() {
            is_read_as_others_do(&real.text);
        }
    }
}

/// Compares with `yaml-rust2`, unless the text has aliases, or line ends and escapes that YAML 1.1 alone has. To it, a
/// text without any value has no document, and a byte order mark is a letter.
fn is_read_as_others_do(text: &str) -> bool {
    if text.contains(['\u{85}', '\u{2028}', '\u{2029}']) || text.contains("\\'") {
        return false;
    }
    let text = text.trim_start_matches('\u{feff}');
    match other(text) {
        Ok(theirs) => {
            let is_empty = matches!(read(text).root.value, Value::Missing) && theirs.is_empty();
            assert!(is_empty || mine(text) == theirs, "{text}\n{:?}\n{theirs:?}", mine(text));
            !is_empty
        }
        Err(error) => {
            // The daemons take a `#` right behind a quote as a comment, and tabs within brackets.
            let known = ["comments must be separated", "tabs disallowed within this context"];
            let is_known = error == "alias" || known.iter().any(|known| error.starts_with(known));
            assert!(is_known, "{error}: {text}");
            false
        }
    }
}

/// The kubelet refuses other texts for what their values mean.
#[test]
fn the_kubelet_refuses_the_same_texts() {
    let mut refused = 0;
    for case in corpus::conformance("kubelet") {
        for text in case.texts("config.yaml") {
            invariants::check(&read(text));
            // Of a stream the kubelet reads the first document alone.
            let (_, document) = identify("/var/lib/kubelet/config.yaml", text, None).unwrap();
            let is_syntax = case.prints(&["tab character", "yaml: ", "unsupported map key"]) || is_torn(text);
            refused += usize::from(is_syntax);
            assert_eq!(is_syntax, !document.problems.is_empty(), "{text}: {:?}", document.problems);
        }
    }
    assert!(refused > 0);
}

/// Whether the kubelet's parser loses the first letter of each line, and the kubelet complains about the rest.
fn is_torn(text: &str) -> bool {
    text.starts_with("\u{feff}\u{feff}")
}

/// What YAML is made of, good and bad.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    " ", "  ", "\n", ":", ": ", "-", "- ", "#", " # c", "'", "\"", "[", "]", "{", "}", ",", "\t", "|", "|\n",
    ">-\n", "&a ", "*a", "*", "!", "!!int ", "%", "@", "`", "\\", "\\_", "? ", "<<: ", "---\n", "...\n", "a",
    "1", "~", "=", "//", "/*", "\r\n", "x: y", "\n  - ", "{{", "}}", "{% x %}\n", "${X}", "é", "😀", "\u{a0}",
    "\u{feff}", "\u{0}", "\u{200b}", "<<<<<<< a\n", "=======\n", ">>>>>>> b\n", "```\n", "：", "a: 1\n",
    "b:\n", "  c: d\n", "- e\n",
];

fn check_all(text: &str) {
    let document = read(text);
    invariants::check(&document);
    invariants::check_fixes(text, Format::Yaml);
    let nodes = std::iter::once(&document.root).chain(&document.more).flat_map(|n| n.entries());
    for entry in nodes {
        if let Some(region) = block_content(text, &entry.value) {
            invariants::check(&read_at(text, region));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        check_all(&text);
    }

    #[test]
    fn yamlish_text_is_read(text in mixed(PIECES, 0..40)) {
        check_all(&text);
    }

    #[test]
    fn damaged_text_is_read(text in damaged("yaml", PIECES, 1..5)) {
        check_all(&text);
    }

    #[test]
    fn any_region_is_read(text in mixed(PIECES, 0..40), a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let (a, b) = (a.index(text.len() + 1), b.index(text.len() + 1));
        invariants::check(&read_at(&text, Span::new(a, b)));
    }

    #[test]
    fn json_is_read_as_json_readers_do(value in any_value()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            let document = read(&text);
            invariants::check(&document);
            prop_assert!(document.problems.is_empty(), "{:?}", document.problems);
            prop_assert!(same(&document.root, &value), "{:?} is not {}", document.root, text);
        }
    }

    #[test]
    fn blocks_are_read_as_others_do(value in any_value()) {
        let mut text = String::new();
        block(&value, 0, &mut text);
        let document = read(&text);
        invariants::check(&document);
        prop_assert!(document.problems.is_empty(), "{:?}", document.problems);
        prop_assert!(same(&document.root, &value), "{:?} is not {}", document.root, text);
        if let Ok(theirs) = other(&text) {
            prop_assert_eq!(mine(&text), theirs);
        }
    }
}
