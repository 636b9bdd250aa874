//! The reader of TOML. The lexer and the decoder of strings are those of the crate `toml_parser`; the grammar is our
//! own, because where a fault ends decides what is read behind it.
//!
//! A text goes through these files in order:
//!
//! 1. `lexer` cuts the text into tokens. `word` and `quotes` repair what would throw the lexer off: invisible
//!    characters, escapes and comments of other languages, quotes left open.
//! 2. `parser` takes line after line, with `key` for keys and headers, `value`, `collection`, `scalar` and `string` for
//!    values, and `foreign_line` for lines that are not TOML.
//! 3. `tree` keeps the tables that headers and dotted keys make, and reports clashes.
//!
//! `fault` collects the problems, one for each fault.

mod collection;
mod fault;
mod foreign_line;
mod key;
mod lexer;
mod parser;
mod quotes;
mod scalar;
mod string;
mod tree;
mod value;
mod word;

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
    let (tokens, comments) = lexer::lex(text, start, &mut faults);
    let mut document = Document { comments, ..parser::parse(text, tokens, faults) };
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
