//! Any text through every reader: no panic, spans within the text and on character borders.
#![no_main]

use crilint_core::syntax::{Format, Node, Value, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for format in [Format::Toml, Format::Json, Format::Yaml, Format::Unit, Format::Env] {
        let doc = read(text, format);
        walk(text, &doc.root);
        for problem in &doc.problems {
            assert!(text.get(problem.span.range()).is_some(), "{format:?} {problem:?}");
        }
        for comment in &doc.comments {
            assert!(text.get(comment.range()).is_some(), "{format:?} {comment:?}");
        }
    }
});

fn walk(text: &str, node: &Node<'_>) {
    assert!(text.get(node.span.range()).is_some(), "{:?}", node.span);
    match &node.value {
        Value::Seq(items) => items.iter().for_each(|item| walk(text, item)),
        Value::Map(map) => {
            for entry in &map.entries {
                assert!(text.get(entry.key_span.range()).is_some(), "{:?}", entry.key_span);
                walk(text, &entry.value);
            }
        }
        _ => {}
    }
}
