//! An effective setting of a daemon, with the place that sets it.

use super::{File, NodeFiles};
use crate::releases::{Product, ReleaseSet};
use crate::syntax::Entry;
use crate::text::Span;

/// Where a value was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file, by its number in the report.
    pub file: usize,
    /// The key.
    pub key: Span,
}

/// An effective setting of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveSetting {
    /// The names on the way to it, in the release's own config version.
    pub path: Vec<String>,
    /// The value as TOML.
    pub value: String,
    /// The place that sets it.
    pub source: SettingSource,
    /// Whether no part of the release reads it.
    pub unused: bool,
}

/// What sets a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingSource {
    /// A file.
    Written(Origin),
    /// The release itself.
    Default,
}

/// The place of a setting or a table in one of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SettingPlace {
    /// The file, by its number in the report.
    pub(crate) file: usize,
    /// The key, or a flag with its value.
    pub(crate) key: Span,
    /// The value; the key for a table.
    pub(crate) value: Span,
}

impl SettingPlace {
    /// The place of an entry.
    pub(crate) fn of_entry(file: &File<'_>, entry: &Entry<'_>) -> Self {
        Self { file: file.index, key: entry.key_span, value: entry.value.span }
    }

    pub(crate) fn of_key(Origin { file, key }: Origin) -> Self {
        Self { file, key, value: key }
    }

    /// The key's path, as people write it.
    pub(crate) fn path(self, node: &NodeFiles<'_, '_>) -> String {
        node.path_at(self.file, self.key)
    }
}

/// A value that a setting has on a node in the end, in some releases of its daemon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NodeValue {
    /// The value as text; of a list the texts with commas between them.
    pub(crate) text: String,
    /// The releases of the daemon, those of the target alone.
    pub(crate) releases: ReleaseSet,
    /// What sets it.
    pub(crate) source: ValueSource,
}

/// What sets a value: a flag wins over drop-ins, these over the main file, and that over the default of the release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValueSource {
    /// A flag of the daemon.
    Flag(SettingPlace),
    /// A file.
    File(SettingPlace),
    /// The release itself.
    Default,
}

impl ValueSource {
    /// The place in one of the files, if one of them sets the value.
    pub(crate) fn place(self) -> Option<SettingPlace> {
        match self {
            Self::Flag(place) | Self::File(place) => Some(place),
            Self::Default => None,
        }
    }
}

impl NodeValue {
    /// What a default is one of: "default of containerd 1.6"; nothing for a written value.
    pub(crate) fn default_of(&self, product: Product) -> Option<String> {
        let releases = || self.releases.describe(product);
        (self.source == ValueSource::Default).then(|| format!("default of {} {}", product.title(), releases()))
    }
}

/// Values of a setting, each with the releases in which it holds.
#[derive(Debug, Default)]
pub(crate) struct NodeValues {
    all: Vec<NodeValue>,
}

impl NodeValues {
    /// Adds a value in further releases.
    pub(crate) fn add(&mut self, text: &str, releases: ReleaseSet, source: ValueSource) {
        if releases.is_empty() {
            return;
        }
        match self.all.iter_mut().find(|value| value.text == text && value.source == source) {
            Some(value) => value.releases = value.releases.or(releases),
            None => self.all.push(NodeValue { text: text.to_owned(), releases, source }),
        }
    }

    /// The values, in the order in which they were found.
    pub(crate) fn into_vec(self) -> Vec<NodeValue> {
        self.all
    }
}
