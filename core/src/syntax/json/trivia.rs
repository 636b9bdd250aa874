//! What stands between tokens: blanks, and what people put there although JSON has none of it.

use super::super::problems::{and_more, shown};
use super::JsonReader;
use crate::fix::{Applicability, Edit, Fix};
use crate::text::Span;

/// What opens and closes the markers of templates.
const MARKERS: [(&str, &str); 6] =
    [("{{{", "}}}"), ("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("<%", "%>"), ("${", "}")];

/// A blank or invisible character that JSON does not take for a blank.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{a0}' | '\u{ad}' | '\u{1680}' | '\u{180e}'
        | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{2064}' | '\u{2066}'..='\u{2069}'
        | '\u{3000}' | '\u{feff}')
}

fn is_wide(c: char) -> bool {
    matches!(
        c,
        '\u{b}' | '\u{c}' | '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

fn invisible_name(c: char) -> String {
    let name = match c {
        '\u{a0}' => "a no-break space",
        '\u{3000}' => "a full-width space",
        '\u{200b}' => "a zero-width space",
        '\u{feff}' => "a byte order mark",
        '\t' => "a tab",
        _ => return format!("the invisible character U+{:04X}", u32::from(c)),
    };
    format!("{name} (U+{:04X})", u32::from(c))
}

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

    /// One problem for all of them: who has one has them on every line.
    pub(super) fn report_invisible(&mut self) {
        let all = std::mem::take(&mut self.invisible);
        let Some(first) = all.first().copied() else {
            return;
        };
        let c = first.of(self.text).chars().next().unwrap_or(' ');
        let more = and_more(all.len());
        let blank = |s: &Span| Edit::new(*s, if s.of(self.text).chars().all(is_wide) { " " } else { "" });
        let fix = Fix::new(Applicability::Safe, "Replace invisible characters", all.iter().map(blank).collect());
        let message = format!("{} stands outside a string{more}", invisible_name(c));
        self.report("invisible-character", first, message)
            .help("between values JSON takes spaces, tabs and line ends only; such characters come with text copied from web pages")
            .fix(fix);
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
        self.report("comment", span, format!("`{}` is a comment", shown(span.of(self.text))))
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

    /// Without an end the comment might be anything; we go on at the next line that starts a key.
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
            .help("JSON has no comments anyway: remove it");
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
        if std::mem::replace(&mut self.has_template, true) {
            return;
        }
        self.report("template", span, format!("`{}` is a template marker, not JSON", shown(span.of(self.text))))
            .help("this is a template: render it first, then check what comes out of it");
    }

    /// The end of the template marker that starts at `at`.
    pub(super) fn marker_end(&mut self, at: usize) -> Option<usize> {
        if !matches!(self.byte(at)?, b'{' | b'<' | b'$') {
            return None;
        }
        let rest = self.text.get(at..)?;
        let Some((open, close)) = MARKERS.iter().find(|(open, _)| rest.starts_with(open)) else {
            return self.variable_end(at);
        };
        let end = self.find(at + open.len(), close)? + close.len();
        // Handlebars comments and long pipelines may break lines; half a file is none.
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
        let Some(sign) = self.peek().filter(|_| self.column(start) == Some(0)) else {
            return false;
        };
        let line = self.line(start);
        let Some(rest) = conflict_rest(line, sign) else {
            return false;
        };
        if !(rest.is_empty() || rest.starts_with(' ')) {
            return false;
        }
        if sign == b'<' || !self.has_conflict {
            self.has_conflict = true;
            self.report_conflict(Span::new(start, start + line.len()));
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

    fn report_conflict(&mut self, span: Span) {
        self.report("conflict-marker", span, "a merge conflict of Git is left in the file")
            .help("keep one side, and remove the lines with the markers");
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

/// What follows the seven signs of a conflict marker.
pub(super) fn conflict_rest(line: &str, sign: u8) -> Option<&str> {
    let signs = line.bytes().take_while(|b| *b == sign).count();
    (signs == 7 && b"<=>|".contains(&sign)).then(|| line.get(7..))?
}
