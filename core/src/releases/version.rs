//! Version numbers as text, compared at compile time too: release sets are constants.

/// Whether a version is a release or one of its patch releases.
pub(super) const fn is_within(version: &[u8], release: &[u8]) -> bool {
    if version.len() < release.len() {
        return false;
    }
    let (head, tail) = version.split_at(release.len());
    is_same(head, release) && (tail.is_empty() || tail[0] == b'.')
}

/// Whether a version comes before another one: numbers are compared from left to right, and a missing one is 0.
pub(super) const fn is_before(mut a: &[u8], mut b: &[u8]) -> bool {
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

/// The number at the front of a version, and what follows its dot. Other letters than digits do not count.
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

/// Whether two texts are equal.
pub(super) const fn is_same(a: &[u8], b: &[u8]) -> bool {
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

/// The part before `separator`, and what follows it, if it is there.
pub(super) const fn cut<'a>(text: &'a [u8], separator: &[u8]) -> (&'a [u8], Option<&'a [u8]>) {
    let mut i = 0;
    while i + separator.len() <= text.len() {
        let (head, tail) = text.split_at(i);
        let (middle, tail) = tail.split_at(separator.len());
        if is_same(middle, separator) {
            return (head, Some(tail));
        }
        i += 1;
    }
    (text, None)
}
