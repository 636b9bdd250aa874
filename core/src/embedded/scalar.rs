//! Scalars that hold a text: where each of its bytes is written.

use super::map::{MappedPart, OuterForm, TextMap};
use crate::syntax::{Format, Node, Scalar, Style};
use crate::text::{Span, line_end};

/// The way from the text of a scalar to the file that holds it.
pub(super) fn map(outer: &str, format: Format, node: &Node<'_>, scalar: &Scalar<'_>) -> TextMap {
    let whole = node.span;
    let text = scalar.text.as_ref();
    let raw = whole.of(outer);
    let is_literal = scalar.style == Style::Block && raw.starts_with('|');
    let map = match is_literal {
        true => literal(outer, whole, text),
        false => aligned(raw, format, scalar.style, whole, text),
    };
    map.unwrap_or_else(|| TextMap::opaque(whole))
}

/// A literal block scalar: each line of the text is a line of the file behind the indentation.
fn literal(outer: &str, whole: Span, text: &str) -> Option<TextMap> {
    let mut parts = vec![];
    let mut indent = None;
    let mut at = 0;
    let mut next = line_end(outer, whole.start as usize) + 1;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches('\n');
        let end = line_end(outer, next);
        let raw = outer.get(next..end).unwrap_or_default();
        let raw = raw.strip_suffix('\r').unwrap_or(raw);
        let head = raw.strip_suffix(content)?;
        // A line without content may be shorter than the indentation.
        let is_blank = content.is_empty();
        if !head.bytes().all(|b| b == b' ') || !is_blank && *indent.get_or_insert(head.len()) != head.len() {
            return None;
        }
        let start = (next + head.len()).min(outer.len());
        let content_end = start + content.len();
        let is_last = content.len() == line.len();
        let has_return = content_end < end;
        let behind = (end + 1).min(outer.len());
        let verbatim_end = if is_last || has_return { content_end } else { behind };
        parts.push(MappedPart { at, outer: Span::new(start, verbatim_end), is_verbatim: true });
        if has_return && !is_last {
            let span = Span::new(content_end, behind);
            parts.push(MappedPart { at: at + content.len() as u32, outer: span, is_verbatim: false });
        }
        at += line.len() as u32;
        next = behind;
    }
    let form = OuterForm::Lines { indent: indent?, is_scalar: true };
    Some(TextMap::new(parts, form, whole))
}

/// A scalar of another form: what is written and its text, read side by side.
struct Alignment<'r> {
    /// What is written, without quotes.
    raw: &'r str,
    /// How much of it is read.
    at: usize,
    /// Where it begins in the outer file.
    base: usize,
    parts: Vec<MappedPart>,
}

/// The map of a scalar that is not a literal block; nothing if its text cannot be found in what is written.
fn aligned(raw: &str, format: Format, style: Style, whole: Span, text: &str) -> Option<TextMap> {
    let (form, head, tail) = match style {
        Style::Double => (OuterForm::Double, 1, 1),
        Style::Single if !raw.contains('\n') => (OuterForm::Single, 1, 1),
        Style::Single => (OuterForm::Opaque, 1, 1),
        Style::Plain => (OuterForm::Plain, 0, 0),
        Style::Block => (OuterForm::Opaque, raw.find('\n')? + 1, 0),
    };
    let raw = raw.get(head..raw.len().checked_sub(tail)?)?;
    let mut alignment = Alignment { raw, at: 0, base: whole.start as usize + head, parts: vec![] };
    if style == Style::Block {
        alignment.at = raw.len() - raw.trim_start().len();
    }
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        at += alignment.step(text, at, c, format, style)?;
    }
    Some(TextMap::new(alignment.parts, form, whole))
}

impl Alignment<'_> {
    /// Reads what is written for the character at `at` of the text. Gives how much of the text that is.
    fn step(&mut self, text: &str, at: usize, c: char, format: Format, style: Style) -> Option<usize> {
        let rest = self.raw.get(self.at..)?;
        if style == Style::Double && rest.starts_with('\\') {
            let (written, is_empty) = escape_len(rest);
            self.add(at, written, false);
            return Some(if is_empty { 0 } else { c.len_utf8() });
        }
        if style == Style::Single && rest.starts_with("''") {
            self.add(at, 2, false);
            return (c == '\'').then_some(1);
        }
        let blank = rest.len() - rest.trim_start_matches(is_blank).len();
        if format == Format::Yaml && rest.get(..blank)?.contains('\n') {
            let tail = text.get(at..)?;
            self.add(at, blank, false);
            return Some(tail.len() - tail.trim_start_matches(is_blank).len());
        }
        if !rest.starts_with(c) {
            // The end of a block scalar, whose last line end is not in its span.
            let is_end = rest.is_empty() && text.get(at..)?.chars().all(is_blank);
            self.add(at, 0, false);
            return is_end.then(|| text.len() - at);
        }
        self.add(at, c.len_utf8(), true);
        Some(c.len_utf8())
    }

    /// Adds what is written next.
    fn add(&mut self, at: usize, len: usize, is_verbatim: bool) {
        let start = self.base + self.at;
        self.at += len;
        let outer = Span::new(start, start + len);
        match self.parts.last_mut().filter(|last| last.is_verbatim && is_verbatim && last.outer.end == outer.start) {
            Some(last) => last.outer.end = outer.end,
            None => self.parts.push(MappedPart { at: at as u32, outer, is_verbatim }),
        }
    }
}

const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// How much of a text an escape takes, and whether it stands for nothing: a line break behind a backslash.
fn escape_len(text: &str) -> (usize, bool) {
    let is_pair = || text.get(2..3).is_some_and(|c| c.eq_ignore_ascii_case("d")) && text.get(6..8) == Some("\\u");
    let len = match text.as_bytes().get(1) {
        Some(b'\n' | b'\r') => {
            let behind = text.get(1..).unwrap_or_default();
            return (1 + behind.len() - behind.trim_start_matches(is_blank).len(), true);
        }
        Some(b'x') => 4,
        Some(b'u') if is_pair() && text.get(3..4).is_some_and(|c| "89abAB".contains(c)) => 12,
        Some(b'u') => 6,
        Some(b'U') => 10,
        _ => 2,
    };
    (len.min(text.len()), false)
}
