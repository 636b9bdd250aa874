//! Lists and their items.

use super::super::{Node, Value};
use super::JsonReader;
use super::bracket::{AfterItem, OpenBracket, OpenCollection, other_brackets};
use super::value::{node, object_node};
use crate::text::Span;

/// The items read so far.
struct ListItems<'a> {
    frame: OpenCollection,
    items: Vec<Node<'a>>,
}

impl<'a> JsonReader<'a> {
    pub(super) fn list(&mut self) -> Node<'a> {
        let start = self.at;
        self.token(start + 1);
        let open = OpenBracket { at: start, close: b']', written: true };
        let mut list = ListItems { frame: OpenCollection::new(open), items: Vec::new() };
        self.open.push(open);
        let last = loop {
            match self.item(&mut list) {
                AfterItem::Next => {}
                step => break step,
            }
        };
        self.open.pop();
        if last == AfterItem::Pairs {
            return self.list_for_object(open);
        }
        let end = match list.frame.close {
            Some(close) => close + 1,
            None => list.items.iter().map(|n| n.span.end as usize).max().unwrap_or(start + 1),
        };
        node(start, end, Value::Seq(list.items))
    }

    fn item(&mut self, list: &mut ListItems<'a>) -> AfterItem {
        self.blanks_to_marker();
        let frame = &mut list.frame;
        if let Some(value) = self.marker_value() {
            frame.commas.clear();
            frame.need = true;
            list.items.push(value);
            return AfterItem::Next;
        }
        match self.peek() {
            None => {
                self.text_ends(frame);
                return AfterItem::Done;
            }
            Some(b']') => {
                self.close(frame);
                return AfterItem::Done;
            }
            Some(b'}') if self.wrong_closer(b'}', frame) => return AfterItem::Done,
            Some(b'}') => {
                self.unopened_bracket(b'}', None);
                return AfterItem::Next;
            }
            Some(b':') => {
                self.colon_in_list(frame);
                return AfterItem::Next;
            }
            _ => {}
        }
        if let Some(comma) = self.comma() {
            frame.commas.push(comma);
            return AfterItem::Next;
        }
        if self.pair_at(self.at) {
            match self.pair_in_list(list) {
                AfterItem::Next => {}
                step => return step,
            }
        }
        let frame = &mut list.frame;
        let sure = !frame.commas.is_empty() || !frame.need;
        let known = sure || self.at_quote() || matches!(self.peek(), Some(b'{' | b'[')) || self.at_literal();
        self.commas_before(frame, known);
        frame.need = true;
        let value = self.value();
        list.items.push(value);
        AfterItem::Next
    }

    fn colon_in_list(&mut self, frame: &mut OpenCollection) {
        let at = self.at;
        self.report("unexpected-colon", Span::new(at, at + 1), "a colon stands in a list")
            .help("the values of a list have no keys: put a comma here, or use `{` and `}`");
        self.mark(at + 1);
        frame.need = false;
        frame.commas.clear();
    }

    /// `"key":` in a list. `Next` reads it as an item.
    fn pair_in_list(&mut self, list: &ListItems<'a>) -> AfterItem {
        let next = self.closers(self.at).and_then(|c| c.first().copied());
        if next == Some(b']') {
            return if list.items.is_empty() { AfterItem::Pairs } else { AfterItem::Next };
        }
        if !self.open.iter().any(|o| o.close == b'}') {
            return AfterItem::Next;
        }
        self.unclosed_here(&list.frame);
        AfterItem::Done
    }

    /// `["key": 1]`: an object in the wrong brackets.
    fn list_for_object(&mut self, open: OpenBracket) -> Node<'a> {
        let body = self.body(open);
        let bracket = open.span();
        self.lone_keys(&body.lone);
        self.report("list-for-object", bracket, "an object stands in the brackets of a list")
            .help("an object stands in `{` and `}`; a list holds values without keys")
            .maybe_fix(other_brackets("Use braces", bracket, body.frame.close, ["{", "}"]));
        object_node(open.at, body.end(open.at + 1), body.entries)
    }
}
