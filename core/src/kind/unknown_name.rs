//! For rules on unknown keys: the name that was probably meant, and the edit that writes it.

use crate::fix::{Applicability, Fix};
use crate::keys::{Bound, Suggestion};
use crate::kind::View;
use crate::syntax::MapStyle;
use crate::syntax::edit;

/// A guess at what an unknown key was meant to be.
pub(crate) struct NameGuess {
    /// The name that upstream has in the same table.
    pub(crate) name: Option<&'static str>,
    /// Whether the table has that name too.
    is_taken: bool,
}

impl NameGuess {
    /// The nearest name of the same table.
    pub(crate) fn by_spelling(cx: &View<'_, '_, '_>, bound: &Bound<'_, '_>) -> Self {
        match cx.suggest(bound) {
            Some(Suggestion::Name(name)) => Self::of(bound, name),
            _ => Self { name: None, is_taken: false },
        }
    }

    /// A name that is known to be meant.
    pub(crate) fn of(bound: &Bound<'_, '_>, name: &'static str) -> Self {
        Self { name: Some(name), is_taken: bound.parent.get(name).is_some() }
    }

    /// The name, if it differs in letter case alone.
    pub(crate) fn other_case(&self, written: &str) -> Option<&'static str> {
        self.name.filter(|name| name.eq_ignore_ascii_case(written))
    }

    /// Writes the name, unless it stands there already: of a table in each of its headers.
    pub(crate) fn fix(&self, cx: &View<'_, '_, '_>, bound: &Bound<'_, '_>) -> Option<Fix> {
        let name = self.name.filter(|_| !self.is_taken)?;
        let entry = bound.entry;
        let by_headers = entry.value.as_map().is_some_and(|map| map.style == MapStyle::Table);
        let edits = if by_headers {
            let mut path = cx.parts_of(entry)?;
            path.pop();
            path.push(name);
            edit::rename_table(&entry.value, &path)?
        } else {
            vec![edit::rename(cx.doc(), entry, name)]
        };
        Some(Fix::new(Applicability::Unsafe, format!("Write `{name}`"), edits))
    }

    /// What to do, in a sentence.
    pub(crate) fn help(&self) -> String {
        match self.name {
            Some(name) if self.is_taken => format!("containerd recognizes `{name}`, which is set in this table too."),
            Some(name) => format!("Did you mean `{name}`?"),
            None => "Remove it, or look the name up: `crilint explain` describes every key.".to_owned(),
        }
    }
}
