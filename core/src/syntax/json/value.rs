//! Whatever may stand as a value, and the nodes of the tree.

use std::borrow::Cow;

use super::super::recover::characters::is_invisible;
use super::super::{Entry, MAX_DEPTH, Map, MapStyle, Node, Scalar, ScalarKind, Style, Value};
use super::JsonReader;
use crate::text::Span;

pub(super) fn node(start: usize, end: usize, value: Value<'_>) -> Node<'_> {
    Node { span: Span::new(start, end.max(start)), value }
}

pub(super) fn object_node(start: usize, end: usize, entries: Vec<Entry<'_>>) -> Node<'_> {
    node(start, end, Value::Map(Map::new(entries, MapStyle::Inline, Vec::new())))
}

pub(super) fn scalar_node(text: Cow<'_, str>, span: Span, kind: ScalarKind, style: Style) -> Node<'_> {
    Node { span, value: Value::Scalar(Scalar { text, kind, style }) }
}

impl<'a> JsonReader<'a> {
    /// Reads the value that starts here; the caller has skipped the blanks.
    pub(super) fn value(&mut self) -> Node<'a> {
        match self.peek() {
            Some(b'{' | b'[') if self.open.len() >= MAX_DEPTH => self.too_deep(),
            Some(b'{') => self.object(),
            Some(b'[') => self.list(),
            Some(_) if self.at_quote() => self.string_value(),
            Some(_) => self.word(),
            None => Node::missing(self.prev),
        }
    }

    fn too_deep(&mut self) -> Node<'a> {
        let start = self.at;
        let message = format!("brackets nest more than {MAX_DEPTH} deep here");
        self.report("too-deep", Span::new(start, start + 1), message);
        self.give_up();
        self.ended = true;
        Node::missing(start)
    }

    /// Whether a comma or closing bracket stands where a value should, or the text ends.
    pub(super) fn lacks_value(&self) -> bool {
        matches!(self.peek(), None | Some(b'}' | b']')) || self.comma_len(self.at).is_some()
    }

    /// Reads a value that has no place in the tree.
    pub(super) fn skip_value(&mut self) {
        self.blanks();
        if !self.lacks_value() {
            self.value();
        }
    }

    /// A template marker in the place of a value, together with the text that sticks to it.
    pub(super) fn marker_value(&mut self) -> Option<Node<'a>> {
        let start = self.at;
        let mut end = self.marker_end(start)?;
        self.template(Span::new(start, end));
        while let Some(next) = self.marker_end(end) {
            end = next;
        }
        let glued = match self.char_at(end) {
            None | Some(',' | '}' | ']' | '"' | '{' | '[' | ';') => false,
            Some(c) => !c.is_whitespace() && !is_invisible(c),
        };
        if glued {
            end = self.bare_end(end);
        }
        self.mark(end);
        Some(node(start, end, Value::Missing))
    }
}
