//! Binds every entry of a tree to what upstream documents about it.

use super::{KeySpec, Place, Table};
use crate::syntax::{Entry, Node, Value};

/// What upstream makes of an entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Binding {
    /// A key, or a part of a path that has keys below.
    Known(Place),
    /// A name in a place of free names without known keys below.
    Free,
    /// Nothing upstream ever had in this place.
    Unknown,
}

/// An entry with what upstream makes of it.
#[derive(Clone, Copy, Debug)]
pub struct Bound<'t, 'a> {
    /// The entry.
    pub entry: &'t Entry<'a>,
    /// The table that holds the entry.
    pub parent: &'t Node<'a>,
    /// The place of that table.
    pub within: Place,
    /// The place of the entry.
    pub binding: Binding,
    /// Number of the entry that holds the table, among those bound; nothing at the top.
    pub(crate) above: Option<usize>,
}

impl Bound<'_, '_> {
    /// The key, if the entry is bound to one.
    #[must_use]
    pub fn key(&self) -> Option<&'static KeySpec> {
        match self.binding {
            Binding::Known(place) => place.key(),
            _ => None,
        }
    }
}

/// How names are looked up.
#[derive(Clone, Copy)]
pub struct Lookup {
    /// Whether letter case is ignored in a place.
    pub any_case: fn(Place) -> bool,
    /// Whether names are free in a place although some are known there, given the tables on the way to it, the place's
    /// own last.
    pub free: fn(&[&Node<'_>], Place) -> bool,
}

/// Binds all entries below `root`, parents before children, in source order. What lies below an unknown entry is left
/// out: one fault, one finding.
#[must_use]
pub fn bind<'t, 'a>(table: &'static Table, root: &'t Node<'a>, lookup: Lookup) -> Vec<Bound<'t, 'a>> {
    let mut binder = Binder { lookup, way: Vec::new(), out: Vec::new() };
    binder.node(root, table.root(), None);
    binder.out
}

/// The names on the way to a bound entry, its own last. `all` is what [`bind`] gave.
#[must_use]
pub fn path<'t>(all: &[Bound<'t, '_>], bound: &Bound<'t, '_>) -> Vec<&'t str> {
    let mut parts = vec![bound.entry.key.as_ref()];
    let mut above = bound.above;
    while let Some(next) = above.and_then(|i| all.get(i)) {
        parts.push(next.entry.key.as_ref());
        above = next.above;
    }
    parts.reverse();
    parts
}

/// The entries around a bound one, the nearest first. `all` is what [`bind`] gave.
pub fn tables_around<'b, 't, 'a>(
    all: &'b [Bound<'t, 'a>],
    bound: &Bound<'t, 'a>,
) -> impl Iterator<Item = &'b Bound<'t, 'a>> {
    let at = |number: usize| all.get(number);
    std::iter::successors(bound.above.and_then(at), move |next| next.above.and_then(at))
}

/// The entry of the list that a bound entry stands in, if it does. `all` is what [`bind`] gave.
#[must_use]
pub fn list_around<'t, 'a>(all: &[Bound<'t, 'a>], bound: &Bound<'t, 'a>) -> Option<&'t Entry<'a>> {
    let mut above = bound.above;
    while let Some(next) = above.and_then(|i| all.get(i)) {
        if matches!(next.entry.value.value, Value::Seq(_)) {
            return Some(next.entry);
        }
        above = next.above;
    }
    None
}

struct Binder<'t, 'a> {
    lookup: Lookup,
    /// The tables on the way to the entry in hand.
    way: Vec<&'t Node<'a>>,
    out: Vec<Bound<'t, 'a>>,
}

impl<'t, 'a> Binder<'t, 'a> {
    fn node(&mut self, node: &'t Node<'a>, place: Place, above: Option<usize>) {
        match &node.value {
            Value::Map(map) => {
                self.way.push(node);
                for entry in &map.entries {
                    self.entry(node, entry, place, above);
                }
                self.way.pop();
            }
            Value::Seq(items) => {
                if let Some(place) = place.item() {
                    for item in items {
                        self.node(item, place, above);
                    }
                }
            }
            _ => {}
        }
    }

    fn entry(&mut self, parent: &'t Node<'a>, entry: &'t Entry<'a>, within: Place, above: Option<usize>) {
        let found =
            if (self.lookup.any_case)(within) { within.child_any_case(&entry.key) } else { within.child(&entry.key) };
        let binding = match found {
            Some(place) => Binding::Known(place),
            None if !within.has_children() || (self.lookup.free)(&self.way, within) => Binding::Free,
            None => Binding::Unknown,
        };
        let own = self.out.len();
        self.out.push(Bound { entry, parent, within, binding, above });
        match binding {
            Binding::Known(place) if place.has_children() => self.node(&entry.value, place, Some(own)),
            _ => {}
        }
    }
}
