//! Scalars: their place, their type, their text.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{ScalarStyle, Tag};

use super::reading::SuspiciousKind;
use super::scalar_kind;
use super::tree::{OpenNode, OpenValue, YamlTree};
use crate::fix::{Applicability, Fix};
use crate::syntax::problems::shown;
use crate::syntax::tree::{Node, Scalar, ScalarKind, Style, Value};
use crate::text::Span;

impl<'a> YamlTree<'_, 'a> {
    /// A scalar, with the number of its anchor if that is not 0.
    pub(super) fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        range: Range<usize>,
    ) {
        let plain = style == ScalarStyle::Plain;
        let empty = plain && range.is_empty();
        let range = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => self.block_scalar(range),
            _ if empty => self.empty_place(range.start),
            _ => range,
        };
        if empty && tag.is_none() && (self.stack.is_empty() || self.is_cleared(range.start)) {
            self.last_end = self.last_end.max(range.end);
            let node = Node::missing(self.draft.start(range.start));
            return self.finish(anchor, node, range.end);
        }
        let span = self.draft.span(range.clone());
        let text = if empty { "" } else { text };
        let kind = self.kind(text, tag, plain, span);
        let style = self.style(style, span);
        if style == Style::Double {
            self.find_bad_escape(&range);
        }
        let is_key = matches!(self.stack.last(), Some(OpenNode { open: OpenValue::Map(_, None), .. }));
        let source = self.text(range.clone());
        if plain && is_key && source.starts_with("//") && source.contains('\n') {
            self.suspicious(SuspiciousKind::Comment, range.clone());
        }
        if range.end > range.start {
            self.multiline(range.clone(), style != Style::Plain);
        }
        self.last = range.clone();
        self.last_end = self.last_end.max(range.end);
        let text = self.borrow(text, span);
        self.finish(anchor, Node { span, value: Value::Scalar(Scalar { text, kind, style }) }, range.end);
    }

    /// Escapes that the parser here takes, and the daemons' does not: `\/`, and halves of a pair such as `\ud83d`.
    /// Source: `yaml_parser_scan_flow_scalar` in go-yaml/yaml@v2.4.0:scannerc.go.
    fn find_bad_escape(&mut self, range: &Range<usize>) {
        let text = self.text(range.clone());
        let mut bytes = text.bytes().enumerate();
        let mut found = None;
        while let Some((at, byte)) = bytes.next() {
            let next = if byte == b'\\' { bytes.next() } else { None };
            let rest = text.get(at + 2..).unwrap_or("");
            let is_half = || rest.starts_with(['d', 'D']) && rest.get(1..2).is_some_and(|c| c >= "8");
            found = match next {
                Some((_, b'/')) => Some((at..at + 2, "`\\/` is not an escape in YAML 1.1")),
                Some((_, b'u')) if is_half() => Some((at..at + 6, "half of a character is not an escape in YAML")),
                _ => continue,
            };
            break;
        }
        let Some((place, message)) = found else { return };
        let place = range.start + place.start..range.start + place.end;
        let is_slash = place.len() == 2;
        let (span, sign) = (self.draft.span(place.clone()), self.draft.span(place.start..place.start + 1));
        let problem = self.report("bad-escape", span, message);
        if is_slash {
            problem.help("write the slash alone");
            problem.fix(Fix::edit(Applicability::Safe, "Remove the backslash", sign, ""));
        } else {
            problem.help("write the character itself, or `\\U` and eight digits");
        }
    }

    fn kind(&mut self, text: &str, tag: Option<&Tag>, plain: bool, span: Span) -> ScalarKind {
        match tag.map(Tag::core_suffix) {
            None if plain => scalar_kind::plain_kind(text),
            // With an unknown tag, a value is text to the loader.
            None | Some(None) => ScalarKind::String,
            Some(Some(tag)) => scalar_kind::tagged_kind(tag, text).unwrap_or_else(|kind| {
                let message = format!("{} cannot be read as `!!{tag}`", shown(text));
                self.report("tag-mismatch", span, message).help("change the value or drop the tag");
                kind
            }),
        }
    }

    /// Quotes that the reader put around a value do not count.
    fn style(&self, style: ScalarStyle, span: Span) -> Style {
        match style {
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
            _ => match span.of(self.draft.source).as_bytes().first() {
                Some(b'"') => Style::Double,
                Some(b'\'') => Style::Single,
                _ => Style::Plain,
            },
        }
    }

    /// The decoded text as a piece of the source where it is one.
    fn borrow(&self, text: &str, span: Span) -> Cow<'a, str> {
        let source: &'a str = self.draft.source;
        let whole = source.get(span.range()).unwrap_or("");
        let mut inner = whole.chars();
        inner.next();
        inner.next_back();
        // The draft has another invisible character for a byte order mark.
        if whole == text || whole.contains('\u{feff}') && whole.trim_start_matches(['"', '\'']).len() == whole.len() {
            Cow::Borrowed(whole)
        } else if inner.as_str() == text {
            Cow::Borrowed(inner.as_str())
        } else {
            Cow::Owned(text.to_owned())
        }
    }

    /// The parser gives the content up to the next token; a node holds header and content.
    fn block_scalar(&self, range: Range<usize>) -> Range<usize> {
        let before = self.text(self.last_end..range.start);
        let header = before.find(['|', '>']).map_or(range.start, |i| self.last_end + i);
        let text = self.text(header..range.end);
        let last = text.rfind('\n').map_or("", |i| text.get(i + 1..).unwrap_or(""));
        // The indentation of what follows belongs to that.
        let blank = last.chars().all(|c| c == ' ');
        let kept = if blank { text.len() - last.len() } else { text.len() };
        let text = text.get(..kept).unwrap_or(text);
        header..header + text.trim_end_matches(['\n', '\r', ' ']).len().max(1)
    }

    /// Where an empty value stands: behind its colon or dash. The parser's own position is before the colon, or where
    /// the next token is.
    fn empty_place(&self, at: usize) -> Range<usize> {
        let at = match self.stack.last() {
            Some(OpenNode { open: OpenValue::Map(_, Some(key)), .. }) => self.value_place(key.end.max(self.last_end)),
            _ => at,
        };
        at..at
    }

    pub(super) fn value_place(&self, at: usize) -> usize {
        let rest = self.text(at..self.draft.text.len());
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let colon = rest.get(blanks..).is_some_and(|t| t.starts_with(':'));
        if colon { at + blanks + 1 } else { at }
    }

    /// Whether the reader took out what stood here.
    fn is_cleared(&self, at: usize) -> bool {
        let line = self.draft.line(self.draft.line_at(at));
        let source = self.draft.after(at)..line.source.range().end;
        let rest = self.draft.source.get(source).unwrap_or("").trim();
        let now = self.text(at..line.end).trim();
        now.is_empty() && !rest.is_empty() && !rest.starts_with('#')
    }
}
