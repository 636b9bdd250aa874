//! What upstream documents about one key.

use super::tables;
use super::text::Text;
use super::types::Type;
use crate::releases::ReleaseSet;

/// A set of releases, by number: most rows share theirs with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Set(pub(crate) u16);

impl Set {
    pub(crate) fn get(self) -> ReleaseSet {
        ReleaseSet(tables::SETS.get(self.0 as usize).copied().unwrap_or(0))
    }
}

/// A key that upstream has, in one place of one config version. `Debug` prints its path.
#[derive(PartialEq, Eq)]
pub struct KeySpec {
    pub(crate) path: Text,
    pub(crate) doc: Text,
    pub(crate) defaults: Text,
    pub(crate) source: Text,
    /// Releases that read the key in this place.
    pub(crate) releases: Set,
    /// Releases that admit the config version, but lose the key in this place on the way to a newer version.
    pub(crate) lost_in: Set,
    /// Releases in which it works and is deprecated.
    pub(crate) deprecated: Set,
    /// Number of its [`Details`].
    pub(crate) details: u16,
    pub(crate) ty: Type,
    pub(crate) flags: u8,
}

/// What most keys do not have, shared by those that have the same.
#[derive(PartialEq, Eq)]
pub(crate) struct Details {
    pub(crate) format: Text,
    pub(crate) values: Text,
    pub(crate) removal: Text,
    pub(crate) replaced_by: Text,
    pub(crate) flag: Text,
    pub(crate) note: Text,
}

impl std::fmt::Debug for KeySpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.path())
    }
}

const ENFORCED: u8 = 1;
const IGNORE_CASE: u8 = 2;
const NO_EFFECT: u8 = 4;
const ZERO_IS_DEFAULT: u8 = 8;
const UNREACHABLE: u8 = 16;
const LINUX: u8 = 32;
const WINDOWS: u8 = 64;
const SECRET: u8 = 128;

impl KeySpec {
    fn details(&self) -> &'static Details {
        const NONE: Details = details([0; 6]);
        tables::DETAILS.get(self.details as usize).unwrap_or(&NONE)
    }

    /// The full path, as the data writes it: `*` for free names, `[]` for list items.
    #[must_use]
    pub fn path(&self) -> &'static str {
        self.path.get()
    }

    /// The last part of the path, unquoted.
    #[must_use]
    pub fn leaf(&self) -> &'static str {
        let path = self.path();
        match path.strip_suffix('"') {
            Some(inner) => inner.rsplit('"').next().unwrap_or(inner),
            None => path.rsplit('.').next().unwrap_or(path),
        }
    }

    /// What the value must be.
    #[must_use]
    pub fn ty(&self) -> Type {
        self.ty
    }

    /// Releases that read the key in this place.
    #[must_use]
    pub fn releases(&self) -> ReleaseSet {
        self.releases.get()
    }

    /// Releases that admit the config version but lose the key in this place when they migrate the file.
    #[must_use]
    pub fn lost_in(&self) -> ReleaseSet {
        self.lost_in.get()
    }

    /// Releases in which the key works and is deprecated.
    #[must_use]
    pub fn deprecated(&self) -> ReleaseSet {
        self.deprecated.get()
    }

    /// How the text of the value is read: `duration`, `quantity`, `size`, `path`, ... or empty.
    #[must_use]
    pub fn format(&self) -> &'static str {
        self.details().format.get()
    }

    /// The values that make sense; none if any does.
    pub fn values(&self) -> impl Iterator<Item = &'static str> {
        self.values_by_release().map(|(value, _)| value)
    }

    /// The values that make sense, each with the releases that have it. For a list, these are the values of its items.
    pub fn values_by_release(&self) -> impl Iterator<Item = (&'static str, ReleaseSet)> {
        let all = self.details().values.some().into_iter().flat_map(|v| v.split('|'));
        all.map(|value| match value.split_once('\u{1e}') {
            Some((value, set)) => (value, set.parse().map_or(ReleaseSet::ALL, |n| Set(n).get())),
            None => (value, ReleaseSet::ALL),
        })
    }

    /// Whether other values than [`KeySpec::values`] are refused.
    #[must_use]
    pub fn values_enforced(&self) -> bool {
        self.flags & ENFORCED != 0
    }

    /// Whether the name is matched without regard to letter case.
    #[must_use]
    pub fn ignores_case(&self) -> bool {
        self.flags & IGNORE_CASE != 0
    }

    /// Whether the key is read and then not used in this place.
    #[must_use]
    pub fn has_no_effect(&self) -> bool {
        self.flags & NO_EFFECT != 0
    }

    /// Whether 0, "" or 0s means the default.
    #[must_use]
    pub fn zero_is_default(&self) -> bool {
        self.flags & ZERO_IS_DEFAULT != 0
    }

    /// Whether the daemon has the key in its struct but refuses it in the file.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        self.flags & UNREACHABLE != 0
    }

    /// Whether the value is a secret, or holds some: reports never show it.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.flags & SECRET != 0
    }

    /// The only platform with the key.
    #[must_use]
    pub fn platform(&self) -> Option<&'static str> {
        match self.flags & (LINUX | WINDOWS) {
            LINUX => Some("linux"),
            WINDOWS => Some("windows"),
            _ => None,
        }
    }

    /// Defaults as TOML values, each with the first release that has it, oldest first; the release is empty if all have
    /// it.
    pub fn defaults(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let all = self.defaults.some().into_iter();
        all.flat_map(|d| d.split('\u{1f}')).map(|d| d.split_once('\u{1e}').unwrap_or(("", d)))
    }

    /// Upstream's announcement of the removal, such as `planned for 2.4`.
    #[must_use]
    pub fn removal(&self) -> Option<&'static str> {
        self.details().removal.some()
    }

    /// The key to use instead, or what to do instead.
    #[must_use]
    pub fn replaced_by(&self) -> Option<&'static str> {
        self.details().replaced_by.some()
    }

    /// The command line flag for the same setting, with its dashes.
    #[must_use]
    pub fn flag(&self) -> Option<&'static str> {
        self.details().flag.some()
    }

    /// What the key does, in one or two sentences.
    #[must_use]
    pub fn doc(&self) -> &'static str {
        self.doc.get()
    }

    /// What else is worth knowing.
    #[must_use]
    pub fn note(&self) -> Option<&'static str> {
        self.details().note.some()
    }

    /// The source: `owner/repository@tag:path`.
    #[must_use]
    pub fn source(&self) -> &'static str {
        self.source.get()
    }
}

/// A row of the generated tables. Texts, sets and details are numbers.
pub(crate) const fn key(ty: Type, flags: u8, texts: [u16; 4], sets: [u16; 3], details: u16) -> KeySpec {
    let [path, doc, defaults, source] = texts;
    let [releases, lost_in, deprecated] = sets;
    KeySpec {
        path: Text(path),
        doc: Text(doc),
        defaults: Text(defaults),
        source: Text(source),
        releases: Set(releases),
        lost_in: Set(lost_in),
        deprecated: Set(deprecated),
        details,
        ty,
        flags,
    }
}

/// A row of [`tables::DETAILS`].
pub(crate) const fn details(texts: [u16; 6]) -> Details {
    let [format, values, removal, replaced_by, flag, note] = texts;
    Details {
        format: Text(format),
        values: Text(values),
        removal: Text(removal),
        replaced_by: Text(replaced_by),
        flag: Text(flag),
        note: Text(note),
    }
}
