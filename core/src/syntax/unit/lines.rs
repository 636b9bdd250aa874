//! Lines that a backslash joins.

use super::super::problems::shown;
use super::UnitReader;
use super::source_char::SourceChar;
use super::trivia::only_markers;
use crate::fix::{Applicability, Fix};
use crate::text::Span;

impl UnitReader<'_> {
    /// The characters from `start` to the end of the logical line, a backslash at a line's end being a blank.
    pub(super) fn logical(&mut self, start: usize, command: bool) -> (Vec<SourceChar>, usize) {
        let mut out = Vec::new();
        let mut from = start;
        loop {
            let end = self.line_end(from);
            let Some(backslash) = self.continuation(from, end, command) else {
                let text = self.slice(from, end).trim_end();
                self.chars(from, from + text.len(), &mut out);
                return (out, from + text.len());
            };
            self.chars(from, backslash, &mut out);
            out.push(SourceChar { c: ' ', span: Span::new(backslash, end) });
            from = self.past_comments(end + 1);
            if from >= self.text.len() || command && self.swallowed(from, backslash) {
                // The comments in between have been read.
                return (out, from.saturating_sub(1));
            }
            self.note_markers(from);
        }
    }

    pub(super) fn note_markers(&mut self, from: usize) {
        let line = self.trimmed(from);
        self.marker(line);
    }

    /// Where the backslash is that continues the line. Blanks behind it undo it, which is a mistake.
    fn continuation(&mut self, from: usize, end: usize, command: bool) -> Option<usize> {
        let line = self.slice(from, end);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let text = line.trim_end();
        let backslash = text.strip_suffix('\\')?;
        let odd = backslash.len() - backslash.trim_end_matches('\\').len();
        if odd % 2 == 1 {
            return None;
        }
        let at = from + backslash.len();
        let blanks = Span::new(at + 1, from + line.len());
        let joins = text.len() == line.len() || (command || self.env) && self.blanks_after_backslash(blanks, end);
        joins.then_some(at)
    }

    /// Blanks behind a backslash: a fault if the next line shows that it was to join them.
    pub(super) fn blanks_after_backslash(&mut self, blanks: Span, line_end: usize) -> bool {
        let next = self.trimmed(line_end + 1).of(self.text);
        if !next.starts_with(['-', '$']) {
            return false;
        }
        self.report("blanks-after-backslash", blanks, "blanks behind the backslash end the command here")
            .help("remove the blanks: only a backslash at the very end continues the line")
            .fix(Fix::edit(Applicability::Unsafe, "Remove the blanks", blanks, ""));
        true
    }

    /// Skips comments, and lines of template markers, between the lines of one directive.
    fn past_comments(&mut self, mut from: usize) -> usize {
        while from < self.text.len() {
            let line = self.trimmed(from);
            let text = line.of(self.text);
            if text.is_empty() || !(self.comment(line) || only_markers(text) && self.marker(line)) {
                break;
            }
            from = self.line_end(from) + 1;
        }
        from.min(self.text.len())
    }

    /// A header or directive below a backslash, which systemd takes for a part of the command.
    fn swallowed(&mut self, from: usize, backslash: usize) -> bool {
        let line = self.trimmed(from);
        let text = line.of(self.text);
        let header = text.starts_with('[') && self.header(line).is_some();
        if !header && !is_directive(text) {
            return false;
        }
        let mark = Span::new(backslash, backslash + 1);
        self.report("continued-line", line, format!("the backslash above makes {} a part of the command", shown(text)))
            .related(mark, "this backslash")
            .help("remove the backslash at the end of the line above")
            .fix(Fix::edit(Applicability::Unsafe, "Remove the backslash", mark, ""));
        true
    }
}

/// `Restart=always`: what looks like a directive and like no argument.
fn is_directive(text: &str) -> bool {
    let Some((name, _)) = text.split_once('=') else {
        return false;
    };
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_uppercase())
        && chars.next().is_some_and(|c| c.is_ascii_lowercase())
        && chars.all(|c| c.is_ascii_alphanumeric())
}
