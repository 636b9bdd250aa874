//! Strings in other quotes than JSON's: single ones, backticks, typographic ones.

use std::borrow::Cow;

use super::super::Style;
use super::super::problems::shown;
use super::super::recover::characters::is_typographic_quote;
use super::JsonReader;
use super::escape::{quoted, unescape};
use super::string::{JsonString, StringRole};
use crate::fix::{Applicability, Fix};
use crate::text::Span;

/// Whether `c` may close a string that `open` opened.
pub(super) fn closes(open: char, c: char) -> bool {
    c == open || is_typographic_quote(open) && is_typographic_quote(c)
}

impl<'a> JsonReader<'a> {
    /// A string in other quotes. Its escapes are the other language's: the fix writes them anew.
    pub(super) fn other_quotes(&mut self, open: char, role: StringRole) -> JsonString<'a> {
        let start = self.at;
        let inner = start + open.len_utf8();
        let style = if matches!(open, '\'' | '`') { Style::Single } else { Style::Double };
        let Some((end, next)) = self.other_close(open, inner) else {
            if self.byte(self.past_spaces(inner)) == Some(b'"') {
                return self.stray_quote(start, inner, role);
            }
            return self.other_unclosed(start, inner, style, role);
        };
        let raw = self.slice(inner, end);
        let text: Cow<'a, str> =
            if raw.contains('\\') { Cow::Owned(unescape(raw, inner).text) } else { Cow::Borrowed(raw) };
        let span = Span::new(start, next);
        let (code, what) = match open {
            '\'' => ("single-quotes", "single quotes"),
            '`' => ("single-quotes", "backticks"),
            _ => ("smart-quotes", "typographic quotes"),
        };
        self.report(code, span, format!("{} stands in {what}", shown(span.of(self.text))))
            .help("JSON takes straight double quotes only")
            .fix(Fix::safe("Use double quotes", span, quoted(&text)));
        self.token(next);
        JsonString { text, span, style }
    }

    /// The closing quote: one that something can follow, else the first one.
    fn other_close(&mut self, open: char, inner: usize) -> Option<(usize, usize)> {
        let line = self.slice(inner, self.line_end(inner));
        let mut first = None;
        let mut escaped = false;
        for (i, c) in line.char_indices() {
            let after = inner + i + c.len_utf8();
            if first.is_some() {
                self.budget = self.budget.saturating_sub(1);
                if self.budget == 0 {
                    return first;
                }
            }
            let other = c == '"' && is_typographic_quote(open);
            if !escaped && (closes(open, c) || other) {
                if self.delimiter_follows(after) {
                    return Some((inner + i, after));
                }
                first = first.or(Some((inner + i, after)));
            }
            escaped = c == '\\' && !escaped;
        }
        first
    }

    /// `'"text"`
    fn stray_quote(&mut self, start: usize, inner: usize, role: StringRole) -> JsonString<'a> {
        let span = Span::new(start, inner);
        self.report("unexpected-text", span, format!("`{}` stands in front of a string", span.of(self.text)))
            .fix(Fix::safe("Remove the quote", span, ""));
        self.at = self.past_spaces(inner);
        self.double(role)
    }

    fn other_unclosed(&mut self, start: usize, inner: usize, style: Style, role: StringRole) -> JsonString<'a> {
        let line = self.slice(inner, self.line_end(inner));
        let colon = line.find(':').filter(|_| role == StringRole::Key);
        let line = line.get(..colon.unwrap_or(line.len())).unwrap_or("");
        let stop = line.find('"').filter(|i| self.delimiter_follows(inner + i + 1));
        let (code, trust, end, next) = match stop {
            Some(i) => ("single-quotes", Applicability::Safe, inner + i, inner + i + 1),
            None => {
                let end = inner + line.trim_end_matches(|c: char| c.is_whitespace() || ",]}".contains(c)).len();
                ("unclosed-string", Applicability::Unsafe, end, end)
            }
        };
        let text = self.slice(inner, end);
        let span = Span::new(start, next);
        self.report(code, span, format!("{} has no closing quote", shown(span.of(self.text))))
            .help("JSON takes straight double quotes, one on either side")
            .fix(Fix::edit(trust, "Use double quotes", span, quoted(text)));
        self.ended |= next >= self.end;
        self.token(next);
        JsonString { text: Cow::Borrowed(text), span, style }
    }
}
