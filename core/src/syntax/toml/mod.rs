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

mod collection;
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

use super::problems::Problems;
use super::{Document, Format, MAX_LEN};

/// Reads TOML 1.1. Never fails: what is wrong is in [`Document::problems`], the rest is in the tree.
#[must_use]
pub fn read(text: &str) -> Document<'_> {
    let mut problems = Problems::default();
    if text.len() > MAX_LEN {
        problems.too_long(0);
        return Document { problems: problems.done(), ..Document::new(text, Format::Toml) };
    }
    let (start, mark) = super::byte_order_mark(text);
    let (tokens, comments) = lexer::lex(text, start, &mut problems);
    let mut document = Document { comments, ..parser::parse(text, tokens, problems) };
    document.dialects.splice(0..0, mark);
    document
}
