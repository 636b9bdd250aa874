//! Objects and their members.

use std::borrow::Cow;

use super::super::problems::shown;
use super::super::{Entry, Node, ScalarKind, Style, Value};
use super::JsonReader;
use super::bracket::{AfterItem, OpenBracket, OpenCollection, other_brackets};
use super::value::{node, object_node, scalar_node};
use crate::text::Span;

/// The members read so far.
pub(super) struct ObjectBody<'a> {
    pub(super) frame: OpenCollection,
    pub(super) entries: Vec<Entry<'a>>,
    /// Keys without colon and value.
    pub(super) lone: Vec<Span>,
    /// How far the first member is indented, if it starts its line.
    column: Option<usize>,
}

/// A key as read.
pub(super) struct JsonKey<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) span: Span,
}

impl<'a> ObjectBody<'a> {
    /// The end of all that it holds.
    pub(super) fn inner_end(&self, start: usize) -> usize {
        let ends = self.entries.iter().map(|e| e.value.span.end.max(e.key_span.end) as usize);
        ends.fold(start, usize::max)
    }

    /// Where the object ends: behind its closing bracket, or else behind all that it holds.
    pub(super) fn end(&self, start: usize) -> usize {
        self.frame.close.map_or_else(|| self.inner_end(start), |close| close + 1)
    }

    fn push(&mut self, key: JsonKey<'a>, value: Node<'a>) {
        self.entries.push(Entry { key: key.text, key_span: key.span, value });
    }
}

/// A key that should have been an item.
pub(super) fn key_as_item<'a>(entry: &Entry<'a>) -> Node<'a> {
    scalar_node(entry.key.clone(), entry.key_span, ScalarKind::String, Style::Double)
}

impl<'a> JsonReader<'a> {
    pub(super) fn object(&mut self) -> Node<'a> {
        let start = self.at;
        self.token(start + 1);
        let body = self.body(OpenBracket { at: start, close: b'}', written: true });
        let end = body.end(start + 1);
        let lone = body.lone.len();
        // The whole text is an object in all configurations.
        let is_inner = !self.open.is_empty();
        if is_inner && lone > 0 && lone == body.entries.len() && body.frame.close.is_some() {
            return self.object_for_list(start, end, &body);
        }
        self.lone_keys(&body.lone);
        object_node(start, end, body.entries)
    }

    pub(super) fn lone_keys(&mut self, keys: &[Span]) {
        for key in keys {
            self.missing_value(*key, *key, "write `\"key\": value`");
        }
    }

    fn missing_value(&mut self, at: Span, key: Span, help: &str) {
        self.report("missing-value", at, format!("{} has no value", shown(key.of(self.text)))).help(help);
    }

    /// `{"a", "b"}`: a list in the wrong brackets.
    fn object_for_list(&mut self, start: usize, end: usize, body: &ObjectBody<'a>) -> Node<'a> {
        let open = Span::new(start, start + 1);
        self.report("object-for-list", open, "a list stands in the braces of an object")
            .help("a list stands in `[` and `]`; an object holds `\"key\": value`")
            .maybe_fix(other_brackets("Use square brackets", open, body.frame.close, ["[", "]"]));
        node(start, end, Value::Seq(body.entries.iter().map(key_as_item).collect()))
    }

    /// Reads members up to and including the closing bracket.
    pub(super) fn body(&mut self, open: OpenBracket) -> ObjectBody<'a> {
        let mut body =
            ObjectBody { frame: OpenCollection::new(open), entries: Vec::new(), lone: Vec::new(), column: None };
        self.open.push(open);
        while self.member(&mut body) == AfterItem::Next {}
        self.open.pop();
        body
    }

    fn member(&mut self, body: &mut ObjectBody<'a>) -> AfterItem {
        self.blanks_to_marker();
        let Some(b) = self.peek() else {
            self.text_ends(&body.frame);
            return AfterItem::Done;
        };
        if b == body.frame.open.close {
            self.close(&mut body.frame);
            return AfterItem::Done;
        }
        if matches!(b, b'}' | b']') {
            return self.wrong_closer_in_object(b, body);
        }
        if let Some(comma) = self.comma() {
            body.frame.commas.push(comma);
            return AfterItem::Next;
        }
        if self.dedented(body) {
            self.unclosed_here(&body.frame);
            return AfterItem::Done;
        }
        let column = self.column(self.at);
        let step = self.entry(body);
        if body.entries.len() == 1 && body.column.is_none() {
            body.column = column;
        }
        step
    }

    /// A key that is indented less than its siblings, in a text that lacks closing brackets: the object ended before
    /// it.
    fn dedented(&mut self, body: &ObjectBody<'a>) -> bool {
        let (Some(first), Some(column)) = (body.column, self.column(self.at)) else {
            return false;
        };
        let open = body.frame.open;
        if column >= first || !open.written || !self.pair_at(self.at) {
            return false;
        }
        // In this order: looking ahead has a budget.
        self.lacks_closers() && column <= self.indentation(open.at)
    }

    /// Reads one `"key": value`, or what stands in its place.
    fn entry(&mut self, body: &mut ObjectBody<'a>) -> AfterItem {
        let frame = &mut body.frame;
        let key = if let Some(end) = self.marker_end(self.at) {
            self.marker_key(frame, end)
        } else if self.separator_len(self.at).is_some() {
            self.colon_without_key(frame);
            None
        } else if matches!(self.peek(), Some(b'{' | b'[')) {
            return self.value_without_key(frame);
        } else if self.at_quote() {
            self.quoted_key(frame)
        } else {
            self.bare_key(frame)
        };
        if let Some(key) = key {
            self.after_key(body, key);
        }
        AfterItem::Next
    }

    fn after_key(&mut self, body: &mut ObjectBody<'a>, key: JsonKey<'a>) {
        let span = key.span;
        self.prev = self.prev.max(span.end as usize);
        self.blanks();
        body.frame.need = true;
        if !self.separator(Some(span)) {
            let broken = self.is_broken(span);
            if self.is_lone(span) {
                self.half |= self.at_end();
                if !broken && !self.at_end() {
                    body.lone.push(span);
                }
                return body.push(key, Node::missing(span.end as usize));
            }
            if !broken {
                self.missing_colon(span);
            }
        }
        let value = self.member_value(span);
        body.push(key, value);
        self.colon_after_value();
    }

    /// Whether nothing that could be the value follows the key.
    fn is_lone(&self, key: Span) -> bool {
        let same_line = !self.slice(key.end as usize, self.at).contains('\n');
        self.lacks_value() || !same_line && !matches!(self.peek(), Some(b'{' | b'['))
    }

    /// Whether the key lacks its closing quote, which was reported.
    fn is_broken(&self, key: Span) -> bool {
        self.problems.last().is_some_and(|p| p.code == "unclosed-string" && p.span == key)
    }

    fn member_value(&mut self, key: Span) -> Node<'a> {
        let colon = self.prev;
        self.blanks_to_marker();
        if let Some(value) = self.marker_value() {
            return value;
        }
        // A conditional value may be empty.
        let marked = self.noise && self.problems.has_template();
        let next_key = self.slice(colon, self.at).contains('\n') && self.pair_at(self.at) && !marked;
        if !self.lacks_value() && !next_key {
            return self.value();
        }
        // Where the text ends, that is the problem.
        if !self.at_end() {
            self.noise |= next_key;
            self.missing_value(Span::empty(colon), key, "write the value, or remove the key");
        }
        Node::missing(colon)
    }
}
