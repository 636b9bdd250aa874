//! The limit that `cargo xtask bench` compares with: reads the file named, or the files of a folder, and parses them as
//! TOML, JSON or YAML, nothing more.

use std::path::Path;

use granit_parser::Parser;
use toml_parser::Source;
use toml_parser::parser::{Event, parse_document};

fn main() {
    let path = std::env::args().nth(1).unwrap_or_default();
    println!("{}", count(Path::new(&path)));
}

/// The number of parsed items.
fn count(path: &Path) -> usize {
    if path.is_dir() {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        return entries.map(|entry| count(&entry.path())).sum();
    }
    let text = std::fs::read_to_string(path).unwrap_or_default();
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => serde_json::from_str::<serde_json::Value>(&text).is_ok().into(),
        Some("yaml") => Parser::new_from_str(&text).count(),
        _ => toml(&text),
    }
}

fn toml(text: &str) -> usize {
    let tokens = Source::new(text).lex().into_vec();
    let mut events: Vec<Event> = Vec::with_capacity(tokens.len());
    let mut errors = Vec::new();
    parse_document(&tokens, &mut events, &mut errors);
    events.len() + errors.len()
}
