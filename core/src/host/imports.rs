//! Which containerd file imports which.
//!
//! Imports are loaded breadth first behind the file that names them, later wins; a path is globbed only if it holds a `*`.
//! Source: containerd/containerd@v2.3.4:cmd/containerd/server/config/config.go (`LoadConfig`, `resolveImports`).

use crate::kind::{File, containerd};
use crate::order;
use crate::syntax::Node;
use crate::text::Span;

/// A file that another one imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Import {
    /// The importing file.
    pub from: usize,
    /// The imported file.
    pub file: usize,
    /// The path or pattern in the importing file.
    pub span: Span,
}

/// The imports among the files of a host, in the order in which the daemon loads them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imports {
    /// The imports.
    pub all: Vec<Import>,
}

impl Imports {
    /// The import through which a file is loaded.
    #[must_use]
    pub fn of(&self, file: usize) -> Option<Import> {
        self.all.iter().copied().find(|import| import.file == file)
    }

    /// Files that nobody imports first, then imported ones in load order.
    pub(super) fn in_merge_order<'f, 'a>(&self, files: &[&'f File<'a>]) -> Vec<&'f File<'a>> {
        let mut ordered: Vec<_> = files.iter().copied().filter(|f| self.of(f.index).is_none()).collect();
        for import in &self.all {
            ordered.extend(files.iter().copied().filter(|f| f.index == import.file));
        }
        ordered
    }
}

/// Finds the imports among `files`. Paths are compared as they stand on the node: below the host's root.
#[must_use]
pub fn resolve(files: &[&File<'_>]) -> Imports {
    let files: Vec<_> = files.iter().filter(|f| *f.kind == containerd::KIND).collect();
    let mut all: Vec<Import> = vec![];
    let mut queue: Vec<usize> = files.iter().filter(|f| is_main(f)).map(|f| f.index).collect();
    let mut next = 0;
    while let Some(index) = queue.get(next).copied() {
        next += 1;
        let Some(from) = files.iter().find(|f| f.index == index) else {
            continue;
        };
        let patterns = from.body().get("imports").map(Node::items).unwrap_or_default();
        for pattern in patterns {
            let Some(text) = pattern.as_str() else { continue };
            let mut found: Vec<_> = files.iter().filter(|f| matches(from.path, text, f.path)).collect();
            order::by_name(&mut found, |f| f.path);
            for file in found {
                // A file is loaded once, so circles end.
                if queue.contains(&file.index) {
                    continue;
                }
                queue.push(file.index);
                all.push(Import { from: from.index, file: file.index, span: pattern.span });
            }
        }
    }
    Imports { all }
}

/// Whether a containerd file imports the file at `path`.
#[must_use]
pub fn names(from: &File<'_>, path: &str) -> bool {
    let patterns = from.body().get("imports").map(Node::items).unwrap_or_default();
    *from.kind == containerd::KIND
        && patterns.iter().filter_map(Node::as_str).any(|text| matches(from.path, text, path))
}

/// The file that the daemon is started with.
fn is_main(file: &File<'_>) -> bool {
    file.name() == "config.toml"
}

/// Whether `pattern`, written in the file at `from`, names the file at `path`.
fn matches(from: &str, pattern: &str, path: &str) -> bool {
    let absolute;
    let pattern = if pattern.starts_with('/') {
        let root = super::root_of(from).unwrap_or_default();
        absolute = format!("{root}{}", pattern.trim_start_matches('/'));
        absolute.as_str()
    } else {
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let joint = if folder.is_empty() { "" } else { "/" };
        absolute = format!("{folder}{joint}{}", pattern.trim_start_matches("./"));
        absolute.as_str()
    };
    if pattern.contains('*') { glob(pattern.as_bytes(), path.as_bytes()) } else { pattern == path }
}

/// Go's `filepath.Match` without character classes, which real imports do not use: `*` and `?` stop at `/`.
fn glob(pattern: &[u8], path: &[u8]) -> bool {
    match (pattern, path) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => {
            glob(rest, path) || matches!(path, [c, tail @ ..] if *c != b'/' && glob(pattern, tail))
        }
        ([b'?', rest @ ..], [c, tail @ ..]) if *c != b'/' => glob(rest, tail),
        ([p, rest @ ..], [c, tail @ ..]) if p == c => glob(rest, tail),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn imports_name_files_as_the_node_sees_them() {
        let main = "/etc/containerd/config.toml";
        let drop_in = "/etc/containerd/conf.d/99-nvidia.toml";
        assert!(matches(main, "/etc/containerd/conf.d/*.toml", drop_in));
        assert!(matches(main, "conf.d/*.toml", drop_in));
        assert!(matches(main, "./conf.d/99-nvidia.toml", drop_in));
        assert!(!matches(main, "/etc/containerd/*.toml", drop_in));
        assert!(!matches(main, "/etc/containerd/conf.d/?9-nvidia.toml", drop_in), "a lone ? is taken literally");
        assert!(matches(
            "images/gpu/etc/containerd/config.toml",
            "/etc/containerd/conf.d/*.toml",
            "images/gpu/etc/containerd/conf.d/a.toml"
        ));
    }
}
