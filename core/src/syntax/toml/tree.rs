//! Tables as they grow: headers and dotted keys find their place here, and clashes are reported.

use std::borrow::Cow;

use crate::fix::Fix;
use crate::named::Named;
use crate::syntax::problems::{Problems, shown};
use crate::syntax::{Dialect, Entry, Map, MapStyle, Node, Problem, Value};
use crate::text::{Span, line_of};

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

    /// The entry that a path can go through: after a clash, rather an earlier table than a later value.
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
        // No other table refers to it or to the tables of its dotted keys.
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
        problems: &mut Problems,
    ) -> usize {
        let Some(last) = path.pop() else { return 0 };
        let mut table = 0;
        for part in path {
            table = self.step(table, part, MapStyle::Table, problems);
        }
        let found = self.find_table(table, &last.0);
        let skips_clashes = skips_clashes(problems);
        match found.map(|slot| (&slot.held, slot.key_span)) {
            None => {}
            Some((EntryValue::Array(_), _)) if array => return self.append(table, &last.0, header),
            Some((EntryValue::Table(id), place)) if !array => {
                let id = *id;
                let (style, first) = self.style(id);
                if (style, first) != (MapStyle::Table, None) && !skips_clashes {
                    report_twice(self.text, header, first.unwrap_or(place), style, problems);
                }
                return self.reopen(id, header);
            }
            Some(_) if skips_clashes => {}
            Some((EntryValue::Array(_), first)) => report_mixed(self.text, header, first, "[[…]]", "[…]", problems),
            Some((EntryValue::Table(_), first)) => report_mixed(self.text, header, first, "[…]", "[[…]]", problems),
            Some((EntryValue::Value(node), first)) => {
                report_not_a_table(self.text, last.1, first, node, problems);
            }
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

    /// One step down a path; `style` is whether a header or a dotted key takes it. Adds the table if need be.
    fn step(&mut self, table: usize, part: KeyPart<'a>, style: MapStyle, problems: &mut Problems) -> usize {
        let dotted = style == MapStyle::Dotted;
        let found = self.find_table(table, &part.0).map(|slot| (&slot.held, slot.key_span));
        match found {
            None => {}
            Some((EntryValue::Table(id), place)) => {
                let id = *id;
                let (found, header) = self.style(id);
                if dotted && found == MapStyle::Table {
                    match header {
                        Some(_) => report_closed(self.text, part.1, header.unwrap_or(place), problems),
                        None => self.tables.get_mut(id).into_iter().for_each(|t| t.style = style),
                    }
                }
                return id;
            }
            Some((EntryValue::Array(tables), place)) => {
                let last = tables.last().copied().unwrap_or(table);
                if dotted {
                    report_closed(self.text, part.1, place, problems);
                }
                return last;
            }
            Some((EntryValue::Value(_), _)) if skips_clashes(problems) => {}
            Some((EntryValue::Value(node), place)) => {
                let is_extended = !dotted && node.as_map().is_some();
                report_not_a_table(self.text, part.1, place, node, problems)
                    .dialect(is_extended.then_some(Dialect::ExtendedInlineTable));
            }
        }
        let new = self.add_table(style, None);
        self.push(table, part, EntryValue::Table(new));
        new
    }

    /// Whether a table was opened again behind `place`. That is reported, and its keys need not be compared.
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
        problems: &mut Problems,
    ) {
        let Some(last) = path.pop() else { return };
        let is_inline = self.style(table).0 == MapStyle::Inline;
        let start = path.first().map_or(last.1, |part| part.1);
        for part in path {
            table = self.step(table, part, MapStyle::Dotted, problems);
        }
        if let Some(slot) = self.find(table, &last.0)
            && !skips_clashes(problems)
            && !problems.is_known(last.1)
            && !self.is_repeated(table, slot.key_span)
        {
            match &slot.held {
                EntryValue::Value(first) => {
                    let problem = report_same_key(self.text, start, last.1, &value, (slot.key_span, first), problems);
                    problem.dialect(is_inline.then_some(Dialect::InlineDuplicate));
                }
                _ => {
                    let message = format!("{} is already a table", shown(&last.0));
                    problems
                        .report_once(self.text, "duplicate-key", last.1, message)
                        .related(slot.key_span, "the table")
                        .help("rename one of the two, or remove the one that is not wanted");
                }
            }
        }
        self.push(table, last, EntryValue::Value(value));
    }
}

fn report_twice(text: &str, header: Span, first: Span, style: MapStyle, problems: &mut Problems) {
    let written = shown(header.of(text));
    let message = match style {
        MapStyle::Dotted => format!("the table {written} was made by a dotted key before"),
        _ => format!("the table {written} is defined twice"),
    };
    problems
        .report_once(text, "duplicate-table", header, message)
        .dialect((style == MapStyle::Dotted).then_some(Dialect::DottedTable))
        .related(first, "first defined here")
        .help("move the entries to the first definition, and remove this header");
}

fn report_mixed(text: &str, header: Span, first: Span, was: &str, now: &str, problems: &mut Problems) {
    let written = shown(header.of(text));
    let message = format!("{written} cannot stand beside headers of the form `{was}` for the same name");
    problems
        .report_once(text, "duplicate-table", header, message)
        .related(first, "first defined here")
        .help(format!("`{was}` and `{now}` make different things: choose one of them for all"));
}

fn report_not_a_table<'p>(
    text: &str,
    key: Span,
    first: Span,
    node: &Node<'_>,
    problems: &'p mut Problems,
) -> &'p mut Problem {
    let written = shown(key.of(text));
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
    problems.report_once(text, "not-a-table", key, message).related(first, "set here").help(help)
}

fn report_closed(text: &str, key: Span, first: Span, problems: &mut Problems) {
    if skips_clashes(problems) {
        return;
    }
    let written = shown(key.of(text));
    let message = format!("a dotted key cannot add to the table {written}, which has a header of its own");
    problems
        .report_once(text, "closed-table", key, message)
        .dialect(Dialect::DottedTable)
        .related(first, "its header")
        .help("move the entry under that header");
}

/// Whether tables and keys may clash: of two versions one is meant to stay, or no more problems are listed.
fn skips_clashes(problems: &Problems) -> bool {
    problems.has_template() || problems.has_conflict() || problems.is_full()
}

fn report_same_key<'p>(
    text: &str,
    start: Span,
    key: Span,
    value: &Node<'_>,
    (first_key, first): (Span, &Node<'_>),
    problems: &'p mut Problems,
) -> &'p mut Problem {
    let message = format!("key {} is set twice", shown(key.of(text)));
    let problem = problems.report_once(text, "duplicate-key", key, message).related(first_key, "first set here");
    let line = line_of(text, start.start as usize);
    let is_alone = line.of(text).trim() == start.to(value.span).of(text);
    if is_alone && first.span.of(text) == value.span.of(text) {
        let next = (line.end as usize + 1).min(text.len());
        let fix = Fix::safe("Remove the second one", Span::new(line.start as usize, next), "");
        problem.help("both have the same value, so one can go").fix(fix)
    } else {
        problem.help("keep the one that should count, and remove the other")
    }
}
