//! The effective configuration: every setting that a release has in the end, with the place that says so.

mod containerd;

pub use containerd::settings as containerd;

use crate::engine::{Options, Purpose, Source, examine};
use crate::load::{self, Origin, Release};

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

/// The settings that a release of containerd has with these files, the main one first.
#[must_use]
pub fn containerd_sources(sources: &[Source<'_>], release: Release) -> Vec<Setting> {
    let mut settings = vec![];
    let options = Options::default();
    examine(sources, &options, Purpose::Verdict, |host, _| {
        if let Some(first) = host.files.first() {
            settings = containerd(&load::files(host, first.index), release);
        }
    });
    settings
}
