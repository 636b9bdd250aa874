//! A setting that a daemon has in the end, with the place that says so.

use crate::text::Span;

/// Where a value was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file, by its number in the report.
    pub file: usize,
    /// The key.
    pub key: Span,
}

/// A setting that a release has in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The names on the way to it, in the release's own config version.
    pub path: Vec<String>,
    /// Its value as TOML.
    pub value: String,
    /// Who says so.
    pub source: From,
    /// Nothing in the release reads it.
    pub unused: bool,
}

/// Who says what a setting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// A file.
    Written(Origin),
    /// The release itself.
    Default,
}
