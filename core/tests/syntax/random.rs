//! Random texts: pieces of a language in any order, and good texts with a few damages.

use std::ops::Range;

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Any mix of pieces.
pub(crate) fn mixed(pieces: &'static [&'static str], count: Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec(select(pieces), count).prop_map(|pieces| pieces.concat())
}

/// A text of `good.md` in which pieces were put in or took another place, and characters were lost, doubled or swapped.
pub(crate) fn damaged(
    language: &str,
    pieces: &'static [&'static str],
    count: Range<usize>,
) -> impl Strategy<Value = String> {
    let change = (any::<Index>(), any::<Index>(), select(pieces), 0..20u8);
    (select(crate::good_texts(language)), prop::collection::vec(change, count)).prop_map(|(text, changes)| {
        let mut text: Vec<char> = text.chars().collect();
        for (at, other, piece, how) in changes {
            let at = at.index(text.len() + 1);
            let end = (at + 1).min(text.len());
            match how {
                0..5 => drop(text.splice(at..at, piece.chars())),
                5..10 => drop(text.splice(at..end, piece.chars())),
                10..15 => drop(text.drain(at..end)),
                15..17 => text.extend_from_within(at..end),
                17..19 if at < text.len() => text.swap(at, other.index(end)),
                _ => text.truncate(at),
            }
        }
        text.into_iter().collect()
    })
}
