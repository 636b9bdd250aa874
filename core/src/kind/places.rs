//! Questions about the path and the keys of a text, by which its kind is detected.

use crate::syntax::Node;

/// The last part of a path.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether one of the folders on the way to a file has this name.
pub(crate) fn has_folder(path: &str, folder: &str) -> bool {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    parts.contains(&folder)
}

/// How many keys of `node` are among `known`.
pub(crate) fn count_known(node: &Node<'_>, known: impl Fn(&str) -> bool) -> usize {
    node.entries().iter().filter(|e| known(&e.key)).count()
}
