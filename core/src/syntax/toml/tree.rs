//! Tables as they grow: headers and dotted keys find their place here, and clashes are told.

use std::borrow::Cow;

use super::fault::{Fault, Faults, line_of, shown};
use crate::fix::Fix;
use crate::named::Named;
use crate::syntax::{Entry, Map, MapStyle, Node, Value};
use crate::text::Span;

/// A part of a key or header: decoded, and where it stands.
pub(super) type KeyPart<'a> = (Cow<'a, str>, Span);

/// How far back a table is looked for that a later value hides.
const NEAR: usize = 24;

/// Tables under construction; the first is the document.
pub(super) struct TomlTree<'a> {
    text: &'a str,
    tables: Vec<GrowingTable<'a>>,
}

#[derive(Default)]
struct GrowingTable<'a> {
    slots: Named<'a, TableEntry<'a>>,
    style: MapStyle,
    headers: Vec<Span>,
}

struct TableEntry<'a> {
    key_span: Span,
    held: EntryValue<'a>,
}

enum EntryValue<'a> {
    /// Complete: a scalar, list or inline table.
    Value(Node<'a>),
    /// A table that may still grow.
    Table(usize),
    /// The tables of `[[…]]` headers.
    Array(Vec<usize>),
}

impl<'a> TomlTree<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, tables: vec![GrowingTable::default()] }
    }

    fn add_table(&mut self, style: MapStyle, header: Option<Span>) -> usize {
        self.tables.push(GrowingTable { style, headers: header.into_iter().collect(), ..GrowingTable::default() });
        self.tables.len() - 1
    }

    fn push(&mut self, table: usize, (key, key_span): KeyPart<'a>, held: EntryValue<'a>) {
        if let Some(table) = self.tables.get_mut(table) {
            table.slots.push(key, TableEntry { key_span, held });
        }
    }

    fn find(&self, table: usize, key: &str) -> Option<&TableEntry<'a>> {
        self.tables.get(table)?.slots.get(key).map(|(_, slot)| slot)
    }

    /// What a path can go through: after a clash, rather an earlier table than a later value.
    fn find_table(&self, table: usize, key: &str) -> Option<&TableEntry<'a>> {
        let last = self.find(table, key)?;
        if let EntryValue::Value(_) = last.held {
            let slots = self.tables.get(table).map_or(&[][..], |t| t.slots.all());
            let near = slots.iter().rev().take(NEAR).filter(|(name, _)| name == key);
            return near.map(|(_, slot)| slot).find(|slot| !matches!(slot.held, EntryValue::Value(_))).or(Some(last));
        }
        Some(last)
    }

    fn style(&self, table: usize) -> (MapStyle, Option<Span>) {
        let table = self.tables.get(table);
        table.map_or((MapStyle::Root, None), |t| (t.style, t.headers.first().copied()))
    }

    /// Starts an inline table, to be ended with [`Self::finish_inline`].
    pub(super) fn inline(&mut self) -> usize {
        self.add_table(MapStyle::Inline, None)
    }

    pub(super) fn finish_inline(&mut self, table: usize, span: Span) -> Node<'a> {
        let node = self.node(table);
        // Nothing outside refers to it or to the tables of its dotted keys.
        self.tables.truncate(table);
        Node { span, ..node }
    }

    /// The document; nothing if there is not a single entry.
    pub(super) fn finish(mut self) -> Node<'a> {
        let node = self.node(0);
        match node.entries() {
            [] => Node::missing(0),
            _ => Node { span: Span::new(0, self.text.len()), ..node },
        }
    }

    fn node(&mut self, table: usize) -> Node<'a> {
        let table = self.tables.get_mut(table).map(std::mem::take).unwrap_or_default();
        let mut span = table.headers.iter().copied().reduce(Span::to);
        let mut entries = Vec::with_capacity(table.slots.all().len());
        for (key, TableEntry { key_span, held }) in table.slots.into_all() {
            let value = match held {
                EntryValue::Value(node) => node,
                EntryValue::Table(id) => self.node(id),
                EntryValue::Array(ids) => self.list(&ids),
            };
            let whole = key_span.to(value.span);
            span = Some(span.map_or(whole, |s| s.to(whole)));
            entries.push(Entry { key, key_span, value });
        }
        Node { span: span.unwrap_or_default(), value: Value::Map(Map::new(entries, table.style, table.headers)) }
    }

    fn list(&mut self, tables: &[usize]) -> Node<'a> {
        let items: Vec<_> = tables.iter().map(|id| self.node(*id)).collect();
        let span = items.iter().map(|n| n.span).reduce(Span::to);
        Node { span: span.unwrap_or_default(), value: Value::Seq(items) }
    }

    /// The table that `[path]` or `[[path]]` opens.
    pub(super) fn open(
        &mut self,
        mut path: Vec<KeyPart<'a>>,
        array: bool,
        header: Span,
        faults: &mut Faults<'a>,
    ) -> usize {
        let Some(last) = path.pop() else { return 0 };
        let mut table = 0;
        for part in path {
            table = self.step(table, part, MapStyle::Table, faults);
        }
        let found = self.find_table(table, &last.0);
        let clash = match found.map(|slot| (&slot.held, slot.key_span)) {
            None => None,
            Some((EntryValue::Array(_), _)) if array => return self.append(table, &last.0, header),
            Some((EntryValue::Table(id), _)) if !array && self.style(*id) == (MapStyle::Table, None) => {
                return self.reopen(*id, header);
            }
            Some((EntryValue::Table(id), place)) if !array => {
                let id = *id;
                let (style, first) = self.style(id);
                let first = first.unwrap_or(place);
                if !faults.skips_clashes() {
                    faults.add(twice(self.text, header, first, style));
                }
                return self.reopen(id, header);
            }
            Some((EntryValue::Array(_), first)) => Some(mixed(self.text, header, first, "[[…]]", "[…]")),
            Some((EntryValue::Table(_), first)) => Some(mixed(self.text, header, first, "[…]", "[[…]]")),
            Some((EntryValue::Value(node), first)) => Some(not_a_table(self.text, &last, first, node)),
        };
        if let Some(fault) = clash.filter(|_| !faults.skips_clashes()) {
            faults.add(fault);
        }
        let new = self.add_table(MapStyle::Table, Some(header));
        let held = match array {
            true => EntryValue::Array(vec![new]),
            false => EntryValue::Table(new),
        };
        self.push(table, last, held);
        new
    }

    fn append(&mut self, table: usize, key: &str, header: Span) -> usize {
        let new = self.add_table(MapStyle::Table, Some(header));
        if let Some(EntryValue::Array(tables)) = self.held_mut(table, key) {
            tables.push(new);
        }
        new
    }

    fn held_mut(&mut self, table: usize, key: &str) -> Option<&mut EntryValue<'a>> {
        self.tables.get_mut(table)?.slots.get_mut(key).map(|slot| &mut slot.held)
    }

    fn reopen(&mut self, table: usize, header: Span) -> usize {
        if let Some(table) = self.tables.get_mut(table) {
            table.headers.push(header);
        }
        table
    }

    /// One step down a path; `style` tells whether a header or a dotted key takes it. Makes the table if need be.
    fn step(&mut self, table: usize, part: KeyPart<'a>, style: MapStyle, faults: &mut Faults<'a>) -> usize {
        let dotted = style == MapStyle::Dotted;
        let found = self.find_table(table, &part.0).map(|slot| (&slot.held, slot.key_span));
        match found {
            None => {}
            Some((EntryValue::Table(id), place)) => {
                let id = *id;
                let (found, header) = self.style(id);
                if dotted && found == MapStyle::Table {
                    match header {
                        Some(_) => closed(self.text, &part, header.unwrap_or(place), faults),
                        None => self.tables.get_mut(id).into_iter().for_each(|t| t.style = style),
                    }
                }
                return id;
            }
            Some((EntryValue::Array(tables), place)) => {
                let last = tables.last().copied().unwrap_or(table);
                if dotted {
                    closed(self.text, &part, place, faults);
                }
                return last;
            }
            Some((EntryValue::Value(node), place)) => {
                let fault = not_a_table(self.text, &part, place, node);
                if !faults.skips_clashes() {
                    faults.add(fault);
                }
            }
        }
        let new = self.add_table(style, None);
        self.push(table, part, EntryValue::Table(new));
        new
    }

    /// Whether a table was opened again behind `place`. That is told, and its keys need not be compared.
    fn is_repeated(&self, table: usize, place: Span) -> bool {
        let headers = self.tables.get(table).map_or(&[][..], |t| &t.headers);
        matches!(headers, [_, .., last] if place < *last)
    }

    /// Puts `path = value` into a table.
    pub(super) fn insert(
        &mut self,
        mut table: usize,
        mut path: Vec<KeyPart<'a>>,
        value: Node<'a>,
        faults: &mut Faults<'a>,
    ) {
        let Some(last) = path.pop() else { return };
        let start = path.first().map_or(last.1, |part| part.1);
        for part in path {
            table = self.step(table, part, MapStyle::Dotted, faults);
        }
        if let Some(slot) = self.find(table, &last.0)
            && !faults.skips_clashes()
            && !faults.is_known(last.1)
            && !self.is_repeated(table, slot.key_span)
        {
            let fault = match &slot.held {
                EntryValue::Value(first) => same_key(self.text, start, &last, &value, slot.key_span, first),
                _ => Fault::new("duplicate-key", last.1, format!("{} is already a table", shown(&last.0)))
                    .related(slot.key_span, "the table")
                    .help("rename one of the two, or remove the one that is not wanted"),
            };
            faults.add(fault);
        }
        self.push(table, last, EntryValue::Value(value));
    }
}

fn twice(text: &str, header: Span, first: Span, style: MapStyle) -> Fault {
    let written = shown(header.of(text));
    let fault = match style {
        MapStyle::Dotted => {
            Fault::new("duplicate-table", header, format!("the table {written} was made by a dotted key before"))
        }
        _ => Fault::new("duplicate-table", header, format!("the table {written} is defined twice")),
    };
    fault.related(first, "first defined here").help("move the entries to the first definition, and remove this header")
}

fn mixed(text: &str, header: Span, first: Span, was: &str, now: &str) -> Fault {
    let written = shown(header.of(text));
    Fault::new(
        "duplicate-table",
        header,
        format!("{written} cannot stand beside headers of the form `{was}` for the same name"),
    )
    .related(first, "first defined here")
    .help(format!("`{was}` and `{now}` make different things: choose one of them for all"))
}

fn not_a_table<'a>(text: &'a str, part: &KeyPart<'a>, first: Span, node: &Node<'a>) -> Fault {
    let written = shown(part.1.of(text));
    let (message, help) = match &node.value {
        Value::Map(_) => (
            format!("the inline table {written} is complete, so nothing can be added to it"),
            "write all its entries between its braces, or make it a `[table]`",
        ),
        _ => (
            format!("{written} is {}, so nothing can be put under it", node.type_name()),
            "rename one of the two, or remove the one that is not wanted",
        ),
    };
    Fault::new("not-a-table", part.1, message).related(first, "set here").help(help)
}

fn closed<'a>(text: &'a str, part: &KeyPart<'a>, first: Span, faults: &mut Faults<'a>) {
    if faults.skips_clashes() {
        return;
    }
    let written = shown(part.1.of(text));
    let fault = Fault::new(
        "closed-table",
        part.1,
        format!("a dotted key cannot add to the table {written}, which has a header of its own"),
    );
    faults.add(fault.related(first, "its header").help("move the entry under that header"));
}

fn same_key<'a>(
    text: &'a str,
    start: Span,
    last: &KeyPart<'a>,
    value: &Node<'a>,
    first_key: Span,
    first: &Node<'a>,
) -> Fault {
    let fault = Fault::new("duplicate-key", last.1, format!("key {} is set twice", shown(last.1.of(text))))
        .related(first_key, "first set here");
    let line = line_of(text, start.start as usize);
    let alone = line.of(text).trim() == start.to(value.span).of(text);
    if alone && first.span.of(text) == value.span.of(text) {
        let next = (line.end as usize + 1).min(text.len());
        let span = Span::new(line.start as usize, next);
        return fault.help("both have the same value, so one can go").fixes(Some(Fix::safe(
            "Remove the second one",
            span,
            "",
        )));
    }
    fault.help("keep the one that should count, and remove the other")
}
