//! Values that hold others: lists and inline tables, and where those end whose brackets do not pair up.

use super::fault::{Fault, line_of, shown};
use super::key::too_deep;
use super::parse::Parser;
use super::token::Kind;
use crate::syntax::{Dialect, MAX_DEPTH, Node, Value};
use crate::text::Span;

/// What holds values.
#[derive(Clone, Copy)]
struct Shape {
    name: &'static str,
    end: Kind,
    close: char,
}

const LIST: Shape = Shape { name: "list", end: Kind::Close, close: ']' };
const TABLE: Shape = Shape { name: "inline table", end: Kind::BraceClose, close: '}' };

impl<'a> Parser<'a> {
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
        self.faults.add(too_deep(Span::new(start, start + 1)));
        self.faults.hush(span);
        Node { span, value: Value::Missing }
    }

    /// Goes behind the bracket that closes the next one, or to the next statement if there is none.
    fn skip_nested(&mut self) {
        let mut open = 0;
        loop {
            match self.next() {
                Kind::Open | Kind::BraceOpen => open += 1,
                Kind::Close | Kind::BraceClose => open -= 1,
                Kind::Eof => return,
                Kind::Newline if self.starts_statement(self.at + 1) => return,
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
                Kind::Newline => {
                    self.bump();
                    if self.starts_statement(self.at) {
                        self.unclosed(first, LIST);
                        break;
                    }
                }
                Kind::Comma => {
                    self.comma(ready);
                    ready = true;
                }
                // Control structures of a template stand between items.
                Kind::Template if self.is_alone(self.at) => {
                    self.bump();
                    ready = true;
                }
                kind if kind == Kind::Equals || kind.is_key() && self.starts_statement(self.at) => {
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
        Node { span: self.span(first, self.at), value: Value::Seq(items) }
    }

    /// Whether a template marker is not a part of a value: what touches it is no word.
    fn is_alone(&self, at: usize) -> bool {
        !(matches!(self.kind(at + 1), Kind::Atom | Kind::Dot) && self.is_tight(at + 1))
    }

    pub(super) fn inline_table(&mut self) -> Node<'a> {
        let first = self.at;
        self.bump();
        self.braces += 1;
        let table = self.builder.inline();
        let (mut ready, mut entries) = (true, 0);
        let mut lines = false;
        while !self.ends(first, TABLE) {
            match self.next() {
                Kind::Newline => {
                    self.bump();
                    lines = true;
                    let header = self.next() == Kind::Open;
                    let outside = header || !ready && !self.closes_below();
                    if outside && self.starts_statement(self.at) {
                        self.unclosed(first, TABLE);
                        break;
                    }
                }
                Kind::Comma => {
                    self.comma(ready);
                    ready = true;
                }
                Kind::Template => {
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
        let closed = self.kind(self.at - 1) == Kind::BraceClose;
        let trailing_comma = ready && entries > 0;
        if closed && lines {
            self.dialects.push((Dialect::MultilineInlineTable, span));
        }
        if closed && trailing_comma {
            self.dialects.push((Dialect::InlineTableComma, span));
        }
        self.builder.finish_inline(table, span)
    }

    /// Whether the next lines end an inline table, rather than being entries outside of it.
    fn closes_below(&self) -> bool {
        const NEAR: usize = 200;
        let mut open = 0;
        for at in self.at..self.at + NEAR {
            match self.kind(at) {
                Kind::BraceOpen => open += 1,
                Kind::BraceClose if open == 0 => return true,
                Kind::BraceClose => open -= 1,
                Kind::Newline if self.kind(at + 1) == Kind::Open && self.starts_statement(at + 1) => return false,
                Kind::Eof => return false,
                _ => {}
            }
        }
        false
    }

    /// Takes the end of a list or inline table that starts with token `first`, if that is next.
    fn ends(&mut self, first: usize, shape: Shape) -> bool {
        match self.next() {
            kind if kind == shape.end => drop(self.bump()),
            Kind::Eof => self.unclosed(first, shape),
            Kind::Close => self.wrong_close(first, shape, self.lists),
            Kind::BraceClose => self.wrong_close(first, shape, self.braces),
            _ => return false,
        }
        true
    }

    /// `key = value` in braces; `ready` tells that no comma is missing before it. Gives whether one must follow.
    fn inline_entry(&mut self, table: usize, ready: bool) -> bool {
        let first = self.at;
        let (place, next) = (self.behind(), self.token(first).span);
        let end = self.path_end(first);
        let path = if self.kind(end) == Kind::Equals {
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
            self.eat(Kind::Comma);
            return false;
        };
        if !ready {
            self.missing_comma(place, next);
        }
        if let Some(value) = self.value_of(&path) {
            self.builder.insert(table, path, value, &mut self.faults);
        }
        true
    }

    /// What is in braces and has no `=`.
    fn inline_junk(&mut self, first: usize, end: usize) {
        self.at = end;
        loop {
            match self.next() {
                Kind::BraceClose | Kind::Close | Kind::Newline | Kind::Eof => break,
                Kind::Comma if self.starts_statement(self.at + 1) => break,
                _ => self.bump(),
            };
        }
        let span = self.span(first, self.at);
        let written = shown(span.of(self.text));
        let fault = if span.of(self.text).bytes().all(|b| b == b'.') || matches!(span.of(self.text), "…") {
            Fault::new("placeholder", span, format!("{written} is a placeholder, not an entry"))
                .help("write the entries that are meant")
        } else {
            Fault::new("missing-equals", span, format!("{written} is no `key = value`, as braces hold"))
                .help("put lists in brackets: `[ \"a\", \"b\" ]`")
        };
        self.faults.add(fault);
    }

    /// A comma; `ready` tells that an item was expected rather than a comma.
    fn comma(&mut self, ready: bool) {
        let span = self.bump().span;
        if ready {
            let fault = Fault::new("stray-comma", span, "this comma separates nothing");
            self.faults.add(fault.fix("Remove the comma", span, ""));
        }
    }

    /// Where the last token ends that is no line break.
    fn behind(&self) -> usize {
        let before = (0..self.at).rev().find(|at| self.kind(*at) != Kind::Newline).unwrap_or(0);
        self.token(before).span.end as usize
    }

    /// Tells that a comma is missing at byte `place`, before the text `next`.
    fn missing_comma(&mut self, place: usize, next: Span) {
        let place = Span::empty(place);
        let message = format!("a comma is missing before {}", shown(next.of(self.text)));
        let fault = Fault::new("missing-comma", place, message);
        self.faults.add(fault.fix("Insert a comma", place, ","));
    }

    /// `[ key = value ]`.
    fn pair_in_list(&mut self) {
        self.at = self.path_end(self.at);
        let span = self.bump().span;
        let fault = Fault::new("unexpected-equals", span, "a list holds values, not `key = value`");
        self.faults.add(fault.help("put the pair in braces: `[ { key = value } ]`"));
        if !matches!(self.next(), Kind::Comma | Kind::Close | Kind::BraceClose | Kind::Newline | Kind::Eof) {
            let _ = self.value();
        }
    }

    /// A list or inline table without its end: goes back behind its last token.
    fn unclosed(&mut self, first: usize, shape: Shape) {
        let Shape { name, close, .. } = shape;
        let noticed = self.token(self.at);
        while self.at > first + 1 && self.kind(self.at - 1) == Kind::Newline {
            self.at -= 1;
        }
        // In braces, the next entry needs a comma before it.
        let outer = self.braces > usize::from(shape.end == Kind::BraceClose);
        if self.at > first + 1 && outer && self.kind(self.at - 1) == Kind::Comma {
            self.at -= 1;
        }
        let open = self.token(first).span;
        let span = self.span(first, self.at);
        if self.faults.is_known(open) {
            return;
        }
        let fault = Fault::new("unclosed-bracket", open, format!("the {name} opened here is never closed"))
            .help(format!("put `{close}` behind its last item"));
        let fault = match noticed.kind {
            Kind::Eof => fault,
            _ => fault.related(noticed.span, "the next entry"),
        };
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
        self.faults.add(match last.kind == Kind::Mended && last.quotes.1 == 0 {
            // The end of an open string must be put in first.
            true => fault,
            false => fault.fix(format!("Close it with `{close}`"), Span::empty(span.end as usize), text),
        });
    }

    /// A bracket of the other kind: the end of what is around, of which there is `outer`, or a slip.
    fn wrong_close(&mut self, first: usize, shape: Shape, outer: usize) {
        let Shape { name, close, .. } = shape;
        if outer > 0 {
            self.unclosed(first, shape);
            return;
        }
        let span = self.bump().span;
        let written = span.of(self.text);
        let fault = Fault::new("mismatched-bracket", span, format!("the {name} is closed with `{written}`"))
            .related(self.token(first).span, "opened here");
        self.faults.add(fault.fix(format!("Write `{close}`"), span, close));
    }
}
