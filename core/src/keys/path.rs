//! Paths of keys, as people write them.

use crate::syntax::Node;
use crate::text::Span;

/// Where a key stands, as people write it: `plugins."io.containerd.grpc.v1.cri".cni.bin_dir`.
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
            path.push('"');
            path.push_str(part);
            path.push('"');
        }
    }
    path
}

/// The names of a path as [`join`] writes it.
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
    // What an alias repeats stands elsewhere in the text.
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

#[cfg(test)]
mod tests {
    use super::{join, split};

    #[test]
    fn names_with_dots_are_quoted() {
        let parts = ["plugins", "io.containerd.grpc.v1.cri", "cni"];
        let path = "plugins.\"io.containerd.grpc.v1.cri\".cni";
        assert_eq!(join(&parts), path);
        assert_eq!(split(path), parts);
    }
}
