//! Things that the parser takes and nobody means.

use std::ops::Range;

use super::build::{Builder, Frame, Open};
use super::line;
use super::pass::SlipKind;

impl Builder<'_, '_> {
    fn starts_line(&self, at: usize) -> bool {
        self.work.content_at(self.work.line_at(at)) == at
    }

    pub(super) fn find_slips(&mut self, range: &Range<usize>) {
        let text = self.text(range.clone());
        let is_key = matches!(self.stack.last(), Some(Frame { open: Open::Map(_, None), .. }));
        let escape = |t: &str| {
            t.as_bytes().windows(2).any(|w| w.first() == Some(&b'\\') && w.get(1).is_some_and(u8::is_ascii_punctuation))
        };
        let kind = if text.starts_with(line::is_odd_space)
            || text.ends_with(line::is_odd_space)
            || odd_separator(text).is_some()
        {
            SlipKind::Space
        } else if is_key
            && (text.starts_with("//") || text.starts_with("/*"))
            && (self.starts_line(range.start) || text.contains('\n'))
        {
            SlipKind::Comment
        } else if is_key && escape(text) {
            SlipKind::Escape
        } else {
            return;
        };
        self.slip(kind, range.clone());
    }
}

/// A colon with an odd blank behind it: `key:<nbsp>value`.
pub(super) fn odd_separator(text: &str) -> Option<usize> {
    let colon = text.find(|c: char| c == ':' || c.is_whitespace())?;
    let rest = text.get(colon..)?.strip_prefix(':')?;
    (line::is_word(text.get(..colon)?) && rest.starts_with(line::is_odd_space)).then_some(colon)
}
