//! What the kubelet checks in the values of its configuration: ranges, words, fields that need a feature gate, and
//! pairs of fields.

use super::tables::{KUBELET_GATED, KUBELET_PAIRS, KUBELET_RANGES, KUBELET_WORDS};
use super::{Set, Text};
use crate::releases::ReleaseSet;

/// What 0 means where it lies outside of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zero {
    /// Nothing else: it is refused like any other number out of the range.
    Number,
    /// The default, in the file; a flag takes it as a number.
    Default,
    /// The feature is off.
    Off,
}

/// The numbers or durations that a field takes.
#[derive(Debug, PartialEq)]
pub struct AllowedRange {
    pub(crate) path: Text,
    pub(crate) gate: Text,
    pub(crate) prints: Text,
    /// The smallest value; seconds for durations.
    pub min: f64,
    /// The largest value.
    pub max: f64,
    /// Whether `min` itself is out.
    pub above: bool,
    /// Only multiples of this; 1 for any.
    pub multiple_of: u32,
    /// What 0 means.
    pub zero: Zero,
    /// Whether the value is a duration.
    pub duration: bool,
    pub(crate) releases: Set,
}

/// The words that a field takes.
#[derive(Debug, PartialEq, Eq)]
pub struct AllowedWords {
    pub(crate) path: Text,
    pub(crate) gate: Text,
    pub(crate) prints: Text,
    pub(crate) allowed: Text,
    pub(crate) releases: Set,
}

/// A field that needs a feature gate.
#[derive(Debug, PartialEq, Eq)]
pub struct Gated {
    pub(crate) path: Text,
    pub(crate) gate: Text,
    pub(crate) prints: Text,
    /// When it does.
    pub when: When,
    pub(crate) only_with: Text,
    pub(crate) releases: Set,
}

/// When a field needs its gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Whenever it is there, even with an empty value.
    Set,
    /// If it is set to more than 0, false or nothing.
    Nonzero,
    /// If it is above zero.
    Positive,
    /// If it is this.
    Is(Text),
    /// If it is anything but this.
    Not(Text),
}

/// A field that needs another one, or excludes it.
#[derive(Debug, PartialEq, Eq)]
pub struct Pair {
    pub(crate) path: Text,
    pub(crate) gate: Text,
    pub(crate) prints: Text,
    /// What the field has to do with the other one.
    pub relation: Relation,
    pub(crate) other: Text,
    pub(crate) value: Text,
    /// Whether the other field has the value where no file sets it.
    pub by_default: bool,
    pub(crate) releases: Set,
}

/// What a field has to do with another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The kubelet refuses the field without the other one.
    Needs,
    /// The kubelet refuses the two together.
    Excludes,
}

macro_rules! row {
    ($($row:ty),*) => {$(
        impl $row {
            /// The path of the field, `[]` for list items.
            #[must_use]
            pub fn path(&self) -> &'static str {
                self.path.get()
            }

            /// The feature gate concerned.
            #[must_use]
            pub fn gate(&self) -> Option<&'static str> {
                self.gate.some()
            }

            /// What the kubelet prints, `{}` for the value; empty if it does not check.
            #[must_use]
            pub fn prints(&self) -> &'static str {
                self.prints.get()
            }

            /// Releases that check it.
            #[must_use]
            pub fn releases(&self) -> ReleaseSet {
                self.releases.get()
            }
        }
    )*};
}

row!(AllowedRange, AllowedWords, Gated, Pair);

impl AllowedRange {
    /// Whether a value is one that the field takes. `in_file`: by the configuration file, not by a flag.
    #[must_use]
    pub fn admits(&self, value: f64, in_file: bool) -> bool {
        let zero = match self.zero {
            Zero::Number => false,
            Zero::Default => in_file,
            Zero::Off => true,
        };
        if value == 0.0 && zero {
            return true;
        }
        let low = if self.above { value > self.min } else { value >= self.min };
        let even = self.multiple_of <= 1 || (value / f64::from(self.multiple_of)).fract() == 0.0;
        low && value <= self.max && even
    }
}

impl Gated {
    /// The field that must be set to another value than its default for the gate to matter.
    #[must_use]
    pub fn only_with(&self) -> Option<&'static str> {
        self.only_with.some()
    }
}

impl Pair {
    /// The path of the other field.
    #[must_use]
    pub fn other(&self) -> &'static str {
        self.other.get()
    }

    /// The value that the other field must have; nothing for any.
    #[must_use]
    pub fn value(&self) -> Option<&'static str> {
        self.value.some()
    }
}

impl AllowedWords {
    /// The words.
    pub fn allowed(&self) -> impl Iterator<Item = &'static str> {
        self.allowed.get().split('|')
    }
}

/// The ranges of the field at `path`: one a time of its life.
pub fn ranges(path: &str) -> impl Iterator<Item = &'static AllowedRange> {
    KUBELET_RANGES.iter().filter(move |row| row.path() == path)
}

/// The words of the field at `path`.
pub fn words(path: &str) -> impl Iterator<Item = &'static AllowedWords> {
    KUBELET_WORDS.iter().filter(move |row| row.path() == path)
}

/// The gates that the field at `path` needs.
pub fn gated(path: &str) -> impl Iterator<Item = &'static Gated> {
    KUBELET_GATED.iter().filter(move |row| row.path() == path)
}

/// The pairs with this relation.
pub fn pairs(relation: Relation) -> impl Iterator<Item = &'static Pair> {
    KUBELET_PAIRS.iter().filter(move |row| row.relation == relation)
}
