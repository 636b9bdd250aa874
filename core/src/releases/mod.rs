//! Products, their releases, and sets of releases: in which ones something happens, and which ones the user cares
//! about.

mod set;
#[rustfmt::skip]
mod tables;
mod version;
mod words;

pub use set::{Bits, ReleaseSet};

use tables::{
    CONTAINERD_PATCHES, CONTAINERD_RELEASES, DOCKER_PATCHES, DOCKER_RELEASES, KUBERNETES_PATCHES, KUBERNETES_RELEASES,
};
use version::{is_before, is_within};

/// A daemon whose releases differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Product {
    /// containerd; a release is a minor (`2.1`).
    Containerd,
    /// Docker Engine (moby); a release is a major (`28`), older ones as written (`20.10`).
    Docker,
    /// Kubernetes, for the kubelet; a release is a minor (`1.34`).
    Kubernetes,
}

/// A release of a product: all its patch releases together. Who names a release and no patch means the newest patch.
#[derive(Debug, PartialEq, Eq)]
pub struct Release {
    /// As upstream writes it: `2.1`, `20.10`, `1.34`.
    pub id: &'static str,
    /// Part of the target when the user names none.
    pub default: bool,
    /// Only pre-releases of it were seen.
    pub preview: bool,
    /// The number of its first patch range.
    first: usize,
    /// The number of its last patch range.
    last: usize,
}

/// Consecutive patch releases of one release that treat every configuration alike, as far as it was measured.
#[derive(Debug, PartialEq, Eq)]
pub struct PatchRange {
    /// The first patch release: `2.2.2`.
    pub first: &'static str,
    /// The last one; of the newest range the newest patch release that was looked at.
    pub last: &'static str,
}

/// Releases of every product. A product that does not matter has all of its releases in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Releases {
    /// By [`Product`].
    sets: [ReleaseSet; 3],
}

impl Product {
    /// All products.
    pub const ALL: [Self; 3] = [Self::Containerd, Self::Docker, Self::Kubernetes];

    /// The name in options and reports: `containerd`, `docker`, `kubernetes`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Containerd => "containerd",
            Self::Docker => "docker",
            Self::Kubernetes => "kubernetes",
        }
    }

    /// The name in sentences.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Containerd => "containerd",
            Self::Docker => "Docker",
            Self::Kubernetes => "Kubernetes",
        }
    }

    /// The product with this [`Product::id`].
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.id() == id)
    }

    /// The releases that crilint supports, oldest first.
    #[must_use]
    pub const fn releases(self) -> &'static [Release] {
        match self {
            Self::Containerd => CONTAINERD_RELEASES,
            Self::Docker => DOCKER_RELEASES,
            Self::Kubernetes => KUBERNETES_RELEASES,
        }
    }

    /// The patch ranges of all releases, oldest first.
    #[must_use]
    pub const fn patch_ranges(self) -> &'static [PatchRange] {
        match self {
            Self::Containerd => CONTAINERD_PATCHES,
            Self::Docker => DOCKER_PATCHES,
            Self::Kubernetes => KUBERNETES_PATCHES,
        }
    }

    /// The releases checked when the user names none, with all of their patches.
    #[must_use]
    pub fn default_target(self) -> ReleaseSet {
        let releases = self.releases().iter().filter(|release| release.default);
        releases.fold(ReleaseSet::NONE, |set, release| set.or(release.set()))
    }

    /// The release that begins at a patch range, or else the first patch release of the range.
    fn name_of(self, range: usize) -> Option<&'static str> {
        let release = self.releases().iter().find(|release| release.first == range);
        release.map(|release| release.id).or_else(|| Some(self.patch_ranges().get(range)?.first))
    }

    /// The release that a version belongs to: `2.2` for `2.2.1`, `29` for `29.5.3`.
    pub(crate) const fn release_of(self, version: &[u8]) -> Option<&'static Release> {
        let releases = self.releases();
        let mut i = 0;
        while i < releases.len() {
            if is_within(version, releases[i].id.as_bytes()) {
                return Some(&releases[i]);
            }
            i += 1;
        }
        None
    }

    /// The first and the last patch range of a release, or the one of a patch release. A patch that is newer than all
    /// known ones is in the last range of its release.
    const fn range_numbers(self, version: &[u8]) -> Option<(usize, usize)> {
        let Some(release) = self.release_of(version) else { return None };
        if release.id.len() == version.len() {
            return Some((release.first, release.last));
        }
        let mut i = release.last;
        while i > release.first && is_before(version, self.patch_ranges()[i].first.as_bytes()) {
            i -= 1;
        }
        Some((i, i))
    }

    /// Whether a version is newer than all that is known of it: its release, or all patches of its release.
    pub(crate) fn is_unknown_newer(self, version: &str) -> bool {
        let newest = match self.release_of(version.as_bytes()) {
            Some(release) if release.id == version || release.preview => return false,
            Some(release) => self.patch_ranges().get(release.last).map(|range| range.last),
            None => self.releases().last().map(|release| release.id).filter(|id| dots(version) >= dots(id)),
        };
        newest.is_some_and(|newest| is_before(newest.as_bytes(), version.as_bytes()))
    }
}

fn dots(version: &str) -> usize {
    version.bytes().filter(|byte| *byte == b'.').count()
}

impl Release {
    /// All patches.
    #[must_use]
    pub const fn set(&self) -> ReleaseSet {
        ReleaseSet::between(self.first, self.last)
    }

    /// The newest patches, which are meant where no patch is named.
    #[must_use]
    pub const fn newest(&self) -> ReleaseSet {
        ReleaseSet(1 << self.last)
    }

    /// Whether the patch range with this number is one of its own.
    const fn has(&self, range: usize) -> bool {
        self.first <= range && range <= self.last
    }
}

impl Releases {
    /// Every release of every product.
    pub const ANY: Self = Self { sets: [ReleaseSet::ALL; 3] };
    /// No release of any product.
    pub const NONE: Self = Self { sets: [ReleaseSet::NONE; 3] };

    /// Some releases of containerd, whatever the other products. Meant for constants: a wrong `spec` stops the build.
    #[must_use]
    pub const fn containerd(spec: &'static str) -> Self {
        Self::of(Product::Containerd, spec)
    }

    /// Some releases of Docker, as [`Releases::containerd`].
    #[must_use]
    pub const fn docker(spec: &'static str) -> Self {
        Self::of(Product::Docker, spec)
    }

    /// Some releases of Kubernetes, as [`Releases::containerd`].
    #[must_use]
    pub const fn kubernetes(spec: &'static str) -> Self {
        Self::of(Product::Kubernetes, spec)
    }

    const fn of(product: Product, spec: &'static str) -> Self {
        match ReleaseSet::parse(product, spec) {
            Ok(set) => Self::ANY.with(product, set),
            Err(_) => panic!("no such release"),
        }
    }

    /// Some releases of one product, whatever the others.
    #[must_use]
    pub const fn only(product: Product, set: ReleaseSet) -> Self {
        Self::ANY.with(product, set)
    }

    /// The same with another set for `product`.
    #[must_use]
    pub const fn with(mut self, product: Product, set: ReleaseSet) -> Self {
        self.sets[product as usize] = set;
        self
    }

    /// The releases of one product.
    #[must_use]
    pub const fn get(self, product: Product) -> ReleaseSet {
        self.sets[product as usize]
    }

    /// Both conditions together, product by product.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            sets: [self.sets[0].and(other.sets[0]), self.sets[1].and(other.sets[1]), self.sets[2].and(other.sets[2])],
        }
    }

    /// Releases of `self` that are not in `other`, where that is a set for each product: else all of `self`.
    #[must_use]
    pub(crate) fn without(self, other: Self) -> Self {
        let mut left = Product::ALL.into_iter().filter(|product| !other.get(*product).covers(self.get(*product)));
        match (left.next(), left.next()) {
            (None, _) => Self::NONE,
            (Some(product), None) => self.with(product, self.get(product).without(other.get(product))),
            _ => self,
        }
    }

    /// Either, product by product.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self { sets: [self.sets[0].or(other.sets[0]), self.sets[1].or(other.sets[1]), self.sets[2].or(other.sets[2])] }
    }

    /// Whether it can never hold: some product has no release left.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.sets[0].is_empty() || self.sets[1].is_empty() || self.sets[2].is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const C: Product = Product::Containerd;

    fn set(spec: &str) -> ReleaseSet {
        ReleaseSet::parse(C, spec).unwrap()
    }

    #[test]
    fn specs_read_as_written() {
        let ids = |spec| set(spec).ids(C).collect::<Vec<_>>().join(" ");
        assert_eq!(ids("2.1"), "2.1");
        assert_eq!(ids("1.6..2.0"), "1.6 1.7 2.0");
        assert_eq!(ids("..1.1,2.3.."), "1.0 1.1 2.3 2.4");
        assert_eq!(set("all"), ReleaseSet::ALL);
        for wrong in ["", "2.9", "2.0..1.7", "2.1,", "x..", "..x"] {
            assert!(ReleaseSet::parse(C, wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn sets_read_well() {
        for (spec, text) in [
            ("1.7", "1.7"),
            ("1.7..2.2", "1.7 to 2.2"),
            ("1.6,2.0..", "1.6, 2.0 and later"),
            ("2.4", "2.4"),
            ("all", "1.0 and later"),
            ("2.2.0..2.2.1", "2.2.0 to 2.2.1"),
            ("2.2.2..", "2.2.2 and later"),
            ("1.7.32..2.0.1", "1.7.32 to 2.0.1"),
            ("2.2.2..2.2", "2.2.2 to 2.2.7"),
            ("1.6..1.7.16", "1.6 to 1.7.16"),
        ] {
            assert_eq!(set(spec).describe(C), text);
        }
    }

    #[test]
    fn runs_end_at_gaps_and_edges() {
        let runs = |spec, edges| set(spec).runs(edges).map(|run| run.describe(C)).collect::<Vec<_>>().join(" | ");
        let edges = set("2.2.2..").edges();
        assert_eq!(runs("2.2", ReleaseSet::NONE), "2.2");
        assert_eq!(runs("2.2", edges), "2.2.0 to 2.2.1 | 2.2.2 to 2.2.7");
        assert_eq!(runs("2.0,2.2..", edges), "2.0 | 2.2.0 to 2.2.1 | 2.2.2 and later");
        assert_eq!(set("all").edges(), ReleaseSet::NONE);
    }

    #[test]
    fn versions_newer_than_known_are_seen() {
        for (version, is_newer) in
            [("2.2.7", false), ("2.2.8", true), ("2.9", true), ("2.9.1", true), ("1.8", false), ("9", false)]
        {
            assert_eq!(C.is_unknown_newer(version), is_newer, "{version}");
        }
    }

    #[test]
    fn defaults_are_what_is_maintained() {
        assert_eq!(C.default_target().ids(C).collect::<Vec<_>>(), ["1.7", "2.0", "2.1", "2.2", "2.3"]);
    }
}
