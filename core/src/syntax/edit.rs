//! Edits by what they do, in whatever format the document has: a rule names the change, not its syntax.

use std::fmt::Write as _;

use crate::fix::{Applicability, Edit, Fix};
use crate::order;
use crate::syntax::{Document, Entry, Format, MapStyle, Node, Value, path};
use crate::text::{Span, is_unprintable, line_end, line_start};

impl Fix {
    /// Another name for an entry.
    #[must_use]
    pub fn rename(applicability: Applicability, doc: &Document<'_>, entry: &Entry<'_>, name: &str) -> Self {
        Self::one(applicability, format!("Write `{name}`"), rename(doc, entry, name))
    }

    /// Another string for a value.
    #[must_use]
    pub fn string(applicability: Applicability, value: Span, text: &str) -> Self {
        Self::edit(applicability, format!("Write `{text}`"), value, string(text))
    }

    /// Whether words go from `text` with nothing in their place, such as an entry or a line.
    #[must_use]
    pub fn removes(&self, text: &str) -> bool {
        let has_words = |text: &str| text.contains(char::is_alphanumeric);
        self.edits.iter().any(|edit| !has_words(&edit.text) && has_words(edit.span.of(text)))
    }

    /// A fix that the user must agree to.
    #[must_use]
    pub fn display(title: impl Into<String>, edit: Edit) -> Self {
        Self::one(Applicability::Display, title, edit)
    }
}

/// Writes `text` in place of a value, as is.
#[must_use]
pub fn replace(node: &Node<'_>, text: impl Into<String>) -> Edit {
    Edit::new(node.span, text)
}

/// Puts a plain scalar in quotes.
#[must_use]
pub fn quote(doc: &Document<'_>, node: &Node<'_>) -> Edit {
    let plain = node.span.of(doc.text);
    replace(node, string(plain))
}

/// `text` with quotes where the text that it replaces is written with quotes.
#[must_use]
pub fn quoted_like(written: &str, text: &str) -> String {
    if written.starts_with(['"', '\'']) { string(text) } else { text.to_owned() }
}

/// `text` as a quoted string of any of the formats.
#[must_use]
pub fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            // TOML, JSON and YAML share this escape, and all these characters fit in it.
            c if is_unprintable(c) => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Gives a key another name.
#[must_use]
pub fn rename(doc: &Document<'_>, entry: &Entry<'_>, name: &str) -> Edit {
    let bare = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    let text = match doc.format {
        Format::Json => string(name),
        Format::Toml if !bare => string(name),
        _ => name.to_owned(),
    };
    Edit::new(entry.key_span, text)
}

/// Takes an entry out of the table that holds it: its whole line where it stands alone, else with its comma. Nothing
/// for TOML tables made by headers, which may lie in several pieces.
#[must_use]
pub fn remove(doc: &Document<'_>, parent: &Node<'_>, entry: &Entry<'_>) -> Option<Edit> {
    let own = match &entry.value.value {
        Value::Map(map) if matches!(map.style, MapStyle::Table | MapStyle::Dotted) => return None,
        Value::Missing => return None,
        _ => entry.key_span.to(entry.value.span),
    };
    if let Some(map) = parent.as_map().filter(|map| map.style == MapStyle::Inline) {
        let at = map.number_at(entry.key_span).unwrap_or(0);
        let span = |number: usize| map.entries.get(number).map(|e| e.key_span.to(e.value.span));
        return Some(with_comma(doc.text, at.checked_sub(1).and_then(span), own, span(at + 1)));
    }
    whole_lines(doc.text, own)
}

/// Takes an item out of a list, with its comma.
#[must_use]
pub fn remove_item(doc: &Document<'_>, list: &Node<'_>, item: &Node<'_>) -> Option<Edit> {
    let text = doc.text;
    if doc.format == Format::Yaml && !list.span.of(text).starts_with('[') {
        return whole_lines(text, item.span);
    }
    let items = list.items();
    let near = items.partition_point(|other| other.span < item.span);
    let is_there = |number: &usize| items.get(*number).is_some_and(|other| other.span == item.span);
    let at =
        Some(near).filter(is_there).or_else(|| items.iter().position(|other| other.span == item.span)).unwrap_or(0);
    let span = |number: usize| items.get(number).map(|other| other.span);
    Some(with_comma(text, at.checked_sub(1).and_then(span), item.span, span(at + 1)))
}

/// Removes one of several things that commas separate.
fn with_comma(text: &str, before: Option<Span>, own: Span, next: Option<Span>) -> Edit {
    let span = match (before, next) {
        (_, Some(next)) => Span { start: own.start, end: next.start },
        (Some(before), None) => Span { start: before.end, end: own.end },
        // A comma behind the only one goes with it.
        (None, None) => {
            let behind = text.get(own.end as usize..).unwrap_or_default();
            let comma = behind.trim_start().starts_with(',').then(|| behind.find(',')).flatten();
            Span { start: own.start, end: own.end + comma.map_or(0, |at| at as u32 + 1) }
        }
    };
    debug_assert!(span.range().end <= text.len(), "spans lie in the text");
    Edit::removal(span)
}

/// The lines of `span`, if nothing else stands on them but a comment behind.
fn whole_lines(text: &str, span: Span) -> Option<Edit> {
    let (start, end) = (line_start(text, span.start as usize), line_end(text, span.end as usize));
    let before = text.get(start..span.start as usize)?.trim_matches([' ', '\t', '-', '\u{feff}']);
    let behind = text.get(span.end as usize..end)?.trim();
    let is_alone = before.is_empty() && (behind.is_empty() || behind.starts_with('#'));
    is_alone.then(|| Edit::removal(Span::new(start, (end + 1).min(text.len()))))
}

/// Adds `line` on a line of its own behind the line that `span` ends on, indented as the line it starts on.
#[must_use]
pub fn line_after(doc: &Document<'_>, span: Span, line: &str) -> Edit {
    let at = line_end(doc.text, span.end as usize);
    Edit::new(Span::empty(at), format!("\n{}{line}", indent(doc.text, span)))
}

/// Adds `line` on a line of its own above the line that `span` starts on, with its indentation.
#[must_use]
pub fn line_before(doc: &Document<'_>, span: Span, line: &str) -> Edit {
    let at = line_start(doc.text, span.start as usize);
    Edit::new(Span::empty(at), format!("{}{line}\n", indent(doc.text, span)))
}

/// Adds `line` as the first line of the text that is not a comment at its top.
#[must_use]
pub fn first_line(doc: &Document<'_>, line: &str) -> Edit {
    let text = doc.text;
    let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    for l in text.get(at..).unwrap_or_default().split_inclusive('\n') {
        if !l.starts_with('#') || !l.ends_with('\n') {
            break;
        }
        at += l.len();
    }
    Edit::new(Span::empty(at), format!("{line}\n"))
}

/// Adds an entry to an inline table or JSON object (last), or a YAML block mapping (behind its last entry).
#[must_use]
pub fn add_entry(doc: &Document<'_>, parent: &Node<'_>, key: &str, value: &str) -> Option<Edit> {
    let map = parent.as_map()?;
    let last = map.entries.last();
    match (doc.format, map.style) {
        (Format::Json, _) | (_, MapStyle::Inline) => {
            let pair = if doc.format == Format::Toml {
                format!("{key} = {value}")
            } else {
                format!("{}: {value}", string(key))
            };
            let (at, text) = match last {
                Some(entry) => {
                    let span = entry.key_span.to(entry.value.span);
                    let joint = if on_line_of_its_own(doc.text, span) {
                        format!(",\n{}", indent(doc.text, span))
                    } else {
                        ", ".to_owned()
                    };
                    (span.end, format!("{joint}{pair}"))
                }
                None => (parent.span.start + 1, format!(" {pair} ")),
            };
            Some(Edit::new(Span::empty(at as usize), text))
        }
        (Format::Yaml, _) => {
            let entry = last?;
            Some(line_after_at(doc, entry.key_span, entry.value.span, &format!("{key}: {value}")))
        }
        (Format::Toml, _) => {
            let line = format!("{key} = {value}");
            // Right below the table's header or above its first plain entry, before any child table.
            match (map.headers.first(), last) {
                (Some(header), _) => Some(line_after(doc, *header, &line)),
                (None, Some(entry)) => Some(line_before(doc, entry.key_span, &line)),
                (None, None) => None,
            }
        }
        _ => None,
    }
}

fn line_after_at(doc: &Document<'_>, key: Span, value: Span, line: &str) -> Edit {
    Edit { text: format!("\n{}{line}", indent(doc.text, key)), ..line_after(doc, key.to(value), line) }
}

fn on_line_of_its_own(text: &str, span: Span) -> bool {
    let start = line_start(text, span.start as usize);
    start > 0 && text.get(start..span.start as usize).is_some_and(|before| before.trim().is_empty())
}

/// The blanks at the start of the line that `span` starts on.
fn indent(text: &str, span: Span) -> &str {
    let line = text.get(line_start(text, span.start as usize)..).unwrap_or_default();
    let len = line.len() - line.trim_start_matches([' ', '\t']).len();
    line.get(..len).unwrap_or_default()
}

/// Moves a TOML entry to the table at `target`, under `name`. Nothing where cut and paste is not enough.
#[must_use]
pub fn move_to(doc: &Document<'_>, root: &Node<'_>, from: &[&str], target: &[&str], name: &str) -> Option<Vec<Edit>> {
    if doc.format != Format::Toml {
        return None;
    }
    let (_, parents) = from.split_last()?;
    let entry = root.entry_at(from)?;
    let mut path = target.to_vec();
    path.push(name);
    if root.at(&path).is_some() {
        // The target is set already, and either value may be meant.
        return None;
    }
    if let Value::Map(map) = &entry.value.value
        && matches!(map.style, MapStyle::Table)
    {
        return rename_table(&entry.value, &path);
    }
    let parent = root.at(parents)?;
    let removal = remove(doc, parent, entry)?;
    let line = format!("{} = {}", path::join(&[name]), entry.value.span.of(doc.text));
    let header = root.at(target).and_then(Node::as_map).and_then(|map| map.headers.last());
    let new = match header {
        Some(header) => line_after(doc, *header, &line),
        // The top level ends at the first table.
        None if target.is_empty() => first_line(doc, &line),
        None => {
            let joint = if doc.text.ends_with('\n') { "" } else { "\n" };
            Edit::new(Span::empty(doc.text.len()), format!("{joint}\n[{}]\n{line}\n", path::join(target)))
        }
    };
    let mut edits = vec![removal, new];
    order::by_key(&mut edits, |edit| edit.span);
    Some(edits)
}

/// Writes every header of a table, and of the tables below it, with another path.
#[must_use]
pub fn rename_table(table: &Node<'_>, path: &[&str]) -> Option<Vec<Edit>> {
    let mut edits = vec![];
    collect_headers(table, &mut path.to_vec(), &mut edits)?;
    order::by_key(&mut edits, |edit| edit.span);
    (!edits.is_empty()).then_some(edits)
}

fn collect_headers<'t>(node: &'t Node<'_>, path: &mut Vec<&'t str>, out: &mut Vec<Edit>) -> Option<()> {
    let map = node.as_map()?;
    for header in &map.headers {
        out.push(Edit::new(*header, format!("[{}]", path::join(path))));
    }
    for entry in &map.entries {
        match &entry.value.value {
            Value::Map(below) if below.style == MapStyle::Table => {
                path.push(&entry.key);
                collect_headers(&entry.value, path, out)?;
                path.pop();
            }
            // Lists of tables have headers of their own kind.
            Value::Seq(items) if items.iter().any(|i| i.as_map().is_some_and(|m| m.style == MapStyle::Table)) => {
                return None;
            }
            _ => {}
        }
    }
    Some(())
}
