//! Sets of releases of one product.

use super::version::{cut, is_same};
use super::{Product, Release};

/// A bit for each patch range. Wide enough for every patch release that changed what a configuration does: about 100 of
/// containerd, 60 of Kubernetes and 60 of Docker.
pub type Bits = u128;

/// Releases of one product, as bits in the order of [`Product::patch_ranges`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct ReleaseSet(pub Bits);

impl ReleaseSet {
    /// No release.
    pub const NONE: Self = Self(0);
    /// Every release, future ones included.
    pub const ALL: Self = Self(Bits::MAX);

    /// Reads `2.1`, `1.7..2.2`, `2.0..`, `..1.7`, `2.2.2..`, `all`, or several of them with commas (no blanks). Borders
    /// are included. A release without a patch stands for all of its patches.
    ///
    /// # Errors
    /// The part that names no release of `product`.
    pub const fn parse(product: Product, spec: &str) -> Result<Self, &str> {
        let mut set = 0;
        let mut rest = spec.as_bytes();
        loop {
            let (part, tail) = cut(rest, b",");
            match Self::parse_part(product, part) {
                Some(bits) => set |= bits,
                None => return Err(spec),
            }
            match tail {
                Some(tail) => rest = tail,
                None => return Ok(Self(set)),
            }
        }
    }

    const fn parse_part(product: Product, part: &[u8]) -> Option<Bits> {
        if is_same(part, b"all") {
            return Some(Bits::MAX);
        }
        let (low, high) = cut(part, b"..");
        let from = if low.is_empty() && high.is_some() {
            0
        } else {
            match product.range_numbers(low) {
                Some((from, _)) => from,
                None => return None,
            }
        };
        let high = match high {
            None => low,
            // Releases to come behave like the newest known one until a measurement differs.
            Some([]) => return Some(Self::starting_at(from).0),
            Some(high) => high,
        };
        match product.range_numbers(high) {
            Some((_, to)) if to >= from => Some(Self::between(from, to).0),
            _ => None,
        }
    }

    /// A release or patch release and all later ones.
    #[must_use]
    pub const fn from(product: Product, version: &str) -> Option<Self> {
        match product.range_numbers(version.as_bytes()) {
            Some((first, _)) => Some(Self::starting_at(first)),
            None => None,
        }
    }

    /// The patch range with this number and all later ones.
    #[must_use]
    pub const fn starting_at(number: usize) -> Self {
        match Bits::MAX.checked_shl(number as u32) {
            Some(bits) => Self(bits),
            None => Self::NONE,
        }
    }

    /// The patch ranges from one number to another, both included.
    #[must_use]
    pub const fn between(from: usize, to: usize) -> Self {
        Self::starting_at(from).without(Self::starting_at(to + 1))
    }

    /// Every other release, future ones included.
    #[must_use]
    pub const fn complement(self) -> Self {
        Self(!self.0)
    }

    /// Releases in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Releases in either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Releases of `self` that are not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether no release is in.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether every release of `other` is in `self`.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// Whether a release is in both.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The set with all patches of the releases of which any is in it.
    pub(crate) fn whole_releases(self, product: Product) -> Self {
        let releases = product.releases().iter().filter(|release| self.overlaps(release.set()));
        releases.fold(self, |all, release| all.or(release.set()))
    }

    /// Whether its patch ranges follow one another.
    pub(crate) fn is_run(self) -> bool {
        self.runs(Self::NONE).count() == 1
    }

    /// The newest patch range; of releases to come the last.
    #[must_use]
    pub const fn newest(self) -> Self {
        Self(match Bits::BITS - self.0.leading_zeros() {
            0 => 0,
            count => 1 << (count - 1),
        })
    }

    /// The same with all later releases.
    pub(crate) const fn and_later(self) -> Self {
        Self::starting_at(self.0.trailing_zeros() as usize)
    }

    /// The same with all earlier releases.
    #[must_use]
    pub const fn and_earlier(self) -> Self {
        Self::starting_at((Bits::BITS - self.0.leading_zeros()) as usize).complement()
    }

    /// The patch ranges that begin a change: they are in the set and the one before is not, or the other way round.
    #[must_use]
    pub const fn edges(self) -> Self {
        Self((self.0 ^ (self.0 << 1)) & !1)
    }

    /// Runs of consecutive patch ranges, oldest first. Each ends where the set has a gap, and before each patch range
    /// of `edges`.
    pub(crate) fn runs(self, edges: Self) -> impl Iterator<Item = Self> {
        let mut rest = self;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let from = rest.0.trailing_zeros() as usize;
            let gap = rest.complement().and(Self::starting_at(from)).0.trailing_zeros();
            let edge = edges.and(Self::starting_at(from + 1)).0.trailing_zeros();
            let run = Self::between(from, gap.min(edge) as usize - 1);
            rest = rest.without(run);
            Some(run)
        })
    }

    /// The known releases whose newest patches are in the set, oldest first.
    pub fn releases(self, product: Product) -> impl Iterator<Item = &'static Release> {
        product.releases().iter().filter(move |release| self.covers(release.newest()))
    }

    /// The ids of [`Self::releases`].
    pub fn ids(self, product: Product) -> impl Iterator<Item = &'static str> {
        self.releases(product).map(|release| release.id)
    }

    /// The newest known release of which any patch is in the set.
    #[must_use]
    pub fn latest(self, product: Product) -> Option<&'static Release> {
        product.releases().iter().rfind(|release| self.overlaps(release.set()))
    }

    /// The name of the oldest release in the set, for a sentence: the patch release where that is not the first of its
    /// release.
    #[must_use]
    pub fn first(self, product: Product) -> Option<&'static str> {
        product.name_of(self.0.trailing_zeros() as usize)
    }

    /// The newest patch release in the set.
    pub(crate) fn newest_patch(self, product: Product) -> Option<&'static str> {
        let number = (Bits::BITS - self.0.leading_zeros()) as usize;
        product.patch_ranges().get(number.checked_sub(1)?).map(|range| range.last)
    }

    /// The name of the release behind the newest one in the set; nothing if releases to come are in.
    #[must_use]
    pub fn next(self, product: Product) -> Option<&'static str> {
        product.name_of((Bits::BITS - self.0.leading_zeros()) as usize)
    }
}
