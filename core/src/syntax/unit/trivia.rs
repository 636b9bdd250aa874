//! What is no part of any directive: comments, template markers, marks of Git conflicts, invisible characters.

use super::super::problems::and_more;
use super::source_char::is_zero_width;
use super::{UnitReader, shown};
use crate::fix::{Applicability, Edit, Fix};
use crate::text::Span;

/// What opens and closes the markers of templates.
const MARKERS: [(&str, &str); 4] = [("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("<%", "%>")];

impl UnitReader<'_> {
    pub(super) fn comment(&mut self, line: Span) -> bool {
        let comment = line.of(self.text).starts_with(['#', ';']);
        if comment {
            self.comments.push(line);
        }
        comment
    }

    /// Notes a Git conflict marker; of the two sides the second is skipped.
    pub(super) fn conflict(&mut self, line: Span) -> bool {
        let text = line.of(self.text);
        let sign = text.chars().next().unwrap_or(' ');
        let signs = text.chars().take_while(|c| *c == sign).count();
        let rest = text.get(7..).unwrap_or("");
        if !"<=>|".contains(sign) || signs != 7 || !(rest.is_empty() || rest.starts_with(' ')) {
            return false;
        }
        if sign == '<' || !self.has_conflict {
            self.has_conflict = true;
            self.report("conflict-marker", line, "a merge conflict of Git is left in the file")
                .help("keep one side, and remove the lines with the markers");
        }
        if sign == '=' {
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
        self.template(line.start as usize + start, line.end as usize);
        only_markers(text)
    }

    /// The first template marker of the file is the problem.
    fn template(&mut self, start: usize, line_end: usize) {
        if std::mem::replace(&mut self.has_template, true) {
            return;
        }
        let text = self.slice(start, line_end);
        let len = marker_len(text).unwrap_or(text.len());
        let span = Span::new(start, start + len);
        self.report("template", span, format!("`{}` is a template marker", shown(span.of(self.text))))
            .help("this is a template: render it first, then check what comes out of it");
    }

    /// One problem for all of them: who has one has them on every line.
    pub(super) fn report_invisible(&mut self) {
        let all = std::mem::take(&mut self.invisible);
        let Some(first) = all.first().copied() else {
            return;
        };
        let c = first.of(self.text).chars().next().unwrap_or(' ');
        let more = and_more(all.len());
        let blank = |s: &Span| Edit::new(*s, if s.of(self.text).starts_with(is_zero_width) { "" } else { " " });
        let changes = all.iter().map(blank).collect();
        let message = format!("the character U+{:04X} stands between words{more}", u32::from(c));
        self.report("invisible-character", first, message)
            .help("such characters come with text copied from web pages; systemd makes them part of the words")
            .fix(Fix::new(Applicability::Unsafe, "Replace invisible characters", changes));
    }
}

/// Where the first template marker of a line starts. The `--format '{{ .ID }}'` of a command is none.
pub(super) fn marker_start(line: &str) -> Option<usize> {
    let start = MARKERS.iter().filter_map(|(open, _)| line.find(open)).min()?;
    marker_len(line.get(start..)?)?;
    let format = line.get(..start)?;
    (!format.contains("--format") && !format.contains(" -f ")).then_some(start)
}

/// The length of the marker at the start of `text`.
fn marker_len(text: &str) -> Option<usize> {
    let (_, close) = MARKERS.iter().find(|(open, _)| text.starts_with(open))?;
    Some(text.get(2..)?.find(close)? + 4)
}

/// Whether a line holds template markers and nothing else.
pub(super) fn only_markers(line: &str) -> bool {
    let mut rest = line.trim();
    let any = !rest.is_empty();
    while let Some(len) = marker_len(rest) {
        rest = rest.get(len..).unwrap_or("").trim_start();
    }
    any && rest.is_empty()
}
