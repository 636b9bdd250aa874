//! The cursor in a YAML text: by indentation, as people see it.

use std::ops::ControlFlow::{Break, Continue};

use super::scan::Scan;
use super::{Cursor, Path, Role, unquoted};
use crate::text::Span;

/// The place at `offset`. Lines of a block scalar count too: a ConfigMap holds a configuration in one.
pub(super) fn at(text: &str, offset: usize) -> Option<Cursor<'_>> {
    let mut above: Vec<(usize, &str)> = vec![];
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let last = end == text.len() && !line.ends_with('\n');
        let content = line.trim_end_matches(['\n', '\r']);
        let line = Line::new(text, start, content);
        if offset < end || (last && offset == end) {
            return line.cursor(&mut above, offset);
        }
        line.enter(&mut above);
        start = end;
    }
    // Behind the last line end.
    Line::new(text, start, "").cursor(&mut above, offset)
}

/// A line, cut into its parts.
struct Line<'a> {
    text: &'a str,
    /// Where its own content begins, behind blanks and dashes.
    start: usize,
    end: usize,
    /// The column of that.
    indent: usize,
    /// The column of its last dash.
    dash: Option<usize>,
    /// The key of the line, and where the value may begin.
    key: Option<(Span, usize)>,
}

impl<'a> Line<'a> {
    fn new(text: &'a str, start: usize, content: &'a str) -> Self {
        let mut indent = content.len() - content.trim_start_matches(' ').len();
        let mut dash = None;
        let mut rest = content.get(indent..).unwrap_or("");
        while rest == "-" || rest.starts_with("- ") {
            dash = Some(indent);
            let tail = rest.get(1..).unwrap_or("").trim_start_matches(' ');
            indent += rest.len() - tail.len();
            rest = tail;
        }
        let begin = start + indent;
        let colon = key_end(rest);
        let key = colon.map(|i| {
            let name = rest.get(..i).unwrap_or("").trim_end().len();
            (Span::new(begin, begin + name), begin + i + 1)
        });
        Self { text, start: begin, end: start + content.len(), indent, dash, key }
    }

    fn content(&self) -> &'a str {
        self.text.get(self.start..self.end).unwrap_or("")
    }

    /// Leaves the keys that do not hold a line of this indentation.
    fn leave(above: &mut Vec<(usize, &str)>, indent: usize, dash: Option<usize>) {
        // The items of a list may stand right below its key.
        while above.last().is_some_and(|(i, _)| dash.map_or(*i >= indent, |dash| *i > dash)) {
            above.pop();
        }
    }

    fn enter(&self, above: &mut Vec<(usize, &'a str)>) {
        let content = self.content();
        if content.starts_with("---") {
            above.clear();
        }
        if content.is_empty() || content.starts_with('#') {
            return;
        }
        Self::leave(above, self.indent, self.dash);
        if let Some((span, _)) = self.key {
            above.push((self.indent, unquoted(span.of(self.text))));
        }
    }

    fn cursor(&self, above: &mut Vec<(usize, &'a str)>, offset: usize) -> Option<Cursor<'a>> {
        let content = self.content();
        let comment = if content.starts_with('#') { Some(0) } else { content.find(" #") };
        if comment.is_some_and(|i| offset > self.start + i) || content.starts_with("---") {
            return None;
        }
        // On an empty line the cursor itself is the place of the line.
        let before = self.start.saturating_sub(offset);
        if before > 0 && !content.is_empty() {
            return None;
        }
        Self::leave(above, self.indent - before.min(self.indent), self.dash);
        let mut path: Path<'a> = above.iter().map(|(_, key)| (*key).into()).collect();
        match self.key {
            Some((span, value)) if offset >= value => {
                path.push(unquoted(span.of(self.text)).into());
                self.value(path, Role::Value, value, offset)
            }
            Some((span, _)) if offset <= span.end as usize => Some(Cursor { path, role: Role::Key, word: span }),
            Some(_) => None,
            None if content.starts_with(['"', '\'', '[', '{']) && self.dash.is_some() => {
                self.value(path, Role::Item, self.start, offset)
            }
            None => {
                let word = Span::new(self.start.min(offset), self.start + content.trim_end().len());
                let word = if offset > word.end as usize { Span::empty(offset) } else { word };
                let role = if self.dash.is_some() { Role::Item } else { Role::Key };
                Some(Cursor { path, role, word })
            }
        }
    }

    fn value(&self, path: Path<'a>, role: Role, at: usize, offset: usize) -> Option<Cursor<'a>> {
        let line = self.text.get(..self.end)?;
        let mut scan = Scan { text: line, at, offset, dotted: false, depth: 0 };
        scan.blanks();
        if scan.rest().starts_with(['"', '\'', '[', '{']) {
            scan.at = at;
            return match scan.value(&path, role) {
                Break(found) => found,
                Continue(()) => None,
            };
        }
        let value = scan.rest();
        let len = value.find(" #").map_or(value, |i| value.get(..i).unwrap_or("")).trim_end().len();
        let word = Span::new(scan.at, scan.at + len);
        let inside = (word.start as usize..=word.end as usize).contains(&offset);
        Some(Cursor { path, role, word: if inside { word } else { Span::empty(offset) } })
    }
}

/// Where the colon behind a key is.
fn key_end(text: &str) -> Option<usize> {
    if text.starts_with(['#', '[', '{', '|', '>']) {
        return None;
    }
    let from = match text.as_bytes().first() {
        Some(quote @ (b'"' | b'\'')) => 1 + text.get(1..)?.find(*quote as char)?,
        _ => 0,
    };
    let rest = text.get(from..)?;
    let colon = rest.match_indices(':').find(|(i, _)| matches!(rest.as_bytes().get(i + 1), None | Some(b' ')))?;
    // A comment ends the line.
    let comment = rest.find(" #").unwrap_or(rest.len());
    (colon.0 < comment).then_some(from + colon.0)
}
