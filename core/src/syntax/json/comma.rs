//! Commas: other signs in their place, missing commas, and commas too many.

use super::super::problems::shown;
use super::JsonReader;
use super::bracket::OpenCollection;
use crate::fix::{Applicability, Edit, Fix};
use crate::text::Span;

fn removal(commas: &[Span]) -> Fix {
    let edits = commas.iter().map(|c| Edit::removal(*c)).collect();
    Fix::new(Applicability::Safe, "Remove the comma", edits)
}

impl JsonReader<'_> {
    /// How long the comma at `at` is, or what stands for one.
    pub(super) fn comma_len(&self, at: usize) -> Option<usize> {
        match self.char_at(at)? {
            c @ (',' | ';' | '，' | '、' | '；') => Some(c.len_utf8()),
            _ => None,
        }
    }

    pub(super) fn comma(&mut self) -> Option<Span> {
        let len = self.comma_len(self.at)?;
        let span = Span::new(self.at, self.at + len);
        let text = span.of(self.text);
        if text != "," {
            self.report("wrong-comma", span, format!("`{text}` stands where a comma belongs")).fix(Fix::safe(
                "Write a comma",
                span,
                ",",
            ));
        }
        self.mark(self.at + len);
        Some(span)
    }

    /// Checks the commas in front of a member or item, which is `known` to be one.
    pub(super) fn commas_before(&mut self, frame: &mut OpenCollection, known: bool) {
        let extra = if frame.need { frame.commas.get(1..) } else { Some(frame.commas.as_slice()) };
        match extra {
            _ if self.noise => {}
            None if known => self.missing_comma(),
            None | Some([]) => {}
            Some(extra) => self.extra_commas(extra),
        }
        frame.commas.clear();
    }

    fn missing_comma(&mut self) {
        let at = Span::empty(self.prev);
        let next = if self.at_quote() {
            self.quoted_prefix(self.at)
        } else {
            let line = self.slice(self.at, self.line_end(self.at));
            line.split([' ', ':', ',']).next().unwrap_or("")
        };
        self.report("missing-comma", at, format!("no comma between this and {}", shown(next))).fix(Fix::safe(
            "Insert the comma",
            at,
            ",",
        ));
    }

    fn extra_commas(&mut self, commas: &[Span]) {
        if let Some(first) = commas.first() {
            self.report("extra-comma", *first, "a comma with nothing before it").fix(removal(commas));
        }
    }

    /// Checks the commas in front of a closing bracket.
    pub(super) fn trailing_commas(&mut self, frame: &OpenCollection) {
        if self.noise {
            return;
        }
        if !frame.need {
            return self.extra_commas(&frame.commas);
        }
        if let Some(first) = frame.commas.first() {
            let close = self.peek().map_or(' ', char::from);
            self.report("trailing-comma", *first, format!("a comma with nothing behind it but `{close}`"))
                .help("JSON takes no comma behind the last value")
                .fix(removal(&frame.commas));
        }
    }
}
