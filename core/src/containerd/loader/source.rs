//! What every release starts from: the files' tables, made once.

use super::fate::{Fates, Written};
use super::tree::Table;
use super::{RAW_KEYS, Release};
use crate::kind::File;
use crate::order;
use crate::syntax::Entry;

/// The files of a configuration, the main file first.
pub(super) struct Sources<'t, 'a> {
    files: Vec<Source<'t, 'a>>,
    /// The settings of all files by their numbers.
    settings: Vec<Setting<'t, 'a>>,
    /// The numbers by file and place.
    order: Vec<usize>,
}

/// A file with its table.
pub(super) struct Source<'t, 'a> {
    pub(super) file: &'t File<'a>,
    table: Table<'t, 'a>,
    /// The number of its first setting.
    first: usize,
}

struct Setting<'t, 'a> {
    file: usize,
    entry: &'t Entry<'a>,
}

impl<'t, 'a> Sources<'t, 'a> {
    pub(super) fn of(files: &[&'t File<'a>]) -> Self {
        let mut settings: Vec<Setting<'_, '_>> = vec![];
        let mut sources = vec![];
        for file in files {
            let first = settings.len();
            let mut entries = vec![];
            let table = Table::of(file, first, &mut entries);
            settings.extend(entries.into_iter().map(|entry| Setting { file: file.index, entry }));
            sources.push(Source { file, table, first });
        }
        let mut order: Vec<usize> = (0..settings.len()).collect();
        let place = |number: &usize| settings.get(*number).map(|s| (s.file, s.entry.key_span)).unwrap_or_default();
        order::by_key(&mut order, place);
        Self { files: sources, settings, order }
    }

    /// Those that a release loads.
    pub(super) fn read_by(&self, release: Release) -> &[Source<'t, 'a>] {
        let count = if release.has_imports() { self.files.len() } else { 1 };
        self.files.get(..count).unwrap_or_default()
    }

    /// Nothing is known of any setting yet.
    pub(super) fn fates(&self) -> Fates {
        Fates::new(self.settings.len())
    }

    /// What became of the settings of the files that a release loads, by file and place.
    pub(super) fn written(&self, mut fates: Fates, release: Release) -> Vec<Written<'t, 'a>> {
        let read = |file: usize| self.read_by(release).iter().any(|source| source.file.index == file);
        let written = self.order.iter().filter_map(|number| {
            let Setting { file, entry } = self.settings.get(*number)?;
            let (fate, place) = fates.take(*number)?;
            read(*file).then_some(Written { file: *file, entry, fate, place })
        });
        written.collect()
    }
}

impl<'t, 'a> Source<'t, 'a> {
    /// Its table as a release reads it.
    pub(super) fn table(&self, release: Release) -> Table<'t, 'a> {
        if release.is_in(RAW_KEYS) && self.file.doc.text.contains('\\') {
            return Table::raw(self.file, self.first);
        }
        self.table.clone()
    }
}
