//! The place of the cursor: found in the text alone, because while the user types, the tree lacks the very thing in
//! hand.

mod scan;
mod toml;
mod yaml;

use std::borrow::Cow;

use crate::syntax::Format;
use crate::text::Span;

/// The names on the way to a place.
pub(super) type Path<'a> = Vec<Cow<'a, str>>;

/// A place in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cursor<'a> {
    /// The tables and keys on the way; for a value, its key comes last. Items of lists do not count.
    pub(super) path: Path<'a>,
    /// The sort of thing that stands or may stand there.
    pub(super) role: Role,
    /// The word at the cursor, quotes included; empty where none is.
    pub(super) word: Span,
}

/// The sort of thing that stands or may stand at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A part of a TOML table's header.
    Header,
    /// A key.
    Key,
    /// The value of a key.
    Value,
    /// An item of a list.
    Item,
}

/// The place at a byte offset; nothing in comments and between things. Command lines are not read here.
pub(super) fn at(text: &str, format: Format, offset: u32) -> Option<Cursor<'_>> {
    let offset = offset as usize;
    if !text.is_char_boundary(offset) {
        return None;
    }
    match format {
        Format::Toml => toml::at(text, offset),
        Format::Json => scan::json(text, offset),
        Format::Yaml => yaml::at(text, offset),
        Format::Unit | Format::Env | Format::Args => None,
    }
}

/// A word without its quotes.
pub(super) fn unquoted(word: &str) -> &str {
    let inner = word.strip_prefix(['"', '\'']).unwrap_or(word);
    if inner.len() < word.len() { inner.strip_suffix(['"', '\'']).unwrap_or(inner) } else { word }
}
