//! Paths of keys, as people write them.

use crate::order;
use crate::syntax::Node;
use crate::syntax::edit;
use crate::text::Span;

/// Where a key stands, as TOML writes it: `plugins."io.containerd.grpc.v1.cri".cni.bin_dir`.
#[must_use]
pub fn join(parts: &[&str]) -> String {
    let mut path = String::new();
    for part in parts {
        if !path.is_empty() {
            path.push('.');
        }
        let bare = !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        if bare {
            path.push_str(part);
        } else {
            path.push_str(&edit::string(part));
        }
    }
    path
}

/// The names of a path as [`join`] writes it, of names that need no escape.
#[must_use]
pub fn split(path: &str) -> Vec<&str> {
    let mut parts = vec![];
    let mut rest = path;
    while !rest.is_empty() {
        let (part, tail) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest.split_at(rest.find('.').unwrap_or(rest.len())),
        };
        parts.push(part);
        rest = tail.strip_prefix('.').unwrap_or(tail);
    }
    parts
}

/// The names on the way from `root` to the entry whose key stands at `key`.
#[must_use]
pub fn path_to<'t>(root: &'t Node<'_>, key: Span) -> Option<Vec<&'t str>> {
    let mut way = vec![];
    // Entries that an alias repeats stand elsewhere in the text.
    let found =
        walk(root, key, &mut way, |node, key| node.span.contains(key)) || walk(root, key, &mut way, |_, _| true);
    found.then_some(way)
}

fn walk<'t, 'a>(at: &'t Node<'a>, key: Span, way: &mut Vec<&'t str>, enters: fn(&Node<'a>, Span) -> bool) -> bool {
    at.entries().iter().any(|entry| {
        way.push(entry.key.as_ref());
        let found = entry.key_span == key
            || (enters(&entry.value, key)
                && std::iter::once(&entry.value).chain(entry.value.items()).any(|node| walk(node, key, way, enters)));
        if !found {
            way.pop();
        }
        found
    })
}

/// The paths of all entries of a tree, for many searches; see [`path_to`].
#[derive(Debug)]
pub struct Paths<'t> {
    /// Each key with its place and the number of the one above.
    all: Vec<(Span, &'t str, Option<usize>)>,
    /// Their numbers, by place.
    order: Vec<usize>,
}

impl<'t> Paths<'t> {
    /// The paths of the entries below `root`.
    #[must_use]
    pub fn of(root: &'t Node<'_>) -> Self {
        let mut all = vec![];
        collect(root, None, &mut all);
        let mut order: Vec<usize> = (0..all.len()).collect();
        order::by_key(&mut order, |number| all.get(*number).map(|(span, ..)| *span).unwrap_or_default());
        Self { all, order }
    }

    /// The names on the way to the entry whose key stands at `key`.
    #[must_use]
    pub fn to(&self, key: Span) -> Option<Vec<&'t str>> {
        let place = |number: &usize| self.all.get(*number).map(|(span, ..)| *span);
        let first = self.order.partition_point(|number| place(number) < Some(key));
        let mut next = self.order.get(first).copied().filter(|number| place(number) == Some(key));
        next?;
        let mut way = vec![];
        while let Some((_, name, above)) = next.and_then(|number| self.all.get(number)) {
            way.push(*name);
            next = *above;
        }
        way.reverse();
        Some(way)
    }
}

fn collect<'t>(node: &'t Node<'_>, above: Option<usize>, all: &mut Vec<(Span, &'t str, Option<usize>)>) {
    for entry in node.entries() {
        let own = Some(all.len());
        all.push((entry.key_span, entry.key.as_ref(), above));
        collect(&entry.value, own, all);
        entry.value.items().iter().for_each(|item| collect(item, own, all));
    }
}

#[cfg(test)]
mod tests {
    use super::{Paths, join, path_to, split};
    use crate::syntax::toml;

    #[test]
    fn names_with_dots_are_quoted() {
        let parts = ["plugins", "io.containerd.grpc.v1.cri", "cni"];
        let path = "plugins.\"io.containerd.grpc.v1.cri\".cni";
        assert_eq!(join(&parts), path);
        assert_eq!(split(path), parts);
    }

    #[test]
    fn the_paths_of_all_entries_are_those_of_each() {
        let text = "[a.b]\nc = 1\n[x]\ny = [{ z = 2 }, { z = 3 }]\n[a.d]\ne = { f.g = 1 }\n";
        let document = toml::read(text);
        let paths = Paths::of(&document.root);
        for (key, path) in [("c", "a.b.c"), ("z", "x.y.z"), ("g", "a.d.e.f.g"), ("a", "a")] {
            let at = text.find(key).unwrap();
            let span = crate::text::Span::new(at, at + 1);
            assert_eq!(join(&paths.to(span).unwrap()), path);
            assert_eq!(paths.to(span), path_to(&document.root, span));
        }
        assert_eq!(paths.to(crate::text::Span::new(0, 1)), None);
    }
}
