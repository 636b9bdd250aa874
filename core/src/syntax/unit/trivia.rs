//! Text that is not a part of any directive: comments, template markers, conflict markers of Git, invisible characters.

use super::super::recover::{characters, conflict, template};
use super::UnitReader;
use crate::fix::Applicability;
use crate::text::Span;

impl UnitReader<'_> {
    pub(super) fn comment(&mut self, line: Span) -> bool {
        let comment = line.of(self.text).starts_with(['#', ';']);
        if comment {
            self.comments.push(line);
        }
        comment
    }

    /// Notes a conflict marker of Git; of the two sides the second is skipped.
    pub(super) fn conflict(&mut self, line: Span) -> bool {
        let Some(sign) = conflict::marker(line.of(self.text)) else { return false };
        if sign == b'<' || !self.problems.has_conflict() {
            self.problems.conflict(line);
        }
        if sign == b'=' {
            self.skip_other_side(line);
        }
        true
    }

    fn skip_other_side(&mut self, line: Span) {
        if self.no_other_side {
            return;
        }
        let from = line.end as usize;
        // The caller goes on behind the line at `self.at`.
        match self.rest(from).find("\n>>>>>>>") {
            Some(n) => self.at = from + n + 1,
            None => self.no_other_side = true,
        }
    }

    /// Notes the template markers of a line; true if it holds nothing else.
    pub(super) fn marker(&mut self, line: Span) -> bool {
        let text = line.of(self.text);
        let Some(start) = marker_start(text) else {
            return false;
        };
        let rest = text.get(start..).unwrap_or_default();
        let start = line.start as usize + start;
        let len = template::len(rest).unwrap_or(rest.len());
        self.problems.template(self.text, Span::new(start, start + len));
        only_markers(text)
    }

    /// Reports all invisible characters at once.
    pub(super) fn report_invisible(&mut self) {
        let places = std::mem::take(&mut self.invisible);
        characters::report(&mut self.problems, self.text, &places, "between words", Applicability::Unsafe);
    }
}

/// Where the first template marker of a line starts. The `--format '{{ .ID }}'` of a command is not one.
pub(super) fn marker_start(line: &str) -> Option<usize> {
    let start = template::find(line)?;
    template::len(line.get(start..)?)?;
    let format = line.get(..start)?;
    (!format.contains("--format") && !format.contains(" -f ")).then_some(start)
}

/// Whether a line holds template markers and nothing else.
pub(super) fn only_markers(line: &str) -> bool {
    let mut rest = line.trim();
    let any = !rest.is_empty();
    while let Some(len) = template::len(rest) {
        rest = rest.get(len..).unwrap_or("").trim_start();
    }
    any && rest.is_empty()
}
