//! Parts of the outer tree that hold a configuration themselves: a table as a text of its own, and flags as a command
//! line.

use super::map::{MappedPart, OuterForm, TextMap, escaped};
use crate::syntax::{MapStyle, Node, Scalar, ScalarKind, Value};
use crate::text::{Span, line_end, line_start};

/// The table at `node` as a text of its own; nothing where parts of it stand elsewhere.
pub(super) fn table(outer: &str, node: &Node<'_>) -> Option<(String, TextMap)> {
    let style = node.as_map()?.style;
    if !holds(node.span, node) {
        return None;
    }
    let start = node.span.start as usize;
    if style == MapStyle::Inline {
        return Some((node.span.of(outer).to_owned(), TextMap::as_is(node.span)));
    }
    let indent = start - line_start(outer, start);
    let end = line_end(outer, node.span.end as usize);
    let end = (end + 1).min(outer.len());
    let (mut text, mut parts) = (String::new(), vec![]);
    let mut at = start;
    for line in outer.get(start..end)?.split_inclusive('\n') {
        let blank = line.len() - line.trim_start_matches(' ').len();
        let is_empty = line.trim().is_empty() || line.trim_start().starts_with('#');
        let skipped = match at == start {
            true => 0,
            false if blank < indent && !is_empty => return None,
            false => blank.min(indent),
        };
        let outer = Span::new(at + skipped, at + line.len());
        parts.push(MappedPart { at: text.len() as u32, outer, is_verbatim: true });
        text.push_str(line.get(skipped..)?);
        at += line.len();
    }
    let form = OuterForm::Lines { indent, is_scalar: false };
    Some((text, TextMap::new(parts, form, Span::new(start, end))))
}

/// Whether all of a node stands in a place: what an alias or a merge brings in does not.
fn holds(place: Span, node: &Node<'_>) -> bool {
    let is_here = |part: &Node<'_>| place.contains(part.span) && holds(place, part);
    let is_own = |node: &Node<'_>| match &node.value {
        Value::Map(map) => map.entries.iter().all(|entry| place.contains(entry.key_span) && is_here(&entry.value)),
        Value::Seq(items) => items.iter().all(is_here),
        Value::Missing | Value::Scalar(_) => true,
    };
    is_own(node)
}

/// A text that is put together from parts of the outer file.
pub(super) struct Assembly<'o> {
    outer: &'o str,
    pub(super) text: String,
    parts: Vec<MappedPart>,
}

impl<'o> Assembly<'o> {
    pub(super) const fn new(outer: &'o str) -> Self {
        Self { outer, text: String::new(), parts: vec![] }
    }

    /// Adds text that the outer file does not hold, beside a place of it.
    pub(super) fn glue(&mut self, text: &str, beside: u32) {
        self.add(text, Span { start: beside, end: beside }, false);
    }

    /// Adds text that is written at a place of the outer file, perhaps in quotes.
    pub(super) fn written(&mut self, text: &str, place: Span) {
        let inside = Span { start: place.start + 1, end: place.end.saturating_sub(1).max(place.start + 1) };
        match [place, inside].into_iter().find(|place| place.of(self.outer) == text) {
            Some(place) => self.add(text, place, true),
            None => self.add(text, place, false),
        }
    }

    fn add(&mut self, text: &str, outer: Span, is_verbatim: bool) {
        self.parts.push(MappedPart { at: self.text.len() as u32, outer, is_verbatim });
        self.text.push_str(text);
    }

    pub(super) fn done(self, whole: Span) -> (String, TextMap) {
        (self.text, TextMap::new(self.parts, OuterForm::Opaque, whole))
    }
}

/// The flags of a list of `name=value`, or of one, without their dashes. A sign at the end of a name adds the value to
/// that of the program, which does not stand here.
pub(super) fn bare_flags(outer: &str, node: &Node<'_>) -> Option<(String, TextMap)> {
    let mut all = Assembly::new(outer);
    all.glue("KUBELET_EXTRA_ARGS=\"", node.span.start);
    let empty = all.text.len();
    let one = std::slice::from_ref(node);
    for item in if node.as_str().is_some() { one } else { node.items() } {
        let Some(text) = item.as_str().filter(|text| is_one_word(text)) else { continue };
        if text.split('=').next().is_some_and(|name| name.ends_with(['+', '-'])) {
            continue;
        }
        let quote = u32::from(item.span.of(outer).starts_with(['"', '\'']));
        if !text.starts_with('-') {
            all.glue("--", item.span.start + quote);
        }
        all.written(text, item.span);
        all.glue(" ", item.span.end - quote);
    }
    let is_empty = all.text.len() == empty;
    all.glue("\"\n", node.span.end);
    (!is_empty).then(|| all.done(node.span))
}

/// The flags of the kubelet at `node`, but for those `without`, as an environment file: a table of names and values, a
/// list of `name` and `value`, or a list of flags.
pub(super) fn flags(outer: &str, node: &Node<'_>, without: &[&str]) -> Option<(String, TextMap)> {
    let mut all = Assembly::new(outer);
    all.glue("KUBELET_EXTRA_ARGS=\"", node.span.start);
    let empty = all.text.len();
    for entry in node.entries().iter().filter(|entry| !without.contains(&entry.key.as_ref())) {
        match &entry.value.value {
            Value::Seq(values) => values.iter().for_each(|value| flag(&mut all, &entry.key, entry.key_span, value)),
            _ => flag(&mut all, &entry.key, entry.key_span, &entry.value),
        }
    }
    for item in node.items() {
        match (item.as_str(), item.entry("name")) {
            (Some(text), _) if is_one_word(text) && text.starts_with('-') => {
                all.written(text, item.span);
                all.glue(" ", item.span.end);
            }
            (_, Some(name)) => {
                let Some((text, value)) = name.value.as_str().zip(item.get("value")) else { continue };
                flag(&mut all, text, name.value.span, value);
            }
            _ => {}
        }
    }
    let is_empty = all.text.len() == empty;
    all.glue("\"\n", node.span.end);
    (!is_empty).then(|| all.done(node.span))
}

/// Adds `--name=value`, if a command line can hold both as they are.
fn flag(all: &mut Assembly<'_>, name: &str, place: Span, value: &Node<'_>) {
    let Some(Scalar { text, .. }) = value.as_scalar() else { return };
    if !is_one_word(name) || name.is_empty() || !is_one_word(text) {
        return;
    }
    all.glue("--", place.start);
    all.written(name, place);
    all.glue("=", value.span.start);
    all.written(text, value.span);
    all.glue(" ", value.span.end);
}

/// Whether a text is one word to systemd, without quotes, escapes and variables.
fn is_one_word(text: &str) -> bool {
    !text.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\' | '$'))
}

/// The tree at `node` as JSON.
pub(super) fn json(outer: &str, node: &Node<'_>) -> Option<(String, TextMap)> {
    node.as_map()?;
    let mut all = Assembly::new(outer);
    all.json(node);
    Some(all.done(node.span))
}

impl Assembly<'_> {
    fn json(&mut self, node: &Node<'_>) {
        match &node.value {
            Value::Missing => self.glue("null", node.span.start),
            Value::Scalar(scalar) if scalar.kind == ScalarKind::String => self.json_string(&scalar.text, node.span),
            Value::Scalar(_) if node.is_null() => self.written("null", node.span),
            Value::Scalar(scalar) => match node.as_bool() {
                Some(is_on) => self.written(if is_on { "true" } else { "false" }, node.span),
                None => self.written(&scalar.text, node.span),
            },
            Value::Seq(items) => {
                self.glue("[", node.span.start);
                for (number, item) in items.iter().enumerate() {
                    self.glue(if number > 0 { ", " } else { "" }, item.span.start);
                    self.json(item);
                }
                self.glue("]", node.span.end);
            }
            Value::Map(map) => {
                self.glue("{", node.span.start);
                for (number, entry) in map.entries.iter().enumerate() {
                    self.glue(if number > 0 { ", " } else { "" }, entry.key_span.start);
                    self.json_string(&entry.key, entry.key_span);
                    self.glue(": ", entry.value.span.start);
                    self.json(&entry.value);
                }
                self.glue("}", node.span.end);
            }
        }
    }

    fn json_string(&mut self, text: &str, place: Span) {
        if text.contains(|c: char| c.is_control() || matches!(c, '"' | '\\')) {
            // As JSON writes it, which the outer file does not.
            return self.add(&format!("\"{}\"", escaped(text)), place, false);
        }
        self.glue("\"", place.start);
        self.written(text, place);
        self.glue("\"", place.end);
    }
}
