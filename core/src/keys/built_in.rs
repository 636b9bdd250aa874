//! Entries of maps that containerd has by default, such as the runtime `runc`.

use super::tables::CONTAINERD_BUILT_IN;
use super::{Set, Text};
use crate::releases::ReleaseSet;

/// One setting of a built-in entry. Fields without one are empty.
#[derive(Debug, PartialEq, Eq)]
pub struct BuiltIn {
    pub(crate) versions: u8,
    pub(crate) releases: Set,
    pub(crate) path: Text,
    pub(crate) value: Text,
}

/// A row of the generated table.
pub(crate) const fn built_in(versions: u8, releases: u16, texts: [u16; 2]) -> BuiltIn {
    BuiltIn { versions, releases: Set(releases), path: Text(texts[0]), value: Text(texts[1]) }
}

/// The built-in settings of the releases in `set`, with their path and value (TOML), by config version.
pub fn of(version: i64, set: ReleaseSet) -> impl Iterator<Item = (&'static str, &'static str)> {
    let own = move |b: &&BuiltIn| b.versions >> version & 1 == 1 && !b.releases.get().and(set).is_empty();
    CONTAINERD_BUILT_IN.iter().filter(own).map(|b| (b.path.get(), b.value.get()))
}
