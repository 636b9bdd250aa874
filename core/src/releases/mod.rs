//! Products, their releases, and sets of releases: in which ones something happens, and which ones the user cares
//! about.

#[rustfmt::skip]
mod tables;

use std::fmt::Write as _;

use tables::{CONTAINERD_RELEASES, DOCKER_RELEASES, KUBERNETES_RELEASES};

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

/// A release of a product.
#[derive(Debug, PartialEq, Eq)]
pub struct Release {
    /// As upstream writes it: `2.1`, `20.10`, `1.34`.
    pub id: &'static str,
    /// Part of the target when the user names none.
    pub default: bool,
    /// Only pre-releases of it were seen.
    pub preview: bool,
}

/// A bit for each release. Wide enough for every patch release that changed what a configuration does: about 90 of
/// containerd, 60 of Kubernetes and 50 of Docker.
pub type Bits = u128;

/// Releases of one product, as bits in the order of [`Product::releases`].
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

    /// The releases checked when the user names none.
    #[must_use]
    pub fn default_target(self) -> ReleaseSet {
        let releases = self.releases().iter().enumerate();
        ReleaseSet(releases.filter(|(_, r)| r.default).fold(0, |set, (i, _)| set | 1 << i))
    }

    const fn index(self, id: &[u8]) -> Option<usize> {
        let releases = self.releases();
        let mut i = 0;
        while i < releases.len() {
            if same(releases[i].id.as_bytes(), id) {
                return Some(i);
            }
            i += 1;
        }
        None
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

    /// Reads `2.1`, `1.7..2.2`, `2.0..`, `..1.7`, `all`, or several of them with commas (no blanks). Borders are
    /// included.
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
            match product.index(low) {
                Some(i) => i,
                None => return None,
            }
        };
        match high {
            None => Some(1 << from),
            // Releases to come behave like the newest known one until a measurement differs.
            Some([]) => Some(Bits::MAX << from),
            Some(high) => match product.index(high) {
                Some(to) if to >= from => {
                    let upto = if to + 1 == Bits::BITS as usize { Bits::MAX } else { (1 << (to + 1)) - 1 };
                    Some(upto & (Bits::MAX << from))
                }
                _ => None,
            },
        }
    }

    /// The release with this number and all later ones.
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

    /// The ids of the known releases in the set, oldest first.
    pub fn ids(self, product: Product) -> impl Iterator<Item = &'static str> {
        let releases = product.releases().iter().enumerate();
        releases.filter(move |(i, _)| self.0 >> i & 1 == 1).map(|(_, r)| r.id)
    }

    /// For people: `1.7`, `1.7 to 2.2`, `1.6, 2.0 and later`.
    #[must_use]
    pub fn describe(self, product: Product) -> String {
        let releases = product.releases();
        let last = releases.len() - 1;
        let mut text = String::new();
        let mut i = 0;
        while i <= last {
            if self.0 >> i & 1 == 0 {
                i += 1;
                continue;
            }
            let from = i;
            while i < last && self.0 >> (i + 1) & 1 == 1 {
                i += 1;
            }
            if !text.is_empty() {
                text.push_str(", ");
            }
            text.push_str(releases[from].id);
            if i == last && from < last {
                text.push_str(" and later");
            } else if i > from {
                let _ = write!(text, " to {}", releases[i].id);
            }
            i += 1;
        }
        text
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
        ] {
            assert_eq!(set(spec).describe(C), text);
        }
    }

    #[test]
    fn defaults_are_what_is_maintained() {
        assert_eq!(C.default_target(), set("1.7..2.3"));
    }
}
