//! When Kubernetes added something, and when it removed it.

use crate::releases::{Product, ReleaseSet};

const PRODUCT: Product = Product::Kubernetes;

/// The first releases of a set, for a sentence.
pub(crate) fn first(set: ReleaseSet) -> String {
    set.starts(PRODUCT)
}

/// The release behind the last one of a set, for a sentence.
pub(crate) fn removed_in(set: ReleaseSet) -> &'static str {
    set.next(PRODUCT).unwrap_or("a later release")
}

/// Whether a later release adds what is written: some of `missing` come before all of `has`, or each of them before
/// some, as where patch releases brought it.
pub(crate) fn is_to_come(missing: ReleaseSet, has: ReleaseSet) -> bool {
    missing.0.trailing_zeros() < has.0.trailing_zeros() || has.and_earlier().covers(missing)
}

/// Whether `missing` has releases on both sides of `has`.
pub(crate) fn is_around(missing: ReleaseSet, has: ReleaseSet) -> bool {
    is_to_come(missing, has) && missing.0.leading_zeros() < has.0.leading_zeros()
}

/// The releases of a set, for a sentence: `1.12 to 1.24`.
pub(crate) fn span_of(set: ReleaseSet) -> String {
    set.describe(PRODUCT)
}

/// What to do about a setting that a later release adds.
pub(crate) fn wait_for(has: ReleaseSet) -> String {
    let first = first(has);
    let newest = first.rsplit(' ').next().unwrap_or(&first);
    let any = first.replace(" and ", " or ");
    format!("Set it once all nodes run {any}, or name the releases of your nodes: `--target kubernetes={newest}`.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_set_is_the_release_behind_it() {
        let set = |spec| ReleaseSet::parse(PRODUCT, spec).unwrap();
        assert_eq!(removed_in(set("1.10..1.23")), "1.24");
        assert_eq!(first(set("1.27..")), "1.27");
        assert!(is_to_come(set("1.24,1.30"), set("1.27..")));
        assert!(!is_to_come(set("1.24"), set("1.10..1.23")));
        assert!(is_around(set("1.10,1.36"), set("1.12..1.24")));
        assert!(!is_around(set("1.10"), set("1.12..1.24")));
        let backported = set("1.30.11..1.30,1.31.7..1.31,1.33..");
        assert_eq!(first(backported), "1.30.11, 1.31.7 and 1.33");
        assert!(is_to_come(set("1.31.0..1.31.6"), backported));
    }
}
