//! The readers of TOML, JSON, YAML, systemd units, environment files and files of arguments. Each turns a text into one
//! tree with spans ([`Document`]); what a key or value means to a daemon is not known here.
//!
//! Reading never fails: a reader goes on behind a fault, so that one missing bracket does not hide the rest of the
//! file. Its faults are `problems`, [`recover`] holds what the readers share to go on, and `verify` leaves only those
//! fixes safe that work. [`tree`] is the result, [`edit`] and [`path`] are for those who read it.

mod args;
pub mod edit;
pub mod json;
pub mod path;
mod problems;
mod recover;
pub mod template;
pub mod toml;
pub mod tree;
pub mod unit;
mod verify;
pub mod yaml;

use crate::text::Span;

pub use tree::{Dialect, Document, Entry, Format, Map, MapStyle, Node, Problem, Scalar, ScalarKind, Style, Value};

/// How deep brackets and tables may nest before a reader stops looking inside. Every function that walks a tree may
/// recurse because of this limit; no function recurses over a text.
pub const MAX_DEPTH: usize = 128;

/// How long a text may be, in bytes. Of a longer text readers report just that.
pub const MAX_LEN: usize = 4 << 20;

/// Reads `text` as `format`. Never fails: see [`Document::problems`].
#[must_use]
pub fn read(text: &str, format: Format) -> Document<'_> {
    match format {
        Format::Toml => verify::verify(toml::read(text), toml::read),
        Format::Json => verify::verify(json::read(text), json::read),
        // Verifies its fixes itself, document by document.
        Format::Yaml => yaml::read(text),
        Format::Unit => verify::verify(unit::read(text, format), |text| unit::read(text, Format::Unit)),
        Format::Args => args::read(text),
        Format::Env => verify::verify(unit::read(text, format), |text| unit::read(text, Format::Env)),
    }
}

/// The byte order mark at the start of a text: its length, and the mark itself.
fn byte_order_mark(text: &str) -> (usize, Option<(Dialect, Span)>) {
    let len = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    (len, (len > 0).then(|| (Dialect::ByteOrderMark, Span::new(0, len))))
}
