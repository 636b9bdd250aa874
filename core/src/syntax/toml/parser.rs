//! Line after line: headers, entries, and what follows them.

use std::cell::Cell;

use super::lexer::{TomlToken, TomlTokenKind};
use super::scalar::plain_kind;
use super::tree::{KeyPart, TomlTree};
use crate::fix::Fix;
use crate::syntax::problems::{Problems, shown};
use crate::syntax::{Dialect, Document, Format, Problem};
use crate::text::{Span, line_start};

/// A header, in messages on what stands behind it.
const HEADER: &str = "the header";

/// Builds the document from its tokens.
pub(super) fn parse<'a>(text: &'a str, tokens: Vec<TomlToken>, problems: Problems) -> Document<'a> {
    let mut parser = TomlParser {
        text,
        tokens,
        at: 0,
        line: Cell::new((usize::MAX, 0)),
        problems,
        tree: TomlTree::new(text),
        dialects: Vec::new(),
        table: 0,
        table_depth: 0,
        depth: 0,
        lists: 0,
        braces: 0,
    };
    parser.document();
    Document {
        root: parser.tree.finish(),
        problems: parser.problems.done(),
        dialects: parser.dialects,
        ..Document::new(text, Format::Toml)
    }
}

/// The state of the reader.
pub(super) struct TomlParser<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: Vec<TomlToken>,
    /// The next token.
    pub(super) at: usize,
    pub(super) problems: Problems,
    pub(super) tree: TomlTree<'a>,
    pub(super) dialects: Vec<(Dialect, Span)>,
    /// Tokens of a line, and which of them ends it: remembered, as many ask.
    line: Cell<(usize, usize)>,
    /// The table of the last header, and how deep it lies.
    table: usize,
    table_depth: usize,
    /// Tables, lists and braces around the current value.
    pub(super) depth: usize,
    /// Lists and inline tables now open.
    pub(super) lists: usize,
    pub(super) braces: usize,
}

impl<'a> TomlParser<'a> {
    /// Adds a problem, unless something else explains it.
    pub(super) fn report(&mut self, code: &'static str, span: Span, message: impl Into<String>) -> &mut Problem {
        self.problems.report_once(self.text, code, span, message)
    }

    /// Token number `at`; past the end, one more [`TomlTokenKind::Eof`].
    #[inline]
    pub(super) fn token(&self, at: usize) -> TomlToken {
        let end = || TomlToken { kind: TomlTokenKind::Eof, span: Span::empty(self.text.len()), quotes: (0, 0) };
        self.tokens.get(at).copied().unwrap_or_else(end)
    }

    #[inline]
    pub(super) fn kind(&self, at: usize) -> TomlTokenKind {
        self.tokens.get(at).map_or(TomlTokenKind::Eof, |token| token.kind)
    }

    /// The kind of the next token.
    pub(super) fn next(&self) -> TomlTokenKind {
        self.kind(self.at)
    }

    /// Takes the next token.
    pub(super) fn bump(&mut self) -> TomlToken {
        let token = self.token(self.at);
        self.at = (self.at + 1).min(self.tokens.len());
        token
    }

    /// Takes the next token if it is of this kind.
    pub(super) fn eat(&mut self, kind: TomlTokenKind) -> Option<Span> {
        (self.next() == kind).then(|| self.bump().span)
    }

    /// Whether nothing stands between token `at` and the one before it.
    pub(super) fn is_tight(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map(|b| self.token(b).span.end);
        before == Some(self.token(at).span.start)
    }

    /// The first token from `at` on that ends its line.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let (from, to) = self.line.get();
        if from <= at && at <= to {
            return to;
        }
        let end = (at..).find(|at| self.kind(*at).ends_line()).unwrap_or(at);
        self.line.set((at, end));
        end
    }

    /// The text from token `from` to before token `to`; empty at `from` if there is none.
    pub(super) fn span(&self, from: usize, to: usize) -> Span {
        let first = self.token(from).span;
        match to > from {
            true => first.to(self.token(to - 1).span),
            false => Span::empty(first.start as usize),
        }
    }

    pub(super) fn skip_line(&mut self) {
        self.at = self.line_end(self.at);
    }

    fn document(&mut self) {
        if self.is_json() {
            return;
        }
        loop {
            match self.next() {
                TomlTokenKind::Eof => return,
                TomlTokenKind::Newline => {
                    self.bump();
                }
                TomlTokenKind::Open => {
                    self.header();
                    self.rest_of_line(HEADER);
                }
                TomlTokenKind::Comma | TomlTokenKind::Close | TomlTokenKind::BraceOpen | TomlTokenKind::BraceClose => {
                    self.stray_line()
                }
                _ => self.entry(),
            }
        }
    }

    fn is_json(&mut self) -> bool {
        let significant = |at: &usize| self.kind(*at) != TomlTokenKind::Newline;
        let mut places = (0..self.tokens.len()).filter(significant);
        let mut next = || places.next().map_or(TomlTokenKind::Eof, |at| self.kind(at));
        let first = self.tokens.iter().find(|t| t.kind != TomlTokenKind::Newline).map(|t| t.span);
        let object = next() == TomlTokenKind::BraceOpen && (next().is_string() || next() == TomlTokenKind::Newline);
        let Some(span) = first.filter(|_| object) else {
            return false;
        };
        self.report("json", span, "this is JSON, but the file is read as TOML")
            .help("TOML has no braces around the whole file and writes `key = value`");
        true
    }

    fn header(&mut self) {
        let first = self.at;
        self.bump();
        let array = self.next() == TomlTokenKind::Open && self.is_tight(self.at);
        if array {
            self.bump();
        }
        let path = self.header_path();
        self.close_header(first, array, path.is_empty());
        let span = self.span(first, self.at);
        if path.is_empty() {
            // Where its entries belong is not known: into a table that nothing leads to.
            self.table = self.tree.inline();
            self.table_depth = 0;
            return;
        }
        self.table_depth = path.len();
        self.table = self.tree.open(path, array, span, &mut self.problems);
    }

    /// The end of a header that starts with token `first`.
    fn close_header(&mut self, first: usize, array: bool, empty: bool) {
        let want = 1 + usize::from(array);
        let mut found = 0;
        while found < want && self.next() == TomlTokenKind::Close && (found == 0 || self.is_tight(self.at)) {
            self.bump();
            found += 1;
        }
        let span = self.span(first, self.at);
        let more = self.next() == TomlTokenKind::Close && self.is_tight(self.at);
        if found == want && !empty && !more {
            return;
        }
        let written = shown(span.of(self.text));
        if found == want && empty {
            self.report("empty-header", span, format!("the header {written} names no table"))
                .help("write the name of the table between the brackets");
        } else if found == want {
            let extra = self.bump().span;
            self.report("stray-bracket", extra, format!("the header {written} is closed once too often"))
                .fix(Fix::safe("Remove the bracket", extra, ""));
        } else if self.next().ends_line() {
            self.unclosed_header(span, want - found, &written);
        } else {
            self.broken_header(first);
        }
    }

    fn unclosed_header(&mut self, span: Span, missing: usize, written: &str) {
        let brackets = "]".repeat(missing);
        let end = Span::empty(span.end as usize);
        self.report("unclosed-header", span, format!("the header {written} is never closed")).fix(Fix::safe(
            format!("Close it with `{brackets}`"),
            end,
            brackets,
        ));
    }

    /// A header with something in it that is not a name.
    fn broken_header(&mut self, first: usize) {
        let end = self.line_end(self.at);
        let close = (self.at..end).rev().find(|at| self.kind(*at) == TomlTokenKind::Close);
        self.at = close.map_or(end, |at| at + 1);
        let span = self.span(first, self.at);
        let written = shown(span.of(self.text));
        self.report("invalid-header", span, format!("{written} is not a valid table header"))
            .help("parts of a name are joined by dots; a part with blanks or brackets must be in quotes");
    }

    /// `key = value`, or a line that should be one.
    fn entry(&mut self) {
        let end = self.path_end(self.at);
        if self.kind(end) != TomlTokenKind::Equals {
            self.broken_line(end);
            return;
        }
        let path = self.key_path();
        self.assignment();
        self.put(path);
        self.rest_of_line("the value");
    }

    /// Reads the value of `path` and keeps both.
    pub(super) fn put(&mut self, path: Vec<KeyPart<'a>>) {
        self.depth = self.table_depth;
        if let Some(value) = self.value_of(&path) {
            self.tree.insert(self.table, path, value, &mut self.problems);
        }
    }

    /// The `=` of an entry and what is written too much around it.
    pub(super) fn assignment(&mut self) {
        let Some(first) = self.eat(TomlTokenKind::Equals) else {
            return;
        };
        let start = self.at;
        while self.eat(TomlTokenKind::Equals).is_some() {}
        let arrow = self.is_tight(self.at) && self.token(self.at).span.of(self.text) == ">";
        if arrow {
            self.bump();
        }
        if self.at == start {
            return;
        }
        let extra = self.span(start, self.at);
        let all = first.to(extra);
        let written = shown(all.of(self.text));
        self.report("wrong-equals", all, format!("{written} is written `=` in TOML")).fix(Fix::safe(
            "Write `=`",
            all,
            "=",
        ));
    }

    /// The rest of the line behind a header or value, which should be empty.
    pub(super) fn rest_of_line(&mut self, after: &str) {
        while self.eat(TomlTokenKind::Template).is_some() {}
        if self.next().ends_line() {
            return;
        }
        let token = self.token(self.at);
        let end = self.line_end(self.at);
        let rest = self.span(self.at, end);
        if self.starts_statement(self.at) || (token.kind == TomlTokenKind::Open && self.names_table(self.at).is_some())
        {
            let dialect = (after == HEADER).then_some(Dialect::EntryBehindHeader);
            self.missing_newline(token.span, rest, dialect);
            return;
        }
        match token.kind {
            TomlTokenKind::Comma if end == self.at + 1 => self
                .report("stray-comma", token.span, format!("{after} takes no comma behind it"))
                .fix(Fix::safe("Remove the comma", token.span, "")),
            TomlTokenKind::Comma if self.is_number(self.at - 1) && self.is_number(self.at + 1) => self
                .report("text-after-value", rest, "a number takes no comma inside")
                .help("leave the comma out, or put the numbers in brackets if they are several"),
            TomlTokenKind::Comma => self
                .report("text-after-value", rest, "several values need brackets around them")
                .help("write `key = [ \"a\", \"b\" ]`"),
            TomlTokenKind::Close | TomlTokenKind::BraceClose => self.report_stray_bracket(token.span),
            _ => self
                .report(
                    "text-after-value",
                    rest,
                    format!("{} does not belong behind {after}", shown(rest.of(self.text))),
                )
                .help("start a new line for another entry, or put `#` before a comment"),
        };
        self.at = end;
    }

    /// Two entries or headers on one line.
    fn missing_newline(&mut self, next: Span, rest: Span, dialect: Option<Dialect>) {
        if self.problems.is_known(next) {
            return;
        }
        let before = self.at.checked_sub(1).map_or(0, |at| self.token(at).span.end as usize);
        let start = next.start as usize;
        let line = line_start(self.text, before);
        let indent: String =
            self.text.get(line..before).unwrap_or("").chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
        self.report("missing-newline", next, format!("{} must start on a line of its own", shown(rest.of(self.text))))
            .dialect(dialect)
            .fix(Fix::safe("Start a new line", Span::new(before, start), format!("\n{indent}")));
    }

    /// Whether an entry or header starts at token `at`.
    pub(super) fn starts_statement(&self, at: usize) -> bool {
        match self.kind(at) {
            TomlTokenKind::Open => self.is_header(at),
            kind if kind.is_key() => self.kind(self.path_end(at)) == TomlTokenKind::Equals,
            _ => false,
        }
    }

    /// Whether `[…]` at token `at` is a header, where it might be a list inside a list.
    fn is_header(&self, at: usize) -> bool {
        let Some(end) = self.names_table(at) else {
            return false;
        };
        let close = (end..).find(|at| self.kind(*at) != TomlTokenKind::Close).unwrap_or(end);
        let below = || self.kind(self.path_end(end + 1)) == TomlTokenKind::Equals;
        self.kind(close).ends_line() && (close > end || below())
    }

    /// The end of the name behind `[` at token `at`, if it is a name rather than a value.
    fn names_table(&self, at: usize) -> Option<usize> {
        let first = at + 1 + usize::from(self.kind(at + 1) == TomlTokenKind::Open);
        let end = self.path_end(first);
        let name = self.token(first);
        let word = name.kind == TomlTokenKind::Atom && plain_kind(self.span(first, end).of(self.text)).is_none();
        let dotted = name.kind.is_string() && self.kind(first + 1) == TomlTokenKind::Dot;
        (word || dotted).then_some(end)
    }

    fn is_number(&self, at: usize) -> bool {
        let token = self.token(at);
        token.kind == TomlTokenKind::Atom && token.span.of(self.text).bytes().all(|b| b.is_ascii_digit())
    }

    /// A line that starts with a bracket or comma of which nothing is known.
    fn stray_line(&mut self) {
        let token = self.token(self.at);
        match token.kind {
            TomlTokenKind::Comma => self
                .report("stray-comma", token.span, "this comma separates nothing")
                .fix(Fix::safe("Remove the comma", token.span, "")),
            TomlTokenKind::BraceOpen => self.report("unexpected-text", token.span, "`{` must stand behind `key =`"),
            _ => self.report_stray_bracket(token.span),
        };
        self.bump();
        // A closing bracket may stand alone on its line, and a comma before an entry.
        if !self.starts_statement(self.at) {
            self.skip_line();
        }
    }

    fn report_stray_bracket(&mut self, bracket: Span) -> &mut Problem {
        self.report("stray-bracket", bracket, format!("`{}` closes nothing", bracket.of(self.text)))
            .help("remove it, or add the bracket that should open it")
    }
}
