//! The reader of JSON, as strict as Go's `encoding/json`: every deviation is a problem, and the rest is still read.
//!
//! `document` reads the one value of a text and what stands around it; `value` what may stand in the place of a
//! value, with `object`, `list`, `string`, `number` and `word` for each type. `trivia` skips what stands between
//! tokens. `bracket`, `colon`, `comma`, `key`, `string_end`, `other_quotes` and `escape` recover from faults. `go`
//! gives Go's own message.

mod bracket;
mod colon;
mod comma;
mod document;
mod escape;
pub mod go;
mod key;
mod list;
mod number;
mod object;
mod other_quotes;
mod string;
mod string_end;
mod trivia;
mod value;
mod word;

use std::cell::Cell;

use self::bracket::OpenBracket;
use super::problems::Problems;
use super::{Dialect, Document, Format, MAX_LEN, Node, Problem};
use crate::text::Span;

/// Reads JSON. Never fails: see [`Document::problems`].
#[must_use]
pub fn read(text: &str) -> Document<'_> {
    let mut reader = JsonReader::new(text);
    let root = if text.len() > MAX_LEN {
        reader.problems.too_long(0);
        Node::missing(0)
    } else {
        reader.document()
    };
    reader.finish(root)
}

struct JsonReader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// The end of the last token.
    prev: usize,
    open: Vec<OpenBracket>,
    comments: Vec<Span>,
    problems: Problems,
    dialects: Vec<(Dialect, Span)>,
    /// Characters outside strings that cannot be seen.
    invisible: Vec<Span>,
    /// A template or conflict marker came since the last value: commas around it prove nothing.
    noise: bool,
    /// Whether the reason why the text ends here was reported.
    ended: bool,
    /// The text ends behind a key without its value.
    half: bool,
    /// Bytes that may still be spent on looking ahead, so that no text takes quadratic time.
    budget: usize,
    /// The line last asked for, from where it was asked for.
    line: Cell<(usize, usize)>,
    /// Where the text ends but for blanks.
    end: usize,
}

/// Faults of nesting, of which a template is the likely reason.
const STRUCTURAL: [&str; 17] = [
    "unclosed-object",
    "unclosed-array",
    "mismatched-bracket",
    "unopened-bracket",
    "missing-value",
    "missing-key",
    "missing-braces",
    "missing-colon",
    "unexpected-colon",
    "unexpected-text",
    "leading-text",
    "trailing-text",
    "second-document",
    "object-for-list",
    "list-for-object",
    "not-json",
    "unclosed-string",
];

impl<'a> JsonReader<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            prev: 0,
            open: Vec::new(),
            comments: Vec::new(),
            problems: Problems::default(),
            dialects: Vec::new(),
            invisible: Vec::new(),
            noise: false,
            ended: false,
            half: false,
            budget: 16 * text.len() + 4096,
            line: Cell::new((1, 0)),
            end: text.trim_end().len(),
        }
    }

    fn finish(mut self, root: Node<'a>) -> Document<'a> {
        self.report_invisible();
        if self.problems.has_template() {
            self.problems.retain(|p| !STRUCTURAL.contains(&p.code));
        }
        Document {
            root,
            comments: self.comments,
            problems: self.problems.done(),
            dialects: self.dialects,
            ..Document::new(self.text, Format::Json)
        }
    }

    fn report(&mut self, code: &'static str, span: Span, message: impl Into<String>) -> &mut Problem {
        self.problems.report(code, span, message)
    }

    fn peek(&self) -> Option<u8> {
        self.byte(self.at)
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or("")
    }

    /// The rest of the text.
    fn rest(&self, from: usize) -> &'a str {
        self.text.get(from..).unwrap_or("")
    }

    /// The line from `from` on, without the blanks at its end.
    fn line(&self, from: usize) -> &'a str {
        self.slice(from, self.line_end(from)).trim_end()
    }

    fn at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// Goes to the end of the text: nothing more can be read.
    fn give_up(&mut self) {
        self.at = self.text.len();
    }

    /// Goes on behind a token.
    fn token(&mut self, end: usize) {
        self.mark(end);
        self.noise = false;
    }

    /// Goes on behind a comma or colon, which leaves the doubt about commas as it is.
    fn mark(&mut self, end: usize) {
        self.at = end;
        self.prev = end;
    }

    /// The end of the line; remembered, since a file may be one long line.
    fn line_end(&self, from: usize) -> usize {
        let (start, end) = self.line.get();
        if (start..=end).contains(&from) {
            return end;
        }
        let rest = self.bytes.get(from..).unwrap_or(&[]);
        let end = from + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
        self.line.set((from, end));
        end
    }

    /// The first place from `from` on that is not a blank of this line.
    fn past_spaces(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or(&[]);
        let blanks = |b: &u8| !matches!(b, b' ' | b'\t' | b'\r');
        from + rest.iter().position(blanks).unwrap_or(rest.len())
    }

    /// How far `at` is indented, if only blanks stand before it on its line.
    fn column(&self, at: usize) -> Option<usize> {
        let before = self.bytes.get(..at)?;
        let blanks = before.iter().rev().take_while(|b| matches!(b, b' ' | b'\t'));
        let column = blanks.count();
        let start = at - column;
        (start == 0 || self.byte(start - 1) == Some(b'\n')).then_some(column)
    }

    /// `needle` from `from` on, within the budget.
    fn find(&mut self, from: usize, needle: &str) -> Option<usize> {
        if self.budget == 0 {
            return None;
        }
        let rest = self.text.get(from..)?;
        let found = rest.find(needle);
        self.budget = self.budget.saturating_sub(found.unwrap_or(rest.len()));
        found.map(|n| from + n)
    }
}
