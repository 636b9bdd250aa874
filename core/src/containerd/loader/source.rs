//! What every release starts from: the files' tables, made once.

use super::ContainerdRelease;
use super::status::{Statuses, Written};
use super::tree::LoadedTable;
use crate::containerd::eras::{HAS_CONFIG_VERSIONS, KEEPS_KEY_ESCAPES};
use crate::kind::File;
use crate::order;
use crate::syntax::Entry;

/// The files of a configuration, the main file first.
pub(super) struct Sources<'t, 'a> {
    files: Vec<SourceFile<'t, 'a>>,
    /// The settings of all files by their numbers.
    settings: Vec<NumberedEntry<'t, 'a>>,
    /// The numbers by file and place.
    order: Vec<usize>,
}

/// A file with its table.
pub(super) struct SourceFile<'t, 'a> {
    pub(super) file: &'t File<'a>,
    table: LoadedTable<'t, 'a>,
    /// The number of its first setting.
    first: usize,
}

struct NumberedEntry<'t, 'a> {
    file: usize,
    entry: &'t Entry<'a>,
}

impl<'t, 'a> Sources<'t, 'a> {
    pub(super) fn of(files: &[&'t File<'a>]) -> Self {
        let mut settings: Vec<NumberedEntry<'_, '_>> = vec![];
        let mut sources = vec![];
        for file in files {
            let first = settings.len();
            let mut entries = vec![];
            let table = LoadedTable::of(file, first, &mut entries);
            settings.extend(entries.into_iter().map(|entry| NumberedEntry { file: file.index, entry }));
            sources.push(SourceFile { file, table, first });
        }
        let mut order: Vec<usize> = (0..settings.len()).collect();
        let place = |number: &usize| settings.get(*number).map(|s| (s.file, s.entry.key_span)).unwrap_or_default();
        order::by_key(&mut order, place);
        Self { files: sources, settings, order }
    }

    /// Those that a release loads.
    pub(super) fn read_by(&self, release: ContainerdRelease) -> &[SourceFile<'t, 'a>] {
        let count = if release.is_in(HAS_CONFIG_VERSIONS) { self.files.len() } else { 1 };
        self.files.get(..count).unwrap_or_default()
    }

    /// Nothing is known of any setting yet.
    pub(super) fn statuses(&self) -> Statuses {
        Statuses::new(self.settings.len())
    }

    /// What became of the settings of the files that a release loads, by file and place.
    pub(super) fn written(&self, mut statuses: Statuses, release: ContainerdRelease) -> Vec<Written<'t, 'a>> {
        // The numbers go up from file to file.
        let end = self.files.get(self.read_by(release).len()).map_or(self.settings.len(), |unread| unread.first);
        let written = self.order.iter().filter(|number| **number < end).filter_map(|number| {
            let NumberedEntry { file, entry } = self.settings.get(*number)?;
            let (status, place) = statuses.take(*number)?;
            Some(Written { file: *file, entry, status, place })
        });
        written.collect()
    }
}

impl<'t, 'a> SourceFile<'t, 'a> {
    /// Its table as a release reads it.
    pub(super) fn table(&self, release: ContainerdRelease) -> LoadedTable<'t, 'a> {
        if release.is_in(KEEPS_KEY_ESCAPES) && self.file.doc.text.contains('\\') {
            return LoadedTable::raw(self.file, self.first);
        }
        self.table.clone()
    }
}
