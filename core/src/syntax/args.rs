//! Files of arguments, as microk8s reads them for the programs that it starts: all quotes are removed, lines are split
//! at single blanks, variables are filled in. The tree is a table with one list of words.
//!
//! Source: canonical/microk8s@d099c90:build-scripts/components/kubernetes/patches (`ReadArgsFromFile`).

use std::borrow::Cow;

use super::problems::Problems;
use super::{Document, Entry, Format, MAX_LEN, Map, MapStyle, Node, Scalar, ScalarKind, Style, Value};
use crate::text::Span;

/// Reads a file of arguments. Only a text that is too long has a problem.
#[must_use]
pub(super) fn read(text: &str) -> Document<'_> {
    let mut problems = Problems::default();
    let mut comments = vec![];
    let mut words = vec![];
    let mut at = 0;
    if text.len() > MAX_LEN {
        problems.too_long(0);
        at = text.len();
    }
    while let Some(line) = text.get(at..).filter(|rest| !rest.is_empty()).and_then(|rest| rest.lines().next()) {
        let start = at + line.len() - line.trim_start().len();
        let trimmed = line.trim();
        if trimmed.starts_with('#') {
            comments.push(Span::new(start, start + trimmed.len()));
        } else {
            add_words(trimmed, start, &mut words);
        }
        at = text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| at + end + 1);
    }
    let value = Node { span: Span::new(0, text.len()), value: Value::Seq(words) };
    let entry = Entry { key: Cow::Borrowed(""), key_span: Span::default(), value };
    let root =
        Node { span: Span::new(0, text.len()), value: Value::Map(Map::new(vec![entry], MapStyle::Root, vec![])) };
    Document { root, comments, problems: problems.done(), ..Document::new(text, Format::Args) }
}

fn add_words<'a>(line: &'a str, start: usize, words: &mut Vec<Node<'a>>) {
    const QUOTES: [char; 2] = ['"', '\''];
    let mut at = start;
    for word in line.split(' ') {
        let span = Span::new(at, at + word.len());
        at += word.len() + 1;
        let text = if word.contains(QUOTES) { Cow::Owned(word.replace(QUOTES, "")) } else { Cow::Borrowed(word) };
        if !word.is_empty() {
            let scalar = Scalar { text, kind: ScalarKind::String, style: Style::Plain };
            words.push(Node { span, value: Value::Scalar(scalar) });
        }
    }
}
