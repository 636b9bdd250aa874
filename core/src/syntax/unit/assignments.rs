//! The assignments of an environment file, as systemd reads its text.
//!
//! Source: systemd v252:src/basic/env-file.c (`parse_env_file_internal`).

use super::joined::is_blank;
use super::source_char::{SourceChar, trim_end};
use crate::text::Span;

/// `NAME=value`. Whether the name is valid is not decided here.
#[derive(Debug, Default)]
pub(crate) struct Assignment {
    /// The name, without blanks around it.
    pub(crate) name: Vec<SourceChar>,
    /// The value, without quotes.
    pub(crate) value: Vec<SourceChar>,
    /// The value as written, with its quotes; empty behind `=` if there is none.
    pub(crate) span: Span,
    /// The quote that is never closed.
    pub(crate) unclosed: Option<SourceChar>,
}

/// What stands in an environment file.
#[derive(Debug)]
pub(crate) enum EnvItem {
    /// An assignment.
    Assignment(Assignment),
    /// A line without `=`, which is ignored.
    Stray,
    /// A comment, with the line behind it if the comment ends in a backslash.
    Comment(Span),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum EnvState {
    BeforeName,
    Name,
    BeforeValue,
    Value,
    ValueEscape,
    Single,
    Double,
    DoubleEscape,
    Comment,
    CommentEscape,
}

/// Reads the items of an environment file, one after the other.
#[derive(Debug)]
pub(crate) struct EnvItems<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> EnvItems<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }
}

impl Iterator for EnvItems<'_> {
    type Item = EnvItem;

    fn next(&mut self) -> Option<EnvItem> {
        let start = self.at;
        let mut item = EnvItemReader::default();
        for (at, c) in self.text.get(start..).unwrap_or_default().char_indices() {
            let at = start + at;
            self.at = at + c.len_utf8();
            if item.add(SourceChar { c, span: Span::new(at, self.at) }) {
                return Some(item.done());
            }
        }
        (item.state != EnvState::BeforeName).then(|| item.done())
    }
}

/// An item that is being read.
struct EnvItemReader {
    state: EnvState,
    /// All of it, line end excluded.
    span: Option<Span>,
    assignment: Assignment,
    /// The length of the value up to its last character that is not a trailing blank, while it may end there.
    kept: Option<usize>,
    /// The first and last character of the value as written, quotes included.
    written: Option<Span>,
    quote: Option<SourceChar>,
}

impl Default for EnvItemReader {
    fn default() -> Self {
        Self {
            state: EnvState::BeforeName,
            span: None,
            assignment: Assignment::default(),
            kept: None,
            written: None,
            quote: None,
        }
    }
}

impl EnvItemReader {
    /// Reads a character; true if the item ends with it.
    fn add(&mut self, char: SourceChar) -> bool {
        let c = char.c;
        let is_end = matches!(c, '\n' | '\r');
        match self.state {
            EnvState::BeforeName => match c {
                '#' | ';' => self.state = EnvState::Comment,
                c if is_blank(c) => return false,
                _ => {
                    self.state = EnvState::Name;
                    self.assignment.name.push(char);
                }
            },
            EnvState::Name => match c {
                _ if is_end => return true,
                '=' => {
                    self.state = EnvState::BeforeValue;
                    self.assignment.span = Span::empty(char.span.end as usize);
                }
                _ => self.assignment.name.push(char),
            },
            EnvState::BeforeValue => match c {
                _ if is_end => return true,
                '\'' => self.open(EnvState::Single, char),
                '"' => self.open(EnvState::Double, char),
                '\\' => self.state = EnvState::ValueEscape,
                c if is_blank(c) => {}
                _ => {
                    self.state = EnvState::Value;
                    self.push(char);
                }
            },
            EnvState::Value => match c {
                _ if is_end => return true,
                '\\' => {
                    self.state = EnvState::ValueEscape;
                    self.kept = None;
                }
                c if is_blank(c) => {
                    self.kept = self.kept.or(Some(self.assignment.value.len()));
                    self.assignment.value.push(char);
                }
                _ => self.push(char),
            },
            EnvState::ValueEscape => {
                self.state = EnvState::Value;
                if !is_end {
                    self.push_escaped(char);
                }
            }
            EnvState::Single if c == '\'' => self.close(char),
            EnvState::Double if c == '"' => self.close(char),
            EnvState::Double if c == '\\' => self.state = EnvState::DoubleEscape,
            EnvState::Single | EnvState::Double => self.push(char),
            EnvState::DoubleEscape => {
                self.state = EnvState::Double;
                match c {
                    '"' | '\\' | '`' | '$' => self.push_escaped(char),
                    '\n' => {}
                    _ => {
                        let backslash = Span { start: char.span.start - 1, end: char.span.start };
                        self.push(SourceChar { c: '\\', span: backslash });
                        self.push(char);
                    }
                }
            }
            EnvState::Comment if c == '\\' => self.state = EnvState::CommentEscape,
            EnvState::Comment if is_end => return true,
            EnvState::Comment => {}
            EnvState::CommentEscape => self.state = EnvState::Comment,
        }
        self.span = Some(self.span.map_or(char.span, |span| span.to(char.span)));
        false
    }

    fn push(&mut self, char: SourceChar) {
        self.kept = None;
        self.cover(char.span);
        self.assignment.value.push(char);
    }

    /// A character behind a backslash.
    fn push_escaped(&mut self, char: SourceChar) {
        self.push(SourceChar { c: char.c, span: Span { start: char.span.start - 1, ..char.span } });
    }

    fn open(&mut self, state: EnvState, quote: SourceChar) {
        self.state = state;
        self.quote = Some(quote);
        self.cover(quote.span);
    }

    fn close(&mut self, quote: SourceChar) {
        self.state = EnvState::BeforeValue;
        self.quote = None;
        // Blanks in quotes are kept.
        self.kept = None;
        self.cover(quote.span);
    }

    fn cover(&mut self, span: Span) {
        self.written = Some(self.written.map_or(span, |written| written.to(span)));
    }

    fn done(mut self) -> EnvItem {
        let span = self.span.unwrap_or_default();
        match self.state {
            EnvState::Comment | EnvState::CommentEscape => return EnvItem::Comment(span),
            EnvState::BeforeName | EnvState::Name => return EnvItem::Stray,
            _ => {}
        }
        let name = trim_end(&self.assignment.name).len();
        self.assignment.name.truncate(name);
        if let Some(kept) = self.kept.filter(|_| self.state == EnvState::Value) {
            self.assignment.value.truncate(kept);
        }
        self.assignment.span = self.written.unwrap_or(self.assignment.span);
        self.assignment.unclosed = self.quote;
        EnvItem::Assignment(self.assignment)
    }
}
