//! The JSON reader: what it finds, what it keeps, and that nothing upsets it.

use std::fmt::Write as _;
use std::path::PathBuf;

use crilint_core::fix::{Applicability, Fix};
use crilint_core::syntax::{Dialect, Document, Format, Node, Problem, Scalar, ScalarKind, Value, read};
use crilint_core::text::{Encoding, LineIndex, Span};
use insta::assert_snapshot;
use proptest::prelude::*;

fn json(text: &str) -> Document<'_> {
    read(text, Format::Json)
}

/// One line per problem: `line:column code: message`, with a `*` behind the code if a safe fix exists.
fn problems(text: &str) -> String {
    let document = json(text);
    let index = LineIndex::new(text);
    let mut out = String::new();
    for p in &document.problems {
        let at = index.position(text, p.span.start, Encoding::Char);
        let (line, column) = (at.line + 1, at.column + 1);
        let safe = if safe_fix(p).is_some() { "*" } else { "" };
        let _ = writeln!(out, "{line}:{column} {}{safe}: {}", p.code, p.message);
    }
    out
}

fn tree(node: &Node<'_>) -> String {
    let list = |parts: Vec<String>| parts.join(", ");
    match &node.value {
        Value::Missing => "?".into(),
        Value::Scalar(s) if s.kind == ScalarKind::String => format!("{:?}", s.text),
        Value::Scalar(s) => s.text.to_string(),
        Value::Seq(items) => format!("[{}]", list(items.iter().map(tree).collect())),
        Value::Map(map) => {
            let entries = map.entries.iter();
            let entries = entries.map(|e| format!("{}: {}", e.key, tree(&e.value)));
            format!("{{{}}}", list(entries.collect()))
        }
    }
}

/// Problems and tree.
fn show(text: &str) -> String {
    format!("{}{}", problems(text), tree(&json(text).root))
}

fn safe_fix(problem: &Problem) -> Option<&Fix> {
    problem.fix.as_ref().filter(|f| f.applicability == Applicability::Safe)
}

fn apply(text: &str, fix: &Fix) -> String {
    let mut out = String::new();
    let mut at = 0;
    for edit in &fix.edits {
        out.push_str(&text[at..edit.span.start as usize]);
        out.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    out + &text[at..]
}

/// The text after its only problem's fix.
fn fixed(text: &str) -> String {
    let document = json(text);
    assert_eq!(document.problems.len(), 1, "{:?}", document.problems);
    let Some(fix) = &document.problems[0].fix else {
        panic!("no fix");
    };
    apply(text, fix)
}

#[test]
fn good_files_have_no_problems() {
    let text = "\r\n{\"a\" : [1, -0.5e+3, true, null, \"x\\n\\u00e9\\ud83d\\ude00\\/\"],\n\t\"a\": {}}\n";
    assert_snapshot!(show(text), @r#"{a: [1, -0.5e+3, true, null, "x\né😀/"], a: {}}"#);
    let document = json(text);
    let kinds = document.root.entries()[0].value.items().iter();
    let kinds: Vec<_> = kinds.filter_map(Node::as_scalar).map(|s| s.kind).collect();
    use ScalarKind::{Bool, Float, Integer, Null, String};
    assert_eq!(kinds, [Integer, Float, Bool, Null, String]);
}

#[test]
fn nothing_is_no_problem() {
    for text in ["", " \r\n\t", "\u{feff}", "\u{feff}\n"] {
        let document = json(text);
        assert!(document.problems.is_empty());
        assert!(matches!(document.root.value, Value::Missing));
    }
}

#[test]
fn byte_order_mark_is_a_dialect() {
    let document = json("\u{feff}{\"a\": 1}");
    assert!(document.problems.is_empty());
    assert_eq!(document.dialects, [(Dialect::ByteOrderMark, Span::new(0, 3))]);
    assert_eq!(document.root.span, Span::new(3, 11));
}

#[test]
fn half_surrogates_read_as_go_reads_them() {
    assert_snapshot!(show(r#"["\ud800", "\udc00x", "\ud800\u0041", "\ud83d\ude00"]"#), @r#"["�", "�x", "�A", "😀"]"#);
}

#[test]
fn spans_are_exact() {
    let text = r#"{ "ключ": [1, "é"] }"#;
    let document = json(text);
    let entry = &document.root.entries()[0];
    assert_eq!(entry.key_span.of(text), "\"ключ\"");
    assert_eq!(entry.value.span.of(text), "[1, \"é\"]");
    assert_eq!(entry.value.items()[1].span.of(text), "\"é\"");
}

#[test]
fn commas() {
    assert_snapshot!(show(r#"{"a": 1,}"#), @"
    1:8 trailing-comma*: a comma with nothing behind it but `}`
    {a: 1}
    ");
    assert_snapshot!(show("{\"a\": 1\n \"b\": 2}"), @r#"
    1:8 missing-comma*: no comma between this and `"b"`
    {a: 1, b: 2}
    "#);
    assert_snapshot!(show(r#"{"a": 1,, "b": [,1,2,], "c": 1,,}"#), @"
    1:9 extra-comma*: a comma with nothing before it
    1:17 extra-comma*: a comma with nothing before it
    1:21 trailing-comma*: a comma with nothing behind it but `]`
    1:31 trailing-comma*: a comma with nothing behind it but `}`
    {a: 1, b: [1, 2], c: 1}
    ");
    assert_snapshot!(show(r#"["a" "b", 1； 2]"#), @r#"
    1:5 missing-comma*: no comma between this and `"b"`
    1:12 wrong-comma*: `；` stands where a comma belongs
    ["a", "b", 1, 2]
    "#);
    assert_eq!(fixed("{\n  \"a\": 1\n  \"b\": 2\n}"), "{\n  \"a\": 1,\n  \"b\": 2\n}");
    assert_eq!(fixed("{\"a\": 1,,\n}"), "{\"a\": 1\n}");
}

#[test]
fn colons() {
    assert_snapshot!(show(r#"{"a" = 1, "b" => 2, "c" 3, "d"：4, "e": "f": 5}"#), @r#"
    1:6 missing-colon*: `=` stands where a colon belongs
    1:15 missing-colon*: `=>` stands where a colon belongs
    1:24 missing-colon*: no colon behind `"c"`
    1:31 missing-colon*: `：` stands where a colon belongs
    1:43 unexpected-colon: a second colon follows the value
    {a: 1, b: 2, c: 3, d: 4, e: "f"}
    "#);
    assert_eq!(fixed(r#"{"a" 1}"#), r#"{"a": 1}"#);
}

#[test]
fn values_and_keys_that_are_missing() {
    assert_snapshot!(show("{\"a\": , \"b\":\n \"c\": 1, \"d\", : 5, {\"e\": 2}, \"f\":}"), @r#"
    1:6 missing-value: `"a"` has no value
    1:13 missing-value: `"b"` has no value
    2:10 missing-value: `"d"` has no value
    2:15 missing-key: a colon stands here, but no key before it
    2:20 missing-key: this object has no key in front of it
    2:34 missing-value: `"f"` has no value
    {a: ?, b: ?, c: 1, d: ?, f: ?}
    "#);
}

#[test]
fn unclosed_brackets_cost_one_problem() {
    assert_snapshot!(show("{\n  \"o\": {\n    \"x\": 1,\n    \"y\": 2\n  \"debug\": true\n}\n"), @"
    4:11 unclosed-object: this object is never closed
    {o: {x: 1, y: 2}, debug: true}
    ");
    assert_snapshot!(show("{\n  \"o\": {\n    \"x\": 1,\n  \"debug\": true\n}\n"), @"
    3:11 unclosed-object: this object is never closed
    {o: {x: 1}, debug: true}
    ");
    assert_snapshot!(show("{\n  \"m\": [\"a\", \"b\",\n  \"debug\": true,\n  \"x\": [\"y\"]\n}\n"), @r#"
    2:17 unclosed-array: this list is never closed
    {m: ["a", "b"], debug: true, x: ["y"]}
    "#);
    assert_snapshot!(show(r#"[{"a": 1, {"b": 2}]"#), @"
    1:9 unclosed-object: this object is never closed
    [{a: 1}, {b: 2}]
    ");
    assert_snapshot!(show(r#"{"x": [{"a": 1], "y": 2}"#), @"
    1:15 unclosed-object: this object is never closed
    {x: [{a: 1}], y: 2}
    ");
    assert_snapshot!(show("{\"a\": {\"b\": [1, 2"), @"
    1:18 unclosed-array: the text ends with 3 brackets still open
    {a: {b: [1, 2]}}
    ");
    assert_eq!(fixed("{\n  \"a\": {\n    \"b\": 1,\n"), "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n");
    assert_eq!(fixed("{\"a\": 1"), "{\"a\": 1}");
    assert_snapshot!(show("{\"a\": 1, \"b\":"), @"
    1:14 unclosed-object: the text ends before this object is closed
    {a: 1, b: ?}
    ");
}

#[test]
fn wrong_brackets() {
    assert_snapshot!(show(r#"{"a": {"c": ["b"}, "d": 1}}"#), @r#"
    1:17 mismatched-bracket*: `}` closes this list, which needs `]`
    {a: {c: ["b"], d: 1}}
    "#);
    assert_snapshot!(show(r#"[{"a": 1], {"b": 2}]"#), @"
    1:9 mismatched-bracket*: `]` closes this object, which needs `}`
    [{a: 1}, {b: 2}]
    ");
    assert_snapshot!(show("{\n\"mirrors\": \"a\", \"b\"],\n\"c\": 1\n}"), @r#"
    2:20 unopened-bracket: `]` closes nothing that was opened
    {mirrors: ["a", "b"], c: 1}
    "#);
    assert_snapshot!(show(r#"{"a": {"x", "y"}, "b": ["k": 1, "l": 2], "c": ["a", "k": 1]}"#), @r#"
    1:7 object-for-list*: a list stands in the braces of an object
    1:24 list-for-object*: an object stands in the brackets of a list
    1:56 unexpected-colon: a colon stands in a list
    {a: ["x", "y"], b: {k: 1, l: 2}, c: ["a", "k", 1]}
    "#);
    assert_eq!(fixed(r#"{"a": "x"]}"#), r#"{"a": ["x"]}"#);
}

#[test]
fn comments() {
    let text = "// head\n{\n  \"a\": 1, # one\n  /* two\n  lines */\n  \"b\": /* x */ \"// no\"\n}\n";
    assert_snapshot!(show(text), @r##"
    1:1 comment*: `// head` is a comment
    3:11 comment*: `# one` is a comment
    4:3 comment*: `/* two…` is a comment
    6:8 comment*: `/* x */` is a comment
    {a: 1, b: "// no"}
    "##);
    let document = json(text);
    let comments: Vec<_> = document.comments.iter().map(|c| c.of(text)).collect();
    assert_eq!(comments, ["// head", "# one", "/* two\n  lines */", "/* x */"]);
    let removed: Vec<_> = document.problems.iter().filter_map(safe_fix).map(|f| f.edits[0].span.of(text)).collect();
    assert_eq!(removed, ["// head\n", " # one", "  /* two\n  lines */\n", "/* x */"]);
    assert_snapshot!(show("{\"a\": 1, /* oops\n \"b\": 2}"), @"
    1:10 unclosed-comment: this comment has no `*/`
    {a: 1, b: 2}
    ");
}

#[test]
fn quotes() {
    assert_snapshot!(show(r#"{'a': 'x"y', `b`: `c`, “d”: “e”, "f": ["g=h”]}"#), @r#"
    1:2 single-quotes*: `'a'` stands in single quotes
    1:7 single-quotes*: `'x"y'` stands in single quotes
    1:14 single-quotes*: ``b`` stands in backticks
    1:19 single-quotes*: ``c`` stands in backticks
    1:24 smart-quotes*: `“d”` stands in typographic quotes
    1:29 smart-quotes*: `“e”` stands in typographic quotes
    1:44 smart-quotes*: `”` does not close a string that `"` opened
    {a: "x\"y", b: "c", d: "e", f: ["g=h"]}
    "#);
    assert_eq!(fixed("['x\"y\\'z']"), r#"["x\"y'z"]"#);
    assert_snapshot!(show(r#"{"a": "say "hi" there", "b": foo", bar": 1}"#), @r#"
    1:7 inner-quote: `"say "hi" there"` has quotes inside
    1:30 missing-quote*: `foo"` lacks its opening quote
    1:36 missing-quote*: `bar"` lacks its opening quote
    {a: "say \"hi\" there", b: "foo", bar: 1}
    "#);
}

#[test]
fn unclosed_strings_end_with_their_line() {
    assert_snapshot!(show("{\n \"a\": \"value,\n \"b\": [\"x\", \"y],\n \"debug: true,\n \"c\": \"end\n}"), @r#"
    2:7 unclosed-string*: `"value` has no closing quote
    3:13 unclosed-string: `"y` has no closing quote
    4:2 unclosed-string*: `"debug` has no closing quote
    5:7 unclosed-string*: `"end` has no closing quote
    {a: "value", b: ["x", "y"], debug: true, c: "end"}
    "#);
    assert_snapshot!(show(r#"{"debug: true, "a": "x, "b": ["y, "z"]}"#), @r#"
    1:2 unclosed-string*: `"debug` has no closing quote
    1:21 unclosed-string*: `"x` has no closing quote
    1:31 unclosed-string*: `"y` has no closing quote
    {debug: true, a: "x", b: ["y", "z"]}
    "#);
    assert_snapshot!(show("{\"a\": 1, \"b"), @r#"
    1:10 unclosed-string: `"b` has no closing quote
    {a: 1, b: ?}
    "#);
    assert_snapshot!(show("{\"a\": \"two\nlines\", \"b\": 1}"), @r#"
    1:11 line-break-in-string: a string runs over the end of its line
    {a: "two\nlines", b: 1}
    "#);
    assert_snapshot!(show("{\"a\": \"two\r\nlines\", \"b\": \"\r\"}"), @r#"
    1:12 line-break-in-string: a string runs over the end of its line
    2:15 control-character*: the control character U+000D stands in a string
    {a: "two\r\nlines", b: "\r"}
    "#);
}

#[test]
fn escapes() {
    assert_snapshot!(show("{\"a\": \"x\ty\", \"b\": \"max\\_size\", \"c\": \"C:\\data\\docs\", \"d\": \"\\u12\", \"e\": \"D:\\\\x\\\"}"), @r#"
    1:9 control-character*: a raw tab stands in a string
    1:23 bad-escape*: `\_` is no escape in JSON
    1:40 bad-escape: `\d` is no escape in JSON
    1:59 bad-escape: `\u` without four hexadecimal digits
    1:77 bad-escape: the backslash makes the closing quote part of the string
    {a: "x\ty", b: "max_size", c: "C:\\data\\docs", d: "\\u12", e: "D:\\x\\"}
    "#);
    assert_eq!(fixed("[\"a\tb\u{1}\"]"), r#"["a\tb\u0001"]"#);
    assert_eq!(fixed(r#"["C:\data\docs"]"#), r#"["C:\\data\\docs"]"#);
}

#[test]
fn words() {
    assert_snapshot!(show("{debug: True, a: None, b: yes, c: info, d: hello world, e: 10.0.0.1:5000, f: unix:///run/x.sock}"), @r#"
    1:2 unquoted-key*: the key `debug` has no quotes
    1:9 wrong-word*: `True` is `true` in JSON
    1:15 unquoted-key*: the key `a` has no quotes
    1:18 wrong-word*: `None` is `null` in JSON
    1:24 unquoted-key*: the key `b` has no quotes
    1:27 wrong-word: `yes` is `true` in JSON
    1:32 unquoted-key*: the key `c` has no quotes
    1:35 unquoted-string*: `info` has no quotes
    1:41 unquoted-key*: the key `d` has no quotes
    1:44 unquoted-string*: `hello world` has no quotes
    1:57 unquoted-key*: the key `e` has no quotes
    1:60 unquoted-string*: `10.0.0.1:5000` has no quotes
    1:75 unquoted-key*: the key `f` has no quotes
    1:78 unquoted-string*: `unix:///run/x.sock` has no quotes
    {debug: True, a: None, b: yes, c: "info", d: "hello world", e: "10.0.0.1:5000", f: "unix:///run/x.sock"}
    "#);
    assert_snapshot!(show("{\"a\": 1, these are words\n \"b\": 2 and more, \"c\": 3}"), @"
    1:10 unexpected-text: `these are words` is neither a key nor a value here
    2:9 unexpected-text: `and more` is neither a key nor a value here
    {a: 1, b: 2, c: 3}
    ");
}

#[test]
fn numbers() {
    assert_snapshot!(show("[+1, 007, 0x1F, .5, 5., NaN, -Infinity, 1_000, 10m, -]"), @r#"
    1:2 bad-number*: `+1` is no number in JSON
    1:6 bad-number: `007` is no number in JSON
    1:11 bad-number*: `0x1F` is no number in JSON
    1:17 bad-number*: `.5` is no number in JSON
    1:21 bad-number*: `5.` is no number in JSON
    1:25 bad-number: `NaN` is no number in JSON
    1:30 bad-number: `-Infinity` is no number in JSON
    1:41 bad-number*: `1_000` is no number in JSON
    1:48 unquoted-string*: `10m` has no quotes
    1:53 unquoted-string*: `-` has no quotes
    [+1, 007, 0x1F, .5, 5., NaN, -Infinity, 1_000, "10m", "-"]
    "#);
    assert_eq!(fixed("[0x1F]"), "[31]");
    assert_eq!(fixed("[.5]"), "[0.5]");
}

#[test]
fn invisible_characters_are_one_problem() {
    let text = "{\n\u{a0}\u{a0}\"a\": 1,\u{200b}\n\u{3000}\"b\": 2\n}";
    assert_snapshot!(show(text), @"
    2:1 invisible-character*: a no-break space (U+00A0) stands outside a string, and 3 more in this file
    {a: 1, b: 2}
    ");
    assert_eq!(fixed(text), "{\n  \"a\": 1,\n \"b\": 2\n}");
}

#[test]
fn members_without_braces() {
    assert_snapshot!(show("\"a\": 1,\n\"b\": {\"c\": 2},\n"), @"
    1:1 missing-braces*: the braces around the keys are missing
    {a: 1, b: {c: 2}}
    ");
    assert_eq!(fixed("\"a\": 1,\n\"b\": 2,\n"), "{\n\"a\": 1,\n\"b\": 2\n}\n");
    assert_eq!(fixed("\"a\": 1\n}\n"), "{\n\"a\": 1\n}\n");
}

#[test]
fn text_around_the_value() {
    for (text, rest) in [("{} x", "x"), ("{}{}", "{}"), ("{} ]", "]"), ("1 2", "2")] {
        let document = json(text);
        assert_eq!(document.dialects[0].0, Dialect::TrailingText);
        assert_eq!(document.dialects[0].1.of(text), rest);
    }
    assert_snapshot!(problems("{\"a\": 1}\n{\"b\": 2}\n"), @"2:1 second-document: a second value follows the first one");
    assert_snapshot!(problems("{\"a\": {}}}"), @"1:10 trailing-text*: `}` closes nothing");
    assert_snapshot!(problems("{} EOF"), @"1:4 trailing-text*: `EOF` stands after the end of the value");
    assert_snapshot!(show("{\n \"a\": {}},\n \"b\": 1\n}"), @r#"
    2:10 trailing-text: `"b"` stands after the end of the object
    {a: {}, b: 1}
    "#);
    assert_snapshot!(show("sudo tee daemon.json <<EOF\n{\"a\": 1}\nEOF\n"), @"
    1:1 leading-text: `sudo tee daemon.json <<EOF` stands before the first bracket
    {a: 1}
    ");
    assert_snapshot!(show("```json\n{\"a\": 1}\n```\n"), @"
    1:1 markdown-fence*: the file starts with the code fence of a Markdown text
    {a: 1}
    ");
}

#[test]
fn other_formats() {
    assert_snapshot!(problems("<!DOCTYPE html>\n<html>{}</html>"), @"1:1 html: this is a web page, not JSON");
    assert_snapshot!(problems("debug: true\nlog-driver: x\n"), @"1:1 not-json: this looks like YAML, not JSON");
    assert_snapshot!(problems("version = 2\n[plugins]\n"), @"1:1 not-json: this looks like TOML, not JSON");
    assert_snapshot!(problems("[plugins.\"x\"]\na = 1\n"), @"1:1 not-json: this looks like TOML, not JSON");
    assert_snapshot!(problems("../etc/docker/daemon.json"), @"1:1 not-json: `../etc/docker/daemon.json` is not JSON");
}

#[test]
fn templates_are_one_problem() {
    let text = "{\n{% if x %}\n \"a\": {{ a }},\n{% endif %}\n \"b\": ${B}/24, \"c\": [{{ range . }}\"{{ . }}\",{{ end }}]\n {% if y %}, \"d\": $D{% endif %}\n {{ e }}: 1}";
    assert_snapshot!(show(text), @r#"
    2:1 template: `{% if x %}` is a template marker, not JSON
    {a: ?, b: ?, c: ["{{ . }}"], d: ?, {{ e }}: 1}
    "#);
    assert_snapshot!(show(r#"{"a": "{{ .X }}", "b": "${Y}"}"#), @r#"{a: "{{ .X }}", b: "${Y}"}"#);
    assert_snapshot!(show("{\"a\": {{ x }}, \"b\": 'c', \"d\": 1 \"e\": 2}"), @r#"
    1:7 template: `{{ x }}` is a template marker, not JSON
    1:21 single-quotes*: `'c'` stands in single quotes
    1:32 missing-comma*: no comma between this and `"e"`
    {a: ?, b: "c", d: 1, e: 2}
    "#);
}

#[test]
fn conflicts_are_one_problem_each() {
    let text = "{\n<<<<<<< HEAD\n \"a\": 1,\n||||||| base\n=======\n \"a\": 2,\n>>>>>>> b\n \"b\": 3\n}";
    assert_snapshot!(show(text), @"
    2:1 conflict-marker: a merge conflict of Git is left in the file
    {a: 1, b: 3}
    ");
}

#[test]
fn limits() {
    let deep = "[".repeat(100_000);
    assert_snapshot!(problems(&deep), @"1:129 too-deep: brackets nest more than 128 deep here");
    let closed = "[".repeat(128) + &"]".repeat(128);
    assert_snapshot!(problems(&closed), @"");
    let long = " ".repeat(crilint_core::syntax::MAX_LEN + 1);
    assert_snapshot!(problems(&long), @"1:1 too-long: the text has more than 4 MiB");
}

/// Texts made to send the look-ahead through the whole file over and over.
#[test]
fn hostile_texts_take_linear_time() {
    let start = std::time::Instant::now();
    for part in [
        "{]",
        "[}",
        "\"",
        "'\n",
        "/*\n\"a\":",
        "{{",
        "${",
        "<<<<<<<\n",
        "=======\n",
        "[\"a\":",
        "{\"a\":{\n\"b\":",
        "\"\n",
        "a:",
        "“",
        "\"a\nb",
        "{\n  \"a\": 1,\n\"b\": 2,",
        "|||||||\n",
        "#",
        "\"{{\"a",
        "a:1,",
        "'a",
        "“a",
        "a ",
        "\"a\"b",
        "a\"b ",
        "\"a\" ",
        "$",
        "a:b ",
    ] {
        let text = part.repeat((1 << 16) / part.len());
        let _ = json(&text);
        let _ = json(&("{".to_owned() + &text));
    }
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
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

fn check(text: &str) {
    let document = json(text);
    check_node(&document.root, Span::new(0, text.len()), text);
    for problem in &document.problems {
        check_problem(problem, text);
    }
    assert!(document.problems.is_sorted_by_key(|p| p.span.start));
    let mut end = 0;
    for comment in &document.comments {
        check_span(*comment, text);
        assert!(comment.start >= end && comment.start < comment.end);
        end = comment.end;
    }
    document.dialects.iter().for_each(|d| check_span(d.1, text));
}

fn check_span(span: Span, text: &str) {
    assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
}

fn check_node(node: &Node<'_>, parent: Span, text: &str) {
    check_span(node.span, text);
    assert!(parent.contains(node.span), "{:?} in {parent:?}: {text:?}", node.span);
    for entry in node.entries() {
        check_span(entry.key_span, text);
        assert!(node.span.contains(entry.key_span), "{text:?}");
        check_node(&entry.value, node.span, text);
    }
    node.items().iter().for_each(|n| check_node(n, node.span, text));
}

fn check_problem(problem: &Problem, text: &str) {
    check_span(problem.span, text);
    if let Some((span, _)) = problem.related {
        check_span(span, text);
    }
    assert!(!problem.message.is_empty() && !problem.message.ends_with('.'), "{}", problem.message);
    let first = problem.message.chars().next().unwrap_or('A');
    assert!(!first.is_uppercase(), "{}", problem.message);
    let Some(fix) = &problem.fix else { return };
    let mut end = 0;
    for edit in &fix.edits {
        check_span(edit.span, text);
        assert!(edit.span.start >= end, "{:?} in {text:?}", fix.edits);
        end = edit.span.end;
    }
}

/// A safe fix must leave fewer problems of its kind, or fewer problems.
fn check_safe_fixes(text: &str) {
    let document = json(text);
    let count = |d: &Document<'_>, code| d.problems.iter().filter(|p| p.code == code).count();
    for problem in &document.problems {
        let Some(fix) = safe_fix(problem) else { continue };
        let after = apply(text, fix);
        let again = json(&after);
        let fewer = count(&again, problem.code) < count(&document, problem.code)
            || again.problems.len() < document.problems.len();
        assert!(fewer, "{}\n{text}\n--\n{after}\n{}", problem.code, problems(&after));
    }
}

const GOOD: &str = r#"{
  "registry-mirrors": ["https://a.example", "https://b.example"],
  "log-driver": "json-file",
  "log-opts": {
    "max-size": "10m",
    "max-file": "3"
  },
  "mtu": 1450,
  "debug": true,
  "runtimes": {
    "nvidia": { "path": "nvidia-container-runtime", "runtimeArgs": [] }
  },
  "default-address-pools": [
    { "base": "10.1.0.0/16", "size": 24 },
    { "base": "10.2.0.0/16", "size": 24 }
  ]
}
"#;

/// What goes wrong by hand: a character is lost, doubled or replaced, a line is lost.
fn mutate(text: &str, steps: &[(usize, u8)]) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for (at, how) in steps {
        if text.is_empty() {
            break;
        }
        let at = at % text.len();
        let signs: Vec<char> = "{}[]\",:'#/\\\n \t“”\u{a0}=;${x0-+.e".chars().collect();
        match how {
            0..60 => drop(text.remove(at)),
            60..80 => text.insert(at, text[at]),
            80..180 => text[at] = signs[*how as usize % signs.len()],
            180..240 => text.insert(at, signs[*how as usize % signs.len()]),
            _ => text.truncate(at),
        }
    }
    text.into_iter().collect()
}

/// A file half typed has one problem: that it ends.
#[test]
fn every_prefix_has_one_problem() {
    let start = GOOD.find('{').unwrap_or(0) + 1;
    let end = GOOD.rfind('}').unwrap_or(0);
    for at in start..=end {
        let text = &GOOD[..at];
        let found = problems(text);
        assert_eq!(found.lines().count(), 1, "{text}\n{found}");
    }
}

/// One damage makes one problem. Where a quote is lost the rest may be ambiguous: up to three.
#[test]
fn single_damages_do_not_cascade() {
    let mut worst = String::new();
    let chars: Vec<(usize, char)> = GOOD.char_indices().collect();
    for (at, c) in chars.iter().filter(|(_, c)| "{}[]\",:".contains(*c)) {
        let mut text = GOOD.to_owned();
        text.remove(*at);
        if serde_json::from_str::<serde_json::Value>(&text).is_ok() {
            continue;
        }
        let found = json(&text).problems.len();
        let most = if *c == '"' { 3 } else { 2 };
        if found == 0 || found > most {
            let _ = writeln!(worst, "{at} {c}: {found}\n{}", problems(&text));
        }
    }
    assert!(worst.is_empty(), "{worst}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in any::<String>()) {
        check(&text);
        compare(&text);
    }

    #[test]
    fn any_signs(text in "[\\[\\]{}\",:'\\\\/*#=<>|%$;.+eE01ntfu \n\r\t\u{feff}\u{a0}“”é，]{0,40}") {
        check(&text);
        compare(&text);
    }

    #[test]
    fn any_tokens(parts in prop::collection::vec(prop::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\":", "1", "true", "null", " ", "\n", "\"", "'x'", "// c\n", "/*", "*/",
        "# c\n", "{{ x }}", "{% if %}", "${A}", "foo", "-1.5e3", "<<<<<<< a\n", "=======\n", ">>>>>>> b\n", "\\", "“q”", "=",
    ]), 0..24)) {
        let text = parts.concat();
        check(&text);
        compare(&text);
    }

    #[test]
    fn damaged_files(steps in prop::collection::vec((any::<usize>(), any::<u8>()), 1..3)) {
        let text = mutate(GOOD, &steps);
        check(&text);
        compare(&text);
    }

    #[test]
    fn safe_fixes_repair(steps in prop::collection::vec((any::<usize>(), any::<u8>()), 1..2)) {
        check_safe_fixes(&mutate(GOOD, &steps));
    }
}

fn shared(path: &str) -> Option<String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    std::fs::read_to_string(root.join(path)).ok()
}

#[test]
fn corpus() {
    let Some(index) = shared("corpus/index.jsonl") else {
        return;
    };
    for line in index.lines() {
        let entry: serde_json::Value = serde_json::from_str(line).expect("index");
        let file = entry["file"].as_str().unwrap_or("");
        if !file.ends_with(".json") {
            continue;
        }
        let text = shared(&format!("corpus/{file}")).expect("corpus file");
        check(&text);
        compare(&text);
        check_safe_fixes(&text);
        let found = problems(&text);
        match entry["parses"].as_str() {
            Some("ok") => assert_eq!(found, "", "{file}"),
            Some(_) => assert_ne!(found, "", "{file}"),
            None => assert!(found.lines().count() <= 1, "{file}\n{found}"),
        }
    }
}

/// What real dockerd binaries refuse to parse has problems, what they parse has none.
#[test]
fn docker_verdicts() {
    let Some(verdicts) = shared("facts/docker-verdicts.json") else {
        return;
    };
    let verdicts: serde_json::Value = serde_json::from_str(&verdicts).expect("verdicts");
    for verdict in verdicts["verdicts"].as_array().expect("a list") {
        let text = verdict["config"].as_str().unwrap_or("");
        check(text);
        let skipped = text.starts_with("base64:") || verdict["release"] == "20.10deb";
        if skipped {
            continue;
        }
        let message = verdict["message"].as_str().unwrap_or("");
        let syntax = message.contains("invalid character") || message.contains("unexpected end of JSON");
        assert_eq!(syntax, !json(text).problems.is_empty(), "{text}\n{message}\n{}", problems(text));
    }
}
