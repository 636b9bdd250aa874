//! What becomes of each setting that the files write.

use super::tree::{Item, Leaf, Origin, Table};
use crate::keys::Place;
use crate::kind::File;
use crate::syntax::{Entry, Node, Value};

/// A setting that a file writes, and what becomes of it in a release.
#[derive(Clone, Debug)]
pub struct Written<'t, 'a> {
    /// The file, by its number in the report.
    pub file: usize,
    /// The entry.
    pub entry: &'t Entry<'a>,
    /// What becomes of it.
    pub fate: Fate,
    /// The key that its value is decoded as.
    pub place: Option<Place>,
}

/// What becomes of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is in effect.
    Live,
    /// Its plugin is turned off by `disabled_plugins`.
    Idle,
    /// A file that is loaded later sets the same.
    Overridden(Origin),
    /// It has no effect.
    Lost(Loss),
}

/// Why a setting has no effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The release knows no such key at the place where it ends up.
    Unknown,
    /// No plugin of the release has the table.
    NoPlugin,
    /// The release reads the key and does not use it.
    NotUsed,
    /// A migration to a newer config version leaves it behind.
    Migration,
    /// A file loaded later replaces the table as a whole.
    Replaced(Origin),
    /// Another setting of the same thing wins.
    Shadowed(Origin),
    /// 0, "" or false in an imported file cannot reset a value.
    Zero,
}

/// The settings of all files with what is known about their fate so far.
pub(super) struct Fates<'t, 'a> {
    all: Vec<(Written<'t, 'a>, bool)>,
}

impl<'t, 'a> Fates<'t, 'a> {
    pub(super) fn new(files: &[&'t File<'a>]) -> Self {
        let mut fates = Self { all: vec![] };
        for file in files {
            fates.collect(file.index, file.body());
        }
        // Settings are looked for by their place.
        fates.all.sort_by_key(|(w, _)| (w.file, w.entry.key_span));
        fates
    }

    fn collect(&mut self, file: usize, node: &'t Node<'a>) {
        for entry in node.entries() {
            match entry.value.value {
                Value::Map(_) => self.collect(file, &entry.value),
                _ => {
                    let fate = Fate::Lost(Loss::Migration);
                    self.all.push((Written { file, entry, fate, place: None }, false));
                }
            }
        }
    }

    /// Says what becomes of a setting. What is in effect somewhere is in effect.
    pub(super) fn set(&mut self, origin: Origin, fate: Fate) {
        let found = self.all.binary_search_by_key(&(origin.file, origin.key), |(w, _)| (w.file, w.entry.key_span));
        if let Some((written, known)) = found.ok().and_then(|i| self.all.get_mut(i))
            && written.fate != Fate::Live
            && (!*known || fate == Fate::Live)
        {
            written.fate = fate;
            *known = true;
        }
    }

    pub(super) fn lose(&mut self, item: &Item<'t, 'a>, loss: &Loss) {
        item.leaves(&mut |leaf| self.set(leaf.origin, Fate::Lost(loss.clone())));
    }

    /// Says as which key a setting is decoded.
    pub(super) fn decoded(&mut self, leaf: &Leaf<'t, 'a>, place: Place) {
        let Origin { file, key } = leaf.origin;
        let found = self.all.binary_search_by_key(&(file, key), |(w, _)| (w.file, w.entry.key_span));
        if let Some((written, _)) = found.ok().and_then(|i| self.all.get_mut(i)) {
            written.place = Some(place);
        }
    }

    pub(super) fn idle(&mut self, item: &Item<'t, 'a>) {
        item.leaves(&mut |leaf| self.set(leaf.origin, Fate::Idle));
    }

    pub(super) fn live(&mut self, leaf: &Leaf<'t, 'a>) {
        self.set(leaf.origin, Fate::Live);
    }

    /// `new` takes the place of `old`: settings that it sets too are overridden, the others lost.
    pub(super) fn replace(&mut self, old: &Item<'t, 'a>, new: &Item<'t, 'a>) {
        match (old, new) {
            (Item::Table(old), Item::Table(new)) => self.replace_table(old, new),
            (old, new) => {
                if let Some(by) = first(new) {
                    old.leaves(&mut |leaf| self.set(leaf.origin, Fate::Overridden(by)));
                }
            }
        }
    }

    fn replace_table(&mut self, old: &Table<'t, 'a>, new: &Table<'t, 'a>) {
        let by = new.entries().find_map(|(_, item)| first(item));
        for (name, item) in old.entries() {
            match (new.get(name), by) {
                (Some(other), _) => self.replace(item, other),
                (None, Some(by)) => self.lose(item, &Loss::Replaced(by)),
                (None, None) => {}
            }
        }
    }

    pub(super) fn finish(self) -> Vec<Written<'t, 'a>> {
        self.all.into_iter().map(|(written, _)| written).collect()
    }
}

/// The first setting in an item.
fn first(item: &Item<'_, '_>) -> Option<Origin> {
    match item {
        Item::Leaf(leaf) => Some(leaf.origin),
        Item::Table(table) => table.entries().find_map(|(_, item)| first(item)),
    }
}
