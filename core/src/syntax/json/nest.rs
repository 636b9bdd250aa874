//! Objects and lists, and what to make of brackets, commas and colons that are missing or too many.

use std::borrow::Cow;

use super::super::{Entry, MAX_DEPTH, Map, MapStyle, Node, Problem, Scalar, ScalarKind, Style, Value};
use super::string::Role;
use super::{Open, Reader, edit, edits, problem, quoted, shown};
use crate::fix::{Applicability, Edit, Fix};
use crate::text::Span;

/// The members read so far.
#[derive(Debug, Default)]
pub(super) struct Body<'a> {
    pub(super) entries: Vec<Entry<'a>>,
    /// Keys without colon and value.
    lone: Vec<Span>,
    /// Commas since the last member.
    pub(super) commas: Vec<Span>,
    /// Whether a member came, so that a comma must come next.
    need: bool,
    /// How far the first member is indented, if it starts its line.
    column: Option<usize>,
    /// Where the closing bracket is.
    pub(super) close: Option<usize>,
}

/// The items read so far.
#[derive(Debug, Default)]
struct List<'a> {
    items: Vec<Node<'a>>,
    commas: Vec<Span>,
    need: bool,
    close: Option<usize>,
}

/// What comes after one member or item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Next,
    Done,
    /// The list holds `"key": value`: it is an object in the wrong brackets.
    Pairs,
}

/// What a closing bracket of the wrong kind means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Guess {
    /// The right one is missing before it.
    Unclosed,
    /// It stands for the right one; beyond doubt if the rest comes out even.
    Mismatched { sure: bool },
    /// It closes nothing.
    Unopened,
}

fn kind(close: u8) -> &'static str {
    if close == b']' { "list" } else { "object" }
}

fn unclosed(close: u8) -> &'static str {
    if close == b']' { "unclosed-array" } else { "unclosed-object" }
}

fn node(start: usize, end: usize, value: Value<'_>) -> Node<'_> {
    Node { span: Span::new(start, end.max(start)), value }
}

fn object_value(entries: Vec<Entry<'_>>) -> Value<'_> {
    Value::Map(Map { entries, style: MapStyle::Inline, headers: Vec::new() })
}

fn string_node<'a>(key: &Cow<'a, str>, span: Span) -> Node<'a> {
    Node { span, value: Value::Scalar(Scalar { text: key.clone(), kind: ScalarKind::String, style: Style::Double }) }
}

impl<'a> Reader<'a> {
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
        self.report(problem(
            "too-deep",
            Span::new(start, start + 1),
            format!("brackets nest more than {MAX_DEPTH} deep here"),
        ));
        self.at = self.text.len();
        self.ended = true;
        Node::missing(start)
    }

    fn object(&mut self) -> Node<'a> {
        let start = self.at;
        self.token(start + 1);
        let body = self.body(Open { at: start, close: b'}', written: true });
        let end = self.end_of(&body.entries, start + 1);
        let end = body.close.map_or(end, |c| c + 1);
        let lone = body.lone.len();
        if lone > 0 && lone == body.entries.len() && body.close.is_some() {
            return self.object_for_list(start, end, body);
        }
        for key in &body.lone {
            self.lone_key(*key);
        }
        node(start, end, object_value(body.entries))
    }

    /// Where a container ends that has no closing bracket: behind all that it holds.
    pub(super) fn end_of(&self, entries: &[Entry<'a>], start: usize) -> usize {
        let last = entries.iter().map(|e| e.value.span.end.max(e.key_span.end) as usize);
        last.max().unwrap_or(start).max(start)
    }

    fn lone_key(&mut self, key: Span) {
        self.report(Problem {
            help: Some("write `\"key\": value`".into()),
            ..problem("missing-value", key, format!("`{}` has no value", shown(key.of(self.text))))
        });
    }

    /// `{"a", "b"}`: a list in the wrong brackets.
    fn object_for_list(&mut self, start: usize, end: usize, body: Body<'a>) -> Node<'a> {
        let items: Vec<_> = body.entries.iter().map(|e| string_node(&e.key, e.key_span)).collect();
        let fix = body.close.map(|close| {
            edits(
                Applicability::Safe,
                "Use square brackets",
                vec![edit(Span::new(start, start + 1), "["), edit(Span::new(close, close + 1), "]")],
            )
        });
        self.report(Problem {
            help: Some("a list stands in `[` and `]`; an object holds `\"key\": value`".into()),
            fix,
            ..problem("object-for-list", Span::new(start, start + 1), "a list stands in the braces of an object")
        });
        node(start, end, Value::Seq(items))
    }

    /// Reads members up to and including the closing bracket.
    pub(super) fn body(&mut self, open: Open) -> Body<'a> {
        let mut body = Body::default();
        self.open.push(open);
        while self.member(&mut body, open) == Step::Next {}
        self.open.pop();
        body
    }

    fn member(&mut self, body: &mut Body<'a>, open: Open) -> Step {
        self.blanks_to_marker();
        let Some(b) = self.peek() else {
            self.text_ends(&body.commas);
            return Step::Done;
        };
        if b == open.close {
            self.trailing_commas(&body.commas, body.need);
            body.close = Some(self.at);
            self.token(self.at + 1);
            return Step::Done;
        }
        if matches!(b, b'}' | b']') {
            return self.wrong_closer_in_object(b, body, open);
        }
        if let Some(comma) = self.comma() {
            body.commas.push(comma);
            return Step::Next;
        }
        if self.dedented(body, open) {
            self.unclosed_here(open, &body.commas);
            return Step::Done;
        }
        let column = self.column(self.at);
        let step = self.entry(body, open);
        if body.entries.len() == 1 && body.column.is_none() {
            body.column = column;
        }
        step
    }

    /// A key that is indented less than its siblings, in a text that lacks closing brackets: the object ended before it.
    fn dedented(&mut self, body: &Body<'a>, open: Open) -> bool {
        let (Some(first), Some(column)) = (body.column, self.column(self.at)) else {
            return false;
        };
        if column >= first || !open.written || !self.pair_at(self.at) {
            return false;
        }
        // In this order: looking ahead has a budget.
        self.lacks_closers() && column <= self.indentation(open.at)
    }

    fn indentation(&self, at: usize) -> usize {
        let before = self.bytes.get(..at).unwrap_or(&[]);
        let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |n| n + 1);
        self.past_spaces(start) - start
    }

    fn lacks_closers(&mut self) -> bool {
        let open = self.open.iter().filter(|o| o.written).count();
        self.closers(self.at).is_some_and(|c| c.len() < open)
    }

    fn unclosed_here(&mut self, open: Open, commas: &[Span]) {
        let at = commas.first().map_or(self.prev, |c| c.start as usize);
        let bracket = char::from(open.close);
        let more = commas.is_empty() && !matches!(self.peek(), Some(b'}' | b']'));
        self.report(Problem {
            related: Some((Span::new(open.at, open.at + 1), "opened here")),
            help: Some(format!("add `{bracket}` here")),
            fix: Some(Fix::edit(
                Applicability::Unsafe,
                format!("Insert `{bracket}`"),
                Span::empty(at),
                bracket.to_string() + if more { "," } else { "" },
            )),
            ..problem(unclosed(open.close), Span::empty(at), format!("this {} is never closed", kind(open.close)))
        });
        self.noise = true;
    }

    /// Reads one `"key": value`.
    fn entry(&mut self, body: &mut Body<'a>, open: Open) -> Step {
        let start = self.at;
        let (key, key_span) = if let Some(end) = self.marker_end(start) {
            let span = Span::new(start, end);
            self.template(span);
            self.at = end;
            if self.separator_len(self.past_spaces(end)).is_none() {
                return Step::Next;
            }
            body.commas.clear();
            (Cow::Borrowed(span.of(self.text)), span)
        } else if self.separator_len(start).is_some() {
            self.missing_key(Span::empty(start), "a colon stands here, but no key before it");
            self.separator(None);
            self.skip_value();
            body.commas.clear();
            body.need = true;
            return Step::Next;
        } else if matches!(self.peek(), Some(b'{' | b'[')) {
            return self.value_without_key(body, open);
        } else if self.at_quote() {
            let pair = self.pair_at(start) || !body.need || !body.commas.is_empty();
            if !pair && self.column(start).is_none() && open.close == b'}' {
                return self.text_after_value(body);
            }
            self.commas_before(&mut body.commas, body.need, true);
            let key = self.string(Role::Key);
            (key.text, key.span)
        } else {
            match self.bare_key(body) {
                Some(key) => key,
                None => return Step::Next,
            }
        };
        self.after_key(body, key, key_span);
        Step::Next
    }

    fn after_key(&mut self, body: &mut Body<'a>, key: Cow<'a, str>, key_span: Span) {
        self.prev = self.prev.max(key_span.end as usize);
        self.spaces();
        self.blanks();
        body.need = true;
        if !self.separator(Some(key_span)) {
            if self.lone(key_span) {
                self.half |= self.at_end();
                if !self.is_broken(key_span) && !self.at_end() {
                    body.lone.push(key_span);
                }
                let value = Node::missing(key_span.end as usize);
                body.entries.push(Entry { key, key_span, value });
                return;
            }
            if !self.is_broken(key_span) {
                self.missing_colon(key_span);
            }
        }
        let value = self.member_value(key_span);
        body.entries.push(Entry { key, key_span, value });
        self.colon_after_value();
    }

    /// Whether nothing that could be the value follows the key.
    fn lone(&self, key: Span) -> bool {
        let Some(b) = self.peek() else { return true };
        if matches!(b, b',' | b'}' | b']' | b';') || self.comma_len(self.at).is_some() {
            return true;
        }
        let same_line = !self.slice(key.end as usize, self.at).contains('\n');
        !same_line && !matches!(b, b'{' | b'[')
    }

    /// Whether the key lacks its closing quote, which has been said.
    fn is_broken(&self, key: Span) -> bool {
        let last = self.problems.last();
        last.is_some_and(|p| p.code == "unclosed-string" && p.span == key)
    }

    fn missing_colon(&mut self, key: Span) {
        let at = key.end as usize;
        let text = if self.at > at { ":" } else { ": " };
        self.report(Problem {
            fix: Some(Fix::safe("Insert the colon", Span::empty(at), text)),
            ..problem("missing-colon", Span::empty(at), format!("no colon behind `{}`", shown(key.of(self.text))))
        });
    }

    fn member_value(&mut self, key: Span) -> Node<'a> {
        let colon = self.prev;
        self.blanks_to_marker();
        if let Some(value) = self.marker_value() {
            return value;
        }
        // A conditional value may be none.
        let marked = self.noise && self.has_template;
        let ends = match self.peek() {
            None | Some(b',' | b'}' | b']' | b';') => true,
            _ => self.comma_len(self.at).is_some(),
        };
        let next_key = self.slice(colon, self.at).contains('\n') && self.pair_at(self.at) && !marked;
        if !ends && !next_key {
            return self.value();
        }
        if self.at_end() {
            // The end of the text explains it.
            return Node::missing(colon);
        }
        self.noise |= next_key;
        self.report(Problem {
            help: Some("write the value, or remove the key".into()),
            ..problem("missing-value", Span::empty(colon), format!("`{}` has no value", shown(key.of(self.text))))
        });
        Node::missing(colon)
    }

    /// A template marker in the place of a value, together with the text that sticks to it.
    fn marker_value(&mut self) -> Option<Node<'a>> {
        let start = self.at;
        let mut end = self.marker_end(start)?;
        self.template(Span::new(start, end));
        while let Some(next) = self.marker_end(end) {
            end = next;
        }
        let glued = match self.char_at(end) {
            None | Some(',' | '}' | ']' | '"' | '{' | '[' | ';') => false,
            Some(c) => !c.is_whitespace() && !super::blank::is_invisible(c),
        };
        if glued {
            end = self.bare_end(end);
        }
        self.mark(end);
        Some(node(start, end, Value::Missing))
    }

    /// `"a": "b": 1`: which of the two is the value nobody knows; the first one is kept.
    fn colon_after_value(&mut self) {
        let at = self.past_spaces(self.at);
        if self.byte(at) != Some(b':') {
            return;
        }
        self.report(problem("unexpected-colon", Span::new(at, at + 1), "a second colon follows the value"));
        self.mark(at + 1);
        self.skip_value();
    }

    /// Reads a value that has no place in the tree.
    fn skip_value(&mut self) {
        self.blanks();
        if !matches!(self.peek(), None | Some(b',' | b'}' | b']')) && self.comma_len(self.at).is_none() {
            self.value();
        }
    }

    fn missing_key(&mut self, span: Span, message: &str) {
        self.report(Problem {
            help: Some("an object holds `\"key\": value`".into()),
            ..problem("missing-key", span, message)
        });
    }

    /// `{` or `[` where a key should be.
    fn value_without_key(&mut self, body: &mut Body<'a>, open: Open) -> Step {
        let in_list = self.open.iter().rev().nth(1).is_some_and(|o| o.close == b']');
        if self.peek() == Some(b'{') && body.need && in_list && self.lacks_closers() {
            self.unclosed_here(open, &body.commas);
            return Step::Done;
        }
        let start = self.at;
        let what = if self.peek() == Some(b'[') { "list" } else { "object" };
        self.missing_key(Span::new(start, start + 1), &format!("this {what} has no key in front of it"));
        body.commas.clear();
        body.need = true;
        self.value();
        Step::Next
    }

    fn text_after_value(&mut self, body: &mut Body<'a>) -> Step {
        let start = self.at;
        let string = self.string(Role::Value);
        self.unexpected_text(start, string.span.end as usize);
        body.need = true;
        Step::Next
    }

    pub(super) fn unexpected_text(&mut self, start: usize, end: usize) {
        let text = self.slice(start, end);
        self.report(Problem {
            help: Some("remove it, or make it a `\"key\": value`".into()),
            ..problem(
                "unexpected-text",
                Span::new(start, end),
                format!("`{}` is neither a key nor a value here", shown(text)),
            )
        });
        self.noise = true;
    }

    /// A key without quotes, or text that is no key at all.
    fn bare_key(&mut self, body: &mut Body<'a>) -> Option<(Cow<'a, str>, Span)> {
        let start = self.at;
        let stop = self.key_end(start);
        let text = self.slice(start, stop).trim_end();
        let end = start + text.len();
        let one_word = !text.is_empty() && !text.contains(char::is_whitespace);
        let quote = self.byte(stop) == Some(b'"') && stop == end;
        if one_word && self.separator_len(stop).is_some() {
            self.commas_before(&mut body.commas, body.need, true);
            let span = Span::new(start, end);
            self.report(Problem {
                fix: Some(Fix::safe("Quote the key", span, quoted(text))),
                ..problem("unquoted-key", span, format!("the key `{text}` has no quotes"))
            });
            self.token(end);
            return Some((Cow::Borrowed(text), span));
        }
        if one_word && quote && self.separator_len(self.past_spaces(stop + 1)).is_some() {
            self.commas_before(&mut body.commas, body.need, true);
            self.missing_opening_quote(start, stop);
            return Some((Cow::Borrowed(text), Span::new(start, stop + 1)));
        }
        self.junk(start, end);
        body.commas.clear();
        None
    }

    /// The end of bare text where a key should be.
    fn key_end(&self, start: usize) -> usize {
        let line = self.slice(start, self.line_end(start));
        for (i, c) in line.char_indices() {
            let at = start + i;
            let stop = matches!(c, ',' | '{' | '}' | '[' | ']' | '"' | ':' | '=' | '：' | '，' | '#')
                || super::blank::is_invisible(c)
                || c == '/' && matches!(self.byte(at + 1), Some(b'/' | b'*'));
            if stop {
                return at;
            }
        }
        self.line_end(start)
    }

    fn junk(&mut self, start: usize, end: usize) {
        let first = self.char_at(start).map_or(1, char::len_utf8);
        let end = end.max(start + first);
        self.token(end);
        self.unexpected_text(start, end);
    }

    pub(super) fn missing_opening_quote(&mut self, start: usize, close: usize) {
        let span = Span::new(start, close + 1);
        self.report(Problem {
            fix: Some(Fix::safe("Insert the quote", Span::empty(start), "\"")),
            ..problem("missing-quote", span, format!("`{}` lacks its opening quote", shown(span.of(self.text))))
        });
        self.token(close + 1);
    }

    fn spaces(&mut self) {
        self.at = self.past_spaces(self.at);
    }

    /// How long the colon at `at` is, or what stands for one.
    fn separator_len(&self, at: usize) -> Option<usize> {
        if self.byte(at)?.is_ascii_alphanumeric() {
            return None;
        }
        let rest = self.text.get(at..)?;
        for written in ["=>", ":=", "==", "=", "：", "::", ":"] {
            if rest.starts_with(written) {
                return Some(written.len());
            }
        }
        None
    }

    /// Takes the colon; false if there is none.
    fn separator(&mut self, key: Option<Span>) -> bool {
        let Some(len) = self.separator_len(self.at) else {
            return false;
        };
        let mut end = self.at + len;
        // `: =` and `= :` are one fault.
        if let Some(more) = self.separator_len(self.past_spaces(end)) {
            end = self.past_spaces(end) + more;
        }
        let span = Span::new(self.at, end);
        let text = span.of(self.text);
        if text != ":" && key.is_some() {
            self.report(Problem {
                fix: Some(Fix::safe("Write a colon", span, ":")),
                ..problem("missing-colon", span, format!("`{text}` stands where a colon belongs"))
            });
        }
        self.mark(end);
        true
    }

    /// How long the comma at `at` is, or what stands for one.
    pub(super) fn comma_len(&self, at: usize) -> Option<usize> {
        match self.char_at(at)? {
            c @ (',' | ';' | '，' | '、' | '；') => Some(c.len_utf8()),
            _ => None,
        }
    }

    fn comma(&mut self) -> Option<Span> {
        let len = self.comma_len(self.at)?;
        let span = Span::new(self.at, self.at + len);
        let text = span.of(self.text);
        if text != "," {
            self.report(Problem {
                fix: Some(Fix::safe("Write a comma", span, ",")),
                ..problem("wrong-comma", span, format!("`{text}` stands where a comma belongs"))
            });
        }
        self.mark(self.at + len);
        Some(span)
    }

    /// Checks the commas in front of a member or item.
    fn commas_before(&mut self, commas: &mut Vec<Span>, need: bool, known: bool) {
        let found = std::mem::take(commas);
        if self.noise {
            return;
        }
        match found.split_first() {
            None if need && known => self.missing_comma(),
            Some((_, [])) if need => {}
            Some((first, rest)) => {
                let extra = if need { rest } else { found.as_slice() };
                self.extra_commas(*extra.first().unwrap_or(first), extra);
            }
            None => {}
        }
    }

    fn missing_comma(&mut self) {
        let at = self.prev;
        let next = self.slice(self.at, self.line_end(self.at));
        let next = if self.at_quote() {
            self.quoted_prefix(self.at)
        } else {
            next.split([' ', ':', ',']).next().unwrap_or("")
        };
        let next = shown(next);
        self.report(Problem {
            fix: Some(Fix::safe("Insert the comma", Span::empty(at), ",")),
            ..problem("missing-comma", Span::empty(at), format!("no comma between this and `{next}`"))
        });
    }

    fn extra_commas(&mut self, first: Span, extra: &[Span]) {
        let removed: Vec<Edit> = extra.iter().map(|c| edit(*c, "")).collect();
        self.report(Problem {
            fix: Some(edits(Applicability::Safe, "Remove the comma", removed)),
            ..problem("extra-comma", first, "a comma with nothing before it")
        });
    }

    fn trailing_commas(&mut self, commas: &[Span], need: bool) {
        let Some(first) = commas.first().filter(|_| !self.noise) else {
            return;
        };
        if !need {
            self.extra_commas(*first, commas);
            return;
        }
        let close = self.peek().map_or(' ', char::from);
        let removed: Vec<Edit> = commas.iter().map(|c| edit(*c, "")).collect();
        self.report(Problem {
            help: Some("JSON takes no comma behind the last value".into()),
            fix: Some(edits(Applicability::Safe, "Remove the comma", removed)),
            ..problem("trailing-comma", *first, format!("a comma with nothing behind it but `{close}`"))
        });
    }

    fn list(&mut self) -> Node<'a> {
        let start = self.at;
        self.token(start + 1);
        let open = Open { at: start, close: b']', written: true };
        let mut list = List::default();
        self.open.push(open);
        let last = loop {
            match self.item(&mut list, open) {
                Step::Next => {}
                step => break step,
            }
        };
        self.open.pop();
        if last == Step::Pairs {
            return self.list_for_object(open);
        }
        let end = list.items.iter().map(|n| n.span.end as usize).max();
        let end = list.close.map_or(end.unwrap_or(start + 1), |c| c + 1);
        node(start, end, Value::Seq(list.items))
    }

    fn item(&mut self, list: &mut List<'a>, open: Open) -> Step {
        self.blanks_to_marker();
        if let Some(value) = self.marker_value() {
            list.commas.clear();
            list.need = true;
            list.items.push(value);
            return Step::Next;
        }
        match self.peek() {
            None => {
                self.text_ends(&list.commas);
                return Step::Done;
            }
            Some(b']') => {
                self.trailing_commas(&list.commas, list.need);
                list.close = Some(self.at);
                self.token(self.at + 1);
                return Step::Done;
            }
            Some(b'}') => return self.wrong_closer_in_list(list, open),
            Some(b':') => return self.colon_in_list(list),
            _ => {}
        }
        if let Some(comma) = self.comma() {
            list.commas.push(comma);
            return Step::Next;
        }
        if self.pair_at(self.at) {
            match self.pair_in_list(list, open) {
                Step::Next => {}
                step => return step,
            }
        }
        let sure = !list.commas.is_empty() || !list.need;
        let known = sure || self.at_quote() || matches!(self.peek(), Some(b'{' | b'[')) || self.at_literal();
        self.commas_before(&mut list.commas, list.need, known);
        list.need = true;
        let value = self.value();
        list.items.push(value);
        Step::Next
    }

    fn colon_in_list(&mut self, list: &mut List<'a>) -> Step {
        let at = self.at;
        self.report(Problem {
            help: Some("the values of a list have no keys: put a comma here, or use `{` and `}`".into()),
            ..problem("unexpected-colon", Span::new(at, at + 1), "a colon stands in a list")
        });
        self.mark(at + 1);
        list.need = false;
        list.commas.clear();
        Step::Next
    }

    /// `"key":` in a list. `Next`: read it as an item all the same.
    fn pair_in_list(&mut self, list: &List<'a>, open: Open) -> Step {
        let next = self.closers(self.at).and_then(|c| c.first().copied());
        if next == Some(b']') {
            return if list.items.is_empty() { Step::Pairs } else { Step::Next };
        }
        if !self.open.iter().any(|o| o.close == b'}') {
            return Step::Next;
        }
        self.unclosed_here(open, &list.commas);
        Step::Done
    }

    /// `["key": 1]`: an object in the wrong brackets.
    fn list_for_object(&mut self, open: Open) -> Node<'a> {
        let body = self.body(open);
        let start = open.at;
        for key in &body.lone {
            self.lone_key(*key);
        }
        let fix = body.close.map(|close| {
            edits(
                Applicability::Safe,
                "Use braces",
                vec![edit(Span::new(start, start + 1), "{"), edit(Span::new(close, close + 1), "}")],
            )
        });
        self.report(Problem {
            help: Some("an object stands in `{` and `}`; a list holds values without keys".into()),
            fix,
            ..problem("list-for-object", Span::new(start, start + 1), "an object stands in the brackets of a list")
        });
        let end = self.end_of(&body.entries, start + 1);
        let end = body.close.map_or(end, |c| c + 1);
        node(start, end, object_value(body.entries))
    }

    fn wrong_closer_in_object(&mut self, found: u8, body: &mut Body<'a>, open: Open) -> Step {
        if !open.written && found == b']' && self.open.len() == 1 {
            // Members without braces end where something else ends.
            self.unopened(found, body);
            return Step::Next;
        }
        match self.guess(found) {
            Guess::Unclosed => {
                self.unclosed_here(open, &body.commas);
                Step::Done
            }
            Guess::Mismatched { sure } => {
                body.close = Some(self.at);
                self.mismatched(found, open, sure);
                Step::Done
            }
            Guess::Unopened => {
                self.unopened(found, body);
                Step::Next
            }
        }
    }

    fn wrong_closer_in_list(&mut self, list: &mut List<'a>, open: Open) -> Step {
        match self.guess(b'}') {
            Guess::Unclosed => {
                self.unclosed_here(open, &list.commas);
                Step::Done
            }
            Guess::Mismatched { sure } => {
                list.close = Some(self.at);
                self.mismatched(b'}', open, sure);
                Step::Done
            }
            Guess::Unopened => {
                self.unopened_bracket(b'}', None);
                Step::Next
            }
        }
    }

    fn mismatched(&mut self, found: u8, open: Open, sure: bool) {
        let trust = if sure { Applicability::Safe } else { Applicability::Unsafe };
        let span = Span::new(self.at, self.at + 1);
        let (found, right) = (char::from(found), char::from(open.close));
        self.report(Problem {
            related: Some((Span::new(open.at, open.at + 1), "opened here")),
            fix: Some(Fix::edit(trust, format!("Write `{right}`"), span, right)),
            ..problem(
                "mismatched-bracket",
                span,
                format!("`{found}` closes this {}, which needs `{right}`", kind(open.close)),
            )
        });
        self.token(self.at + 1);
    }

    /// `"key": "a", "b"]`: the opening bracket is missing; the tree gets the list that was meant.
    fn unopened(&mut self, found: u8, body: &mut Body<'a>) {
        let mut items = Vec::new();
        while let Some(last) = body.entries.pop_if(|e| body.lone.contains(&e.key_span)) {
            body.lone.pop();
            items.push(string_node(&last.key, last.key_span));
        }
        let first = body.entries.last_mut().filter(|_| found == b']');
        let Some(entry) = first.filter(|e| matches!(e.value.value, Value::Scalar(_))) else {
            self.unopened_bracket(found, None);
            return;
        };
        let start = entry.value.span.start as usize;
        let placeholder = node(start, self.at + 1, Value::Seq(Vec::new()));
        items.push(std::mem::replace(&mut entry.value, placeholder));
        items.reverse();
        entry.value.value = Value::Seq(items);
        self.unopened_bracket(found, Some(start));
        self.noise = false;
    }

    fn unopened_bracket(&mut self, found: u8, start: Option<usize>) {
        let span = Span::new(self.at, self.at + 1);
        let open = if found == b']' { "[" } else { "{" };
        let fix = match start {
            Some(at) => Fix::edit(Applicability::Unsafe, format!("Insert `{open}`"), Span::empty(at), open),
            None => Fix::edit(Applicability::Unsafe, "Remove it", span, ""),
        };
        self.report(Problem {
            help: Some(format!("add the `{open}` that is missing, or remove this one")),
            fix: Some(fix),
            ..problem("unopened-bracket", span, format!("`{}` closes nothing that was opened", char::from(found)))
        });
        self.token(self.at + 1);
        self.noise = start.is_none();
    }

    /// Whether the brackets in the rest of the text come out even if the right one is missing, is meant by this, or if this is too many.
    fn guess(&mut self, found: u8) -> Guess {
        let rest = self.closers(self.at + 1);
        let waiting: Vec<u8> = self.open.iter().rev().filter(|o| o.written).map(|o| o.close).collect();
        let (outer, has_outer) = match waiting.split_first() {
            Some((_, outer)) => (outer, outer.contains(&found)),
            None => (waiting.as_slice(), false),
        };
        let Some(rest) = rest else {
            return if has_outer { Guess::Unclosed } else { Guess::Mismatched { sure: false } };
        };
        let closes_outer = outer.split_first().is_some_and(|(c, more)| *c == found && *more == *rest);
        if closes_outer {
            Guess::Unclosed
        } else if rest == outer {
            Guess::Mismatched { sure: true }
        } else if rest == waiting {
            Guess::Unopened
        } else if outer.first() == Some(&found) {
            Guess::Unclosed
        } else if rest.len() >= waiting.len() {
            Guess::Unopened
        } else {
            Guess::Mismatched { sure: false }
        }
    }

    /// The closing brackets from `from` on whose opening ones stand before it.
    fn closers(&mut self, from: usize) -> Option<Vec<u8>> {
        if self.budget == 0 {
            return None;
        }
        let rest = self.bytes.get(from..)?;
        self.budget = self.budget.saturating_sub(rest.len());
        let (mut found, mut depth, mut i) = (Vec::new(), 0_usize, from);
        while let Some(b) = self.byte(i) {
            i = match b {
                b'"' => self.past_string(i),
                b'#' => self.line_end(i),
                b'/' if self.byte(i + 1) == Some(b'/') => self.line_end(i),
                _ => i + 1,
            };
            match b {
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth > 0 => depth -= 1,
                b'}' | b']' => found.push(b),
                _ => {}
            }
        }
        Some(found)
    }

    /// The end of the text inside brackets.
    fn text_ends(&mut self, commas: &[Span]) {
        let waiting: Vec<Open> = self.open.iter().rev().filter(|o| o.written).copied().collect();
        let Some(inner) = waiting.first().copied().filter(|_| !self.ended) else {
            return;
        };
        self.ended = true;
        let at = self.prev;
        let message = match waiting.len() {
            1 => format!("the text ends before this {} is closed", kind(inner.close)),
            n => format!("the text ends with {n} brackets still open"),
        };
        let closing: String = waiting.iter().map(|o| self.closing_text(*o)).collect();
        let complete = !self.half && !matches!(self.byte(at.saturating_sub(1)), Some(b':' | b'='));
        let trust = if waiting.len() == 1 { Applicability::Safe } else { Applicability::Unsafe };
        let mut changes: Vec<Edit> = commas.iter().map(|c| edit(*c, "")).collect();
        changes.push(edit(Span::empty(at), closing.clone()));
        let fix = complete.then(|| edits(trust, "Close what is open", changes));
        self.report(Problem {
            related: Some((Span::new(inner.at, inner.at + 1), "opened here")),
            help: Some(format!("add `{}` at the end", closing.split_whitespace().collect::<String>())),
            fix,
            ..problem(unclosed(inner.close), Span::empty(at), message)
        });
    }

    /// The closing bracket, on a line of its own if the opening one is on an earlier line.
    fn closing_text(&self, open: Open) -> String {
        let bracket = char::from(open.close);
        if self.slice(open.at, self.prev).contains('\n') {
            format!("\n{}{bracket}", " ".repeat(self.indentation(open.at).min(80)))
        } else {
            bracket.to_string()
        }
    }
}
