//! Settings on their way through the loader.

use std::borrow::Cow;

use super::value::LeafValue;
use crate::kind::{File, Origin};
use crate::named::Named;
use crate::syntax::{Entry, Node, Value};

/// A setting.
#[derive(Clone, Debug)]
pub struct Leaf<'t, 'a> {
    /// Its value.
    pub value: LeafValue<'t, 'a>,
    /// The place that wrote it.
    pub origin: Origin,
    /// Its number among all that the files write.
    pub(super) number: usize,
}

/// A table or a setting.
#[derive(Clone, Debug)]
pub enum LoadedItem<'t, 'a> {
    /// A table.
    Table(LoadedTable<'t, 'a>),
    /// A setting.
    Leaf(Leaf<'t, 'a>),
}

/// A table, in the order of its first entries.
#[derive(Clone, Debug, Default)]
pub struct LoadedTable<'t, 'a> {
    entries: Named<'t, LoadedItem<'t, 'a>>,
    origin: Option<Origin>,
}

impl<'t, 'a> LoadedTable<'t, 'a> {
    /// The table that a file holds, its settings numbered from `first` on; gives each setting as it gets its number. Of
    /// entries given twice, which stop the daemon, the last counts.
    pub(super) fn of(file: &'t File<'a>, first: usize, settings: &mut Vec<&'t Entry<'a>>) -> Self {
        Maker { file, first, settings, raw: false }.table(file.body())
    }

    /// The same with names as written, without their quotes: escapes stay.
    pub(super) fn raw(file: &'t File<'a>, first: usize) -> Self {
        Maker { file, first, settings: &mut vec![], raw: true }.table(file.body())
    }

    /// The place that first wrote it; nothing for a table that the daemon made.
    #[must_use]
    pub fn origin(&self) -> Option<Origin> {
        self.origin
    }

    /// The entries.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &LoadedItem<'t, 'a>)> {
        self.entries.all().iter().map(|(name, item)| (name.as_ref(), item))
    }

    pub(super) fn entries_mut(&mut self) -> impl Iterator<Item = (&str, &mut LoadedItem<'t, 'a>)> {
        self.entries.iter_mut()
    }

    /// Takes all entries out.
    pub(super) fn drain(&mut self) -> Vec<(Cow<'t, str>, LoadedItem<'t, 'a>)> {
        std::mem::take(&mut self.entries).into_all()
    }

    /// Whether it has no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.all().is_empty()
    }

    /// The entry of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&LoadedItem<'t, 'a>> {
        self.entries.get(name).map(|(_, item)| item)
    }

    /// The first entry of that name in any letter case.
    #[must_use]
    pub fn get_any_case(&self, name: &str) -> Option<&LoadedItem<'t, 'a>> {
        self.entries.get_any_case(name).map(|(_, item)| item)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut LoadedItem<'t, 'a>> {
        self.entries.get_mut(name)
    }

    /// The table of that name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Self> {
        self.get(name)?.as_table()
    }

    pub(super) fn table_mut(&mut self, name: &str) -> Option<&mut Self> {
        match self.get_mut(name)? {
            LoadedItem::Table(table) => Some(table),
            LoadedItem::Leaf(_) => None,
        }
    }

    /// The table of that name, made if it is missing.
    pub(super) fn make_table(&mut self, name: &str) -> Option<&mut Self> {
        if self.get(name).is_none() {
            self.entries.push(Cow::Owned(name.to_owned()), LoadedItem::Table(Self::default()));
        }
        self.table_mut(name)
    }

    /// The setting of that name.
    #[must_use]
    pub fn leaf(&self, name: &str) -> Option<&Leaf<'t, 'a>> {
        self.get(name)?.as_leaf()
    }

    /// Sets an entry; gives back what was there.
    pub(super) fn set(&mut self, name: Cow<'t, str>, item: LoadedItem<'t, 'a>) -> Option<LoadedItem<'t, 'a>> {
        match self.entries.get_mut(&name) {
            Some(old) => Some(std::mem::replace(old, item)),
            None => {
                self.entries.push(name, item);
                None
            }
        }
    }

    /// Takes an entry out.
    pub(super) fn take(&mut self, name: &str) -> Option<LoadedItem<'t, 'a>> {
        self.entries.take(name)
    }

    /// Takes an entry out that is a table.
    pub(super) fn take_table(&mut self, name: &str) -> Option<Self> {
        self.table(name)?;
        match self.take(name)? {
            LoadedItem::Table(table) => Some(table),
            LoadedItem::Leaf(_) => None,
        }
    }
}

/// Makes the tables of a file.
struct Maker<'s, 't, 'a> {
    file: &'t File<'a>,
    first: usize,
    settings: &'s mut Vec<&'t Entry<'a>>,
    raw: bool,
}

impl<'t, 'a> Maker<'_, 't, 'a> {
    fn table(&mut self, node: &'t Node<'a>) -> LoadedTable<'t, 'a> {
        let mut table = LoadedTable::default();
        // Entries given twice are faults of syntax.
        let unique = self.file.doc.problems.is_empty();
        for entry in node.entries() {
            let (name, item) = (self.name(entry), self.item(entry));
            if unique {
                table.entries.push(name, item);
            } else {
                table.set(name, item);
            }
        }
        table
    }

    fn item(&mut self, entry: &'t Entry<'a>) -> LoadedItem<'t, 'a> {
        let origin = Origin { file: self.file.index, key: entry.key_span };
        if let Value::Map(_) = &entry.value.value {
            return LoadedItem::Table(LoadedTable { origin: Some(origin), ..self.table(&entry.value) });
        }
        let number = self.first + self.settings.len();
        self.settings.push(entry);
        LoadedItem::Leaf(Leaf { value: LeafValue::Node(&entry.value), origin, number })
    }

    fn name(&self, entry: &'t Entry<'a>) -> Cow<'t, str> {
        let written = entry.key_span.of(self.file.doc.text);
        if self.raw && written.starts_with('"') && written.contains('\\') {
            return Cow::Borrowed(written.trim_matches('"'));
        }
        Cow::Borrowed(entry.key.as_ref())
    }
}

impl<'t, 'a> Leaf<'t, 'a> {
    /// The text, if the value is a string that is not empty.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.value.as_str().filter(|text| !text.is_empty())
    }

    /// The switch, if the value is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        self.value.node()?.as_bool()
    }

    /// The items, if the value is a list as written.
    #[must_use]
    pub fn items(&self) -> &'t [Node<'a>] {
        self.value.node().map(Node::items).unwrap_or_default()
    }

    /// Another value in its place.
    pub(super) fn with(&self, value: LeafValue<'t, 'a>) -> Self {
        Self { value, ..*self }
    }
}

impl<'t, 'a> LoadedItem<'t, 'a> {
    /// The table, if this is one.
    #[must_use]
    pub fn as_table(&self) -> Option<&LoadedTable<'t, 'a>> {
        match self {
            Self::Table(table) => Some(table),
            Self::Leaf(_) => None,
        }
    }

    /// The setting, if this is one.
    #[must_use]
    pub fn as_leaf(&self) -> Option<&Leaf<'t, 'a>> {
        match self {
            Self::Leaf(leaf) => Some(leaf),
            Self::Table(_) => None,
        }
    }

    /// The place that wrote it, or the first setting in it.
    #[must_use]
    pub fn origin(&self) -> Option<Origin> {
        match self {
            Self::Leaf(leaf) => Some(leaf.origin),
            Self::Table(table) => table.origin.or_else(|| table.entries().find_map(|(_, item)| item.origin())),
        }
    }

    /// Every setting in it.
    pub(super) fn leaves(&self, visit: &mut impl FnMut(&Leaf<'t, 'a>)) {
        match self {
            Self::Leaf(leaf) => visit(leaf),
            Self::Table(table) => table.entries().for_each(|(_, item)| item.leaves(visit)),
        }
    }
}
