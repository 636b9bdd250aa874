//! systemd units with their drop-ins, and files of `NAME="words"`: sections, directives, and command lines split into
//! words.

mod directive;
mod env;
mod lines;
mod section;
mod source_char;
mod trivia;
mod words;

use self::section::UnitSection;
use super::problems::{self, Problems};
use super::{Dialect, Document, Format, MAX_LEN, Problem};
use crate::named::Named;
use crate::text::Span;

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
        has_template: false,
        has_conflict: false,
        no_other_side: false,
        before: None,
    };
    let mut dialects = Vec::new();
    if text.starts_with('\u{feff}') {
        dialects.push((Dialect::ByteOrderMark, Span::new(0, 3)));
        reader.at = 3;
    }
    if text.len() > MAX_LEN {
        reader.problems.too_long();
    } else {
        reader.file();
    }
    Document {
        text,
        format,
        root: section::root(reader.sections, reader.env),
        more: Vec::new(),
        comments: reader.comments,
        problems: reader.problems.done(),
        dialects,
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
    has_template: bool,
    has_conflict: bool,
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
        let rest = self.rest(from);
        from + rest.find('\n').unwrap_or(rest.len())
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

/// The first line of the user's own text for a message.
fn shown(text: &str) -> String {
    problems::shown(text.lines().next().unwrap_or("").trim())
}
