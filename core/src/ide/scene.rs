//! A file with a cursor in it, and what upstream documents at that place.

use std::borrow::Cow;

use super::cursor::{self, Cursor, Role, unquoted};
use crate::containerd::{kind as containerd, shims};
use crate::engine::{Options, Source, open};
use crate::keys::{KeySpec, Place, Table};
use crate::kind::File;
use crate::releases::ReleaseSet;
use crate::syntax::{Node, Value};

/// A cursor in a file of a known kind with a key table.
pub(super) struct Scene<'f, 'a> {
    pub(super) file: &'f File<'a>,
    /// The configuration that the cursor is in.
    pub(super) body: &'f Node<'a>,
    pub(super) table: &'static Table,
    /// The place of the cursor; its path starts at the body.
    pub(super) cursor: Cursor<'a>,
}

/// Opens a source whatever the findings: an editor asks about texts that are half written.
pub(super) fn file<'a>(source: &Source<'a>, options: &Options) -> Option<File<'a>> {
    open(0, source, None, options)
}

impl<'f, 'a> Scene<'f, 'a> {
    /// The scene at a byte offset; nothing where no key or value belongs.
    pub(super) fn new(file: &'f File<'a>, offset: u32) -> Option<Self> {
        let mut cursor = cursor::at(file.doc.text, file.doc.format, offset)?;
        // The body around the cursor, or the one that it comes behind.
        let bodies = file.bodies();
        let before = bodies.iter().rev().find(|body| body.span.start <= offset);
        let body = before.or(bodies.first()).copied().unwrap_or(&file.doc.root);
        let roots = std::iter::once(&file.doc.root).chain(&file.doc.more);
        let above = roots.into_iter().find_map(|root| way(root, body)).unwrap_or_default();
        if !cursor.path.iter().map(Cow::as_ref).take(above.len()).eq(above.iter().copied()) {
            return None;
        }
        cursor.path.drain(..above.len());
        let table = (file.kind.table)(body)?;
        Some(Self { file, body, table, cursor })
    }

    /// The word at the cursor, without quotes.
    pub(super) fn word(&self) -> &'a str {
        unquoted(self.cursor.word.of(self.file.doc.text))
    }

    /// The place of the table that a key at the cursor is in, or of the key whose value is there.
    pub(super) fn place(&self) -> Option<Place> {
        let path = self.cursor.path.iter().map(Cow::as_ref);
        let mut place = self.table.root();
        for name in path {
            place = self.child(place, name)?;
        }
        Some(place)
    }

    /// The place of a name in the table at a place; a list of tables stands for its items.
    pub(super) fn child(&self, place: Place, name: &str) -> Option<Place> {
        let place = place.item().unwrap_or(place);
        if (self.file.kind.lookup.any_case)(place) { place.child_any_case(name) } else { place.child(name) }
    }

    /// Whether keys may stand at the cursor.
    pub(super) fn takes_keys(&self, place: Place) -> bool {
        match self.cursor.role {
            Role::Header | Role::Key => true,
            // In YAML a list's item may be a table whose first key is just being typed.
            Role::Item => place.item().is_some_and(Place::has_children),
            Role::Value => false,
        }
    }

    /// The table around the cursor, or the value at it, as far as the tree has it.
    pub(super) fn node(&self) -> Option<&'f Node<'a>> {
        let path: Vec<&str> = self.cursor.path.iter().map(Cow::as_ref).collect();
        self.body.at(&path)
    }

    /// The releases that the file is judged for.
    pub(super) fn releases(&self) -> ReleaseSet {
        self.file.releases.get(self.table.product())
    }

    /// Whether a release that matters reads the key.
    pub(super) fn is_read(&self, key: &KeySpec) -> bool {
        !key.is_unreachable() && !key.releases().and(self.releases()).is_empty()
    }

    /// Whether a key at the cursor may be this one: the options of a runtime are those of its shim.
    pub(super) fn fits(&self, key: &KeySpec) -> bool {
        let Some((name, runtime)) = self.runtime() else { return true };
        !key.path().contains(".options.") || shims::ShimOptions::of(name, runtime).has(key)
    }

    /// The containerd runtime whose options the cursor is in, with its table as far as the tree has it.
    pub(super) fn runtime(&self) -> Option<(&str, Option<&'f Node<'a>>)> {
        let path: Vec<&str> = self.cursor.path.iter().map(AsRef::as_ref).collect();
        let end = path.iter().rposition(|part| *part == "options")?;
        let way = path.get(..end).filter(|_| *self.file.kind == containerd::KIND)?;
        Some((way.last()?, self.body.at(way)))
    }
}

/// The names on the way from a root to a node of its tree.
fn way<'t>(root: &'t Node<'_>, node: &Node<'_>) -> Option<Vec<&'t str>> {
    if std::ptr::eq(root, node) {
        return Some(vec![]);
    }
    let Value::Map(map) = &root.value else { return None };
    map.entries.iter().find_map(|entry| {
        let mut path = way(&entry.value, node)?;
        path.insert(0, entry.key.as_ref());
        Some(path)
    })
}
