//! Values: strings and words, lists, inline tables.

use std::borrow::Cow;

use super::lexer::{TomlToken, TomlTokenKind};
use super::parser::TomlParser;
use super::quotes::quote_for;
use super::scalar::{odd_scalar, plain_kind};
use super::string::string;
use super::tree::KeyPart;
use crate::fix::{Applicability, Edit, Fix};
use crate::syntax::problems::{Problems, shown};
use crate::syntax::{MAX_DEPTH, Node, Scalar, ScalarKind, Style, Value};
use crate::text::{Span, line_start};

impl<'a> TomlParser<'a> {
    /// The value that starts at the next token.
    pub(super) fn value(&mut self) -> Node<'a> {
        match self.next() {
            TomlTokenKind::Open => self.nested(Self::list),
            TomlTokenKind::BraceOpen => self.nested(Self::inline_table),
            TomlTokenKind::Atom | TomlTokenKind::Dot | TomlTokenKind::Template => self.plain(),
            kind if kind.is_string() => self.text_value(),
            TomlTokenKind::Newline => self.value_below(),
            _ => self.no_value(),
        }
    }

    /// The value of a key, which lies deeper for each dot; nothing if that is too deep.
    pub(super) fn value_of(&mut self, path: &[KeyPart<'a>]) -> Option<Node<'a>> {
        let depth = self.depth;
        self.depth += path.len().saturating_sub(1);
        let value = self.value();
        let fits = self.depth <= MAX_DEPTH;
        self.depth = depth;
        if let Some(part) = path.first().filter(|_| !fits) {
            self.report_too_deep(part.1);
        }
        fits.then_some(value)
    }

    fn is_nested(&self) -> bool {
        self.lists + self.braces > 0
    }

    /// Reports that a value is missing.
    fn no_value(&mut self) -> Node<'a> {
        let before = self.at.checked_sub(1).map_or(Span::default(), |at| self.token(at).span);
        let place = Span::empty(before.end as usize);
        let message = match self.is_nested() || self.problems.is_known(place) {
            true => "a value is missing here".to_owned(),
            false => {
                let start = line_start(self.text, place.start as usize);
                let key = Span::new(start, place.end as usize).of(self.text);
                format!("{} has no value", shown(key.trim_start()))
            }
        };
        self.report("missing-value", place, message)
            .help("write the value, or put `#` before the line to leave the key unset");
        if !self.is_nested() {
            self.skip_line();
        }
        Node::missing(place.start as usize)
    }

    /// The value on a line below its key, if it cannot be anything else there.
    fn value_below(&mut self) -> Node<'a> {
        let place = self.token(self.at).span.start as usize;
        let mut at = self.at;
        while self.kind(at) == TomlTokenKind::Newline {
            at += 1;
        }
        let end = self.line_end(at);
        let value = match self.kind(at) {
            TomlTokenKind::Open | TomlTokenKind::BraceOpen => end == at + 1 && end > at,
            TomlTokenKind::Atom => plain_kind(self.span(at, end).of(self.text)).is_some(),
            kind => kind.is_string() && end == at + 1,
        };
        let equals = self.at.checked_sub(1).map_or(place, |at| self.token(at).span.end as usize);
        let gap = Span::new(equals, self.token(at).span.start as usize);
        if !value || !gap.of(self.text).trim().is_empty() {
            return self.no_value();
        }
        self.report("missing-value", Span::empty(equals), "the value must start on the line of its key")
            .fix(Fix::safe("Join the lines", gap, " "));
        self.at = at;
        self.value()
    }

    /// A string, and text that is stuck to it because quotes do not pair up.
    fn text_value(&mut self) -> Node<'a> {
        let first = self.at;
        let token = self.bump();
        let stuck = self.is_tight(self.at) && self.next().is_key();
        if stuck && token.kind != TomlTokenKind::Repaired {
            return self.broken_quotes(first, token);
        }
        let (text, style) = string(self.text, token, &mut self.problems, &mut self.dialects);
        scalar(token.span, text, ScalarKind::String, style)
    }

    fn broken_quotes(&mut self, first: usize, token: TomlToken) -> Node<'a> {
        let line = self.line_end(self.at);
        let all = self.span(first, line);
        let quote = if token.kind == TomlTokenKind::Basic { '"' } else { '\'' };
        let inner = all.of(self.text).strip_prefix(quote).and_then(|t| t.strip_suffix(quote));
        match inner.filter(|_| !self.is_nested() && matches!(token.kind, TomlTokenKind::Basic | TomlTokenKind::Literal))
        {
            Some(inner) => {
                self.at = line;
                self.inner_quotes(all, inner, quote)
            }
            None => {
                while self.is_tight(self.at) && (self.next().is_key() || self.next() == TomlTokenKind::Dot) {
                    self.bump();
                }
                let stuck = self.span(first, self.at);
                self.report(
                    "unbalanced-quotes",
                    stuck,
                    format!("the quotes of {} do not pair up", shown(stuck.of(self.text))),
                )
                .help("each text needs a quote on both sides, and a comma before the next");
                let (text, style) = string(self.text, token, &mut self.problems, &mut self.dialects);
                scalar(stuck, text, ScalarKind::String, style)
            }
        }
    }

    /// `"print "hi" now"`.
    fn inner_quotes(&mut self, all: Span, inner: &'a str, quote: char) -> Node<'a> {
        let other = if quote == '"' { '\'' } else { '"' };
        let outer = quote_for(inner, other).filter(|q| *q == other);
        let (start, end) = (all.start as usize, all.end as usize);
        let edit = |start, end| Edit::new(Span::new(start, end), other.to_string());
        let message = format!("a quote inside ends the string {} too early", shown(all.of(self.text)));
        let problem = self.report("inner-quotes", all, message);
        match outer {
            Some(other) => problem.help(format!("put the string in `{other}`")).fix(Fix::new(
                Applicability::Safe,
                format!("Use `{other}` outside"),
                vec![edit(start, start + 1), edit(end - 1, end)],
            )),
            None => problem.help("put the string in double quotes, and write `\\\"` for those inside"),
        };
        let style = if quote == '"' { Style::Double } else { Style::Single };
        scalar(all, Cow::Borrowed(inner), ScalarKind::String, style)
    }

    /// A value without quotes: a number, a date, a truth value, or text that lacks its quotes.
    fn plain(&mut self) -> Node<'a> {
        let first = self.at;
        while self.at == first || (self.is_word() && self.is_tight(self.at)) {
            self.bump();
        }
        self.take_time(first);
        let mut span = self.span(first, self.at);
        let mut kind = plain_kind(span.of(self.text));
        if kind.is_none() {
            self.take_words(first);
            span = self.span(first, self.at);
            kind = plain_kind(span.of(self.text));
        }
        let Some((kind, dialect)) = kind else {
            // A marker explains whatever is odd about the value.
            let mut unlisted = Problems::default();
            let problems = if self.has_template(first) { &mut unlisted } else { &mut self.problems };
            let scalar = odd_scalar(self.text, span, problems);
            return Node { span, value: Value::Scalar(scalar) };
        };
        self.dialects.extend(dialect.map(|dialect| (dialect, span)));
        scalar(span, Cow::Borrowed(span.of(self.text)), kind, Style::Plain)
    }

    fn is_word(&self) -> bool {
        matches!(self.next(), TomlTokenKind::Atom | TomlTokenKind::Dot | TomlTokenKind::Template)
    }

    fn has_template(&self, first: usize) -> bool {
        (first..self.at).any(|at| self.kind(at) == TomlTokenKind::Template)
    }

    /// The time of day behind a date and a blank.
    fn take_time(&mut self, first: usize) {
        let next = self.token(self.at);
        let gap = next.span.start - self.span(first, self.at).end;
        let whole = self.span(first, self.at + 1).of(self.text);
        if gap == 1 && next.kind == TomlTokenKind::Atom && plain_kind(whole).is_some() {
            self.bump();
            while self.is_word() && self.is_tight(self.at) {
                self.bump();
            }
        }
    }

    /// The further words of an unquoted text: up to a comma or bracket inside brackets, else to the end of the line.
    fn take_words(&mut self, first: usize) {
        while !self.next().ends_line() {
            let loose = !self.is_tight(self.at);
            let more = match self.next() {
                TomlTokenKind::Atom | TomlTokenKind::Dot | TomlTokenKind::Template => true,
                TomlTokenKind::Comma => !self.is_nested() && !self.kind(self.at + 1).ends_line(),
                TomlTokenKind::Newline | TomlTokenKind::Eof => false,
                _ => !self.is_nested(),
            };
            let placeholder = self.token(first).span.of(self.text).starts_with('<');
            if !more || (loose && !placeholder && self.starts_entry_with_value()) {
                return;
            }
            self.bump();
        }
    }

    /// Whether `key = value` comes next, and its value is not unquoted text, too.
    fn starts_entry_with_value(&self) -> bool {
        let value = self.path_end(self.at) + 1;
        self.starts_statement(self.at)
            && match self.kind(value) {
                TomlTokenKind::Atom => plain_kind(self.token(value).span.of(self.text)).is_some(),
                kind => kind.is_string() || matches!(kind, TomlTokenKind::Open | TomlTokenKind::BraceOpen),
            }
    }
}

fn scalar<'a>(span: Span, text: Cow<'a, str>, kind: ScalarKind, style: Style) -> Node<'a> {
    Node { span, value: Value::Scalar(Scalar { text, kind, style }) }
}
