//! Products, their releases, and sets of releases: in which ones something happens, and which ones the user cares
//! about.

#[rustfmt::skip]
mod tables;

use std::fmt::Write as _;

use tables::{
    CONTAINERD_POINTS, CONTAINERD_RELEASES, DOCKER_POINTS, DOCKER_RELEASES, KUBERNETES_POINTS, KUBERNETES_RELEASES,
};

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
    /// The number of its first point.
    first: usize,
    /// The number of its last point.
    last: usize,
}

/// Consecutive patch releases of one release that treat every configuration alike, as far as it was measured.
#[derive(Debug, PartialEq, Eq)]
pub struct Point {
    /// The first patch release: `2.2.2`.
    pub first: &'static str,
    /// The last one; for the newest point the newest patch release that was looked at.
    pub last: &'static str,
}

/// A bit for each point. Wide enough for every patch release that changed what a configuration does: about 90 of
/// containerd, 60 of Kubernetes and 50 of Docker.
pub type Bits = u128;

/// Releases of one product, as bits in the order of [`Product::points`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct ReleaseSet(pub Bits);

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

    /// The points of all releases, oldest first.
    #[must_use]
    pub const fn points(self) -> &'static [Point] {
        match self {
            Self::Containerd => CONTAINERD_POINTS,
            Self::Docker => DOCKER_POINTS,
            Self::Kubernetes => KUBERNETES_POINTS,
        }
    }

    /// The releases checked when the user names none.
    #[must_use]
    pub fn default_target(self) -> ReleaseSet {
        let releases = self.releases().iter().filter(|release| release.default);
        releases.fold(ReleaseSet::NONE, |set, release| set.or(release.newest()))
    }

    /// The release that begins at a point, or else the first patch release of the point.
    fn name_of(self, point: usize) -> Option<&'static str> {
        let release = self.releases().iter().find(|release| release.first == point);
        release.map(|release| release.id).or_else(|| Some(self.points().get(point)?.first))
    }

    /// The release that a version belongs to: `2.2` for `2.2.1`, `29` for `29.5.3`.
    const fn release_of(self, version: &[u8]) -> Option<&'static Release> {
        let releases = self.releases();
        let mut i = 0;
        while i < releases.len() {
            if within(version, releases[i].id.as_bytes()) {
                return Some(&releases[i]);
            }
            i += 1;
        }
        None
    }

    /// The first and the last point of a release, or the point of a patch release. A patch that is newer than all known
    /// ones is in the last point of its release.
    const fn points_of(self, version: &[u8]) -> Option<(usize, usize)> {
        let Some(release) = self.release_of(version) else { return None };
        if release.id.len() == version.len() {
            return Some((release.first, release.last));
        }
        let mut i = release.last;
        while i > release.first && is_before(version, self.points()[i].first.as_bytes()) {
            i -= 1;
        }
        Some((i, i))
    }
}

impl Release {
    /// All patches.
    #[must_use]
    pub const fn set(&self) -> ReleaseSet {
        ReleaseSet::starting_at(self.first).without(ReleaseSet::starting_at(self.last + 1))
    }

    /// The newest patches, which are meant where no patch is named.
    #[must_use]
    pub const fn newest(&self) -> ReleaseSet {
        ReleaseSet(1 << self.last)
    }
}

/// Whether a version is a release or one of its patches.
const fn within(version: &[u8], release: &[u8]) -> bool {
    if version.len() < release.len() {
        return false;
    }
    let (head, tail) = version.split_at(release.len());
    same(head, release) && (tail.is_empty() || tail[0] == b'.')
}

/// Whether a version comes before another one: numbers are compared from left to right.
const fn is_before(mut a: &[u8], mut b: &[u8]) -> bool {
    while !a.is_empty() || !b.is_empty() {
        let (x, rest) = number(a);
        a = rest;
        let (y, rest) = number(b);
        b = rest;
        if x != y {
            return x < y;
        }
    }
    false
}

/// The number at the front of a version, and what follows its point. What is no number counts as 0.
const fn number(text: &[u8]) -> (u32, &[u8]) {
    let (head, tail) = cut(text, b".");
    let mut number: u32 = 0;
    let mut i = 0;
    while i < head.len() {
        if head[i].is_ascii_digit() {
            number = number.saturating_mul(10).saturating_add((head[i] - b'0') as u32);
        }
        i += 1;
    }
    match tail {
        Some(tail) => (number, tail),
        None => (number, &[]),
    }
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

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
        if same(part, b"all") {
            return Some(Bits::MAX);
        }
        let (low, high) = cut(part, b"..");
        let from = if low.is_empty() && high.is_some() {
            0
        } else {
            match product.points_of(low) {
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
        match product.points_of(high) {
            Some((_, to)) if to >= from => Some(Self::starting_at(from).without(Self::starting_at(to + 1)).0),
            _ => None,
        }
    }

    /// A release or patch release and all later ones.
    #[must_use]
    pub const fn from(product: Product, version: &str) -> Option<Self> {
        match product.points_of(version.as_bytes()) {
            Some((first, _)) => Some(Self::starting_at(first)),
            None => None,
        }
    }

    /// The point with this number and all later ones.
    #[must_use]
    pub const fn starting_at(number: usize) -> Self {
        match Bits::MAX.checked_shl(number as u32) {
            Some(bits) => Self(bits),
            None => Self::NONE,
        }
    }

    /// Whether all releases of this set come before those of `other`; true if either is empty.
    #[must_use]
    pub const fn precedes(self, other: Self) -> bool {
        self.0 == 0 || other.0 == 0 || self.0.leading_zeros() + other.0.trailing_zeros() >= Bits::BITS
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

    /// The known releases whose newest patches are in the set, oldest first.
    pub fn releases(self, product: Product) -> impl Iterator<Item = &'static Release> {
        product.releases().iter().filter(move |release| self.covers(release.newest()))
    }

    /// The ids of [`Self::releases`].
    pub fn ids(self, product: Product) -> impl Iterator<Item = &'static str> {
        self.releases(product).map(|release| release.id)
    }

    /// The name of the oldest release in the set, for a sentence: the patch release where that is not the first of its
    /// release.
    #[must_use]
    pub fn first(self, product: Product) -> Option<&'static str> {
        product.name_of(self.0.trailing_zeros() as usize)
    }

    /// The name of the release behind the newest one in the set; nothing if releases to come are in.
    #[must_use]
    pub fn next(self, product: Product) -> Option<&'static str> {
        product.name_of((Bits::BITS - self.0.leading_zeros()) as usize)
    }

    /// The set with all patches of each release of which it has those of `target`: what people mean who target releases.
    #[must_use]
    pub fn with_patches(self, product: Product, target: Self) -> Self {
        let whole = |release: &&Release| {
            let wanted = release.set().and(target);
            !wanted.is_empty() && self.covers(wanted)
        };
        product.releases().iter().filter(whole).fold(self, |set, release| set.or(release.set()))
    }

    /// In words: `1.7`, `1.7 to 2.2`, `1.6, 2.0 and later`, `2.2.0 to 2.2.1`. Patches are named where a release has only
    /// some of its own in the set.
    #[must_use]
    pub fn describe(self, product: Product) -> String {
        let points = product.points();
        let mut text = String::new();
        let mut rest = self.and(Self::starting_at(points.len()).complement());
        while !rest.is_empty() {
            let from = rest.0.trailing_zeros() as usize;
            let to = from + (rest.0 >> from).trailing_ones() as usize - 1;
            rest = rest.and(Self::starting_at(to + 1));
            if !text.is_empty() {
                text.push_str(", ");
            }
            describe_range(&mut text, product, from, to);
        }
        text
    }
}

/// Writes a range of points in words.
fn describe_range(text: &mut String, product: Product, from: usize, to: usize) {
    let points = product.points();
    let release_at = |point: usize| product.releases().iter().find(|r| (r.first..=r.last).contains(&point));
    let (Some(oldest), Some(newest)) = (release_at(from), release_at(to)) else { return };
    let is_whole = from == oldest.first && to >= oldest.last;
    let is_last = to + 1 == points.len();
    let (start, end) = match (points.get(from), points.get(to)) {
        (Some(first), Some(last)) => {
            let start = if is_whole { oldest.id } else { first.first };
            let end = if to == newest.last && (oldest != newest || is_whole) { newest.id } else { last.last };
            (start, end)
        }
        _ => return,
    };
    text.push_str(start);
    let is_one_release = is_whole && oldest == newest;
    if is_last && !is_one_release {
        text.push_str(" and later");
    } else if end != start {
        let _ = write!(text, " to {end}");
    }
}

/// The part before `separator`, and what follows it, if it is there.
const fn cut<'a>(text: &'a [u8], separator: &[u8]) -> (&'a [u8], Option<&'a [u8]>) {
    let mut i = 0;
    while i + separator.len() <= text.len() {
        let (head, tail) = text.split_at(i);
        let (middle, tail) = tail.split_at(separator.len());
        if same(middle, separator) {
            return (head, Some(tail));
        }
        i += 1;
    }
    (text, None)
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
    fn defaults_are_what_is_maintained() {
        assert_eq!(C.default_target().ids(C).collect::<Vec<_>>(), ["1.7", "2.0", "2.1", "2.2", "2.3"]);
    }
}
