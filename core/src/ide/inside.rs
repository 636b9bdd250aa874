//! A cursor in a text inside of another file.

use crate::embedded::{self, EmbeddedText};
use crate::engine::{Source, identify};
use crate::fix::Edit;
use crate::syntax::Document;
use crate::text::Span;

/// A text inside of a source, and the offset in it.
pub(super) struct CursorInside {
    text: EmbeddedText,
    pub(super) offset: u32,
}

/// The text at a byte offset of a source whose bytes the source has as they are.
pub(super) fn at(source: &Source<'_>, offset: u32) -> Option<CursorInside> {
    let (_, doc) = identify(source.path, source.text, source.kind)?;
    let texts = embedded::texts(source.path, &doc).into_iter();
    let mut found = texts.filter_map(|text| Some(CursorInside { offset: text.map.inner(offset)?, text }));
    found.find(|inside| inside.document().is_some())
}

impl CursorInside {
    pub(super) fn source(&self) -> Source<'_> {
        self.text.source()
    }

    fn document(&self) -> Option<Document<'_>> {
        let EmbeddedText { path, text, kind, .. } = &self.text;
        identify(path, text, *kind).map(|(_, doc)| doc)
    }

    /// A place of the text in the source.
    pub(super) fn outer(&self, span: Span) -> Span {
        self.text.map.outer(span)
    }

    /// What `edit` gives for the document and a place in it, as an edit of the source.
    pub(super) fn edit(
        &self,
        outer: &str,
        span: Span,
        edit: impl FnOnce(&Document<'_>, Span) -> Option<Edit>,
    ) -> Option<Edit> {
        let end = self.text.map.inner(span.end).unwrap_or(self.offset);
        let edit = edit(&self.document()?, Span { start: self.offset, end })?;
        self.text.map.edits(outer, &self.text.text, &[edit])?.pop()
    }
}
