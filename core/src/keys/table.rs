//! The keys of a kind of file as a tree of names, and the look-up in it.

use std::cmp::Ordering;

use super::spec::KeySpec;
use super::text::Text;
use crate::releases::Product;

/// A part of the generated tables.
pub(crate) const fn part(name: u16, first: u16, len: u16, key: u16) -> Part {
    Part { name: Text(name), first, len, key }
}

/// A part of a key path in a table. Node 0 is the root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: Text,
    /// Number of the first child; children lie together, in order of their bytes.
    pub(crate) first: u16,
    pub(crate) len: u16,
    /// Number of the key plus one; 0 for a part that only has children.
    pub(crate) key: u16,
}

/// The keys of one kind of file, in one config version where it has several.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    pub(crate) product: Product,
    pub(crate) parts: &'static [Part],
    pub(crate) keys: &'static [KeySpec],
}

/// A place in a [`Table`].
#[derive(Clone, Copy, Debug)]
pub struct Place {
    table: &'static Table,
    part: u16,
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.table, other.table) && self.part == other.part
    }
}

impl Table {
    /// The product whose releases the keys have.
    #[must_use]
    pub fn product(&self) -> Product {
        self.product
    }

    /// All keys, in the order of their paths.
    #[must_use]
    pub fn keys(&self) -> &'static [KeySpec] {
        self.keys
    }

    /// The top of the table.
    #[must_use]
    pub fn root(&'static self) -> Place {
        Place { table: self, part: 0 }
    }

    /// The place of one of its keys.
    #[must_use]
    pub fn place_of(&'static self, key: &KeySpec) -> Option<Place> {
        let number = self.keys.iter().position(|k| std::ptr::eq(k, key))? + 1;
        let part = self.parts.iter().position(|part| part.key as usize == number)?;
        Some(Place { table: self, part: part as u16 })
    }

    /// The place at the end of a path of names.
    #[must_use]
    pub fn find(&'static self, path: &[&str]) -> Option<Place> {
        path.iter().try_fold(self.root(), |place, name| place.child(name))
    }
}

impl Place {
    fn data(self) -> Part {
        const EMPTY: Part = Part { name: Text(0), first: 0, len: 0, key: 0 };
        self.table.parts.get(self.part as usize).copied().unwrap_or(EMPTY)
    }

    /// The key that stands here, if the place is one by itself.
    #[must_use]
    pub fn key(self) -> Option<&'static KeySpec> {
        self.table.keys.get((self.data().key as usize).checked_sub(1)?)
    }

    /// The name of this part of the path.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.data().name.get()
    }

    /// The places below.
    pub fn children(self) -> impl Iterator<Item = Self> {
        let Part { first, len, .. } = self.data();
        (first..first + len).map(move |part| Self { part, ..self })
    }

    /// Whether anything is known below.
    #[must_use]
    pub fn has_children(self) -> bool {
        self.data().len > 0
    }

    /// Whether any name is right below.
    #[must_use]
    pub fn is_free(self) -> bool {
        self.exact("*").is_some()
    }

    /// The place of an item of the list here.
    #[must_use]
    pub fn item(self) -> Option<Self> {
        self.exact("[]")
    }

    /// The place of `name` below: by its exact name, or as a free name.
    #[must_use]
    pub fn child(self, name: &str) -> Option<Self> {
        self.exact(name).or_else(|| self.exact("*"))
    }

    /// The place of `name` below, without regard to letter case.
    #[must_use]
    pub fn child_any_case(self, name: &str) -> Option<Self> {
        self.exact(name)
            .or_else(|| self.children().find(|c| c.name().eq_ignore_ascii_case(name)))
            .or_else(|| self.exact("*"))
    }

    fn exact(self, name: &str) -> Option<Self> {
        let Part { first, len, .. } = self.data();
        let (mut from, mut to) = (first, first + len);
        let letter = *name.as_bytes().first()?;
        while from < to {
            let part = (from + to) / 2;
            let middle = self.table.parts.get(part as usize)?.name;
            // Most names differ in their first letter.
            match middle.first().cmp(&letter).then_with(|| middle.bytes().cmp(name.as_bytes())) {
                Ordering::Less => from = part + 1,
                Ordering::Equal => return Some(Self { part, ..self }),
                Ordering::Greater => to = part,
            }
        }
        None
    }
}
