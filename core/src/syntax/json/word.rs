//! Values without quotes: numbers, `true`, `false`, `null`, and what people write in their place.

use std::borrow::Cow;

use super::super::{Node, Problem, Scalar, ScalarKind, Style, Value};
use super::{Reader, problem, quoted, shown};
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

fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| b.is_ascii_digit()).count()
}

/// The kind of a number after the grammar of JSON.
fn number(text: &str) -> Option<ScalarKind> {
    let text = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let whole = digits(text);
    if whole == 0 || whole > 1 && text.first() == Some(&b'0') {
        return None;
    }
    let mut rest = text.get(whole..)?;
    let mut kind = ScalarKind::Integer;
    if let Some((b'.', fraction)) = rest.split_first() {
        let n = digits(fraction);
        rest = fraction.get(n..).filter(|_| n > 0)?;
        kind = ScalarKind::Float;
    }
    if let Some((b'e' | b'E', exponent)) = rest.split_first() {
        let unsigned = match exponent.split_first() {
            Some((b'+' | b'-', unsigned)) => unsigned,
            _ => exponent,
        };
        let n = digits(unsigned);
        rest = unsigned.get(n..).filter(|_| n > 0)?;
        kind = ScalarKind::Float;
    }
    rest.is_empty().then_some(kind)
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

/// A number that another language takes.
struct Odd {
    why: &'static str,
    /// What JSON would take, and whether it certainly means the same.
    right: Option<(String, bool)>,
}

fn odd_number(text: &str) -> Option<Odd> {
    let odd = |why, right: String, sure| {
        let right = number(&right).is_some().then_some((right, sure));
        right.map(|r| Odd { why, right: Some(r) })
    };
    let (sign, rest) = match text.split_at_checked(1) {
        Some(("-", rest)) => ("-", rest),
        Some(("+", rest)) => ("", rest),
        _ => ("", text),
    };
    let lower = rest.trim_start_matches('.').to_ascii_lowercase();
    if matches!(lower.as_str(), "nan" | "inf" | "infinity") {
        return Some(Odd { why: "JSON has no such number", right: None });
    }
    if let Some(value) = radix(rest) {
        return odd("JSON takes decimal numbers only", format!("{sign}{value}"), true);
    }
    let plain = rest.replace('_', "");
    if plain.len() < rest.len() && digits(rest.as_bytes()) > 0 {
        return odd("JSON takes no underscores in numbers", format!("{sign}{plain}"), true);
    }
    if let Some(fraction) = rest.strip_prefix('.') {
        return odd("JSON needs a digit before the point", format!("{sign}0.{fraction}"), true);
    }
    if let Some(whole) = rest.strip_suffix('.') {
        return odd("JSON needs a digit behind the point", format!("{sign}{whole}"), true);
    }
    if text.starts_with('+') {
        return odd("JSON takes no plus sign", rest.into(), true);
    }
    let stripped = rest.trim_start_matches('0');
    if stripped.len() < rest.len() {
        let zero = if stripped.starts_with(|c: char| c.is_ascii_digit()) { "" } else { "0" };
        return odd("JSON takes no leading zero, and has no octal numbers", format!("{sign}{zero}{stripped}"), false);
    }
    None
}

fn radix(text: &str) -> Option<u64> {
    let (prefix, digits) = text.split_at_checked(2)?;
    let radix = match prefix {
        "0x" | "0X" => 16,
        "0o" | "0O" => 8,
        "0b" | "0B" => 2,
        _ => return None,
    };
    let unsigned = !digits.starts_with('+');
    u64::from_str_radix(digits, radix).ok().filter(|_| unsigned)
}

impl<'a> Reader<'a> {
    /// Whether a number or a word of JSON starts here.
    pub(super) fn at_literal(&self) -> bool {
        let text = self.slice(self.at, self.word_end(self.at));
        is_literal(text) || word(text).is_some() || odd_number(text).is_some()
    }

    /// The end of the run without blanks and JSON's own signs.
    fn word_end(&self, start: usize) -> usize {
        for (i, c) in self.slice(start, self.text.len()).char_indices() {
            let more = c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '.');
            if !more {
                return start + i;
            }
        }
        self.text.len()
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
        Node {
            span: Span::new(start, end),
            value: Value::Scalar(Scalar { text: Cow::Borrowed(self.slice(start, end)), kind, style: Style::Plain }),
        }
    }

    /// Whether the text at `end` sticks to the word before it, as in `10.0.0.0/8` and `host:5000`.
    fn word_goes_on(&self, end: usize) -> bool {
        let next = self.char_at(end + 1);
        match self.char_at(end) {
            Some(':') => next.is_some_and(|c| !c.is_whitespace() && !"\"'{[".contains(c)),
            Some('/') => !matches!(next, Some('/' | '*')),
            Some(',' | ']' | '}' | '[' | '{' | '"' | '#' | ';') | None => false,
            Some(c) => {
                !c.is_whitespace()
                    && !self.at_quote_at(end)
                    && !super::blank::is_invisible(c)
                    && self.comma_len(end).is_none()
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
                c => super::blank::is_invisible(c) && c != '\t' && c != '\r',
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
            self.at = end;
            self.prev = end;
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
        self.report(Problem {
            help: Some("text stands in double quotes".into()),
            fix: Some(Fix::safe("Quote the text", span, quoted(text))),
            ..problem("unquoted-string", span, format!("`{}` has no quotes", shown(text)))
        });
        self.plain(start, end, ScalarKind::String)
    }

    /// The start of a word of JSON where the text ends: it is being typed, or cut off.
    fn half_word(&self, end: usize, text: &str) -> bool {
        let words = ["true", "false", "null"];
        end >= self.end && !self.open.is_empty() && words.iter().any(|w| w.starts_with(text))
    }

    fn template_in(&self, start: usize, end: usize) -> bool {
        let text = self.slice(start, end);
        let opened = self.slice(end, self.text.len());
        text.contains("${")
            || text.contains("{{")
            || opened.starts_with("{{")
            || text.split_once('$').is_some_and(|(_, name)| name.starts_with(|c: char| c.is_ascii_alphabetic()))
    }

    fn odd_literal(&mut self, span: Span, text: &str, right: &str, sure: bool) {
        let trust = if sure { Applicability::Safe } else { Applicability::Unsafe };
        let fix = Fix::edit(trust, format!("Write `{right}`"), span, right);
        self.report(Problem {
            help: Some("JSON knows `true`, `false` and `null`, in small letters".into()),
            fix: Some(fix),
            ..problem("wrong-word", span, format!("`{text}` is `{right}` in JSON"))
        });
    }

    fn odd_number(&mut self, span: Span, text: &'a str, odd: Odd) -> Node<'a> {
        let kind = match &odd.right {
            Some((right, _)) => number(right).unwrap_or(ScalarKind::Float),
            None => ScalarKind::Float,
        };
        let fix = odd.right.map(|(right, sure)| {
            let trust = if sure { Applicability::Safe } else { Applicability::Unsafe };
            Fix::edit(trust, format!("Write {right}"), span, right)
        });
        self.report(Problem {
            help: Some(odd.why.into()),
            fix,
            ..problem("bad-number", span, format!("`{}` is no number in JSON", shown(text)))
        });
        let range = span.range();
        self.plain(range.start, range.end, kind)
    }

    /// `text"`: the opening quote is missing. `b"text"`: something stands in front of a string.
    fn word_before_quote(&mut self, start: usize, end: usize) -> Node<'a> {
        if self.delimiter_follows(end + 1) {
            self.missing_opening_quote(start, end);
            return Node {
                span: Span::new(start, end + 1),
                value: Value::Scalar(Scalar {
                    text: Cow::Borrowed(self.slice(start, end)),
                    kind: ScalarKind::String,
                    style: Style::Double,
                }),
            };
        }
        self.token(end);
        self.unexpected_text(start, end);
        self.string_value()
    }
}
