//! Which files form one node, by their paths.

use std::collections::HashMap;

use crate::kind::root_of;

/// A file as its node sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnNode {
    /// The path that decides what kind it is, and which imports name it.
    pub path: String,
    /// A name for the node; files of the same one are checked together.
    pub node: String,
}

/// A file on its node: below the nearest of the configured `roots`, or else where its own path shows the root;
/// nothing if there is neither. Paths have `/`, and roots are written as the paths are.
#[must_use]
pub fn on_node(path: &str, roots: &[String]) -> Option<OnNode> {
    let by_path = || Some(OnNode { path: path.to_owned(), node: root_of(path)?.to_owned() });
    below_root(path, roots).or_else(by_path)
}

/// A file below the nearest of the configured `roots`.
#[must_use]
pub fn below_root(path: &str, roots: &[String]) -> Option<OnNode> {
    let below = |root: &String| {
        let root = root.trim_end_matches('/');
        let path = path.strip_prefix(root)?.strip_prefix('/')?;
        Some(OnNode { path: format!("/{path}"), node: root.to_owned() })
    };
    roots.iter().filter_map(below).max_by_key(|found| found.node.len())
}

/// A number for each name, the same for the same names, from 0.
#[must_use]
pub fn number<'n>(names: impl Iterator<Item = &'n str>) -> Vec<usize> {
    let mut known: HashMap<&str, usize> = HashMap::new();
    names
        .map(|name| {
            let next = known.len();
            *known.entry(name).or_insert(next)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configured_roots_win_over_what_paths_show() {
        let roots = ["images/a".to_owned(), "images/a/inner/".to_owned()];
        let seen = |path| on_node(path, &roots).map(|h| (h.node, h.path));
        let pair = |node: &str, path: &str| Some((node.to_owned(), path.to_owned()));
        assert_eq!(seen("images/a/config.toml"), pair("images/a", "/config.toml"));
        assert_eq!(seen("images/a/inner/etc/x.toml"), pair("images/a/inner", "/etc/x.toml"));
        assert_eq!(seen("images/b/etc/x.toml"), pair("images/b/", "images/b/etc/x.toml"));
        assert_eq!(seen("images/ab.toml"), None);
        assert_eq!(number(["a", "b", "a"].into_iter()), [0, 1, 0]);
    }
}
