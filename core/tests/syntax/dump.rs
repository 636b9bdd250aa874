//! Trees as text.

use std::fmt::Write as _;

use crilint_core::syntax::{Document, MapStyle, Node, Scalar, ScalarKind, Style, Value};
use crilint_core::text::{Encoding, LineIndex, Span};

/// One line a thing: type, style and text of scalars, style and headers of tables; then the comments.
pub(crate) fn tree(document: &Document<'_>) -> String {
    let mut out = String::new();
    for (number, root) in std::iter::once(&document.root).chain(&document.more).enumerate() {
        out += if number == 0 { "" } else { "---\n" };
        add(document.text, root, "", &mut out);
    }
    for comment in &document.comments {
        let _ = writeln!(out, "comment {:?}", comment.of(document.text));
    }
    out
}

/// Writes a node behind what names it, and what is below it with an indentation.
fn add(text: &str, node: &Node<'_>, indent: &str, out: &mut String) {
    let below = format!("{indent}  ");
    match &node.value {
        Value::Missing => out.push_str("nothing\n"),
        Value::Scalar(found) => {
            let _ = writeln!(out, "{}", scalar(found));
        }
        Value::Seq(items) => {
            out.push_str("list\n");
            for item in items {
                let _ = write!(out, "{indent}- ");
                add(text, item, &below, out);
            }
        }
        Value::Map(map) => {
            let style = match map.style {
                MapStyle::Root => "root",
                MapStyle::Table => "table",
                MapStyle::Dotted => "dotted",
                MapStyle::Inline => "inline",
                MapStyle::Block => "block",
            };
            let headers: String = map.headers.iter().map(|header| format!(" {}", header.of(text))).collect();
            let _ = writeln!(out, "{style}{headers}");
            for entry in &map.entries {
                let _ = write!(out, "{indent}{}: ", entry.key.escape_debug());
                add(text, &entry.value, &below, out);
            }
        }
    }
}

fn scalar(scalar: &Scalar<'_>) -> String {
    let text = scalar.text.escape_debug();
    let text = match scalar.style {
        Style::Plain => format!("`{}`", scalar.text),
        Style::Double => format!("\"{text}\""),
        Style::Single => format!("'{text}'"),
        Style::Block => format!("block \"{text}\""),
    };
    match scalar.kind {
        ScalarKind::String => text,
        ScalarKind::Integer => format!("integer {text}"),
        ScalarKind::Float => format!("float {text}"),
        ScalarKind::Bool => format!("bool {text}"),
        ScalarKind::Null => format!("null {text}"),
        ScalarKind::Datetime => format!("date {text}"),
    }
}

/// One line a thing: where it stands, and what is written there.
pub(crate) fn spans(document: &Document<'_>) -> String {
    let mut out = String::new();
    for (number, root) in std::iter::once(&document.root).chain(&document.more).enumerate() {
        let name = if number == 0 { "root".to_owned() } else { format!("root {}", number + 1) };
        let _ = writeln!(out, "{name} {}", written(document.text, root.span));
        add_spans(document.text, root, "", &mut out);
    }
    for comment in &document.comments {
        let _ = writeln!(out, "comment {}", written(document.text, *comment));
    }
    out
}

fn add_spans(text: &str, node: &Node<'_>, indent: &str, out: &mut String) {
    let below = format!("{indent}  ");
    for header in node.as_map().map_or(&[][..], |map| &map.headers) {
        let _ = writeln!(out, "{below}header {}", written(text, *header));
    }
    for entry in node.entries() {
        let _ = writeln!(out, "{below}key {} value {}", written(text, entry.key_span), written(text, entry.value.span));
        add_spans(text, &entry.value, &below, out);
    }
    for item in node.items() {
        let _ = writeln!(out, "{below}item {}", written(text, item.span));
        add_spans(text, item, &below, out);
    }
}

fn written(text: &str, span: Span) -> String {
    format!("{} {:?}", place(text, span), span.of(text))
}

/// `2:1-5`, `2:1` for an empty place, `2:1-3:4` over lines: from 1, in characters.
pub(crate) fn place(text: &str, span: Span) -> String {
    let lines = LineIndex::new(text);
    let [start, end] = [span.start, span.end].map(|at| lines.position(text, at, Encoding::Char));
    let (line, column) = (start.line + 1, start.column + 1);
    match (start.line == end.line, start.column == end.column) {
        (true, true) => format!("{line}:{column}"),
        (true, false) => format!("{line}:{column}-{}", end.column + 1),
        _ => format!("{line}:{column}-{}:{}", end.line + 1, end.column + 1),
    }
}
