//! The way from positions in an embedded text back to the file that holds it, for places and for edits.

use crate::fix::Edit;
use crate::order;
use crate::text::{Span, line_end, line_start};

/// Where each part of an embedded text stands in the outer file.
#[derive(Clone, Debug)]
pub struct TextMap {
    /// In the order of the embedded text, without gaps.
    parts: Vec<MappedPart>,
    /// How the outer file writes the text, and so what an edit of it is there.
    form: OuterForm,
    /// The whole value in the outer file.
    pub(super) whole: Span,
}

/// A part of an embedded text, up to the next part.
#[derive(Clone, Copy, Debug)]
pub(super) struct MappedPart {
    /// Where it begins in the embedded text.
    pub(super) at: u32,
    /// Its place in the outer file.
    pub(super) outer: Span,
    /// Whether the outer file has the same bytes there.
    pub(super) is_verbatim: bool,
}

/// How an outer file writes an embedded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OuterForm {
    /// Line by line behind so many bytes: a literal block scalar, or a part of the outer tree.
    Lines {
        /// The indentation.
        indent: usize,
        /// Whether the indentation of the first line decides on that of all.
        is_scalar: bool,
    },
    /// In double quotes, of YAML or JSON.
    Double,
    /// In single quotes.
    Single,
    /// Without quotes.
    Plain,
    /// As is: a part of the outer tree in brackets.
    AsIs,
    /// In a form without places of its own: encoded, or folded.
    Opaque,
}

impl TextMap {
    pub(super) const fn new(parts: Vec<MappedPart>, form: OuterForm, whole: Span) -> Self {
        Self { parts, form, whole }
    }

    /// A text all of whose places are the whole value.
    pub(super) fn opaque(whole: Span) -> Self {
        Self { parts: vec![MappedPart { at: 0, outer: whole, is_verbatim: false }], form: OuterForm::Opaque, whole }
    }

    /// A text that the outer file holds as is.
    pub(super) fn as_is(whole: Span) -> Self {
        Self::new(vec![MappedPart { at: 0, outer: whole, is_verbatim: true }], OuterForm::AsIs, whole)
    }

    /// Puts `len` bytes before the text that the outer file does not hold.
    pub(super) fn put_before(&mut self, len: usize) {
        for part in &mut self.parts {
            part.at += len as u32;
        }
    }

    /// Whether the outer file holds no part of a place.
    pub(crate) fn is_made_up(&self, inner: Span) -> bool {
        let first = self.parts.first().map_or(0, |part| part.at);
        inner.end <= first && inner.start < first
    }

    /// Whether places in the text have none of their own in the outer file.
    pub(crate) fn is_opaque(&self) -> bool {
        self.parts.iter().all(|part| part.outer == self.whole)
    }

    /// Whether a place of the outer file lies in the text.
    pub(crate) const fn contains(&self, outer: Span) -> bool {
        self.whole.contains(outer)
    }

    /// The part with a byte, or the last one before it.
    fn part(&self, at: u32) -> Option<&MappedPart> {
        self.parts.partition_point(|part| part.at <= at).checked_sub(1).and_then(|number| self.parts.get(number))
    }

    /// The place in the outer file of a place in the embedded text.
    #[must_use]
    pub fn outer(&self, inner: Span) -> Span {
        let Some(first) = self.part(inner.start) else { return self.whole };
        let start = if first.is_verbatim { first.start(inner.start) } else { first.outer.start };
        if is_empty(inner) {
            let is_whole = first.outer == self.whole && !first.is_verbatim;
            return if is_whole { self.whole } else { Span { start, end: start } };
        }
        let Some(last) = self.part(inner.end - 1) else { return self.whole };
        let mut end = if last.is_verbatim { last.start(inner.end) } else { last.outer.end };
        // Of parts that lie apart the last one with its closing quote, behind which glue stands.
        let next = self.part(inner.end).filter(|next| next.at == inner.end && is_empty(next.outer));
        if let Some(next) = next.filter(|_| first.outer.end < last.outer.start) {
            end = end.max(next.outer.start);
        }
        Span { start, end: end.max(start) }
    }

    /// The position in the embedded text of one in the outer file; nothing where the bytes differ.
    #[must_use]
    pub fn inner(&self, outer: u32) -> Option<u32> {
        let is_there = |part: &&MappedPart| part.is_verbatim && part.outer.start <= outer && outer <= part.outer.end;
        self.parts.iter().find(is_there).map(|part| part.at + (outer - part.outer.start))
    }

    /// The edits in the outer file that make these edits of the embedded text; nothing where there are none.
    pub(crate) fn edits(&self, outer: &str, text: &str, edits: &[Edit]) -> Option<Vec<Edit>> {
        let mut all = edits.iter().map(|edit| self.edit(outer, text, edit)).collect::<Option<Vec<Edit>>>()?;
        order::by_key(&mut all, |edit| edit.span);
        let is_apart = all.windows(2).all(|pair| matches!(pair, [a, b] if a.span.end <= b.span.start));
        is_apart.then_some(all)
    }

    fn edit(&self, outer: &str, text: &str, edit: &Edit) -> Option<Edit> {
        if self.is_made_up(edit.span) || edit.text.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
            return None;
        }
        let edit = minimal(text, edit);
        if let OuterForm::Lines { indent, is_scalar } = self.form
            && (edit.text.contains('\n') || edit.span.of(text).contains('\n'))
        {
            return self.edit_of_lines(outer, text, &edit, indent, is_scalar);
        }
        let written = match self.form {
            OuterForm::Lines { .. } if self.changes_indent(text, &edit) => return None,
            OuterForm::Lines { .. } | OuterForm::AsIs => edit.text,
            OuterForm::Double => escaped(&edit.text),
            OuterForm::Single if !edit.text.contains(['\n', '\t']) => edit.text.replace('\'', "''"),
            OuterForm::Plain if edit.text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-/".contains(&b)) => {
                edit.text
            }
            OuterForm::Single | OuterForm::Plain | OuterForm::Opaque => return None,
        };
        Some(Edit::new(self.exact(edit.span)?, written))
    }

    /// The place of a span, if its borders have exact places.
    fn exact(&self, inner: Span) -> Option<Span> {
        let border = |at: u32| {
            let part = self.part(at)?;
            (part.is_verbatim || part.at == at).then(|| part.start(at))
        };
        let last = || {
            let part = self.part(inner.end.checked_sub(1)?)?;
            let is_border = self.part(inner.end).is_some_and(|next| next.at == inner.end);
            match part.is_verbatim {
                true => Some(part.start(inner.end)),
                false => is_border.then_some(part.outer.end),
            }
        };
        let start = border(inner.start).or_else(|| if is_empty(inner) { last() } else { None })?;
        let end = if is_empty(inner) { start } else { last()? };
        Some(Span { start, end })
    }

    /// Whether an edit changes the first letters of a scalar, by which its indentation is known.
    fn changes_indent(&self, text: &str, edit: &Edit) -> bool {
        let is_scalar = matches!(self.form, OuterForm::Lines { is_scalar: true, .. });
        let head = text.get(..edit.span.start as usize).unwrap_or_default();
        let rest = || text.get(edit.span.end as usize..).unwrap_or_default();
        is_scalar && head.trim().is_empty() && {
            let first = [edit.text.as_str(), rest()].concat();
            first.trim().is_empty() || first.trim_start_matches('\n').starts_with([' ', '\t'])
        }
    }

    /// An edit of whole lines, each behind the indentation.
    fn edit_of_lines(&self, outer: &str, text: &str, edit: &Edit, indent: usize, is_scalar: bool) -> Option<Edit> {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        let from = line_start(text, start);
        let ends_line = edit.text.is_empty() || edit.text.ends_with('\n');
        let is_border = from == start && line_start(text, end) == end && ends_line;
        let to = if is_border { end } else { line_end(text, end) };
        let lines = [text.get(from..start)?, &edit.text, text.get(end..to)?].concat();
        if is_scalar && text.get(..from)?.trim().is_empty() {
            let first = [lines.as_str(), text.get(to..)?].concat();
            if first.trim().is_empty() || first.trim_start_matches('\n').starts_with([' ', '\t']) {
                return None;
            }
        }
        // A line behind the last one has no part.
        let is_behind = from == text.len() && text.ends_with('\n');
        let content = match is_behind {
            true => self.parts.last()?.outer.end,
            false => self.part(from as u32).filter(|part| part.at as usize == from)?.outer.start,
        };
        let own_line = line_start(outer, content as usize);
        let head = outer.get(own_line..content as usize)?;
        if is_behind && !head.is_empty() {
            return None;
        }
        let is_blank = head.bytes().all(|b| b == b' ');
        let outer_start = if is_blank { own_line } else { content as usize };
        let outer_end = match to {
            _ if to == from && is_border => outer_start,
            to => self.outer(Span::new(to - 1, to)).end as usize,
        };
        let line_end = if self.has_carriage_returns(outer) { "\r\n" } else { "\n" };
        let mut written = String::new();
        for (number, line) in lines.split_inclusive('\n').enumerate() {
            let content = line.trim_end_matches('\n');
            if !content.is_empty() && (is_blank || number > 0) {
                written.extend(std::iter::repeat_n(' ', indent));
            }
            written.push_str(content);
            if content.len() < line.len() {
                written.push_str(line_end);
            }
        }
        (outer_start <= outer_end).then(|| minimal(outer, &Edit::new(Span::new(outer_start, outer_end), written)))
    }

    fn has_carriage_returns(&self, outer: &str) -> bool {
        let end = line_end(outer, self.whole.start as usize);
        outer.get(..end).is_some_and(|head| head.ends_with('\r'))
    }
}

impl MappedPart {
    /// The place of a byte of a verbatim part.
    const fn start(&self, at: u32) -> u32 {
        self.outer.start + (at - self.at)
    }
}

const fn is_empty(span: Span) -> bool {
    span.start == span.end
}

/// The edit without what it leaves as is at both ends.
fn minimal(text: &str, edit: &Edit) -> Edit {
    let (old, new) = (edit.span.of(text), edit.text.as_str());
    let same = |a: std::str::CharIndices<'_>, b: std::str::Chars<'_>| {
        a.zip(b).take_while(|((_, x), y)| x == y).map(|((at, x), _)| at + x.len_utf8()).last().unwrap_or(0)
    };
    let head = same(old.char_indices(), new.chars());
    let (old, new) = (old.get(head..).unwrap_or_default(), new.get(head..).unwrap_or_default());
    let tail: usize =
        old.chars().rev().zip(new.chars().rev()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum();
    let start = edit.span.start + head as u32;
    let span = Span { start, end: start + (old.len() - tail) as u32 };
    Edit::new(span, new.get(..new.len() - tail).unwrap_or_default())
}

/// A text as YAML and JSON write it in double quotes.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
