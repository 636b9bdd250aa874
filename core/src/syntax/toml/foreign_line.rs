//! Lines that are not TOML: a forgotten `=`, YAML, prose, code fences.

use super::lexer::{TomlToken, TomlTokenKind};
use super::parser::TomlParser;
use super::scalar::plain_kind;
use super::tree::KeyPart;
use crate::fix::Fix;
use crate::syntax::problems::shown;
use crate::syntax::recover::foreign;
use crate::text::{Span, line_of};

/// Where `key: value` has its colon.
struct YamlColon {
    /// The token in which it stands.
    token: usize,
    span: Span,
    /// The rest of the token behind the colon.
    rest: Span,
}

impl<'a> TomlParser<'a> {
    /// A line that starts like a key, which ends before token `end`, but has no `=` there.
    pub(super) fn broken_line(&mut self, end: usize) {
        if let Some(colon) = self.colon(end) {
            self.yaml(&colon);
        } else if let Some(path) = self.key_above_equals(end) {
            self.assignment();
            self.put(path);
        } else if let Some(equals) = self.late_equals(end) {
            let path = self.key_of_words(equals);
            self.assignment();
            self.put(path);
        } else if self.is_pair(self.at, end) {
            self.forgotten_equals(end);
        } else {
            self.prose();
            return;
        }
        self.rest_of_line("the value");
    }

    /// A colon behind the key that ends before token `end`.
    fn colon(&self, end: usize) -> Option<YamlColon> {
        let (token, at) = match self.token(end) {
            TomlToken { kind: TomlTokenKind::Atom, span, .. } if span.of(self.text).starts_with(':') => (end, 0),
            _ => {
                let last = end.checked_sub(1).filter(|last| *last >= self.at)?;
                let written = self.token(last).span.of(self.text);
                let word = self.kind(last) == TomlTokenKind::Atom;
                (last, written.find(':').filter(|at| word && *at > 0)?)
            }
        };
        let whole = self.token(token).span;
        let start = whole.start as usize + at;
        let rest = Span::new(start + 1, whole.end as usize);
        let colon = YamlColon { token, span: Span::new(start, start + 1), rest };
        let address = rest.of(self.text).starts_with("//");
        let equals = self.kind(token + 1) == TomlTokenKind::Equals && self.is_tight(token + 1);
        (!address && !equals && self.is_yaml_value(&colon)).then_some(colon)
    }

    /// Whether a value stands behind a colon, or nothing at all; a sentence does not count.
    fn is_yaml_value(&self, colon: &YamlColon) -> bool {
        let next = colon.token + 1;
        let mut end = self.line_end(self.at);
        if self.braces > 0 {
            let stops = |at: &usize| matches!(self.kind(*at), TomlTokenKind::Comma | TomlTokenKind::BraceClose);
            end = (next..end).find(stops).unwrap_or(end);
        }
        let inside = usize::from(colon.rest.start < colon.rest.end);
        let words =
            (next..end).filter(|at| self.kind(*at) == TomlTokenKind::Atom && !self.is_tight(*at)).count() + inside;
        let first = self.kind(next);
        let starts =
            (inside == 0 && first.is_string()) || matches!(first, TomlTokenKind::Open | TomlTokenKind::BraceOpen);
        starts || words <= 1
    }

    /// Goes behind a key that ends before token `end`, if `=` follows it on a line below. The next token is that `=`.
    pub(super) fn key_above_equals(&mut self, end: usize) -> Option<Vec<KeyPart<'a>>> {
        let below = (end..).find(|at| self.kind(*at) != TomlTokenKind::Newline)?;
        let last = end.checked_sub(1).filter(|last| *last >= self.at)?;
        let gap = Span { start: self.token(last).span.end, end: self.token(below).span.start };
        if self.kind(below) != TomlTokenKind::Equals || !gap.of(self.text).trim().is_empty() {
            return None;
        }
        let path = self.key_path();
        self.report("missing-equals", Span::empty(gap.start as usize), "`=` must stand on the line of its key")
            .fix(Fix::safe("Join the lines", gap, " "));
        self.at = below;
        Some(path)
    }

    /// The key of `key: value` in braces, which ends before token `end`, with the colon behind it.
    pub(super) fn inline_colon(&mut self, end: usize) -> Option<Vec<KeyPart<'a>>> {
        let colon = self.colon(end)?;
        let key = Span { start: self.token(self.at).span.start, end: colon.span.start };
        self.colon_for_equals(&colon, key);
        Some(self.key_before(&colon))
    }

    fn yaml(&mut self, colon: &YamlColon) {
        let key_end = colon.span.start;
        let end = self.line_end(self.at);
        let nothing = colon.rest.start == colon.rest.end && colon.token + 1 == end;
        let key = Span { start: self.token(self.at).span.start, end: key_end };
        let written = shown(key.of(self.text));
        if nothing {
            self.skip_line();
            let list = self.is_dash(self.at + 1);
            while self.is_dash(self.at + 1) {
                self.at = self.line_end(self.at + 1);
            }
            let name = key.of(self.text).trim();
            let (message, help) = match list {
                true => (format!("the list under {written} is YAML"), format!("write `{name} = [ \"a\", \"b\" ]`")),
                false => (
                    format!("the colon behind {written} is YAML"),
                    format!("write `[{name}]` for a table, or `=` and a value"),
                ),
            };
            self.report("missing-equals", colon.span, message).help(help);
            return;
        }
        self.colon_for_equals(colon, key);
        let path = self.key_before(colon);
        self.put(path);
    }

    fn colon_for_equals(&mut self, colon: &YamlColon, key: Span) {
        let written = shown(key.of(self.text).trim_end());
        let token = self.token(colon.token).span;
        let tight = token.start < colon.span.start || self.is_tight(colon.token);
        let mut sign = if tight { " =" } else { "=" }.to_owned();
        if colon.rest.start < colon.rest.end || self.is_tight(colon.token + 1) {
            sign.push(' ');
        }
        self.report("missing-equals", colon.span, format!("a colon stands behind {written}, where TOML has `=`"))
            .fix(Fix::safe("Write `=`", colon.span, sign));
    }

    /// Reads the key before a colon; the next token is then the first of the value.
    fn key_before(&mut self, colon: &YamlColon) -> Vec<KeyPart<'a>> {
        if let Some(token) = self.tokens.get_mut(colon.token)
            && token.span.start < colon.span.start
        {
            token.span.end = colon.span.start;
        }
        let path = self.key_path();
        self.at = colon.token;
        match self.tokens.get_mut(colon.token) {
            Some(token) if colon.rest.start < colon.rest.end => token.span = colon.rest,
            _ => self.at += 1,
        }
        path
    }

    /// An `=` further on in the line, with nothing but words before it.
    fn late_equals(&self, end: usize) -> Option<usize> {
        let line = self.line_end(end);
        let equals = (end..line).find(|at| self.kind(*at) == TomlTokenKind::Equals)?;
        let words = (self.at..equals).all(|at| self.kind(at).is_key() || self.kind(at) == TomlTokenKind::Dot);
        words.then_some(equals)
    }

    /// Whether a value and nothing else stands behind the key.
    fn is_pair(&self, start: usize, end: usize) -> bool {
        let line = self.line_end(end);
        let token = self.token(end);
        let named =
            end > start && !self.is_dash(start) && (start..end).all(|at| self.kind(at) != TomlTokenKind::Template);
        let value = match token.kind {
            TomlTokenKind::Open | TomlTokenKind::BraceOpen => true,
            kind if kind.is_string() => line == end + 1,
            TomlTokenKind::Atom => plain_kind(self.span(end, line).of(self.text)).is_some(),
            _ => false,
        };
        named && value
    }

    fn forgotten_equals(&mut self, end: usize) {
        let path = self.key_path();
        let place = Span::empty(self.token(end).span.start as usize);
        let key = Span { start: path.first().map_or(place.start, |p| p.1.start), end: self.token(end - 1).span.end };
        let gap = Span { start: key.end, end: place.start };
        let message = format!("`=` is missing between {} and its value", shown(key.of(self.text)));
        self.report("missing-equals", Span::empty(key.end as usize), message).fix(Fix::safe("Insert `=`", gap, " = "));
        self.put(path);
    }

    /// Prose and other foreign text. A block of such lines is one problem.
    fn prose(&mut self) {
        let first = self.at;
        let end = self.line_end(first);
        let line = self.span(first, end);
        let written = shown(line.of(self.text));
        self.at = end;
        if foreign::is_fence(line.of(self.text)) {
            let whole = line_of(self.text, line.start as usize);
            let next = (whole.end as usize + 1).min(self.text.len());
            let whole = Span::new(whole.start as usize, next);
            self.problems.add_once(self.text, foreign::fence(line)).fix(Fix::safe("Remove the line", whole, ""));
        } else if self.path_end(first) == end {
            self.report("missing-equals", line, format!("{written} has neither `=` nor a value"))
                .help("write `key = value`, or put `#` before the line");
        } else {
            while self.next() == TomlTokenKind::Newline && self.is_prose(self.at + 1) {
                self.at = self.line_end(self.at + 1);
            }
            let block = self.span(first, self.at);
            let help = match line.of(self.text).starts_with("- ") {
                true => "a list is written `key = [ \"a\", \"b\" ]`",
                false => "put `#` before each line of a comment",
            };
            self.report("unexpected-text", block, format!("{written} is neither `key = value` nor a `[table]`"))
                .help(help);
        }
        self.problems.silence(self.span(first, self.at));
    }

    /// Whether token `at` is the dash of an item in a YAML list.
    fn is_dash(&self, at: usize) -> bool {
        self.kind(at) == TomlTokenKind::Atom && self.token(at).span.of(self.text) == "-"
    }

    /// Whether the line of token `at` is like one in [`Self::prose`].
    fn is_prose(&self, at: usize) -> bool {
        let words =
            self.kind(at) == TomlTokenKind::Atom && (self.kind(at + 1) == TomlTokenKind::Atom || self.is_dash(at));
        let line = self.line_end(at);
        words
            && !(at..line).any(|at| {
                matches!(self.kind(at), TomlTokenKind::Equals | TomlTokenKind::Open)
                    || self.token(at).span.of(self.text).ends_with(':')
            })
            && !self.is_pair(at, self.path_end(at))
    }
}
