//! Values that hold others: lists and inline tables, and where those end whose brackets do not pair up.

use super::lexer::TomlTokenKind;
use super::parser::TomlParser;
use crate::fix::Fix;
use crate::syntax::problems::shown;
use crate::syntax::{Dialect, MAX_DEPTH, Node, Value};
use crate::text::{Span, line_of};

/// The two kinds of values that hold others.
#[derive(Clone, Copy)]
struct Brackets {
    name: &'static str,
    end: TomlTokenKind,
    close: char,
}

const LIST: Brackets = Brackets { name: "list", end: TomlTokenKind::Close, close: ']' };
const TABLE: Brackets = Brackets { name: "inline table", end: TomlTokenKind::BraceClose, close: '}' };

impl<'a> TomlParser<'a> {
    /// A list or inline table, unless it lies too deep.
    pub(super) fn nested(&mut self, read: fn(&mut Self) -> Node<'a>) -> Node<'a> {
        if self.depth < MAX_DEPTH {
            self.depth += 1;
            let node = read(self);
            self.depth -= 1;
            return node;
        }
        let first = self.at;
        self.skip_nested();
        let span = self.span(first, self.at);
        let start = span.start as usize;
        self.report_too_deep(Span::new(start, start + 1));
        self.problems.silence(span);
        Node { span, value: Value::Missing }
    }

    /// Goes behind the bracket that closes the next one, or to the next statement if there is none.
    fn skip_nested(&mut self) {
        let mut open = 0;
        loop {
            match self.next() {
                TomlTokenKind::Open | TomlTokenKind::BraceOpen => open += 1,
                TomlTokenKind::Close | TomlTokenKind::BraceClose => open -= 1,
                TomlTokenKind::Eof => return,
                TomlTokenKind::Newline if self.starts_statement(self.at + 1) => return,
                _ => {}
            }
            self.bump();
            if open == 0 {
                return;
            }
        }
    }

    pub(super) fn list(&mut self) -> Node<'a> {
        let first = self.at;
        self.bump();
        self.lists += 1;
        let mut items: Vec<Node<'a>> = Vec::new();
        // Whether an item may come, rather than a comma.
        let mut ready = true;
        while !self.ends(first, LIST) {
            match self.next() {
                TomlTokenKind::Newline => {
                    self.bump();
                    if self.starts_statement(self.at) {
                        self.unclosed(first, LIST);
                        break;
                    }
                }
                TomlTokenKind::Comma => {
                    self.comma(ready);
                    ready = true;
                }
                // Control structures of a template stand between items.
                TomlTokenKind::Template if self.is_alone(self.at) => {
                    self.bump();
                    ready = true;
                }
                kind if kind == TomlTokenKind::Equals || kind.is_key() && self.starts_statement(self.at) => {
                    self.pair_in_list();
                    ready = false;
                }
                _ => {
                    if !ready {
                        self.missing_comma(self.behind(), self.token(self.at).span);
                    }
                    items.push(self.value());
                    ready = false;
                }
            }
        }
        self.lists -= 1;
        let span = self.span(first, self.at);
        if items.windows(2).any(|pair| matches!(pair, [a, b] if a.type_name() != b.type_name())) {
            self.dialects.push((Dialect::MixedList, span));
        }
        Node { span, value: Value::Seq(items) }
    }

    /// Whether a template marker is not a part of a value: what touches it is not a word.
    fn is_alone(&self, at: usize) -> bool {
        !(matches!(self.kind(at + 1), TomlTokenKind::Atom | TomlTokenKind::Dot) && self.is_tight(at + 1))
    }

    pub(super) fn inline_table(&mut self) -> Node<'a> {
        let first = self.at;
        self.bump();
        self.braces += 1;
        let table = self.tree.inline();
        let (mut ready, mut entries) = (true, 0);
        let mut lines = false;
        while !self.ends(first, TABLE) {
            match self.next() {
                TomlTokenKind::Newline => {
                    self.bump();
                    lines = true;
                    let header = self.next() == TomlTokenKind::Open;
                    let outside = header || !ready && !self.closes_below();
                    if outside && self.starts_statement(self.at) {
                        self.unclosed(first, TABLE);
                        break;
                    }
                }
                TomlTokenKind::Comma => {
                    self.comma(ready);
                    ready = true;
                }
                TomlTokenKind::Template => {
                    self.bump();
                    ready = true;
                }
                _ => {
                    ready = !self.inline_entry(table, ready);
                    entries += 1;
                }
            }
        }
        self.braces -= 1;
        let span = self.span(first, self.at);
        let closed = self.kind(self.at - 1) == TomlTokenKind::BraceClose;
        let trailing_comma = ready && entries > 0;
        if closed && lines {
            self.dialects.push((Dialect::MultilineInlineTable, span));
        }
        if closed && trailing_comma {
            self.dialects.push((Dialect::InlineTableComma, span));
        }
        self.tree.finish_inline(table, span)
    }

    /// Whether the next lines end an inline table, rather than being entries outside of it.
    fn closes_below(&self) -> bool {
        const NEAR: usize = 200;
        let mut open = 0;
        for at in self.at..self.at + NEAR {
            match self.kind(at) {
                TomlTokenKind::BraceOpen => open += 1,
                TomlTokenKind::BraceClose if open == 0 => return true,
                TomlTokenKind::BraceClose => open -= 1,
                TomlTokenKind::Newline if self.kind(at + 1) == TomlTokenKind::Open && self.starts_statement(at + 1) => {
                    return false;
                }
                TomlTokenKind::Eof => return false,
                _ => {}
            }
        }
        false
    }

    /// Takes the end of a list or inline table that starts with token `first`, if that is next.
    fn ends(&mut self, first: usize, shape: Brackets) -> bool {
        match self.next() {
            kind if kind == shape.end => drop(self.bump()),
            TomlTokenKind::Eof => self.unclosed(first, shape),
            TomlTokenKind::Close => self.wrong_close(first, shape, self.lists),
            TomlTokenKind::BraceClose => self.wrong_close(first, shape, self.braces),
            _ => return false,
        }
        true
    }

    /// `key = value` in braces; `ready` means that no comma is missing before it. Returns whether one must follow.
    fn inline_entry(&mut self, table: usize, ready: bool) -> bool {
        let first = self.at;
        let (place, next) = (self.behind(), self.token(first).span);
        let end = self.path_end(first);
        let path = if self.kind(end) == TomlTokenKind::Equals {
            let path = self.key_path();
            self.assignment();
            path
        } else if let Some(path) = self.inline_colon(end) {
            path
        } else if let Some(path) = self.key_above_equals(end) {
            self.assignment();
            path
        } else {
            self.inline_junk(first, end);
            self.eat(TomlTokenKind::Comma);
            return false;
        };
        if !ready {
            self.missing_comma(place, next);
        }
        if let Some(value) = self.value_of(&path) {
            self.tree.insert(table, path, value, &mut self.problems);
        }
        true
    }

    /// Reports text in braces that has no `=`.
    fn inline_junk(&mut self, first: usize, end: usize) {
        self.at = end;
        loop {
            match self.next() {
                TomlTokenKind::BraceClose | TomlTokenKind::Close | TomlTokenKind::Newline | TomlTokenKind::Eof => break,
                TomlTokenKind::Comma if self.starts_statement(self.at + 1) => break,
                _ => self.bump(),
            };
        }
        let span = self.span(first, self.at);
        let written = shown(span.of(self.text));
        if span.of(self.text).bytes().all(|b| b == b'.') || span.of(self.text) == "…" {
            self.report("placeholder", span, format!("{written} is a placeholder, not an entry"))
                .help("write the entries that are meant");
        } else {
            self.report("missing-equals", span, format!("{written} is not `key = value`, as braces hold"))
                .help("put lists in brackets: `[ \"a\", \"b\" ]`");
        }
    }

    /// A comma; `ready` means that an item was expected rather than a comma.
    fn comma(&mut self, ready: bool) {
        let span = self.bump().span;
        if ready {
            self.report("stray-comma", span, "this comma separates nothing").fix(Fix::safe(
                "Remove the comma",
                span,
                "",
            ));
        }
    }

    /// Where the last token ends that is not a line break.
    fn behind(&self) -> usize {
        let before = (0..self.at).rev().find(|at| self.kind(*at) != TomlTokenKind::Newline).unwrap_or(0);
        self.token(before).span.end as usize
    }

    /// Reports that a comma is missing at byte `place`, before the text `next`.
    fn missing_comma(&mut self, place: usize, next: Span) {
        let place = Span::empty(place);
        let message = format!("a comma is missing before {}", shown(next.of(self.text)));
        self.report("missing-comma", place, message).fix(Fix::safe("Insert a comma", place, ","));
    }

    /// `[ key = value ]`.
    fn pair_in_list(&mut self) {
        self.at = self.path_end(self.at);
        let span = self.bump().span;
        self.report("unexpected-equals", span, "a list holds values, not `key = value`")
            .help("put the pair in braces: `[ { key = value } ]`");
        if !matches!(
            self.next(),
            TomlTokenKind::Comma
                | TomlTokenKind::Close
                | TomlTokenKind::BraceClose
                | TomlTokenKind::Newline
                | TomlTokenKind::Eof
        ) {
            let _ = self.value();
        }
    }

    /// A list or inline table without its end: goes back behind its last token.
    fn unclosed(&mut self, first: usize, shape: Brackets) {
        let Brackets { name, close, .. } = shape;
        let noticed = self.token(self.at);
        while self.at > first + 1 && self.kind(self.at - 1) == TomlTokenKind::Newline {
            self.at -= 1;
        }
        // In braces, the next entry needs a comma before it.
        let outer = self.braces > usize::from(shape.end == TomlTokenKind::BraceClose);
        if self.at > first + 1 && outer && self.kind(self.at - 1) == TomlTokenKind::Comma {
            self.at -= 1;
        }
        let open = self.token(first).span;
        let span = self.span(first, self.at);
        if self.problems.is_known(open) {
            return;
        }
        let text = match span.of(self.text).contains('\n') {
            true => {
                let line = line_of(self.text, open.start as usize).of(self.text);
                let indent = line.len() - line.trim_start().len();
                format!("\n{}{close}", line.get(..indent).unwrap_or(""))
            }
            false => {
                let blank = self.token(first + 1).span.start > open.end;
                format!("{}{close}", if blank { " " } else { "" })
            }
        };
        let last = self.token(self.at.saturating_sub(1));
        let problem = self
            .report("unclosed-bracket", open, format!("the {name} opened here is never closed"))
            .help(format!("put `{close}` behind its last item"));
        if noticed.kind != TomlTokenKind::Eof {
            problem.related(noticed.span, "the next entry");
        }
        // The end of an open string must be put in first.
        let is_string_open = last.kind == TomlTokenKind::Repaired && last.quotes.1 == 0;
        if !is_string_open {
            problem.fix(Fix::safe(format!("Close it with `{close}`"), Span::empty(span.end as usize), text));
        }
    }

    /// A bracket of the other kind: the end of what is around, of which there is `outer`, or a mistake.
    fn wrong_close(&mut self, first: usize, shape: Brackets, outer: usize) {
        let Brackets { name, close, .. } = shape;
        if outer > 0 {
            self.unclosed(first, shape);
            return;
        }
        let span = self.bump().span;
        let written = span.of(self.text);
        let open = self.token(first).span;
        self.report("mismatched-bracket", span, format!("the {name} is closed with `{written}`"))
            .related(open, "opened here")
            .fix(Fix::safe(format!("Write `{close}`"), span, close));
    }
}
