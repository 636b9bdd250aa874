//! Values without quotes: `true`, `false`, `null`, numbers, and what people write in their place.

use std::borrow::Cow;

use super::super::problems::shown;
use super::super::recover::characters::is_invisible;
use super::super::{Node, ScalarKind, Style, Value};
use super::JsonReader;
use super::escape::quoted;
use super::number::{ForeignNumber, number, odd_number};
use super::value::scalar_node;
use crate::fix::{Applicability, Fix};
use crate::text::Span;

/// Whether `text` is a whole value without quotes.
pub(super) fn is_literal(text: &str) -> bool {
    literal(text).is_some()
}

fn literal(text: &str) -> Option<ScalarKind> {
    match text {
        "true" | "false" => Some(ScalarKind::Bool),
        "null" => Some(ScalarKind::Null),
        _ => number(text),
    }
}

/// The JSON word that is meant by another language's, and whether that is beyond doubt.
fn word(text: &str) -> Option<(&'static str, ScalarKind, bool)> {
    let lower = text.to_ascii_lowercase();
    let (word, sure) = match lower.as_str() {
        "true" => ("true", true),
        "false" => ("false", true),
        "null" | "none" | "nil" => ("null", true),
        "undefined" => ("null", false),
        "yes" | "on" | "ture" | "treu" | "tru" => ("true", false),
        "no" | "off" | "flase" | "fasle" | "fals" => ("false", false),
        _ => return None,
    };
    let kind = if word == "null" { ScalarKind::Null } else { ScalarKind::Bool };
    Some((word, kind, sure))
}

impl<'a> JsonReader<'a> {
    /// Whether a number or a word of JSON starts here.
    pub(super) fn at_literal(&self) -> bool {
        let text = self.slice(self.at, self.word_end(self.at));
        is_literal(text) || word(text).is_some() || odd_number(text).is_some()
    }

    /// The end of the run without blanks and JSON's own signs.
    fn word_end(&self, start: usize) -> usize {
        let ends = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '.'));
        self.rest(start).find(ends).map_or(self.text.len(), |len| start + len)
    }

    /// Reads a value without quotes.
    pub(super) fn word(&mut self) -> Node<'a> {
        let start = self.at;
        let end = self.word_end(start);
        let text = self.slice(start, end);
        if let Some(kind) = literal(text).filter(|_| !self.word_goes_on(end)) {
            return self.plain(start, end, kind);
        }
        let end = if self.word_goes_on(end) || end == start || !self.at_literal() { self.bare_end(start) } else { end };
        let text = self.slice(start, end);
        self.odd_word(start, end, text)
    }

    fn plain(&mut self, start: usize, end: usize, kind: ScalarKind) -> Node<'a> {
        self.token(end);
        let span = Span::new(start, end);
        scalar_node(Cow::Borrowed(span.of(self.text)), span, kind, Style::Plain)
    }

    /// Whether the text at `end` sticks to the word before it, as in `10.0.0.0/8` and `host:5000`.
    fn word_goes_on(&self, end: usize) -> bool {
        let next = self.char_at(end + 1);
        match self.char_at(end) {
            Some(':') => next.is_some_and(|c| !c.is_whitespace() && !"\"'{[".contains(c)),
            Some('/') => !matches!(next, Some('/' | '*')),
            Some(',' | ']' | '}' | '[' | '{' | '"' | '#' | ';') | None => false,
            Some(c) => {
                !c.is_whitespace() && !self.at_quote_at(end) && !is_invisible(c) && self.comma_len(end).is_none()
            }
        }
    }

    /// The end of text that should have been a string: it may hold single blanks.
    pub(super) fn bare_end(&self, start: usize) -> usize {
        let line = self.slice(start, self.line_end(start));
        let mut depth = 0_usize;
        let mut before = ' ';
        let mut first_open = None;
        for (i, c) in line.char_indices() {
            let at = start + i;
            let stop = match c {
                '[' | '(' | '{' if i > 0 => {
                    first_open = first_open.or(Some(at));
                    depth += 1;
                    false
                }
                ']' | '}' | ')' if depth > 0 => {
                    depth -= 1;
                    false
                }
                ',' | ']' | '}' | ';' | '"' | '，' => depth == 0,
                '#' => before.is_whitespace(),
                '/' => before.is_whitespace() && matches!(self.byte(at + 1), Some(b'/' | b'*')),
                ':' => self.char_at(at + 1).is_none_or(char::is_whitespace),
                c => is_invisible(c) && c != '\t' && c != '\r',
            };
            if stop && i > 0 {
                return if depth > 0 {
                    self.trimmed_end(start, first_open.unwrap_or(at))
                } else {
                    self.trimmed_end(start, at)
                };
            }
            before = c;
        }
        let end = start + line.len();
        let end = if depth > 0 { first_open.unwrap_or(end) } else { end };
        self.trimmed_end(start, end)
    }

    fn trimmed_end(&self, start: usize, end: usize) -> usize {
        let first = self.char_at(start).map_or(1, char::len_utf8);
        let kept = start + self.slice(start, end).trim_end().len();
        kept.max((start + first).min(self.text.len()))
    }

    fn odd_word(&mut self, start: usize, end: usize, text: &'a str) -> Node<'a> {
        let span = Span::new(start, end);
        if self.template_in(start, end) {
            self.template(span);
            self.mark(end);
            return Node { span, value: Value::Missing };
        }
        if self.half_word(end, text) {
            self.half = true;
            self.token(end);
            return Node { span, value: Value::Missing };
        }
        if let Some((right, kind, sure)) = word(text) {
            self.odd_literal(span, text, right, sure);
            return self.plain(start, end, kind);
        }
        if let Some(odd) = odd_number(text) {
            return self.odd_number(span, text, odd);
        }
        if self.byte(end) == Some(b'"') {
            return self.word_before_quote(start, end);
        }
        self.report("unquoted-string", span, format!("{} has no quotes", shown(text)))
            .help("text stands in double quotes")
            .fix(Fix::safe("Quote the text", span, quoted(text)));
        self.plain(start, end, ScalarKind::String)
    }

    /// The start of a word of JSON where the text ends: it is being typed, or cut off.
    fn half_word(&self, end: usize, text: &str) -> bool {
        let words = ["true", "false", "null"];
        end >= self.end && !self.open.is_empty() && words.iter().any(|w| w.starts_with(text))
    }

    fn template_in(&self, start: usize, end: usize) -> bool {
        let text = self.slice(start, end);
        let opened = self.rest(end);
        text.contains("${")
            || text.contains("{{")
            || opened.starts_with("{{")
            || text.split_once('$').is_some_and(|(_, name)| name.starts_with(|c: char| c.is_ascii_alphabetic()))
    }

    fn odd_literal(&mut self, span: Span, text: &str, right: &str, sure: bool) {
        let trust = if sure { Applicability::Safe } else { Applicability::Unsafe };
        self.report("wrong-word", span, format!("`{text}` is `{right}` in JSON"))
            .help("JSON has `true`, `false` and `null`, in lower case")
            .fix(Fix::edit(trust, format!("Write `{right}`"), span, right));
    }

    fn odd_number(&mut self, span: Span, text: &'a str, odd: ForeignNumber) -> Node<'a> {
        let kind = match &odd.right {
            Some((right, _)) => number(right).unwrap_or(ScalarKind::Float),
            None => ScalarKind::Float,
        };
        let fix = odd.right.map(|(right, sure)| {
            let trust = if sure { Applicability::Safe } else { Applicability::Unsafe };
            Fix::edit(trust, format!("Write {right}"), span, right)
        });
        self.report("bad-number", span, format!("{} is not a number in JSON", shown(text)))
            .help(odd.why)
            .maybe_fix(fix);
        let range = span.range();
        self.plain(range.start, range.end, kind)
    }

    /// `text"`: the opening quote is missing. `b"text"`: something stands in front of a string.
    fn word_before_quote(&mut self, start: usize, end: usize) -> Node<'a> {
        if self.delimiter_follows(end + 1) {
            let span = self.missing_opening_quote(start, end);
            return scalar_node(Cow::Borrowed(self.slice(start, end)), span, ScalarKind::String, Style::Double);
        }
        self.token(end);
        self.unexpected_text(start, end);
        self.string_value()
    }
}
