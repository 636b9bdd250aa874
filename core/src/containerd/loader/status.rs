//! What becomes of each setting that the files write.

use super::tree::{Leaf, LoadedItem, LoadedTable};
use crate::keys::Place;
use crate::kind::Origin;
use crate::syntax::Entry;

/// A setting that a file writes, and what becomes of it in a release.
#[derive(Clone, Debug)]
pub struct Written<'t, 'a> {
    /// The file, by its number in the report.
    pub file: usize,
    /// The entry.
    pub entry: &'t Entry<'a>,
    /// What becomes of it.
    pub status: Status,
    /// The key that its value is decoded as.
    pub place: Option<Place>,
}

/// What becomes of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is in effect.
    InEffect,
    /// A file that is loaded later sets the same.
    Overridden(Origin),
    /// It has no effect.
    Lost(Loss),
}

/// Why a setting has no effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The release has no such key at the place where it ends up.
    Unknown,
    /// No plugin of the release has the table.
    NoPlugin,
    /// The release reads the key and does not use it.
    NotUsed,
    /// `disabled_plugins` turns its plugin off.
    Disabled,
    /// The release reads it for the CRI plugin alone, which `disabled_plugins` turns off.
    CriDisabled,
    /// Its plugin skips itself, as another setting is missing.
    Skipped,
    /// A migration to a newer config version leaves it behind.
    Migration,
    /// A file loaded later replaces the table as a whole.
    Replaced(Origin),
    /// Another setting of the same thing wins.
    Shadowed(Origin),
    /// 0, "" or false in an imported file cannot reset a value.
    Zero,
}

/// What is known so far about the status of the files' settings, by their numbers.
pub(super) struct Statuses(Vec<State>);

#[derive(Clone)]
struct State {
    status: Status,
    known: bool,
    place: Option<Place>,
}

impl Statuses {
    pub(super) fn new(count: usize) -> Self {
        Self(vec![State { status: Status::Lost(Loss::Migration), known: false, place: None }; count])
    }

    /// Records what becomes of a setting. What is in effect somewhere is in effect.
    pub(super) fn set(&mut self, leaf: &Leaf, status: Status) {
        if let Some(state) = self.0.get_mut(leaf.number)
            && state.status != Status::InEffect
            && (!state.known || status == Status::InEffect)
        {
            state.status = status;
            state.known = true;
        }
    }

    /// Records what becomes of a setting whatever is known of it: the daemon reads it, and then takes another.
    pub(super) fn overrule(&mut self, leaf: &Leaf, status: Status) {
        if let Some(state) = self.0.get_mut(leaf.number) {
            state.status = status;
            state.known = true;
        }
    }

    pub(super) fn lose(&mut self, item: &LoadedItem, loss: &Loss) {
        item.leaves(&mut |leaf| self.set(leaf, Status::Lost(loss.clone())));
    }

    /// Records as which key a setting is decoded.
    pub(super) fn decoded(&mut self, leaf: &Leaf, place: Place) {
        if let Some(state) = self.0.get_mut(leaf.number) {
            state.place = Some(place);
        }
    }

    pub(super) fn live(&mut self, leaf: &Leaf) {
        self.set(leaf, Status::InEffect);
    }

    /// `new` takes the place of `old`: settings that it sets too are overridden, the others lost.
    pub(super) fn replace(&mut self, old: &LoadedItem, new: &LoadedItem) {
        match (old, new) {
            (LoadedItem::Table(old), LoadedItem::Table(new)) => self.replace_table(old, new),
            (old, new) => {
                if let Some(by) = first(new) {
                    old.leaves(&mut |leaf| self.set(leaf, Status::Overridden(by)));
                }
            }
        }
    }

    fn replace_table(&mut self, old: &LoadedTable, new: &LoadedTable) {
        let by = new.entries().find_map(|(_, item)| first(item));
        for (name, item) in old.entries() {
            match (new.get(name), by) {
                (Some(other), _) => self.replace(item, other),
                (None, Some(by)) => self.lose(item, &Loss::Replaced(by)),
                (None, None) => {}
            }
        }
    }

    /// What became of a setting, and the key that it was decoded as.
    pub(super) fn take(&mut self, number: usize) -> Option<(Status, Option<Place>)> {
        let state = self.0.get_mut(number)?;
        Some((std::mem::replace(&mut state.status, Status::InEffect), state.place))
    }
}

/// The first setting in an item.
fn first(item: &LoadedItem) -> Option<Origin> {
    match item {
        LoadedItem::Leaf(leaf) => Some(leaf.origin),
        LoadedItem::Table(table) => table.entries().find_map(|(_, item)| first(item)),
    }
}
