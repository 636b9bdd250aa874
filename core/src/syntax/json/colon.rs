//! Colons: other signs in their place, missing colons, and colons too many.

use super::super::problems::shown;
use super::JsonReader;
use crate::fix::Fix;
use crate::text::Span;

impl JsonReader<'_> {
    /// How long the colon at `at` is, or what stands for one.
    pub(super) fn separator_len(&self, at: usize) -> Option<usize> {
        let next = self.byte(at + 1);
        match self.char_at(at)? {
            '=' if matches!(next, Some(b'>' | b'=')) => Some(2),
            ':' if matches!(next, Some(b':' | b'=')) => Some(2),
            c @ ('=' | ':' | '：') => Some(c.len_utf8()),
            _ => None,
        }
    }

    /// Takes the colon; false if there is none.
    pub(super) fn separator(&mut self, key: Option<Span>) -> bool {
        let Some(len) = self.separator_len(self.at) else {
            return false;
        };
        let mut end = self.at + len;
        // `: =` and `= :` are one fault.
        if let Some(more) = self.separator_len(self.past_spaces(end)) {
            end = self.past_spaces(end) + more;
        }
        let span = Span::new(self.at, end);
        let text = span.of(self.text);
        if text != ":" && key.is_some() {
            self.report("missing-colon", span, format!("`{text}` stands where a colon belongs")).fix(Fix::safe(
                "Write a colon",
                span,
                ":",
            ));
        }
        self.mark(end);
        true
    }

    pub(super) fn missing_colon(&mut self, key: Span) {
        let at = key.end as usize;
        let text = if self.at > at { ":" } else { ": " };
        let place = Span::empty(at);
        self.report("missing-colon", place, format!("no colon behind {}", shown(key.of(self.text)))).fix(Fix::safe(
            "Insert the colon",
            place,
            text,
        ));
    }

    /// `"a": "b": 1`: either text may be the value; the first one is kept.
    pub(super) fn colon_after_value(&mut self) {
        let at = self.past_spaces(self.at);
        if self.byte(at) != Some(b':') {
            return;
        }
        self.report("unexpected-colon", Span::new(at, at + 1), "a second colon follows the value");
        self.mark(at + 1);
        self.skip_value();
    }
}
