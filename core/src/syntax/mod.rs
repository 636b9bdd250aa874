//! Readers: text into one spanned tree ([`Document`]), whatever the format.
//!
//! Reading never fails. A reader goes on behind a fault, so that one missing bracket does not hide the rest of the
//! file.

pub mod edit;
pub mod json;
pub mod path;
mod problems;
mod prove;
mod recover;
pub mod toml;
pub mod tree;
pub mod unit;
pub mod yaml;

use crate::text::Span;

pub use tree::{Dialect, Document, Entry, Format, Map, MapStyle, Node, Problem, Scalar, ScalarKind, Style, Value};

/// How deep brackets and tables may nest before a reader stops looking inside. Every function that walks a tree may
/// recurse because of this limit; no function recurses over a text.
pub const MAX_DEPTH: usize = 128;

/// How long a text may be, in bytes. Readers look at nothing in a longer one and say so.
pub const MAX_LEN: usize = 4 << 20;

/// Reads `text` as `format`. Never fails: see [`Document::problems`].
#[must_use]
pub fn read(text: &str, format: Format) -> Document<'_> {
    match format {
        Format::Toml => prove::prove(toml::read(text), toml::read),
        Format::Json => prove::prove(json::read(text), json::read),
        // It proves its fixes itself, document by document.
        Format::Yaml => yaml::read(text),
        Format::Unit => prove::prove(unit::read(text, format), |text| unit::read(text, Format::Unit)),
        Format::Env => prove::prove(unit::read(text, format), |text| unit::read(text, Format::Env)),
    }
}

/// The byte order mark at the start of a text: its length, and the mark itself.
fn byte_order_mark(text: &str) -> (usize, Option<(Dialect, Span)>) {
    let len = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    (len, (len > 0).then(|| (Dialect::ByteOrderMark, Span::new(0, len))))
}
