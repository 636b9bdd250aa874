//! What a rule sees, and how it reports.

use std::cell::OnceCell;
use std::collections::HashSet;

use super::{Found, Rule};
use crate::finding::Finding;
use crate::host::{Facts, Host};
use crate::keys::path::{join, path_to};
use crate::keys::{Bound, Leaves, Suggestion, Table, path_of};
use crate::kind::File;
use crate::order;
use crate::releases::Releases;
use crate::syntax::{Document, Entry, Node};
use crate::text::Span;

/// Up to this many entries, looking at each costs less than an index.
const FEW: usize = 1000;

/// A configuration, for a rule on files.
pub struct FileCx<'c, 't, 'a> {
    /// The file it is in.
    pub file: &'t File<'a>,
    /// The configuration: the document's root, or what a wrapper holds.
    pub root: &'t Node<'a>,
    /// Every entry with what upstream knows about it; parents before children.
    pub bound: &'c [Bound<'t, 'a>],
    /// The key table that `bound` comes from.
    pub table: Option<&'static Table>,
    /// The host that the file is part of.
    pub host: &'c Host<'t, 'a>,
    /// The numbers of `bound` by the places of their keys; made when the first rule asks and there are many.
    pub(crate) by_place: &'c OnceCell<Vec<usize>>,
    /// The names of all keys, for guesses.
    pub(crate) leaves: &'c Leaves,
    pub(crate) rule: &'static Rule,
    pub(crate) out: &'c mut Found,
}

/// A host, for a rule over several files.
pub struct HostCx<'c, 't, 'a> {
    /// The host.
    pub host: &'c Host<'t, 'a>,
    pub(crate) rule: &'static Rule,
    pub(crate) out: &'c mut Found,
}

impl<'c, 't, 'a> FileCx<'c, 't, 'a> {
    /// The document.
    #[must_use]
    pub fn doc(&self) -> &'t Document<'a> {
        &self.file.doc
    }

    /// What the host's files tell together.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.host.facts
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

    /// What upstream knows about an entry, if it is among those bound.
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

    /// Whether another table may have a key of the name of an entry; [`Self::suggest`] says which.
    #[must_use]
    pub fn may_be_elsewhere(&self, bound: &Bound<'_, '_>) -> bool {
        self.table.is_some_and(|table| self.leaves.may_have(table, &bound.entry.key))
    }

    /// Whether further findings of the rule in this file are only counted: guesses and texts for them are not printed.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.out.is_full(self.rule, self.file.index)
    }

    /// Counts a fault at `span`, once [`Self::is_full`] says that it is not listed.
    pub fn count(&mut self, span: Span) -> &mut Finding {
        self.report(span, String::new())
    }

    /// Reports a fault at `span`. Say what it does and in which releases: a finding without outcome is dropped.
    pub fn report(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        self.out.push(self.rule, self.file.index, span, message.into())
    }
}

impl<'t, 'a> HostCx<'_, 't, 'a> {
    /// What the files tell together.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.host.facts
    }

    /// What was found so far: rules run in the order of their list, those on files before those on hosts.
    #[must_use]
    pub fn found(&self) -> &[Finding] {
        &self.out.list
    }

    /// The places of findings that are not listed, by file.
    pub(crate) fn excess_places(&self) -> HashSet<(usize, Span)> {
        self.out.excess_places()
    }

    /// The path of the entry with its key at `key` of the file with number `file`, as people write it.
    #[must_use]
    pub fn path_at(&self, file: usize, key: Span) -> String {
        let parts = self.host.file(file).and_then(|file| path_to(file.body(), key));
        join(&parts.unwrap_or_default())
    }

    /// The entry with its key at `key` of the file with number `file`, and the table that holds it.
    #[must_use]
    pub fn entry_at(&self, file: usize, key: Span) -> Option<(&'t Node<'a>, &'t Entry<'a>)> {
        let body = self.host.file(file)?.body();
        let parts = path_to(body, key)?;
        let table = body.at(parts.get(..parts.len().checked_sub(1)?)?)?;
        let entry = table.entries().iter().find(|entry| entry.key_span == key)?;
        Some((table, entry))
    }

    /// Reports a fault at `span` of the file with number `file`.
    pub fn report(&mut self, file: usize, span: Span, message: impl Into<String>) -> &mut Finding {
        self.out.push(self.rule, file, span, message.into())
    }
}
