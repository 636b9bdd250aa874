//! The description of a key, flag, feature gate, plugin or driver option, in the terminal.

use crilint_core::describe;
use crilint_core::describe::NamedFact;
use crilint_core::describe::find::{Spot, Topic};
use owo_colors::{OwoColorize, Style};
use textwrap::{Options, WordSeparator, WordSplitter};

use crate::docs::DOCS;
use crate::terminal::Terminal;

/// Longer lists are not read.
const MOST_TOPICS: usize = 20;
const MOST_RULES: usize = 8;
/// Columns of the names of facts.
const NAMES: usize = 16;

/// All about one thing.
pub(super) fn page(topic: &Topic, terminal: &Terminal) -> String {
    let sheet = Sheet { terminal };
    let mut out = format!("{}: {}\n", sheet.bold(&topic.name), topic.sort);
    if !topic.doc.is_empty() {
        out.push('\n');
        out += &sheet.filled(topic.doc, "", "");
    }
    out.push('\n');
    out += &sheet.facts(&topic.facts, 0);
    if !topic.below.is_empty() {
        out += &sheet.fact("below", &topic.below.join(", "), 0);
    }
    match topic.places.as_slice() {
        [only] => {
            if only.place != topic.name {
                out += &sheet.fact("place", &only.place, 0);
            }
            out += &sheet.source(only, 0);
        }
        places => {
            let shared = places.windows(2).all(|pair| matches!(pair, [a, b] if a.source == b.source));
            if let (true, Some(first)) = (shared, places.first()) {
                out += &sheet.source(first, 0);
            }
            for spot in places {
                out += &format!("\n{}\n", sheet.bold(&spot.place));
                out += &sheet.facts(&spot.facts, 2);
                if !shared {
                    out += &sheet.source(spot, 2);
                }
            }
        }
    }
    let rules = rules_about(topic);
    if !rules.is_empty() {
        out.push('\n');
        out += &sheet.fact("rules", &rules.join(", "), 0);
    }
    out
}

/// A line or two for each of several things.
pub(super) fn list(word: &str, topics: &[Topic], terminal: &Terminal) -> String {
    let sheet = Sheet { terminal };
    let mut out = format!("{} may be one of {}:\n", sheet.bold(word), topics.len());
    for topic in topics.iter().take(MOST_TOPICS) {
        let releases = format!("{} {}", topic.product.title(), topic.releases.describe(topic.product));
        out += &format!("\n  {}\n", sheet.bold(topic.path()));
        out += &sheet.filled(&format!("{}, {releases}", topic.sort), "      ", "      ");
        if !topic.doc.is_empty() {
            out += &sheet.filled(topic.doc, "      ", "      ");
        }
    }
    if topics.len() > MOST_TOPICS {
        out += &format!("\nand {} more\n", topics.len() - MOST_TOPICS);
    }
    out += "\nmore about one of them: crilint explain with its full name\n";
    out
}

/// The rules whose documentation names it.
fn rules_about(topic: &Topic) -> Vec<&'static str> {
    let name = topic.name.trim_start_matches('-');
    // Short names are words, too.
    if name.len() < 6 {
        return vec![];
    }
    let in_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let names = |text: &str| {
        text.match_indices(name).any(|(at, _)| {
            let (before, after) = (text.get(..at), text.get(at + name.len()..));
            !before.is_some_and(|t| t.ends_with(in_word)) && !after.is_some_and(|t| t.starts_with(in_word))
        })
    };
    // Examples name much that the rule is not about.
    let about = |(id, text): &&(&str, &str)| id.contains(&kebab(name)) || text.split("```").step_by(2).any(names);
    let found = DOCS.iter().filter(about).map(|(id, _)| *id);
    found.take(MOST_RULES).collect()
}

/// `sandbox_image` and `sandboxImage` -> `sandbox-image`.
fn kebab(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(if c == '_' { '-' } else { c.to_ascii_lowercase() });
    }
    out
}

/// How to write for the terminal.
struct Sheet<'t> {
    terminal: &'t Terminal,
}

impl Sheet<'_> {
    fn bold(&self, text: &str) -> String {
        let style = if self.terminal.color { Style::new().bold() } else { Style::new() };
        text.style(style).to_string()
    }

    fn facts(&self, facts: &[NamedFact], indent: usize) -> String {
        facts.iter().map(|fact| self.fact(fact.name, &fact.text, indent)).collect()
    }

    fn source(&self, spot: &Spot, indent: usize) -> String {
        let url = describe::source_url(spot.source);
        match url.as_deref().or(Some(spot.source).filter(|s| !s.is_empty())) {
            Some(source) => self.fact("source", source, indent),
            None => String::new(),
        }
    }

    /// `name    text`, with all lines of the text below each other.
    fn fact(&self, name: &str, text: &str, indent: usize) -> String {
        let style = if self.terminal.color { Style::new().cyan() } else { Style::new() };
        let first = format!("{:indent$}{}{:pad$}", "", name.style(style), "", pad = NAMES - name.len().min(NAMES - 1));
        self.filled(text, &first, &" ".repeat(indent + NAMES))
    }

    fn filled(&self, text: &str, first: &str, others: &str) -> String {
        let options = Options::new(self.terminal.width)
            .initial_indent(first)
            .subsequent_indent(others)
            .break_words(false)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation);
        textwrap::fill(text, options) + "\n"
    }
}
