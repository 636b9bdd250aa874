//! Characters of a value, each with its place in the source.

use std::borrow::Cow;

use super::super::recover::characters::is_zero_width;
use super::super::{Node, Scalar, ScalarKind, Style, Value};
use super::UnitReader;
use super::joined::is_blank;
use crate::text::Span;

/// A character of a value together with the place it was read from: an escape stands for one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SourceChar {
    pub(crate) c: char,
    pub(crate) span: Span,
}

impl SourceChar {
    pub(super) fn is_blank(self) -> bool {
        self.c.is_whitespace() || is_zero_width(self.c)
    }

    /// Whether it looks like a blank, or like nothing, and systemd takes it for neither.
    pub(super) fn is_invisible(self) -> bool {
        !self.c.is_ascii() && self.is_blank()
    }
}

pub(crate) fn span_of(chars: &[SourceChar]) -> Option<Span> {
    Some(chars.first()?.span.to(chars.last()?.span))
}

/// Without the blanks at the end.
pub(crate) fn trim_end(chars: &[SourceChar]) -> &[SourceChar] {
    let end = chars.iter().rposition(|char| !is_blank(char.c)).map_or(0, |last| last + 1);
    chars.get(..end).unwrap_or_default()
}

pub(super) fn trim(chars: &[SourceChar]) -> &[SourceChar] {
    let is_text = |g: &SourceChar| !g.c.is_whitespace();
    let start = chars.iter().position(is_text).unwrap_or(chars.len());
    let end = chars.iter().rposition(is_text).map_or(start, |n| n + 1);
    chars.get(start..end).unwrap_or(&[])
}

impl<'a> UnitReader<'a> {
    pub(super) fn chars(&self, start: usize, end: usize, out: &mut Vec<SourceChar>) {
        for (i, c) in self.slice(start, end).char_indices() {
            let at = start + i;
            out.push(SourceChar { c, span: Span::new(at, at + c.len_utf8()) });
        }
    }

    /// A node with the text of the glyphs.
    pub(super) fn scalar(&self, chars: &[SourceChar], span: Span, style: Style) -> Node<'a> {
        let text = self.string(chars, span);
        Node { span, value: Value::Scalar(Scalar { text, kind: ScalarKind::String, style }) }
    }

    /// The text of the glyphs, borrowed if they stand side by side.
    pub(super) fn string(&self, chars: &[SourceChar], span: Span) -> Cow<'a, str> {
        let written = span_of(chars).unwrap_or(span).of(self.text);
        if written.chars().eq(chars.iter().map(|g| g.c)) {
            Cow::Borrowed(written)
        } else {
            Cow::Owned(chars.iter().map(|g| g.c).collect())
        }
    }
}
