//! What is known about one configuration before any rule runs.

use std::cell::OnceCell;

use crate::keys::{Bound, Leaves, Suggestion, Table, path_of};
use crate::kind::File;
use crate::kind::NodeFiles;
use crate::order;
use crate::releases::Releases;
use crate::syntax::path::{join, path_to};
use crate::syntax::{Document, Entry, Node};

/// Up to this many entries, looking at each costs less than an index.
const FEW: usize = 1000;

/// A configuration with what upstream documents about its entries, and the files of its node. Rules read it, and so do
/// the rooms of the daemons; reporting is for rules alone.
pub struct View<'c, 't, 'a> {
    /// The file that holds the configuration.
    pub file: &'t File<'a>,
    /// The configuration: the document's root, or what a wrapper holds.
    pub root: &'t Node<'a>,
    /// Every entry with what upstream documents about it; parents before children.
    pub bound: &'c [Bound<'t, 'a>],
    /// The key table that `bound` comes from.
    pub table: Option<&'static Table>,
    /// The files of the node.
    pub node: &'c NodeFiles<'t, 'a>,
    /// The numbers of `bound` by the places of their keys; made when the first rule asks and there are many.
    pub(crate) by_place: OnceCell<Vec<usize>>,
    /// The names of all keys, for guesses.
    pub(crate) leaves: Leaves,
}

impl<'c, 't, 'a> View<'c, 't, 'a> {
    /// The document.
    #[must_use]
    pub fn doc(&self) -> &'t Document<'a> {
        &self.file.doc
    }

    /// The settings as the daemon works with them, where names may be written twice.
    #[must_use]
    pub(crate) fn settings(&self) -> &'t Node<'a> {
        self.file.settings()
    }

    /// The releases that the file is judged for.
    #[must_use]
    pub fn releases(&self) -> Releases {
        self.file.releases
    }

    /// Where an entry stands, as people write it: `plugins."io.containerd.grpc.v1.cri".cni.bin_dir`.
    #[must_use]
    pub fn path_of(&self, entry: &Entry<'_>) -> String {
        let parts = self.parts_of(entry);
        join(&parts.unwrap_or_else(|| vec![&entry.key]))
    }

    /// The names on the way to an entry, its own last.
    #[must_use]
    pub fn parts_of(&self, entry: &Entry<'_>) -> Option<Vec<&'t str>> {
        match self.bound_of(entry) {
            Some(bound) => Some(path_of(self.bound, bound)),
            None => path_to(self.root, entry.key_span),
        }
    }

    /// What upstream documents about an entry, if it is among those bound.
    #[must_use]
    pub fn bound_of(&self, entry: &Entry<'_>) -> Option<&'c Bound<'t, 'a>> {
        if self.bound.len() <= FEW {
            return self.bound.iter().find(|bound| bound.entry.key_span == entry.key_span);
        }
        let place = |number: &usize| self.bound.get(*number).map(|bound| bound.entry.key_span);
        let order = self.by_place.get_or_init(|| {
            let mut order: Vec<usize> = (0..self.bound.len()).collect();
            order::by_key(&mut order, |number| place(number).unwrap_or_default());
            order
        });
        let first = order.partition_point(|number| place(number) < Some(entry.key_span));
        let bound = self.bound.get(*order.get(first)?)?;
        (bound.entry.key_span == entry.key_span).then_some(bound)
    }

    /// What an entry may be meant to be, whose name is unknown in its table.
    #[must_use]
    pub fn suggest(&self, bound: &Bound<'_, '_>) -> Option<Suggestion> {
        let table = self.table?;
        let releases = self.releases().get(table.product());
        self.leaves.suggest(table, bound.within, &bound.entry.key, releases)
    }

    /// Whether another table may have a key of the name of an entry; [`Self::suggest`] finds it.
    #[must_use]
    pub fn may_be_elsewhere(&self, bound: &Bound<'_, '_>) -> bool {
        self.table.is_some_and(|table| self.leaves.may_have(table, &bound.entry.key))
    }
}
