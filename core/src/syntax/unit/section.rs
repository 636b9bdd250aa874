//! Sections and their headers; the root of all of them.

use std::borrow::Cow;

use super::super::{Entry, Map, MapStyle, Node, Value};
use super::{Reader, cover, shown};
use crate::text::Span;

/// The root of all sections; an environment file has one section without a name.
pub(super) fn root(mut sections: Vec<Entry<'_>>, env: bool) -> Node<'_> {
    let entries = match sections.pop_if(|_| env).map(|section| section.value.value) {
        Some(Value::Map(map)) => map.entries,
        _ => sections,
    };
    let mut span = None;
    for entry in &entries {
        cover(&mut span, entry.key_span.to(entry.value.span));
        for header in entry.value.as_map().iter().flat_map(|map| &map.headers) {
            cover(&mut span, *header);
        }
    }
    match span {
        None => Node::missing(0),
        Some(span) => Node { span, value: Value::Map(Map { entries, style: MapStyle::Root, headers: Vec::new() }) },
    }
}

impl<'a> Reader<'a> {
    /// The name in a section header.
    pub(super) fn header(&self, line: Span) -> Option<&'a str> {
        if self.env {
            return None;
        }
        let name = line.of(self.text).strip_prefix('[')?.strip_suffix(']')?;
        (!name.contains(['[', ']', '"'])).then_some(name)
    }

    /// The index of the section; its header is added to those it has.
    pub(super) fn section(&mut self, name: &'a str, header: Span) -> usize {
        if let Some(i) = self.known.get(name).copied() {
            if let Some(section) = self.sections.get_mut(i) {
                section.value.span = section.value.span.to(header);
                if let Value::Map(map) = &mut section.value.value {
                    map.headers.push(header);
                }
            }
            return i;
        }
        let index = self.sections.len();
        let start = header.start as usize + usize::from(!self.env);
        self.known.insert(Cow::Borrowed(name), index);
        self.sections.push(Entry {
            key: Cow::Borrowed(name),
            key_span: Span::new(start, start + name.len()),
            value: Node {
                span: header,
                value: Value::Map(Map { entries: Vec::new(), style: MapStyle::Block, headers: vec![header] }),
            },
        });
        index
    }

    /// Adds a directive to its section.
    pub(super) fn add(&mut self, section: usize, entry: Entry<'a>) {
        let Some(section) = self.sections.get_mut(section) else {
            return;
        };
        let span = entry.key_span.to(entry.value.span);
        section.value.span = section.value.span.to(span);
        if let Value::Map(map) = &mut section.value.value {
            map.entries.push(entry);
        }
    }

    pub(super) fn report_before(&mut self) {
        let Some(span) = self.before else { return };
        let first = shown(span.of(self.text));
        let place = if self.sections.is_empty() { "in no section" } else { "before the first section" };
        self.report("text-before-section", span, format!("`{first}` stands {place}"))
            .help("systemd ignores what stands before a header such as `[Service]`");
    }
}
