//! Feature gates of the kubelet, by Kubernetes release.

use super::tables::{DEPENDENCIES, FEATURE_GATES, STAGES};
use super::{Set, Text};
use crate::releases::ReleaseSet;

/// A feature gate with the stages of its life.
#[derive(Debug, PartialEq, Eq)]
pub struct Gate {
    pub(crate) name: Text,
    /// Its stages in [`STAGES`]; gates with the same life share them.
    pub(crate) first: u16,
    pub(crate) len: u8,
}

/// A stage of a feature gate.
#[derive(Debug, PartialEq, Eq)]
pub struct Stage {
    /// Alpha, beta, stable or deprecated.
    pub kind: StageKind,
    /// On or off where no file sets it.
    pub default: bool,
    /// Whether setting it to another value than the default is refused.
    pub locked: bool,
    pub(crate) releases: Set,
}

/// How far a feature gate has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageKind {
    /// Off by default, may be removed.
    Alpha,
    /// Mostly on by default.
    Beta,
    /// Always on; the gate is removed some releases later.
    Stable,
    /// Announced to be removed.
    Deprecated,
}

impl StageKind {
    /// The word in reports.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Alpha => "alpha",
            Self::Beta => "beta",
            Self::Stable => "stable",
            Self::Deprecated => "deprecated",
        }
    }
}

impl Gate {
    /// The name, as in `featureGates`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name.get()
    }

    /// Its stages, oldest first.
    #[must_use]
    pub fn stages(&self) -> &'static [Stage] {
        let first = self.first as usize;
        STAGES.get(first..first + self.len as usize).unwrap_or_default()
    }

    /// The gates that must be on wherever this one is, and the releases that check it.
    pub fn depends(&self) -> impl Iterator<Item = (&'static str, ReleaseSet)> {
        let own = DEPENDENCIES.iter().filter(|(gate, ..)| *gate == self.name);
        own.map(|(_, needs, releases)| (needs.get(), releases.get()))
    }

    /// Releases whose kubelet has the gate.
    #[must_use]
    pub fn releases(&self) -> ReleaseSet {
        self.stages().iter().fold(ReleaseSet::NONE, |all, stage| all.or(stage.releases()))
    }

    /// Releases in which the gate is locked to the opposite of `value`.
    #[must_use]
    pub fn locked_against(&self, value: bool) -> ReleaseSet {
        let against = |stage: &&Stage| stage.locked && stage.default != value;
        let stages = self.stages().iter().filter(against);
        stages.fold(ReleaseSet::NONE, |all, stage| all.or(stage.releases()))
    }
}

impl Stage {
    /// Releases in this stage.
    #[must_use]
    pub fn releases(&self) -> ReleaseSet {
        self.releases.get()
    }
}

/// A row of the generated tables.
pub(crate) const fn gate(name: u16, first: u16, len: u8) -> Gate {
    Gate { name: Text(name), first, len }
}

/// A row of the generated tables.
pub(crate) const fn stage(kind: StageKind, default: bool, locked: bool, releases: u16) -> Stage {
    Stage { kind, default, locked, releases: Set(releases) }
}

/// The gate of this name; names are case-sensitive.
#[must_use]
pub fn find(name: &str) -> Option<&'static Gate> {
    let i = FEATURE_GATES.binary_search_by(|g| g.name().cmp(name)).ok()?;
    FEATURE_GATES.get(i)
}

/// All gates, by name.
#[must_use]
pub fn all() -> &'static [Gate] {
    FEATURE_GATES
}
