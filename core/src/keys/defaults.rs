//! The default of a key, by release.

use super::KeySpec;
use crate::releases::{Product, ReleaseSet};

/// The default in each release: a value with the known releases that have it.
pub fn by_release(spec: &KeySpec, product: Product) -> Vec<(ReleaseSet, &'static str)> {
    let all: Vec<_> = spec.defaults().collect();
    let from = |id: &str| ReleaseSet::from(product, id).unwrap_or(ReleaseSet::ALL);
    let sets = all.iter().enumerate().map(|(i, (since, value))| {
        let later = all.get(i + 1).map_or(ReleaseSet::NONE, |(next, _)| from(next));
        (from(since).without(later).and(spec.releases()), *value)
    });
    sets.filter(|(set, _)| !set.is_empty()).collect()
}

/// The default of a key in one release.
pub(crate) fn in_release(key: &'static KeySpec, product: Product, release: ReleaseSet) -> Option<&'static str> {
    let all = by_release(key, product).into_iter();
    all.filter(|(set, value)| !set.and(release).is_empty() && !value.is_empty()).map(|(_, value)| value).next()
}
