//! Events of the parser into the tree: aliases and merge keys resolved, every span led back to the source.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle, Tag};

use super::alias::Anchored;
use super::cause::Cause;
use super::work::Work;
use super::{line, scalar};
use crate::syntax::MAX_DEPTH;
use crate::syntax::tree::{Entry, Map, MapStyle, Node, Problem, Scalar, ScalarKind, Style, Value};
use crate::text::Span;

/// One reading of the working text.
#[derive(Default)]
pub(super) struct Pass<'a> {
    pub(super) roots: Vec<Node<'a>>,
    pub(super) comments: Vec<Span>,
    /// What is wrong without being in the parser's way.
    pub(super) marks: Vec<Problem>,
    /// What the parser takes and the user cannot have meant.
    pub(super) slips: Vec<Slip>,
    /// Where the parser gave up; at most one a document.
    pub(super) failures: Vec<Failure>,
    /// Scalars of several lines and closed brackets: their lines are no lines of the block around them.
    pub(super) opaque: Vec<Range<usize>>,
    /// The opaque ones whose lines may start with a tab.
    pub(super) tabs_allowed: Vec<Range<usize>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SlipKind {
    /// `\_` in a key.
    Escape,
    /// A blank that is none.
    Space,
    /// A key that starts with `//` or `/*`.
    Comment,
    /// `{{`.
    Template,
    /// A value that starts with `*` and is no alias.
    Star,
}

#[derive(Clone, Debug)]
pub(super) struct Slip {
    pub(super) kind: SlipKind,
    /// The scalar, in the working text.
    pub(super) range: Range<usize>,
}

#[derive(Debug)]
pub(super) struct Failure {
    pub(super) cause: Cause,
    /// Where, in the working text.
    pub(super) at: usize,
    /// The last scalar before.
    pub(super) last: Range<usize>,
    /// Where the outermost open bracket is.
    pub(super) flow: Option<usize>,
}

pub(super) struct Key<'a> {
    text: Cow<'a, str>,
    span: Span,
    merge: bool,
    /// Behind the key, in the working text.
    end: usize,
}

pub(super) enum Open<'a> {
    Seq(Vec<Node<'a>>),
    Map(Vec<Entry<'a>>, Option<Key<'a>>),
    /// Too deep: nothing is kept.
    Skip,
}

pub(super) struct Frame<'a> {
    pub(super) open: Open<'a>,
    flow: bool,
    pub(super) anchor: usize,
    /// In the working text.
    start: usize,
    span: Span,
}

pub(super) struct Builder<'w, 'a> {
    pub(super) work: &'w Work<'a>,
    pass: Pass<'a>,
    pub(super) stack: Vec<Frame<'a>>,
    root: Option<Node<'a>>,
    /// Where the open document starts.
    doc: Option<usize>,
    /// By the parser's number, which no two anchors of a text share.
    pub(super) anchors: Vec<Option<Anchored<'a>>>,
    pub(super) kept: usize,
    pub(super) expanded: usize,
    /// The last scalar.
    pub(super) last: Range<usize>,
    /// Where the last event ended.
    pub(super) last_end: usize,
    too_deep: bool,
    pub(super) too_many: bool,
}

/// Reads the working text once.
pub(super) fn pass<'a>(work: &Work<'a>) -> Pass<'a> {
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        // As the daemon's parser does.
        block_scalar_eof_without_line_feed: true,
        // A file of comments is no attack: their number is bound by the length of the text.
        max_buffered_comment_events: usize::MAX,
    };
    let mut parser = Parser::new_from_str_with_options(&work.text, options);
    let mut builder = Builder {
        work,
        pass: Pass::default(),
        stack: vec![],
        root: None,
        doc: None,
        anchors: vec![],
        kept: 0,
        expanded: 0,
        last: 0..0,
        last_end: 0,
        too_deep: false,
        too_many: false,
    };
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => {
                let range = span.byte_range().unwrap_or(0..0);
                builder.event(event, range);
            }
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(work.text.len());
                builder.fail(Cause::of(error.kind()), at.min(work.text.len()));
                if !matches!(parser.proceed_next_document(), Ok(true)) {
                    break;
                }
            }
        }
    }
    builder.close_document();
    let mut pass = builder.pass;
    merge(&mut pass.opaque);
    merge(&mut pass.tabs_allowed);
    pass
}

/// Makes ranges disjoint and sorted, so that one look finds the right one.
fn merge(ranges: &mut Vec<Range<usize>>) {
    ranges.sort_unstable_by_key(|r| (r.start, r.end));
    ranges.dedup_by(|next, kept| {
        let overlap = next.start < kept.end;
        if overlap {
            kept.end = kept.end.max(next.end);
        }
        overlap
    });
}

/// The one of disjoint sorted ranges in which `at` lies, its start left out.
pub(super) fn around(ranges: &[Range<usize>], at: usize) -> Option<&Range<usize>> {
    ranges.get(ranges.partition_point(|r| r.end <= at)).filter(|r| r.start < at)
}

impl<'a> Builder<'_, 'a> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::DocumentStart(..) => {
                self.close_document();
                self.doc = Some(range.end);
            }
            Event::DocumentEnd => self.close_document(),
            Event::Comment(..) => self.pass.comments.push(self.work.span(range)),
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(text, style, anchor, tag, range);
            }
            Event::Alias(id) => self.alias(id, range),
            Event::UnresolvedAlias(name) => self.unknown_alias(&name, range),
            Event::SequenceStart(style, anchor, _) => {
                self.open(Open::Seq(vec![]), style, anchor, range);
            }
            Event::MappingStart(style, anchor, _) => {
                self.open(Open::Map(vec![], None), style, anchor, range);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range),
            _ => {}
        }
    }

    fn close_document(&mut self) {
        if let Some(at) = self.doc.take() {
            let missing = Node::missing(self.work.start(at));
            self.pass.roots.push(self.root.take().unwrap_or(missing));
        }
    }

    /// Closes whatever is open, so that what was read stays.
    fn fail(&mut self, cause: Cause, at: usize) {
        self.pass.failures.push(Failure {
            cause,
            at,
            last: self.last.clone(),
            flow: self.stack.iter().find(|f| f.flow).map(|f| f.start),
        });
        let end = self.last_end;
        while !self.stack.is_empty() {
            if let Some(Frame { open: Open::Map(_, Some(key)), .. }) = self.stack.last() {
                let missing = Node::missing(self.work.start(self.value_place(key.end)));
                self.place(missing, end);
            }
            self.close(end..end);
        }
        self.doc.get_or_insert(at);
        self.close_document();
    }

    fn open(&mut self, open: Open<'a>, style: StructureStyle, anchor: usize, range: Range<usize>) {
        let flow = style == StructureStyle::Flow;
        let mut start = range.start;
        if flow && self.text(start..start + 2) == "{{" {
            self.slip(SlipKind::Template, start..start + 2);
        }
        if !flow && matches!(open, Open::Seq(_)) {
            start = self.first_dash(start);
        }
        let deep = self.stack.len() >= MAX_DEPTH;
        if deep && !self.too_deep {
            self.too_deep = true;
            let span = self.work.span(start..range.end.max(start));
            self.mark("too-deep", span, "this is nested too deeply to be read".into(), None);
        }
        self.last_end = range.end;
        self.stack.push(Frame {
            open: if deep { Open::Skip } else { open },
            flow,
            anchor,
            start,
            span: Span::empty(self.work.start(start)),
        });
    }

    /// For a list at the indentation of its key the parser names the first item, not its dash.
    fn first_dash(&self, start: usize) -> usize {
        let in_map = matches!(self.stack.last(), Some(Frame { open: Open::Map(..), .. }));
        let content = self.work.content_at(self.work.line_at(start));
        let before = self.text(content..start);
        if in_map && before.starts_with('-') && line::dashes(before) == before.len() { content } else { start }
    }

    fn close(&mut self, range: Range<usize>) {
        let Some(frame) = self.stack.pop() else {
            return;
        };
        let mut span = frame.span;
        if frame.flow {
            span = span.to(self.work.span(frame.start..range.end.max(frame.start)));
            self.last_end = range.end;
            self.opaque(frame.start..range.end, true);
        }
        let style = if frame.flow { MapStyle::Inline } else { MapStyle::Block };
        let value = match frame.open {
            Open::Seq(items) => Value::Seq(items),
            Open::Map(entries, _) => Value::Map(Map { entries, style, headers: vec![] }),
            Open::Skip => Value::Missing,
        };
        let node = Node { span, value };
        self.keep(frame.anchor, &node);
        self.place(node, range.end);
    }

    fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<Cow<'_, Tag>>,
        mut range: Range<usize>,
    ) {
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            range = self.block_scalar(range);
        }
        let empty = range.is_empty() && style == ScalarStyle::Plain;
        let tagged = tag.as_deref().and_then(Tag::core_suffix).map(str::to_owned);
        let custom = tag.is_some();
        if empty {
            let at = self.empty_place(range.start);
            range = at..at;
        }
        let at_root = self.stack.is_empty();
        if empty && !custom && (at_root || self.masked(range.start)) {
            self.last_end = self.last_end.max(range.end);
            let node = Node::missing(self.work.start(range.start));
            self.keep(anchor, &node);
            self.place(node, range.end);
            return;
        }
        let span = self.work.span(range.clone());
        let text: &str = if empty { "" } else { &text };
        let plain = style == ScalarStyle::Plain;
        let style = self.style(style, span);
        let kind = match &tagged {
            Some(tag) => scalar::tagged_kind(tag, text).unwrap_or_else(|kind| {
                let message = format!("`{}` cannot be read as `!!{tag}`", brief(text));
                self.mark("tag-mismatch", span, message, Some("change the value or drop the tag"));
                kind
            }),
            // As the loader does with tags that it does not know.
            None if custom => ScalarKind::String,
            None if plain => scalar::plain_kind(text),
            None => ScalarKind::String,
        };
        if plain {
            self.find_slips(&range);
        }
        if range.end > range.start {
            self.opaque(range.clone(), style != Style::Plain);
        }
        self.last = range.clone();
        self.last_end = self.last_end.max(range.end);
        let text = self.borrow(text, span);
        let node = Node { span, value: Value::Scalar(Scalar { text, kind, style }) };
        self.keep(anchor, &node);
        self.place(node, range.end);
    }

    /// Quotes that the reader put around a value do not count.
    fn style(&self, style: ScalarStyle, span: Span) -> Style {
        match style {
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
            _ => match span.of(self.work.source).as_bytes().first() {
                Some(b'"') => Style::Double,
                Some(b'\'') => Style::Single,
                _ => Style::Plain,
            },
        }
    }

    /// The decoded text as a piece of the source where it is one.
    fn borrow(&self, text: &str, span: Span) -> Cow<'a, str> {
        let source: &'a str = self.work.source;
        let whole = source.get(span.range()).unwrap_or("");
        let mut inner = whole.chars();
        inner.next();
        inner.next_back();
        if whole == text {
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

    /// Nothing stands behind its colon or dash; the parser says before the colon, or where the next thing is.
    fn empty_place(&self, at: usize) -> usize {
        match self.stack.last() {
            Some(Frame { open: Open::Map(_, Some(key)), .. }) => self.value_place(key.end.max(self.last_end)),
            _ => at,
        }
    }

    fn value_place(&self, at: usize) -> usize {
        let rest = self.text(at..self.work.text.len());
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let colon = rest.get(blanks..).is_some_and(|t| t.starts_with(':'));
        if colon { at + blanks + 1 } else { at }
    }

    /// Whether the reader took out what stood here.
    fn masked(&self, at: usize) -> bool {
        let line = self.work.line(self.work.line_at(at));
        let source = self.work.after(at)..line.source.range().end;
        let rest = self.work.source.get(source).unwrap_or("").trim();
        let now = self.text(at..line.end).trim();
        now.is_empty() && !rest.is_empty() && !rest.starts_with('#')
    }

    pub(super) fn text(&self, range: Range<usize>) -> &str {
        self.work.text.get(range).unwrap_or("")
    }

    pub(super) fn slip(&mut self, kind: SlipKind, range: Range<usize>) {
        self.pass.slips.push(Slip { kind, range });
    }

    pub(super) fn mark(&mut self, code: &'static str, span: Span, message: String, help: Option<&str>) {
        self.pass.marks.push(Problem { code, span, message, help: help.map(str::to_owned), related: None, fix: None });
    }

    fn opaque(&mut self, range: Range<usize>, tabs: bool) {
        if self.text(range.clone()).contains('\n') {
            if tabs {
                self.pass.tabs_allowed.push(range.clone());
            }
            self.pass.opaque.push(range);
        }
    }

    /// Puts a finished node where it belongs.
    pub(super) fn place(&mut self, node: Node<'a>, end: usize) {
        let Some(frame) = self.stack.last_mut() else {
            self.root.get_or_insert(node);
            return;
        };
        // An alias' inner nodes may lie elsewhere, its own span never does.
        frame.span.end = frame.span.end.max(node.span.end);
        match &mut frame.open {
            Open::Skip => {}
            Open::Seq(items) => items.push(node),
            Open::Map(entries, key) => match key.take() {
                Some(k) if k.merge => self.merge(node),
                Some(k) => entries.push(Entry { key: k.text, key_span: k.span, value: node }),
                None => self.key(node, end),
            },
        }
    }

    fn key(&mut self, node: Node<'a>, end: usize) {
        let span = node.span;
        let mut merge = false;
        // Keys stay as they are written: `on:` and `0100:` are entries `on` and `0100` here, though the loader turns
        // them into "true" and "64" on its way through JSON. No key that a daemon knows is written like that.
        let text = match node.value {
            Value::Scalar(scalar) => {
                if scalar.kind == ScalarKind::Null && span.start == span.end {
                    let help = "write the key before the colon, or quote the value if it starts with a colon";
                    self.mark("missing-key", span, "there is no key before this colon".into(), Some(help));
                }
                merge = scalar.style == Style::Plain && scalar.text == "<<";
                scalar.text
            }
            Value::Missing => Cow::Borrowed(""),
            Value::Seq(_) | Value::Map(_) => {
                let source: &'a str = self.work.source;
                let text = source.get(span.range()).unwrap_or("");
                // A template is reported as such.
                if !text.starts_with("{{") && !self.in_template() {
                    let help = "a key must be a plain word or a quoted text";
                    let message = "a list or table cannot be a key".to_owned();
                    self.mark("complex-key", span, message, Some(help));
                }
                Cow::Borrowed(text)
            }
        };
        if let Some(Frame { open: Open::Map(_, key), .. }) = self.stack.last_mut() {
            *key = Some(Key { text, span, merge, end });
        }
    }

    fn in_template(&self) -> bool {
        self.stack.last().is_some_and(|f| self.text(f.start..f.start + 2) == "{{")
    }
}

/// A text short enough for a message.
pub(super) fn brief(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    let mut short: String = line.chars().take(40).collect();
    if short.len() < text.len() {
        short.push_str("...");
    }
    short
}
