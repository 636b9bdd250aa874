//! Characters of a value that know where they were read from.

use std::borrow::Cow;

use super::super::{Node, Scalar, ScalarKind, Style, Value};
use super::Reader;
use crate::text::Span;

/// A character of a value together with the place it was read from: an escape stands for one character.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    pub(super) c: char,
    pub(super) span: Span,
}

impl Glyph {
    pub(super) fn is_blank(self) -> bool {
        self.c.is_whitespace() || is_zero_width(self.c)
    }

    /// Whether it looks like a blank, or like nothing, and systemd takes it for neither.
    pub(super) fn is_invisible(self) -> bool {
        !self.c.is_ascii() && self.is_blank()
    }
}

pub(super) fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

pub(super) fn span_of(glyphs: &[Glyph]) -> Option<Span> {
    Some(glyphs.first()?.span.to(glyphs.last()?.span))
}

pub(super) fn trim(glyphs: &[Glyph]) -> &[Glyph] {
    let is_text = |g: &Glyph| !g.c.is_whitespace();
    let start = glyphs.iter().position(is_text).unwrap_or(glyphs.len());
    let end = glyphs.iter().rposition(is_text).map_or(start, |n| n + 1);
    glyphs.get(start..end).unwrap_or(&[])
}

impl<'a> Reader<'a> {
    pub(super) fn glyphs(&self, start: usize, end: usize, out: &mut Vec<Glyph>) {
        for (i, c) in self.slice(start, end).char_indices() {
            let at = start + i;
            out.push(Glyph { c, span: Span::new(at, at + c.len_utf8()) });
        }
    }

    /// A node with the text of the glyphs.
    pub(super) fn scalar(&self, glyphs: &[Glyph], span: Span, style: Style) -> Node<'a> {
        let text = self.string(glyphs, span);
        Node { span, value: Value::Scalar(Scalar { text, kind: ScalarKind::String, style }) }
    }

    /// The text of the glyphs, borrowed if they stand side by side.
    pub(super) fn string(&self, glyphs: &[Glyph], span: Span) -> Cow<'a, str> {
        let written = span_of(glyphs).unwrap_or(span).of(self.text);
        if written.chars().eq(glyphs.iter().map(|g| g.c)) {
            Cow::Borrowed(written)
        } else {
            Cow::Owned(glyphs.iter().map(|g| g.c).collect())
        }
    }
}
