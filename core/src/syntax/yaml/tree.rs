//! The tree from the parser's events, with spans of the source.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{Event, StructureStyle};

use super::alias::Anchored;
use super::draft::Draft;
use super::failure_cause::FailureCause;
use super::line;
use super::reading::{ParserFailure, Suspicious, SuspiciousKind, YamlReading};
use crate::syntax::MAX_DEPTH;
use crate::syntax::problems::shown;
use crate::syntax::tree::{Entry, Map, MapStyle, Node, Problem, ScalarKind, Style, Value};
use crate::text::Span;

/// A key that waits for its value.
pub(super) struct PendingKey<'a> {
    text: Cow<'a, str>,
    span: Span,
    /// Whether the key is `<<`.
    merge: bool,
    /// Behind the key, in the draft.
    pub(super) end: usize,
}

/// The content of a list or table so far.
pub(super) enum OpenValue<'a> {
    Seq(Vec<Node<'a>>),
    Map(Vec<Entry<'a>>, Option<PendingKey<'a>>),
    /// Too deep: nothing is kept.
    Skip,
}

/// A list or table that is being read.
pub(super) struct OpenNode<'a> {
    pub(super) open: OpenValue<'a>,
    flow: bool,
    pub(super) anchor: usize,
    /// In the draft.
    start: usize,
    span: Span,
}

pub(super) struct YamlTree<'w, 'a> {
    pub(super) draft: &'w Draft<'a>,
    reading: YamlReading<'a>,
    pub(super) stack: Vec<OpenNode<'a>>,
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

impl<'w, 'a> YamlTree<'w, 'a> {
    pub(super) fn new(draft: &'w Draft<'a>) -> Self {
        Self {
            draft,
            reading: YamlReading::default(),
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
        }
    }

    /// The reading, with all documents.
    pub(super) fn done(mut self) -> YamlReading<'a> {
        self.close_document();
        self.reading
    }

    pub(super) fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::DocumentStart(..) => {
                self.close_document();
                self.doc = Some(range.end);
            }
            Event::DocumentEnd => self.close_document(),
            Event::Comment(..) => self.reading.comments.push(self.draft.comment(range)),
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), range);
            }
            Event::Alias(id) => self.alias(id, range),
            Event::UnresolvedAlias(name) => self.unknown_alias(&name, range),
            Event::SequenceStart(style, anchor, _) => {
                self.open(OpenValue::Seq(vec![]), style, anchor, range);
            }
            Event::MappingStart(style, anchor, _) => {
                self.open(OpenValue::Map(vec![], None), style, anchor, range);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range),
            _ => {}
        }
    }

    fn close_document(&mut self) {
        if let Some(at) = self.doc.take() {
            let missing = Node::missing(self.draft.start(at));
            self.reading.roots.push(self.root.take().unwrap_or(missing));
        }
    }

    /// Closes whatever is open, so that what was read stays.
    pub(super) fn fail(&mut self, cause: FailureCause, at: usize) {
        self.reading.failures.push(ParserFailure {
            cause,
            at,
            last: self.last.clone(),
            flow: self.stack.iter().find(|f| f.flow).map(|f| f.start),
        });
        let end = self.last_end;
        while !self.stack.is_empty() {
            if let Some(OpenNode { open: OpenValue::Map(_, Some(key)), .. }) = self.stack.last() {
                let missing = Node::missing(self.draft.start(self.value_place(key.end)));
                self.place(missing, end);
            }
            self.close(end..end);
        }
        self.doc.get_or_insert(at);
        self.close_document();
    }

    fn open(&mut self, open: OpenValue<'a>, style: StructureStyle, anchor: usize, range: Range<usize>) {
        let flow = style == StructureStyle::Flow;
        let mut start = range.start;
        if flow && self.text(start..start + 2) == "{{" {
            self.suspicious(SuspiciousKind::Template, start..start + 2);
        }
        if !flow && matches!(open, OpenValue::Seq(_)) {
            start = self.first_dash(start);
        }
        let deep = self.stack.len() >= MAX_DEPTH;
        if deep && !self.too_deep {
            self.too_deep = true;
            let span = self.draft.span(start..range.end.max(start));
            self.report("too-deep", span, super::value::too_deep_message());
        }
        self.last_end = range.end;
        self.stack.push(OpenNode {
            open: if deep { OpenValue::Skip } else { open },
            flow,
            anchor,
            start,
            span: Span::empty(self.draft.start(start)),
        });
    }

    /// For a list at the indentation of its key the parser names the first item, not its dash.
    fn first_dash(&self, start: usize) -> usize {
        let in_map = matches!(self.stack.last(), Some(OpenNode { open: OpenValue::Map(..), .. }));
        let content = self.draft.content_at(self.draft.line_at(start));
        let before = self.text(content..start);
        if in_map && before.starts_with('-') && line::dashes(before) == before.len() { content } else { start }
    }

    fn close(&mut self, range: Range<usize>) {
        let Some(frame) = self.stack.pop() else {
            return;
        };
        let mut span = frame.span;
        if frame.flow {
            span = span.to(self.draft.span(frame.start..range.end.max(frame.start)));
            self.last_end = range.end;
            self.multiline(frame.start..range.end, true);
        }
        let style = if frame.flow { MapStyle::Inline } else { MapStyle::Block };
        let value = match frame.open {
            OpenValue::Seq(items) => Value::Seq(items),
            OpenValue::Map(entries, _) => Value::Map(Map::new(entries, style, vec![])),
            OpenValue::Skip => Value::Missing,
        };
        let node = Node { span, value };
        self.finish(frame.anchor, node, range.end);
    }

    pub(super) fn text(&self, range: Range<usize>) -> &str {
        self.draft.text.get(range).unwrap_or("")
    }

    pub(super) fn suspicious(&mut self, kind: SuspiciousKind, range: Range<usize>) {
        self.reading.suspicious.push(Suspicious { kind, range });
    }

    pub(super) fn report(&mut self, code: &'static str, span: Span, message: impl Into<String>) -> &mut Problem {
        self.reading.problems.report(code, span, message)
    }

    pub(super) fn multiline(&mut self, range: Range<usize>, tabs: bool) {
        if self.text(range.clone()).contains('\n') {
            if tabs {
                self.reading.tabs_allowed.push(range.clone());
            }
            self.reading.multiline.push(range);
        }
    }

    /// Puts a finished node where it belongs, and keeps it if it has an anchor.
    pub(super) fn finish(&mut self, anchor: usize, node: Node<'a>, end: usize) {
        self.keep(anchor, &node);
        self.place(node, end);
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
            OpenValue::Skip => {}
            OpenValue::Seq(items) => items.push(node),
            OpenValue::Map(entries, key) => match key.take() {
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
        // them into "true" and "64" on its way through JSON. No key of a daemon is written like that.
        let text = match node.value {
            Value::Scalar(scalar) => {
                if scalar.kind == ScalarKind::Null && span.start == span.end {
                    let help = "write the key before the colon, or quote the value if it starts with a colon";
                    self.report("missing-key", span, "there is no key before this colon").help(help);
                }
                if scalar.kind == ScalarKind::Null && span.start < span.end {
                    let message = format!("the key {} is null", shown(&scalar.text));
                    self.report("null-key", span, message).help("quote the key, or write another one");
                }
                merge = scalar.style == Style::Plain && scalar.text == "<<";
                scalar.text
            }
            Value::Missing => Cow::Borrowed(""),
            Value::Seq(_) | Value::Map(_) => {
                let source: &'a str = self.draft.source;
                let text = source.get(span.range()).unwrap_or("");
                // A template is reported as such.
                if !text.starts_with("{{") && !self.in_template() {
                    let help = "a key must be a plain word or a quoted text";
                    let message = "a list or table cannot be a key".to_owned();
                    self.report("complex-key", span, message).help(help);
                }
                Cow::Borrowed(text)
            }
        };
        if let Some(OpenNode { open: OpenValue::Map(_, key), .. }) = self.stack.last_mut() {
            *key = Some(PendingKey { text, span, merge, end });
        }
    }

    fn in_template(&self) -> bool {
        self.stack.last().is_some_and(|f| self.text(f.start..f.start + 2) == "{{")
    }
}
