//! Scalars that the parser takes, but that the user cannot have meant.

use std::ops::Range;

use super::line;
use super::reading::SuspiciousKind;
use super::tree::{OpenNode, OpenValue, YamlTree};

impl YamlTree<'_, '_> {
    fn starts_line(&self, at: usize) -> bool {
        self.draft.content_at(self.draft.line_at(at)) == at
    }

    pub(super) fn find_suspicious(&mut self, range: &Range<usize>) {
        let text = self.text(range.clone());
        let is_key = matches!(self.stack.last(), Some(OpenNode { open: OpenValue::Map(_, None), .. }));
        let escape = |t: &str| {
            t.as_bytes().windows(2).any(|w| w.first() == Some(&b'\\') && w.get(1).is_some_and(u8::is_ascii_punctuation))
        };
        let kind = if text.starts_with(line::is_odd_space)
            || text.ends_with(line::is_odd_space)
            || odd_colon(text).is_some()
        {
            SuspiciousKind::Space
        } else if is_key
            && (text.starts_with("//") || text.starts_with("/*"))
            && (self.starts_line(range.start) || text.contains('\n'))
        {
            SuspiciousKind::Comment
        } else if is_key && escape(text) {
            SuspiciousKind::Escape
        } else {
            return;
        };
        self.suspicious(kind, range.clone());
    }
}

/// A colon with an odd blank behind it: `key:<nbsp>value`.
pub(super) fn odd_colon(text: &str) -> Option<usize> {
    let colon = text.find(|c: char| c == ':' || c.is_whitespace())?;
    let rest = text.get(colon..)?.strip_prefix(':')?;
    (line::is_word(text.get(..colon)?) && rest.starts_with(line::is_odd_space)).then_some(colon)
}
