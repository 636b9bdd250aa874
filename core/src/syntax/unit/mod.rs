//! The reader of systemd units, their drop-ins, and environment files (`NAME="words"`).
//!
//! `section` keeps sections with their directives, `directive` reads one directive or assignment over all its lines
//! (`lines`), `words` splits command lines, `env` reads the values of environment files. `trivia` is what is not a
//! part of any directive.

mod assignments;
mod directive;
mod env;
mod joined;
mod lines;
mod section;
mod source_char;
mod split;
mod trivia;
mod words;

pub(crate) use self::assignments::{EnvItem, EnvItems};
pub(crate) use self::joined::{JoinedLine, JoinedLines, is_blank};
use self::section::UnitSection;
pub(crate) use self::source_char::{SourceChar, span_of, trim_end};
pub(crate) use self::split::{SplitWord, Splitting, Unsplittable, first_word, skip_blanks, text_of};
use super::problems::Problems;
use super::{Document, Format, MAX_LEN, Problem};
use crate::named::Named;
use crate::text::{self, Span};

/// Reads a unit file or an environment file. Never fails: see [`Document::problems`].
#[must_use]
pub fn read(text: &str, format: Format) -> Document<'_> {
    let mut reader = UnitReader {
        text,
        env: format == Format::Env,
        at: 0,
        sections: Named::default(),
        comments: Vec::new(),
        problems: Problems::default(),
        invisible: Vec::new(),
        no_other_side: false,
        before: None,
    };
    let (start, mark) = super::byte_order_mark(text);
    reader.at = start;
    if text.len() > MAX_LEN {
        reader.problems.too_long(0);
    } else {
        reader.file();
    }
    Document {
        root: section::root(reader.sections, reader.env),
        comments: reader.comments,
        problems: reader.problems.done(),
        dialects: mark.into_iter().collect(),
        ..Document::new(text, format)
    }
}

struct UnitReader<'a> {
    text: &'a str,
    env: bool,
    at: usize,
    sections: Named<'a, UnitSection<'a>>,
    comments: Vec<Span>,
    problems: Problems,
    /// Blanks in command lines that systemd does not take for blanks.
    invisible: Vec<Span>,
    /// No conflict marker comes any more that ends a side.
    no_other_side: bool,
    /// Text before the first section.
    before: Option<Span>,
}

impl<'a> UnitReader<'a> {
    fn file(&mut self) {
        // An environment file is one section.
        let mut section = None;
        if self.env {
            self.section("", Span::default());
            section = Some("");
        }
        while self.at < self.text.len() {
            let line = self.trimmed(self.at);
            let text = line.of(self.text);
            if text.is_empty() || self.comment(line) || self.conflict(line) || self.marker(line) {
                self.at = self.line_end(self.at.max(line.end as usize)) + 1;
            } else if let Some(name) = self.header(line) {
                self.section(name, line);
                section = Some(name);
                self.at = self.line_end(self.at) + 1;
            } else {
                let end = self.directive(line, section);
                self.at = self.line_end(end) + 1;
            }
        }
        self.report_before();
        self.report_invisible();
    }

    fn report(&mut self, code: &'static str, span: Span, message: impl Into<String>) -> &mut Problem {
        self.problems.report(code, span, message)
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or("")
    }

    /// The rest of the text.
    fn rest(&self, from: usize) -> &'a str {
        self.text.get(from..).unwrap_or("")
    }

    fn line_end(&self, from: usize) -> usize {
        text::line_end(self.text, from)
    }

    /// The line at `from` without the blanks around it.
    fn trimmed(&self, from: usize) -> Span {
        let line = self.slice(from, self.line_end(from));
        let start = from + line.len() - line.trim_start().len();
        let end = from + line.trim_end().len();
        Span::new(start.min(end), end)
    }
}

/// Adds to what is covered.
fn cover(all: &mut Option<Span>, more: Span) {
    *all = Some(all.map_or(more, |all| all.to(more)));
}
