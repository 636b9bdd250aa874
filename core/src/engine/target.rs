//! The releases that the user cares about.

use crate::distributions::releases::Distribution;
use crate::order;
use crate::releases::{Product, ReleaseSet, Releases};

/// The releases that the user cares about. A product not named gets what upstream maintains; containerd, where all
/// releases of Kubernetes are named as those of a distribution, the releases that these bring.
///
/// A release without a patch, such as `2.2`, means its newest patch. What its older patches do is advice: they are
/// superseded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    products: [Option<OfProduct>; 3],
    bundled: Option<BundledContainerd>,
}

/// The releases of containerd in the named releases of distributions.
#[derive(Clone, Debug, PartialEq, Eq)]
struct BundledContainerd {
    releases: OfProduct,
    /// What a report states about it, in sentences.
    notes: Vec<String>,
}

/// The releases of one product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct OfProduct {
    /// Named by release or by range, with superseded patches.
    whole: ReleaseSet,
    /// Those of `whole` that are not superseded.
    current: ReleaseSet,
    /// Patch releases as the user wrote them, with the patch range of each.
    patches: Vec<(String, ReleaseSet)>,
    /// Releases that are newer than all known ones, with the one that they are judged as.
    newer: Vec<(String, &'static str)>,
}

impl Target {
    /// Adds `containerd=2.1`, `containerd=2.2.1`, `kubernetes=1.33..1.35`, `docker=all`; a product given twice has
    /// both. A version may be as a package has it: `v1.34.2+k3s1`, `5:29.0.0-1~debian.12`.
    ///
    /// # Errors
    /// A sentence for the user.
    pub fn add(&mut self, text: &str) -> Result<(), String> {
        let names = Product::ALL.map(Product::id).join(", ");
        let wrong = || {
            format!(
                "`{text}` is not a target: write PRODUCT=RELEASE, PRODUCT=FROM..TO or PRODUCT=all with one of {names}"
            )
        };
        let (product, spec) = text.split_once('=').ok_or_else(wrong)?;
        let product = Product::from_id(product.trim()).ok_or_else(wrong)?;
        let known = self.products.get(product as usize).cloned().flatten();
        let is_first = known.is_none();
        let mut asked = known.unwrap_or_default();
        for part in spec.split(',') {
            asked.add(product, part.trim()).ok_or_else(|| {
                let known: Vec<_> = product.releases().iter().map(|r| r.id).collect();
                format!("`{spec}` names no releases of {}: crilint supports {}", product.id(), known.join(", "))
            })?;
        }
        if let Some(slot) = self.products.get_mut(product as usize) {
            *slot = Some(asked);
        }
        if product == Product::Kubernetes {
            let bundled = if is_first { Some(BundledContainerd::NONE) } else { self.bundled.take() };
            self.bundled =
                bundled.and_then(|bundled| spec.split(',').map(str::trim).try_fold(bundled, BundledContainerd::with));
        }
        Ok(())
    }

    fn of(&self, product: Product) -> Option<&OfProduct> {
        let bundled = || Some(&self.bundled.as_ref().filter(|_| product == Product::Containerd)?.releases);
        self.products.get(product as usize).and_then(Option::as_ref).or_else(bundled)
    }

    /// Whether the user named releases of the product.
    #[must_use]
    pub fn names(&self, product: Product) -> bool {
        self.of(product).is_some()
    }

    /// The same, with the releases of `other` for products that are not named here.
    #[must_use]
    pub fn else_from(mut self, other: &Self) -> Self {
        if self.products.get(Product::Kubernetes as usize).is_none_or(Option::is_none) {
            self.bundled.clone_from(&other.bundled);
        }
        for (own, other) in self.products.iter_mut().zip(&other.products) {
            if own.is_none() {
                own.clone_from(other);
            }
        }
        self
    }

    /// All releases that matter, superseded patches among them.
    #[must_use]
    pub fn all(&self) -> Releases {
        Product::ALL.into_iter().fold(Releases::ANY, |all, product| {
            all.with(product, self.of(product).map_or_else(|| product.default_target(), OfProduct::all))
        })
    }

    /// The releases that the severity of findings follows: without superseded patches.
    #[must_use]
    pub fn current(&self) -> Releases {
        Product::ALL.into_iter().fold(Releases::ANY, |all, product| {
            let default = || newest_in(product, product.default_target());
            all.with(product, self.of(product).map_or_else(default, |asked| asked.with_patches(asked.current)))
        })
    }

    /// The releases to judge a file for that only `admits` read.
    #[must_use]
    pub fn releases(&self, admits: Releases) -> Releases {
        self.all().and(admits)
    }

    /// The releases of a product as reports name them, oldest first.
    #[must_use]
    pub fn columns(&self, product: Product) -> Vec<TargetRelease> {
        let default = OfProduct { whole: product.default_target(), ..OfProduct::default() };
        let asked = self.of(product).unwrap_or(&default);
        let mut columns = vec![];
        for release in product.releases() {
            let own = |set: ReleaseSet| release.set().and(set);
            let patches = asked.patches.iter().filter(|(_, range)| release.set().covers(*range));
            columns.extend(patches.map(|(name, range)| TargetRelease {
                name: name.clone(),
                judged: *range,
                older: ReleaseSet::NONE,
            }));
            let whole = own(asked.whole);
            let judged = whole.newest();
            let name = if judged == release.newest() { release.id.to_owned() } else { whole.spec(product) };
            columns.extend((!whole.is_empty()).then(|| TargetRelease { name, judged, older: whole.without(judged) }));
        }
        order::by_key(&mut columns, |column| column.judged.0.trailing_zeros() as usize);
        columns
    }

    /// The releases of `set` as lists for programs contain them: by the names of [`Self::columns`], and older patches
    /// by ranges such as `2.2.0..2.2.1` where the newest one is not in the set.
    #[must_use]
    pub fn names_in(&self, product: Product, set: ReleaseSet) -> Vec<String> {
        let mut names = vec![];
        for TargetRelease { name, judged, older } in self.columns(product) {
            if set.covers(judged) {
                names.push(name);
            } else {
                names.extend(older.and(set).runs(ReleaseSet::NONE).map(|run| run.spec(product)));
            }
        }
        names
    }

    /// In words, without the releases that are not in `set`: `2.2.1`, `1.7 to 2.3`.
    #[must_use]
    pub fn describe(&self, product: Product, set: ReleaseSet) -> String {
        let Some(asked) = self.of(product).filter(|asked| !asked.patches.is_empty()) else {
            return set.describe(product);
        };
        let named = asked.patches.iter().filter(|(_, range)| set.covers(*range)).map(|(name, _)| name.clone());
        let rest = Some(set.and(asked.whole).describe(product)).filter(|rest| !rest.is_empty());
        named.chain(rest).collect::<Vec<_>>().join(", ")
    }

    /// What the report must state about releases, in sentences: those that are newer than all known ones, and those of
    /// containerd that follow from a distribution.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let all = Product::ALL.into_iter().flat_map(|product| {
            let newer = self.of(product).map(|asked| asked.newer.as_slice()).unwrap_or_default();
            newer.iter().map(move |(asked, known)| {
                let title = product.title();
                format!("{title} {asked} is newer than what crilint was made for: it is judged as {title} {known}")
            })
        });
        let bundled = self.bundled.iter().filter(|_| self.products.first().is_none_or(Option::is_none));
        all.chain(bundled.flat_map(|bundled| bundled.notes.iter().cloned())).collect()
    }
}

impl BundledContainerd {
    const NONE: Self = Self {
        releases: OfProduct { whole: ReleaseSet::NONE, current: ReleaseSet::NONE, patches: vec![], newer: vec![] },
        notes: vec![],
    };

    /// The same with the containerd of a release of Kubernetes; nothing if that is not a distribution's.
    fn with(mut self, kubernetes: &str) -> Option<Self> {
        let distribution = Distribution::of_version(kubernetes).filter(|_| !kubernetes.contains(".."))?;
        let containerd = distribution.containerd(kubernetes)?;
        self.releases.add(Product::Containerd, containerd)?;
        self.notes.push(format!("{} {kubernetes} has containerd {containerd}", distribution.title));
        Some(self)
    }
}

impl OfProduct {
    fn all(&self) -> ReleaseSet {
        self.with_patches(self.whole)
    }

    fn with_patches(&self, set: ReleaseSet) -> ReleaseSet {
        self.patches.iter().fold(set, |all, (_, range)| all.or(*range))
    }

    /// Adds `2.1`, `2.2.1`, `1.7..2.2`, `2.0..`, `..1.7` or `all`.
    fn add(&mut self, product: Product, part: &str) -> Option<()> {
        let Some((from, to)) = part.split_once("..") else {
            let version = (part != "all").then(|| Version::read(part));
            let set = match version {
                None => ReleaseSet::ALL,
                Some(version) => self.known(product, version?)?,
            };
            match version.flatten().filter(|version| version.is_patch(product)) {
                Some(version) => self.patches.push((version.0.to_owned(), set)),
                None => self.add_whole(set, newest_in(product, set)),
            }
            return Some(());
        };
        let (from, to) = (border(from)?, border(to)?);
        let start = from.map_or(Some(ReleaseSet::ALL), |from| self.known(product, from))?;
        let end = to.map_or(Some(ReleaseSet::ALL), |to| self.known(product, to))?;
        let set = start.and_later().and(end.and_earlier());
        let names_patches = [from, to].into_iter().flatten().any(|version| version.is_patch(product));
        self.add_whole(set, if names_patches { set } else { newest_in(product, set) });
        (!set.is_empty()).then_some(())
    }

    fn add_whole(&mut self, set: ReleaseSet, current: ReleaseSet) {
        self.whole = self.whole.or(set);
        self.current = self.current.or(current);
    }

    /// The set of a version, or of the newest known one that it follows.
    fn known(&mut self, product: Product, version: Version<'_>) -> Option<ReleaseSet> {
        if !product.is_unknown_newer(version.0) {
            return ReleaseSet::parse(product, version.0).ok();
        }
        let (set, known) = match ReleaseSet::parse(product, version.0) {
            Ok(set) => (set, set.newest_patch(product)?),
            Err(_) => product.releases().last().map(|release| (release.set(), release.id))?,
        };
        self.newer.push((version.0.to_owned(), known));
        Some(set)
    }
}

/// A release as reports name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetRelease {
    /// As upstream or the user writes it: `2.2`, `2.2.1`, `2.2.0..2.2.1`.
    pub name: String,
    /// The patch range that the name stands for: the newest one.
    pub judged: ReleaseSet,
    /// Older patch ranges of the same release.
    pub older: ReleaseSet,
}

/// A version as upstream numbers it.
#[derive(Clone, Copy)]
struct Version<'a>(&'a str);

impl<'a> Version<'a> {
    /// The upstream part of a version as packages and programs have it: without epoch, `v` and the suffix of a
    /// distribution.
    fn read(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let text = text.split_once(':').filter(|(epoch, _)| is_number(epoch)).map_or(text, |(_, rest)| rest);
        let text = text.strip_prefix('v').unwrap_or(text);
        let (version, suffix) =
            text.split_at(text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len()));
        let version = match suffix {
            "x" | "*" => version.strip_suffix('.')?,
            _ => version,
        };
        let is_suffix = suffix.is_empty() || suffix.starts_with(['+', '-', '~', '_', 'x', '*']);
        (is_suffix && version.split('.').all(is_number)).then_some(Self(version))
    }

    /// Whether it names one patch release, rather than all of a release.
    fn is_patch(self, product: Product) -> bool {
        let dots = self.0.bytes().filter(|byte| *byte == b'.').count();
        product.release_of(self.0.as_bytes()).map_or(dots > 1, |release| release.id != self.0)
    }
}

/// A border of a range; an open one is empty.
#[expect(clippy::option_option, reason = "an open border differs from a wrong one")]
fn border(text: &str) -> Option<Option<Version<'_>>> {
    if text.is_empty() { Some(None) } else { Version::read(text).map(Some) }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The newest patches of each release in the set, and releases to come.
fn newest_in(product: Product, set: ReleaseSet) -> ReleaseSet {
    let to_come = set.and(ReleaseSet::starting_at(product.patch_ranges().len()));
    set.releases(product).fold(to_come, |all, release| all.or(release.newest()))
}
