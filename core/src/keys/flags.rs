//! Command line flags: the kubelet's, and dockerd's names that `daemon.json` takes without using them.

use super::tables::{DOCKER_IGNORED, KUBELET_FLAGS};
use super::{Set, Text};
use crate::releases::ReleaseSet;

/// A kubelet flag.
#[derive(Debug, PartialEq, Eq)]
pub struct KubeletFlag {
    pub(crate) name: Text,
    pub(crate) reads: Reads,
    pub(crate) key: Text,
    pub(crate) releases: Set,
    pub(crate) deprecated: Set,
    pub(crate) deprecation: Text,
    pub(crate) note: Text,
    pub(crate) instead: Text,
    pub(crate) source: Text,
    pub(crate) is_secret: bool,
}

/// How a flag's value is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Any text.
    Text,
    /// True or false; takes a value behind `=` alone.
    Bool,
    /// A whole number of so many bits.
    Int(u8),
    /// A whole number from 0 on.
    Uint,
    /// A number.
    Float,
    /// A Go duration.
    Duration,
    /// An IP address.
    Ip,
    /// Texts with commas between them.
    List,
    /// `name=value` with commas between them.
    Map,
    /// `name=true` or `name=false` with commas between them.
    Gates,
}

impl KubeletFlag {
    /// How its value is read.
    #[must_use]
    pub fn reads(&self) -> Reads {
        self.reads
    }

    /// Without dashes: `cgroup-driver`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name.get()
    }

    /// The field of KubeletConfiguration that replaces it.
    #[must_use]
    pub fn key(&self) -> Option<&'static str> {
        self.key.some()
    }

    /// Kubernetes releases whose kubelet takes it.
    #[must_use]
    pub fn releases(&self) -> ReleaseSet {
        self.releases.get()
    }

    /// Releases in which it works and is deprecated.
    #[must_use]
    pub fn deprecated(&self) -> ReleaseSet {
        self.deprecated.get()
    }

    /// Upstream's message about its deprecation.
    #[must_use]
    pub fn deprecation(&self) -> Option<&'static str> {
        self.deprecation.some()
    }

    /// What else is worth knowing.
    #[must_use]
    pub fn note(&self) -> Option<&'static str> {
        self.note.some()
    }

    /// What has the flag's effect where it is removed, in a sentence.
    #[must_use]
    pub fn instead(&self) -> Option<&'static str> {
        self.instead.some()
    }

    /// The source, in upstream's repository.
    #[must_use]
    pub fn source(&self) -> &'static str {
        self.source.get()
    }

    /// Whether the value is a secret, or holds some: reports never show it.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.is_secret
    }
}

/// A row of the generated tables.
pub(crate) const fn flag(
    texts: [u16; 6],
    reads: Reads,
    releases: u16,
    deprecated: u16,
    is_secret: bool,
) -> KubeletFlag {
    let [name, key, deprecation, note, instead, source] = texts;
    KubeletFlag {
        name: Text(name),
        reads,
        key: Text(key),
        releases: Set(releases),
        deprecated: Set(deprecated),
        deprecation: Text(deprecation),
        note: Text(note),
        instead: Text(instead),
        source: Text(source),
        is_secret,
    }
}

/// The kubelet flag of this name (without dashes).
#[must_use]
pub fn kubelet(name: &str) -> Option<&'static KubeletFlag> {
    let i = KUBELET_FLAGS.binary_search_by(|f| f.name().cmp(name)).ok()?;
    KUBELET_FLAGS.get(i)
}

/// All kubelet flags, by name.
#[must_use]
pub fn kubelet_all() -> &'static [KubeletFlag] {
    KUBELET_FLAGS
}

/// The name of a dockerd flag whose key in `daemon.json` has another name: the file may contain it, and it has no
/// effect. Source: moby/moby@docker-v29.7.2:daemon/config/config.go (`findConfigurationConflicts`).
#[derive(Debug, PartialEq, Eq)]
pub struct IgnoredFlag {
    pub(crate) flag: Text,
    pub(crate) key: Text,
    pub(crate) releases: Set,
}

impl IgnoredFlag {
    /// Without dashes: `registry-mirror`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.flag.get()
    }

    /// The key that works, if the file has one.
    #[must_use]
    pub fn key(&self) -> Option<&'static str> {
        self.key.some()
    }

    /// Docker releases that have the flag; others refuse the name.
    #[must_use]
    pub fn releases(&self) -> ReleaseSet {
        self.releases.get()
    }
}

/// The ignored flag of this name (without dashes).
#[must_use]
pub fn docker_ignored(name: &str) -> Option<&'static IgnoredFlag> {
    let i = DOCKER_IGNORED.binary_search_by(|row| row.flag.get().cmp(name)).ok()?;
    DOCKER_IGNORED.get(i)
}

/// All ignored flags, by name.
#[must_use]
pub fn docker_ignored_all() -> &'static [IgnoredFlag] {
    DOCKER_IGNORED
}
