//! Sorting: one piece of code for all types. The standard sort is copied for each type that it sorts, which was a
//! fifteenth of all code for the browser.

use crate::text::Span;

/// What to sort by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key([u32; 4]);

impl From<bool> for Key {
    fn from(flag: bool) -> Self {
        Self([u32::from(flag), 0, 0, 0])
    }
}

impl From<u8> for Key {
    fn from(number: u8) -> Self {
        Self([u32::from(number), 0, 0, 0])
    }
}

impl From<usize> for Key {
    fn from(number: usize) -> Self {
        Self([short(number), 0, 0, 0])
    }
}

impl From<u128> for Key {
    fn from(number: u128) -> Self {
        Self([96, 64, 32, 0].map(|shift| (number >> shift) as u32))
    }
}

impl From<Span> for Key {
    fn from(span: Span) -> Self {
        Self([span.start, span.end, 0, 0])
    }
}

impl From<(usize, Span)> for Key {
    fn from((file, span): (usize, Span)) -> Self {
        Self::from((file, span, 0))
    }
}

impl From<(usize, Span, usize)> for Key {
    fn from((file, span, rank): (usize, Span, usize)) -> Self {
        Self([short(file), span.start, span.end, short(rank)])
    }
}

impl From<(usize, u8, usize)> for Key {
    fn from((node, urgency, file): (usize, u8, usize)) -> Self {
        Self([short(node), u32::from(urgency), short(file), 0])
    }
}

fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Sorts by a key; what has the same stays in its order.
pub(crate) fn by_key<T, K: Into<Key>>(all: &mut [T], key: impl Fn(&T) -> K) {
    let keys = all.iter().map(|one| key(one).into()).collect();
    put(all, places_of_keys(keys));
}

/// Sorts by name; what has the same stays in its order.
pub(crate) fn by_name<T>(all: &mut [T], name: impl Fn(&T) -> &str) {
    let places = places_of_names(&all.iter().map(&name).collect::<Vec<_>>());
    put(all, places);
}

/// Where each belongs; nothing if all are in their places.
fn places_of_keys(keys: Vec<Key>) -> Vec<usize> {
    if keys.is_sorted() {
        return vec![];
    }
    let mut order: Vec<(Key, usize)> = keys.into_iter().enumerate().map(|(at, key)| (key, at)).collect();
    order.sort_unstable();
    places(order.iter().map(|(_, at)| *at))
}

fn places_of_names(names: &[&str]) -> Vec<usize> {
    if names.is_sorted() {
        return vec![];
    }
    let mut order: Vec<(&str, usize)> = names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
    order.sort_unstable();
    places(order.iter().map(|(_, at)| *at))
}

fn places(order: impl ExactSizeIterator<Item = usize>) -> Vec<usize> {
    let mut places = vec![0; order.len()];
    for (place, at) in order.enumerate() {
        if let Some(slot) = places.get_mut(at) {
            *slot = place;
        }
    }
    places
}

/// Puts each where it belongs.
fn put<T>(all: &mut [T], mut places: Vec<usize>) {
    for at in 0..places.len() {
        while let Some(&place) = places.get(at).filter(|place| **place != at) {
            all.swap(at, place);
            places.swap(at, place);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_stable_sort(all: Vec<(usize, String)>) {
            let all: Vec<(usize, String)> = all.into_iter().map(|(n, name)| (n % 8, name)).collect();
            let (mut ours, mut standard) = (all.clone(), all.clone());
            by_key(&mut ours, |(n, _)| *n);
            standard.sort_by_key(|(n, _)| *n);
            prop_assert_eq!(&ours, &standard);
            by_name(&mut ours, |(_, name)| name);
            standard.sort_by(|a, b| a.1.cmp(&b.1));
            prop_assert_eq!(ours, standard);
        }
    }
}
