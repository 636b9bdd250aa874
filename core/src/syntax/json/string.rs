//! Strings, and where they end.

use std::borrow::Cow;

use super::super::recover::characters::is_typographic_quote;
use super::super::{Node, ScalarKind, Style};
use super::JsonReader;
use super::other_quotes::closes;
use super::value::scalar_node;
use crate::text::Span;

/// The place of a string; a key that is never closed ends at its colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StringRole {
    Key,
    Value,
}

/// A string as read.
pub(super) struct JsonString<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) span: Span,
    pub(super) style: Style,
}

/// Where the search for the closing quote ended.
enum ClosingQuote {
    /// At the quote.
    Closed(usize),
    /// At the end of the line or of the text.
    Broken(usize),
}

/// Signs that may follow a word but not a string, so that the quote before them may not be the closing one.
const STICKY: &str = "_-.$%@*\\'`+&?!~|^()<>";

/// Whether a string may start with `c`, be it JSON or not.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`') || is_typographic_quote(c)
}

impl<'a> JsonReader<'a> {
    pub(super) fn at_quote(&self) -> bool {
        self.at_quote_at(self.at)
    }

    pub(super) fn at_quote_at(&self, at: usize) -> bool {
        self.char_at(at).is_some_and(is_quote)
    }

    pub(super) fn string_value(&mut self) -> Node<'a> {
        let string = self.string(StringRole::Value);
        scalar_node(string.text, string.span, ScalarKind::String, string.style)
    }

    /// Reads the string that starts here, in whatever quotes.
    pub(super) fn string(&mut self, role: StringRole) -> JsonString<'a> {
        match self.char_at(self.at) {
            Some('"') => self.double(role),
            Some(open) => self.other_quotes(open, role),
            None => JsonString { text: Cow::Borrowed(""), span: Span::empty(self.at), style: Style::Double },
        }
    }

    pub(super) fn double(&mut self, role: StringRole) -> JsonString<'a> {
        let open = self.at;
        let (end, plain) = self.scan(open);
        let repaired = match end {
            ClosingQuote::Closed(close) if !self.sticks(close + 1) => None,
            ClosingQuote::Closed(close) => self.end_behind_text(open, close, role),
            ClosingQuote::Broken(line) => Some(self.end_of_open(open, line, role)),
        };
        let (ClosingQuote::Closed(close) | ClosingQuote::Broken(close)) = end;
        let (end, next) = match &repaired {
            Some(end) => (end.text, end.next),
            None => (close, (close + 1).min(self.text.len())),
        };
        let text = if plain && repaired.is_none() {
            Cow::Borrowed(self.slice(open + 1, end))
        } else {
            self.decode(open + 1, end)
        };
        self.token(next);
        JsonString { text, span: Span::new(open, next), style: Style::Double }
    }

    /// Looks for the closing quote, and whether the text needs no decoding.
    fn scan(&self, open: usize) -> (ClosingQuote, bool) {
        let mut i = open + 1;
        let mut plain = true;
        loop {
            match self.byte(i) {
                Some(b'"') => return (ClosingQuote::Closed(i), plain),
                None | Some(b'\n') => return (ClosingQuote::Broken(i.min(self.text.len())), plain),
                Some(b'\\') => {
                    plain = false;
                    i += if self.byte(i + 1) == Some(b'\n') { 1 } else { 2 };
                }
                Some(b) => {
                    plain &= b >= b' ';
                    i += 1;
                }
            }
        }
    }

    /// The end of a string, for looking ahead.
    pub(super) fn past_string(&self, open: usize) -> usize {
        match self.scan(open).0 {
            ClosingQuote::Closed(close) => close + 1,
            ClosingQuote::Broken(line) => line,
        }
    }

    /// The string at `at` as written, for messages.
    pub(super) fn quoted_prefix(&self, at: usize) -> &'a str {
        self.slice(at, self.quoted_end(at).unwrap_or_else(|| self.line_end(at)))
    }

    fn quoted_end(&self, at: usize) -> Option<usize> {
        let open = self.char_at(at).filter(|c| is_quote(*c))?;
        if open == '"' {
            return match self.scan(at).0 {
                ClosingQuote::Closed(close) => Some(close + 1),
                ClosingQuote::Broken(_) => None,
            };
        }
        let start = at + open.len_utf8();
        let line = self.slice(start, self.line_end(start));
        let (i, c) = line.char_indices().find(|(_, c)| closes(open, *c))?;
        Some(start + i + c.len_utf8())
    }

    /// Whether a string and a colon stand at `at`.
    pub(super) fn pair_at(&self, at: usize) -> bool {
        let Some(end) = self.quoted_end(at) else {
            return false;
        };
        let next = self.past_spaces(end);
        matches!(self.char_at(next), Some(':' | '：'))
    }

    /// Whether something stands at `at` that cannot follow a string.
    fn sticks(&self, at: usize) -> bool {
        match self.char_at(at) {
            None => false,
            Some('/') => !matches!(self.byte(at + 1), Some(b'/' | b'*')),
            Some(c) if c.is_ascii() => c.is_ascii_alphanumeric() || STICKY.contains(c),
            Some(c) => c.is_alphanumeric() || is_typographic_quote(c),
        }
    }

    /// Whether a string may end before `at`.
    pub(super) fn delimiter_follows(&self, at: usize) -> bool {
        matches!(self.char_at(self.past_spaces(at)), None | Some('\n' | ',' | ':' | ']' | '}' | '，' | '：'))
    }
}
