//! Text between tokens: blanks, and comments, markers and invisible characters, which JSON does not have.

use super::super::problems::shown;
use super::super::recover::characters::{self, is_invisible};
use super::super::recover::conflict;
use super::super::recover::template::{self, TemplateMarker};
use super::JsonReader;
use crate::fix::{Applicability, Fix};
use crate::text::Span;

/// Markers of Handlebars whose text is not escaped.
const HANDLEBARS: TemplateMarker = TemplateMarker { open: "{{{", close: "}}}" };

impl JsonReader<'_> {
    /// Skips blanks, and with a problem each: comments, markers and invisible characters.
    pub(super) fn blanks(&mut self) {
        self.skip(false);
    }

    /// The same before keys and values: a marker that may stand for one is left.
    pub(super) fn blanks_to_marker(&mut self) {
        self.skip(true);
    }

    fn skip(&mut self, stop: bool) {
        while let Some(b) = self.peek() {
            let skipped = match b {
                b' ' | b'\t' | b'\n' | b'\r' => {
                    self.at += 1;
                    true
                }
                b'/' | b'#' => self.comment(),
                b'{' | b'$' | b'<' | b'=' | b'>' | b'|' => self.conflict() || self.skip_marker(stop),
                0..0x20 | 0x7f.. => self.skip_invisible(),
                _ => false,
            };
            if !skipped {
                return;
            }
        }
    }

    fn skip_invisible(&mut self) -> bool {
        let Some(c) = self.char_at(self.at).filter(|c| is_invisible(*c)) else {
            return false;
        };
        let end = self.at + c.len_utf8();
        self.invisible.push(Span::new(self.at, end));
        self.at = end;
        true
    }

    /// Reports all invisible characters at once.
    pub(super) fn report_invisible(&mut self) {
        let places = std::mem::take(&mut self.invisible);
        characters::report(&mut self.problems, self.text, &places, "outside a string", Applicability::Safe);
    }

    fn comment(&mut self) -> bool {
        let start = self.at;
        match (self.peek(), self.byte(start + 1)) {
            (Some(b'#'), _) | (_, Some(b'/')) => self.end_comment(start, start + self.line(start).len()),
            (_, Some(b'*')) => match self.find(start + 2, "*/") {
                Some(end) => self.end_comment(start, end + 2),
                None => self.unclosed_comment(start),
            },
            _ => return false,
        }
        true
    }

    fn end_comment(&mut self, start: usize, end: usize) {
        let span = Span::new(start, end);
        let (removed, text) = self.comment_removal(start, end);
        self.comments.push(span);
        self.report("comment", span, format!("{} is a comment", shown(span.of(self.text))))
            .help("JSON has no comments: remove it, or keep the note in another file")
            .fix(Fix::safe("Remove the comment", removed, text));
        self.at = end;
    }

    fn comment_removal(&self, start: usize, end: usize) -> (Span, &'static str) {
        let line_end = self.line_end(end);
        let last = self.past_spaces(end) >= line_end;
        match self.column(start) {
            Some(column) if last => {
                let next = (line_end + 1).min(self.text.len());
                (Span::new(start - column, next), "")
            }
            None if last => {
                let before = self.slice(0, start).trim_end_matches([' ', '\t']).len();
                (Span::new(before, end), "")
            }
            _ => (Span::new(start, end), " "),
        }
    }

    /// Without an end the comment might be anything; the next line that starts a key is read again.
    fn unclosed_comment(&mut self, start: usize) {
        let mut next = start;
        loop {
            next = self.line_end(next) + 1;
            if next >= self.text.len() {
                next = self.text.len();
                self.ended = true;
                break;
            }
            if self.pair_at(self.past_spaces(next)) {
                break;
            }
        }
        let end = start + self.slice(start, next).trim_end().len();
        self.comments.push(Span::new(start, end));
        self.report("unclosed-comment", Span::new(start, start + 2), "this comment has no `*/`")
            .help("JSON has no comments: remove it");
        self.at = next;
        self.noise = true;
    }

    fn skip_marker(&mut self, stop: bool) -> bool {
        let Some(end) = self.marker_end(self.at) else {
            return false;
        };
        if stop && !is_control(self.slice(self.at, end)) {
            return false;
        }
        self.template(Span::new(self.at, end));
        self.at = end;
        true
    }

    /// Notes a template marker; the first one of the file is the problem.
    pub(super) fn template(&mut self, span: Span) {
        self.noise = true;
        self.problems.template(self.text, span);
    }

    /// The end of the template marker that starts at `at`.
    pub(super) fn marker_end(&mut self, at: usize) -> Option<usize> {
        if !matches!(self.byte(at)?, b'{' | b'<' | b'%' | b'$') {
            return None;
        }
        let rest = self.text.get(at..)?;
        let mut markers = [HANDLEBARS].into_iter().chain(template::MARKERS).chain([template::SHELL]);
        let Some(marker) = markers.find(|marker| rest.starts_with(marker.open)) else {
            return self.variable_end(at);
        };
        let end = self.find(at + marker.open.len(), marker.close)? + marker.close.len();
        // Handlebars comments and long pipelines may break lines; half a file is not a marker.
        let lines = self.slice(at, end).matches('\n').count();
        (lines < 10).then_some(end)
    }

    /// The end of a shell variable: `$NAME`.
    fn variable_end(&self, at: usize) -> Option<usize> {
        let name = self.text.get(at..)?.strip_prefix('$')?;
        let len = name.len() - name.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').len();
        (len > 0).then_some(at + 1 + len)
    }

    /// Skips a Git conflict marker, and of the two sides the second.
    fn conflict(&mut self) -> bool {
        let start = self.at;
        if self.column(start) != Some(0) {
            return false;
        }
        let line = self.line(start);
        let Some(sign) = conflict::marker(line) else { return false };
        if sign == b'<' || !self.problems.has_conflict() {
            self.problems.conflict(Span::new(start, start + line.len()));
        }
        self.noise = true;
        self.at = self.line_end(start);
        let other = match sign {
            b'|' => self.find(self.at, "\n======="),
            b'=' => self.find(self.at, "\n>>>>>>>"),
            _ => None,
        };
        if let Some(other) = other {
            self.at = other + 1;
        }
        true
    }
}

/// Whether a template marker steers the template and gives no text.
fn is_control(marker: &str) -> bool {
    if marker.starts_with("{%") || marker.starts_with("{#") {
        return true;
    }
    let inner = marker.trim_start_matches(['{', '<', '%', '-', '~', ' ']);
    let word = inner.split(|c: char| !c.is_alphanumeric()).next();
    inner.starts_with(['#', '/', '!', '^'])
        || inner.contains(":=")
        || matches!(
            word,
            Some("if" | "else" | "end" | "range" | "with" | "define" | "template" | "block" | "break" | "continue")
        )
}
