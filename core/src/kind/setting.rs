//! An effective setting of a daemon, with the place that sets it.

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
