//! Strings in double quotes that do not end where they should: each function reports the fault and finds a likely end.

use super::super::problems::shown;
use super::super::recover::characters::is_typographic_quote;
use super::JsonReader;
use super::string::StringRole;
use crate::fix::{Applicability, Edit, Fix};
use crate::text::Span;

/// Where a damaged string ends.
pub(super) struct StringEnd {
    /// The end of its text.
    pub(super) text: usize,
    /// Where to go on.
    pub(super) next: usize,
}

impl JsonReader<'_> {
    /// A string whose closing quote has text right behind it.
    pub(super) fn end_behind_text(&mut self, open: usize, close: usize, role: StringRole) -> Option<StringEnd> {
        let end = self
            .wrong_closing_quote(open, close)
            .or_else(|| self.template_string(open, close))
            .or_else(|| self.escaped_closing_quote(open, close, role))
            .or_else(|| self.unclosed_key(open, close, role));
        if end.is_some() {
            return end;
        }
        let text = self.slice(open + 1, close);
        if text.trim_end().ends_with([',', '[', '{', ':', ']', '}']) && text.ends_with([' ', ',', '[']) {
            return Some(self.unclosed_line(open, close));
        }
        self.inner_quotes(open, close)
    }

    /// A string that its line does not close.
    pub(super) fn end_of_open(&mut self, open: usize, line: usize, role: StringRole) -> StringEnd {
        if let Some(close) = self.close_below(line, role) {
            return self.line_break(open, close, line);
        }
        let end = self
            .wrong_closing_quote(open, line)
            .or_else(|| self.escaped_closing_quote(open, line, role))
            .or_else(|| self.unclosed_key(open, line, role));
        end.unwrap_or_else(|| {
            let end = self.unclosed_line(open, line);
            self.ended |= end.next >= self.end;
            end
        })
    }

    /// `"text”`
    fn wrong_closing_quote(&mut self, open: usize, end: usize) -> Option<StringEnd> {
        let text = self.slice(open + 1, end);
        let (i, c) = text.char_indices().find(|(i, c)| {
            (is_typographic_quote(*c) || matches!(c, '\'' | '`')) && self.delimiter_follows(open + 1 + i + c.len_utf8())
        })?;
        let at = open + 1 + i;
        let span = Span::new(at, at + c.len_utf8());
        let code = if is_typographic_quote(c) { "smart-quotes" } else { "single-quotes" };
        self.report(code, span, format!("`{c}` does not close a string that `\"` opened"))
            .related(Span::new(open, open + 1), "opened here")
            .fix(Fix::safe("Write a straight double quote", span, "\""));
        Some(StringEnd { text: at, next: at + c.len_utf8() })
    }

    /// `"{{ default "x" .Name }}"`: quotes inside a template marker.
    fn template_string(&mut self, open: usize, close: usize) -> Option<StringEnd> {
        let text = self.slice(open + 1, close);
        let marker = open + 1 + text.rfind("{{")?;
        let end = self.marker_end(marker).filter(|end| *end > close)?;
        let last = end + self.slice(end, self.line_end(end)).find('"')?;
        self.template(Span::new(marker, end));
        self.noise = false;
        Some(StringEnd { text: last, next: last + 1 })
    }

    /// `"C:\data\"`: the closing quote is escaped.
    fn escaped_closing_quote(&mut self, open: usize, end: usize, role: StringRole) -> Option<StringEnd> {
        let text = self.slice(open + 1, end);
        let (i, _) = text.match_indices("\\\"").find(|(i, _)| {
            let after = open + 1 + i + 2;
            let colon = self.byte(self.past_spaces(after)) == Some(b':');
            self.delimiter_follows(after) && colon == (role == StringRole::Key)
        })?;
        let at = open + 1 + i;
        let path = self.slice(open + 1, at).contains('\\');
        let (kept, title, edit) = if path {
            (at + 1, "Double the backslash", Edit::new(Span::empty(at), "\\"))
        } else {
            (at, "Remove the backslash", Edit::removal(Span::new(at, at + 1)))
        };
        let message = "the backslash makes the closing quote part of the string";
        self.report("bad-escape", Span::new(at, at + 2), message).help("write `\\\\` for a backslash").fix(Fix::new(
            Applicability::Unsafe,
            title,
            vec![edit],
        ));
        Some(StringEnd { text: kept, next: at + 2 })
    }

    /// `"key: value`: the quote behind the key is missing.
    fn unclosed_key(&mut self, open: usize, end: usize, role: StringRole) -> Option<StringEnd> {
        if role != StringRole::Key {
            return None;
        }
        let text = self.slice(open + 1, end);
        let colon = text.find([':', '='])?;
        let before = text.get(..colon)?;
        // A comma or bracket before the colon may stand for the quote.
        let key = before.trim_end_matches(|c: char| c.is_whitespace() || ",;[{".contains(c));
        if key.is_empty() || key.contains(['{', '[', '"']) {
            return None;
        }
        let at = open + 1 + key.len();
        let next = if key.len() == before.trim_end().len() { at } else { open + 1 + colon };
        Some(self.unclosed(open, at, next, Applicability::Safe))
    }

    /// The string ends before the commas and brackets that end its line.
    fn unclosed_line(&mut self, open: usize, end: usize) -> StringEnd {
        let text = self.slice(open + 1, end);
        let kept = text.trim_end_matches(|c: char| c.is_whitespace() || ",]}".contains(c));
        let cut = text.get(kept.len()..).unwrap_or("");
        let sure = !cut.contains([']', '}']) && !kept.contains('"');
        let trust = if sure { Applicability::Safe } else { Applicability::Unsafe };
        let at = open + 1 + kept.len();
        self.unclosed(open, at, at, trust)
    }

    /// The text ends at `at`; what stands between that and `next` stands for the quote.
    fn unclosed(&mut self, open: usize, at: usize, next: usize, trust: Applicability) -> StringEnd {
        let text = self.slice(open, at);
        let backslashes = text.bytes().rev().take_while(|b| *b == b'\\').count();
        // A last backslash would escape the new quote.
        let end = at - backslashes % 2;
        self.report("unclosed-string", Span::new(open, next), format!("{} has no closing quote", shown(text)))
            .related(Span::new(open, open + 1), "opened here")
            .help("add the closing quote")
            .fix(Fix::edit(trust, "Insert the quote", Span::new(end, next), "\""));
        StringEnd { text: end, next }
    }

    /// `"print "hi" there"`
    fn inner_quotes(&mut self, open: usize, close: usize) -> Option<StringEnd> {
        if self.budget == 0 {
            return None;
        }
        let line = self.slice(close + 1, self.line_end(close));
        let mut last = None;
        let mut escaped = vec![Edit::new(Span::empty(close), "\\")];
        for (i, _) in line.match_indices('"') {
            let at = close + 1 + i;
            if self.delimiter_follows(at + 1) {
                last = Some(at);
                break;
            }
            escaped.push(Edit::new(Span::empty(at), "\\"));
        }
        let paid = last.map_or(line.len(), |last| last - close);
        self.budget = self.budget.saturating_sub(paid);
        let last = last?;
        let span = Span::new(open, last + 1);
        self.report("inner-quote", span, format!("{} has quotes inside", shown(span.of(self.text))))
            .help("write `\\\"` for a quote inside a string")
            .fix(Fix::new(Applicability::Unsafe, "Escape the quotes inside", escaped));
        Some(StringEnd { text: last, next: last + 1 })
    }

    /// The closing quote on a later line, if what stands between looks like text and not like JSON.
    fn close_below(&self, line: usize, role: StringRole) -> Option<usize> {
        let close = line + self.rest(line).find('"')?;
        let between = self.slice(line + 1, close);
        let own_line = between.rsplit('\n').next().unwrap_or("").trim().is_empty();
        let json = between
            .lines()
            .any(|l| l.trim_start().starts_with(['{', '}', '[', ']', '\'', '“']) || l.contains(['{', '}']));
        let next = self.past_spaces(close + 1);
        let colon = self.byte(next) == Some(b':');
        let closing = self.delimiter_follows(close + 1) && colon == (role == StringRole::Key);
        let quiet = !own_line || self.byte(next) != Some(b'\n') || between.trim().is_empty();
        (closing && !json && quiet).then_some(close)
    }

    fn line_break(&mut self, open: usize, close: usize, line: usize) -> StringEnd {
        let line_end = Span::new(line, (line + 1).min(self.text.len()));
        self.report("line-break-in-string", line_end, "a string runs over the end of its line")
            .related(Span::new(open, open + 1), "opened here")
            .help("put the string on one line; a line end inside it is written `\\n`");
        StringEnd { text: close, next: close + 1 }
    }
}
