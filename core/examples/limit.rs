//! The limit that `cargo xtask bench` compares with: reads the file named and parses it, nothing more.

use toml_parser::Source;
use toml_parser::parser::{Event, parse_document};

fn main() {
    let path = std::env::args().nth(1).unwrap_or_default();
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let tokens = Source::new(&text).lex().into_vec();
    let mut events: Vec<Event> = Vec::with_capacity(tokens.len());
    let mut errors = Vec::new();
    parse_document(&tokens, &mut events, &mut errors);
    println!("{} {}", events.len(), errors.len());
}
