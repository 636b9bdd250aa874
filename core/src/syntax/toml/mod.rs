//! TOML. The lexer and the string decoder are those of `toml_parser`; the grammar above them is ours, because what is
//! read on after a fault depends on where the fault is.
//!
//! From text to tree, in one pass each:
//!
//! - `token` cuts the text, and mends with `mend` and `quote` what would throw the lexer off: blanks that are none, escapes
//!   of other languages, quotes left open;
//! - `parse` takes line after line, with `key` for keys and headers, `value`, `nest`, `scalar` and `string` for values,
//!   and `line` for lines that are no TOML;
//! - `build` keeps the tables that headers and dotted keys make, and tells clashes;
//! - `fault` collects the problems, one for each fault.

mod build;
mod fault;
mod key;
mod line;
mod mend;
mod nest;
mod parse;
mod quote;
mod scalar;
mod string;
mod token;
mod value;

use super::{Dialect, Document, Format, MAX_LEN, Node, problems};
use crate::text::Span;
use fault::Faults;

/// Reads TOML 1.1. Never fails: what is wrong is in [`Document::problems`], the rest is in the tree.
#[must_use]
pub fn read(text: &str) -> Document<'_> {
    let mut faults = Faults::new(text);
    if text.len() > MAX_LEN {
        return Document { problems: vec![problems::too_long(0)], ..empty(text) };
    }
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let (tokens, comments) = token::lex(text, start, &mut faults);
    let mut document = Document { comments, ..parse::parse(text, tokens, faults) };
    if start > 0 {
        let mark = (Dialect::ByteOrderMark, Span::new(0, start));
        document.dialects.insert(0, mark);
    }
    document
}

fn empty(text: &str) -> Document<'_> {
    Document {
        text,
        format: Format::Toml,
        root: Node::missing(0),
        more: Vec::new(),
        comments: Vec::new(),
        problems: Vec::new(),
        dialects: Vec::new(),
    }
}
