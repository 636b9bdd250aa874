//! Sets of releases in words.

use std::fmt::Write as _;

use super::{Product, ReleaseSet};

impl ReleaseSet {
    /// In words: `1.7`, `1.7 to 2.2`, `1.6, 2.0 and later`, `2.2.0 to 2.2.1`. Patches are named where a release has
    /// only some of its own in the set.
    #[must_use]
    pub fn describe(self, product: Product) -> String {
        let known = Self::starting_at(product.patch_ranges().len()).complement();
        let mut text = String::new();
        for run in self.and(known).runs(Self::NONE) {
            if !text.is_empty() {
                text.push_str(", ");
            }
            write_run(&mut text, product, run);
        }
        text
    }

    /// The releases from which on the set begins, in a sentence: `2.3`, `2.2.7 and 2.3.4`.
    #[must_use]
    pub fn starts(self, product: Product) -> String {
        let starts: Vec<_> = self.runs(Self::NONE).filter_map(|run| run.first(product)).collect();
        match starts.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
            None => "a later release".to_owned(),
        }
    }

    /// A run of patch ranges of one release as [`Self::parse`] reads it: `2.2.0..2.2.1`, `2.2.1`.
    #[must_use]
    pub fn spec(self, product: Product) -> String {
        match self.patches(product) {
            Some((first, last)) if first == last => first.to_owned(),
            Some((first, last)) => format!("{first}..{last}"),
            None => String::new(),
        }
    }

    /// The oldest and the newest patch release of a run.
    #[must_use]
    pub fn patches(self, product: Product) -> Option<(&'static str, &'static str)> {
        let ranges = product.patch_ranges();
        let (from, to) = self.ends();
        Some((ranges.get(from)?.first, ranges.get(to)?.last))
    }

    /// The numbers of the oldest and the newest patch range.
    fn ends(self) -> (usize, usize) {
        let newest = u128::BITS - self.0.leading_zeros();
        (self.0.trailing_zeros() as usize, newest.saturating_sub(1) as usize)
    }
}

/// Writes consecutive patch ranges.
fn write_run(text: &mut String, product: Product, run: ReleaseSet) {
    let ranges = product.patch_ranges();
    let (from, to) = run.ends();
    let release_at = |number: usize| product.releases().iter().find(|release| release.has(number));
    let (Some(oldest), Some(newest)) = (release_at(from), release_at(to)) else { return };
    let (Some(first), Some(last)) = (ranges.get(from), ranges.get(to)) else { return };
    let is_whole = run.covers(oldest.set());
    let start = if is_whole { oldest.id } else { first.first };
    let ends_whole = run.covers(newest.newest()) && (oldest != newest || is_whole);
    let end = if ends_whole { newest.id } else { last.last };
    text.push_str(start);
    let is_one_release = is_whole && oldest == newest;
    if to + 1 == ranges.len() && !is_one_release {
        text.push_str(" and later");
    } else if end != start {
        let _ = write!(text, " to {end}");
    }
}
