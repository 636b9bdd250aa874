//! The logical lines of a unit file, as systemd joins them.
//!
//! Source: systemd v252:src/shared/conf-parser.c (`config_parse`), src/basic/fileio.c (`read_line_full`).

use super::source_char::SourceChar;
use crate::text::Span;

/// What systemd takes for a blank.
pub(crate) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// A line with those that a backslash joins to it; comments in between are left out.
#[derive(Debug)]
pub(crate) struct JoinedLine {
    /// The characters; a joining backslash is a blank.
    pub(crate) chars: Vec<SourceChar>,
    /// The number of its last line, from 1: the one that systemd names in its messages.
    pub(crate) number: usize,
    /// Whether comments stand between its lines.
    pub(crate) has_comment: bool,
}

/// Reads the logical lines of a text, one after the other.
#[derive(Debug)]
pub(crate) struct JoinedLines<'t> {
    text: &'t str,
    at: usize,
    number: usize,
    has_mark: bool,
}

impl<'t> JoinedLines<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, at: 0, number: 0, has_mark: false }
    }

    /// The next line of the text without its end. A line ends with `\n`, `\r`, both in any order, or NUL.
    fn physical(&mut self) -> Option<Span> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        self.number += 1;
        let start = self.at;
        let len = rest.find(['\n', '\r', '\0']).unwrap_or(rest.len());
        let mut ends = rest.get(len..).unwrap_or_default().chars();
        let end = match (ends.next(), ends.next()) {
            (Some('\n'), Some('\r')) | (Some('\r'), Some('\n')) => 2,
            (Some(_), _) => 1,
            (None, _) => 0,
        };
        self.at = start + len + end;
        Some(Span::new(start, start + len))
    }
}

impl Iterator for JoinedLines<'_> {
    type Item = JoinedLine;

    fn next(&mut self) -> Option<JoinedLine> {
        const MARK: char = '\u{feff}';
        let mut chars: Vec<SourceChar> = vec![];
        let mut is_joined = false;
        let mut has_comment = false;
        while let Some(line) = self.physical() {
            let text = line.of(self.text);
            if text.trim_start_matches(is_blank).starts_with(['#', ';']) {
                has_comment |= is_joined;
                continue;
            }
            let mut start = line.start as usize;
            let mut text = text;
            if !self.has_mark && text.starts_with(MARK) {
                self.has_mark = true;
                start += MARK.len_utf8();
                text = text.get(MARK.len_utf8()..).unwrap_or_default();
            }
            let from = chars.len();
            for (at, c) in text.char_indices() {
                chars.push(SourceChar { c, span: Span::new(start + at, start + at + c.len_utf8()) });
            }
            let backslashes = chars.iter().skip(from).rev().take_while(|char| char.c == '\\').count();
            if backslashes % 2 == 0 {
                return Some(JoinedLine { chars, number: self.number, has_comment });
            }
            if let Some(last) = chars.last_mut() {
                last.c = ' ';
            }
            is_joined = true;
        }
        // The text ends behind a backslash.
        is_joined.then(|| JoinedLine { chars, number: self.number + 1, has_comment })
    }
}
