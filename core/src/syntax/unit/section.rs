//! Sections and their headers; the root of all of them.

use std::borrow::Cow;

use super::super::problems::shown;
use super::super::{Entry, Map, MapStyle, Node, Value};
use super::{UnitReader, cover};
use crate::named::Named;
use crate::text::Span;

/// A section, with all its headers.
pub(super) struct UnitSection<'a> {
    key_span: Span,
    span: Span,
    entries: Vec<Entry<'a>>,
    headers: Vec<Span>,
}

/// The root of all sections; an environment file has one section without a name.
pub(super) fn root<'a>(sections: Named<'a, UnitSection<'a>>, env: bool) -> Node<'a> {
    let mut entries = Vec::new();
    let mut span = None;
    for (key, section) in sections.into_all() {
        if env {
            section.entries.iter().for_each(|e| cover(&mut span, e.key_span.to(e.value.span)));
            entries.extend(section.entries);
            continue;
        }
        cover(&mut span, section.span);
        let map = Map::new(section.entries, MapStyle::Block, section.headers);
        let value = Node { span: section.span, value: Value::Map(map) };
        entries.push(Entry { key, key_span: section.key_span, value });
    }
    match span {
        None => Node::missing(0),
        Some(span) => Node { span, value: Value::Map(Map::new(entries, MapStyle::Root, Vec::new())) },
    }
}

impl<'a> UnitReader<'a> {
    /// The name in a section header.
    pub(super) fn header(&self, line: Span) -> Option<&'a str> {
        if self.env {
            return None;
        }
        let name = line.of(self.text).strip_prefix('[')?.strip_suffix(']')?;
        (!name.contains(['[', ']', '"'])).then_some(name)
    }

    /// Opens the section; its header is added to those it has.
    pub(super) fn section(&mut self, name: &'a str, header: Span) {
        if let Some(section) = self.sections.get_mut(name) {
            section.span = section.span.to(header);
            section.headers.push(header);
            return;
        }
        let start = header.start as usize + usize::from(!self.env);
        let key_span = Span::new(start, start + name.len());
        let section = UnitSection { key_span, span: header, entries: Vec::new(), headers: vec![header] };
        self.sections.push(Cow::Borrowed(name), section);
    }

    /// Adds a directive to its section.
    pub(super) fn add(&mut self, section: &str, entry: Entry<'a>) {
        if let Some(section) = self.sections.get_mut(section) {
            section.span = section.span.to(entry.key_span.to(entry.value.span));
            section.entries.push(entry);
        }
    }

    pub(super) fn report_before(&mut self) {
        let Some(span) = self.before else { return };
        let first = shown(span.of(self.text));
        let place = if self.sections.all().is_empty() { "in no section" } else { "before the first section" };
        self.report("text-before-section", span, format!("{first} stands {place}"))
            .help("systemd ignores what stands before a header such as `[Service]`");
    }
}
