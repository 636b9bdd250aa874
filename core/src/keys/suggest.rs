//! "Did you mean": by spelling in the same table, then by the same name elsewhere.

use std::cell::{Cell, OnceCell};
use std::collections::HashSet;

use super::{KeySpec, Place, Table};
use crate::releases::ReleaseSet;

/// What the user may have meant.
#[derive(Clone, Copy, Debug)]
pub enum Suggestion {
    /// Another name in the same table.
    Name(&'static str),
    /// The same name in another table.
    Elsewhere(&'static KeySpec),
}

/// The last names of all keys of a table, for who asks often.
#[derive(Debug, Default)]
pub struct Leaves {
    asked: Cell<usize>,
    names: OnceCell<HashSet<&'static str>>,
}

impl Leaves {
    /// What [`suggest`] gives.
    #[must_use]
    pub fn suggest(
        &self,
        table: &'static Table,
        within: Place,
        name: &str,
        releases: ReleaseSet,
    ) -> Option<Suggestion> {
        let close = sibling(within, name, releases).map(Suggestion::Name);
        if close.is_some() || !self.may_have(table, name) {
            return close;
        }
        elsewhere(table, name, releases)
    }

    /// Whether any table has a key of this name, as far as the look-up is cheap.
    #[must_use]
    pub fn may_have(&self, table: &'static Table, name: &str) -> bool {
        /// Up to this many questions, looking at all keys costs less than an index.
        const FEW: usize = 32;
        let asked = self.asked.replace(self.asked.get() + 1);
        let names = || self.names.get_or_init(|| table.keys().iter().map(KeySpec::leaf).collect());
        asked < FEW || names().contains(name)
    }
}

/// The best guess for `name`, unknown in `within`, among the names that `releases` have.
#[must_use]
pub fn suggest(table: &'static Table, within: Place, name: &str, releases: ReleaseSet) -> Option<Suggestion> {
    sibling(within, name, releases).map(Suggestion::Name).or_else(|| elsewhere(table, name, releases))
}

fn sibling(within: Place, name: &str, releases: ReleaseSet) -> Option<&'static str> {
    let siblings = within
        .children()
        .filter(|p| p.key().is_none_or(|k| !k.releases().and(releases).is_empty()))
        .map(Place::name)
        .filter(|n| !matches!(*n, "*" | "[]"));
    nearest(name, siblings)
}

fn elsewhere(table: &'static Table, name: &str, releases: ReleaseSet) -> Option<Suggestion> {
    let is_same = |k: &&KeySpec| has_leaf(k.path(), name) && k.leaf() == name && !k.releases().and(releases).is_empty();
    let mut same = table.keys().iter().filter(is_same);
    let first = same.next()?;
    // Several places: a guess among them would be a coin toss, except that shorter paths are the usual ones.
    let best = same.fold(first, |best, k| if k.path().len() < best.path().len() { k } else { best });
    Some(Suggestion::Elsewhere(best))
}

/// Whether a path may end with a name, quoted or not.
fn has_leaf(path: &str, name: &str) -> bool {
    path.strip_suffix('"').unwrap_or(path).ends_with(name)
}

/// The candidate that `name` is most likely a slip of.
#[must_use]
pub fn nearest<'c>(name: &str, mut candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    nearest_of(name, &mut candidates)
}

/// One for all sorts of iterators: this is much code for the browser to load.
fn nearest_of<'c>(name: &str, candidates: &mut dyn Iterator<Item = &'c str>) -> Option<&'c str> {
    let mut plain = vec![];
    fold_into(name, &mut plain);
    let limit = match plain.len() {
        0..=2 => 0,
        3..=5 => 1,
        6..=11 => 2,
        _ => 3,
    };
    let mut best: Option<(usize, &str)> = None;
    // Thousands of unknown names are compared with hundreds of known ones: what is made for one is used for the next.
    let mut other = vec![];
    let mut rows = Rows::default();
    for candidate in candidates {
        // Letters without separators; a plural s may go.
        let letters = candidate.bytes().filter(|b| !is_separator(*b)).count();
        if candidate.is_ascii() && (letters + limit < plain.len() || letters > plain.len() + limit + 1) {
            continue;
        }
        fold_into(candidate, &mut other);
        let distance = if plain == other { 0 } else { 1 + distance(&plain, &other, limit, &mut rows) };
        if distance <= limit + 1 && best.is_none_or(|(d, _)| distance < d) {
            best = Some((distance, candidate));
        }
    }
    // Nothing within the limit: `limit + 2` is what `distance` gives up with.
    best.filter(|(d, _)| *d <= limit + 1).map(|(_, c)| c)
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'-' | b'_' | b'.' | b' ')
}

/// Writes the letters of [`fold`] over what was there.
fn fold_into(name: &str, letters: &mut Vec<char>) {
    letters.clear();
    for c in name.chars() {
        match c {
            '-' | '_' | '.' | ' ' => {}
            c if c.is_ascii() => letters.push(c.to_ascii_lowercase()),
            c => letters.extend(c.to_lowercase()),
        }
    }
    let bytes: usize = letters.iter().map(|c| c.len_utf8()).sum();
    if bytes > 3 && letters.last() == Some(&'s') {
        letters.pop();
    }
}

/// A name without what is most often misspelled: letter case, hyphens, underscores, a plural s.
pub(crate) fn fold(name: &str) -> String {
    let mut letters = vec![];
    fold_into(name, &mut letters);
    letters.into_iter().collect()
}

/// The last rows of the table of distances.
#[derive(Default)]
struct Rows {
    before: Vec<usize>,
    last: Vec<usize>,
    row: Vec<usize>,
}

/// Edits between two texts (insert, delete, replace, swap neighbours); `limit + 1` if there are more than `limit`.
///
/// An own function because it stops at the limit: over the names of the key tables it takes a sixth of the time of
/// `strsim::osa_distance`, which has no limit, and files may hold 300,000 unknown names.
fn distance(a: &[char], b: &[char], limit: usize, rows: &mut Rows) -> usize {
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let Rows { before, last, row } = rows;
    before.clear();
    before.resize(b.len() + 1, 0);
    last.clear();
    last.extend(0..=b.len());
    for (i, x) in a.iter().enumerate() {
        row.clear();
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX / 2);
            let mut cost = (at(last, j) + usize::from(x != y)).min(at(last, j + 1) + 1).min(at(row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                cost = cost.min(at(before, j - 1) + 1);
            }
            row.push(cost);
        }
        // Distances only grow from row to row; a swap looks back one row.
        let closest = |row: &[usize]| row.iter().min().is_some_and(|least| *least <= limit);
        if !closest(row) && !closest(last) {
            return limit + 1;
        }
        std::mem::swap(before, last);
        std::mem::swap(last, row);
    }
    last.last().copied().unwrap_or(0).min(limit + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_seen_and_strangers_are_not() {
        let keys = ["stream_server_address", "sandbox_image", "cni", "registry-mirrors", "hosts", "debug"];
        for (slip, meant) in [
            ("stream_sever_address", Some("stream_server_address")),
            ("sandboxImage", Some("sandbox_image")),
            ("registry-mirror", Some("registry-mirrors")),
            ("Debug", Some("debug")),
            ("debgu", Some("debug")),
            ("cnii", Some("cni")),
            ("something", None),
            ("x", None),
        ] {
            assert_eq!(nearest(slip, keys.into_iter()), meant, "{slip}");
        }
    }
}
