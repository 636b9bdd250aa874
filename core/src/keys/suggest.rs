//! "Did you mean": by spelling in the same table, then by the same name elsewhere.

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

/// The best guess for `name`, unknown in `within`, among what `releases` know.
#[must_use]
pub fn suggest(table: &'static Table, within: Place, name: &str, releases: ReleaseSet) -> Option<Suggestion> {
    let siblings = within
        .children()
        .filter(|p| p.key().is_none_or(|k| !k.releases().and(releases).is_empty()))
        .map(Place::name)
        .filter(|n| !matches!(*n, "*" | "[]"));
    if let Some(close) = nearest(name, siblings) {
        return Some(Suggestion::Name(close));
    }
    let is_same = |k: &&KeySpec| k.path().contains(name) && k.leaf() == name && !k.releases().and(releases).is_empty();
    let mut same = table.keys().iter().filter(is_same);
    let first = same.next()?;
    // Several places: a guess among them would be a coin toss, except that shorter paths are the usual ones.
    let best = same.fold(first, |best, k| if k.path().len() < best.path().len() { k } else { best });
    Some(Suggestion::Elsewhere(best))
}

/// The candidate that `name` is most likely a slip of.
#[must_use]
pub fn nearest<'c>(name: &str, mut candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    nearest_of(name, &mut candidates)
}

/// One for all sorts of iterators: this is much code for the browser to load.
fn nearest_of<'c>(name: &str, candidates: &mut dyn Iterator<Item = &'c str>) -> Option<&'c str> {
    let plain = fold(name);
    let limit = match plain.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        6..=11 => 2,
        _ => 3,
    };
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let other = fold(candidate);
        let distance = if plain == other { 0 } else { 1 + distance(&plain, &other, limit) };
        if distance <= limit + 1 && best.is_none_or(|(d, _)| distance < d) {
            best = Some((distance, candidate));
        }
    }
    // Nothing within the limit: `limit + 2` is what `distance` gives up with.
    best.filter(|(d, _)| *d <= limit + 1).map(|(_, c)| c)
}

/// Without what is most often written otherwise: letter case, hyphens, underscores, a plural s.
pub(super) fn fold(name: &str) -> String {
    let letters = name.chars().filter(|c| !matches!(c, '-' | '_' | '.' | ' '));
    let mut folded: String = letters.flat_map(char::to_lowercase).collect();
    if folded.len() > 3 && folded.ends_with('s') {
        folded.pop();
    }
    folded
}

/// Edits between two texts (insert, delete, replace, swap neighbours); `limit + 1` if there are more than `limit`.
fn distance(a: &str, b: &str, limit: usize) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX / 2);
            let mut cost = (at(&last, j) + usize::from(x != y)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                cost = cost.min(at(&before, j - 1) + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut last, row);
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
