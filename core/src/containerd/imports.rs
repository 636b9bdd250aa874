//! Which containerd file imports which.
//!
//! Imports are loaded breadth first behind the file that names them, later wins; a path is globbed only if it holds a
//! `*`. Source: containerd/containerd@v2.3.4:cmd/containerd/server/config/config.go (`LoadConfig`, `resolveImports`).

use super::kind::is_drop_in;
use crate::glob::{self, GlobSyntax};
use crate::keys::nearest;
use crate::kind::{File, Import, Imports, NodeFiles, SourceState};
use crate::order;
use crate::syntax::Node;
use crate::text::Span;

/// Paths that wait for an import that names them.
pub(crate) struct Waiting<'p> {
    /// By path, each with its number.
    paths: Vec<(&'p str, usize)>,
    taken: Vec<bool>,
    left: usize,
}

impl<'p> Waiting<'p> {
    pub(crate) fn new(mut paths: Vec<(&'p str, usize)>) -> Self {
        order::by_name(&mut paths, |(path, _)| path);
        let left = paths.len();
        Self { taken: vec![false; left], paths, left }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.left == 0
    }

    /// The numbers of the paths that an import names and no import before it did, by path.
    pub(crate) fn take(&mut self, pattern: &str, is_glob: bool) -> Vec<usize> {
        let start = if is_glob { glob::literal_start(pattern) } else { pattern };
        let end = pattern.rsplit(['*', '?', ']', '\\']).next().unwrap_or_default();
        let first = self.paths.partition_point(|(path, _)| *path < start);
        let mut found = vec![];
        let candidates = self.paths.iter().zip(&mut self.taken).skip(first);
        for ((path, number), taken) in candidates.take_while(|((path, _), _)| path.starts_with(start)) {
            let named = if is_glob {
                !*taken && path.ends_with(end) && glob::matches(GlobSyntax::Go, pattern, path)
            } else {
                !*taken && *path == pattern
            };
            if named {
                *taken = true;
                self.left -= 1;
                found.push(*number);
            }
        }
        found
    }
}

/// Finds the imports among `files`; `mains` are the paths that command lines name as containerd's configuration.
#[must_use]
pub fn resolve(files: &[&File], mains: &[String]) -> Imports {
    let files: Vec<_> = files.iter().filter(|f| *f.kind == super::KIND).collect();
    let mut starts: Vec<usize> = (0..files.len()).collect();
    // A file that two others import belongs to the one that the daemon is started with.
    let is_named = |file: &File| mains.iter().any(|main| main == file.path);
    let rank = |file: &File| match is_drop_in(file.path) {
        _ if is_named(file) => 0_u8,
        _ if is_called_main(file) => 1,
        false => 2,
        true => 3,
    };
    order::by_key(&mut starts, |number| files.get(*number).map_or(u8::MAX, |file| rank(file)));
    let named: Vec<usize> = files.iter().filter(|file| is_named(file)).map(|file| file.index).collect();
    // A file is loaded once, so circles end. No import names the file that the daemon is started with.
    let is_main = |file: &File| if named.is_empty() { is_called_main(file) } else { named.contains(&file.index) };
    let others = files.iter().enumerate().filter(|(_, file)| !is_main(file));
    let mut waiting = Waiting::new(others.map(|(number, file)| (file.path, number)).collect());
    let mut all: Vec<Import> = vec![];
    let mut is_loaded = vec![false; files.len()];
    for start in starts {
        let mut queue = vec![start];
        let mut next = 0;
        while let Some(number) = queue.get(next).copied().filter(|_| !waiting.is_empty()) {
            next += 1;
            let (Some(from), Some(is_loaded)) = (files.get(number), is_loaded.get_mut(number)) else { continue };
            if std::mem::replace(is_loaded, true) {
                continue;
            }
            for (pattern, span) in patterns(from) {
                for number in waiting.take(&pattern, pattern.contains('*')) {
                    let Some(file) = files.get(number) else { continue };
                    if number != start {
                        queue.push(number);
                        all.push(Import { from: from.index, file: file.index, span });
                    }
                }
            }
        }
    }
    Imports::new(all, named)
}

/// The paths and patterns that a containerd file imports, as the paths of the files are written, each with its place.
pub(crate) fn patterns<'f>(from: &'f File) -> impl Iterator<Item = (String, Span)> + use<'f> {
    let imports = from.body().get("imports").map(Node::items).unwrap_or_default();
    imports.iter().filter_map(|import| Some((from.on_node(import.as_str()?), import.span)))
}

/// Whether each import without a given file is a pattern for the importing file's own folder, which then has none.
pub(crate) fn only_own_globs(node: &NodeFiles, file: &File) -> bool {
    let folder = file.path.strip_suffix(file.name()).unwrap_or_default();
    let is_own_glob = |pattern: &str| {
        let name = pattern.strip_prefix(folder);
        name.is_some_and(|name| name.contains('*') && !name.contains('/'))
    };
    patterns(file).all(|(pattern, span)| node.imports.finds(file.index, span) || is_own_glob(&pattern))
}

/// Whether an unknown key at the top of a file was meant to be `imports`: by its spelling, or by the name that other
/// programs have for the same.
pub(crate) fn is_meant(key: &str) -> bool {
    const ELSEWHERE: [&str; 4] = ["include", "includes", "config_files", "drop_ins"];
    key != "imports" && (ELSEWHERE.contains(&key) || nearest(key, std::iter::once("imports")).is_some())
}

/// What is wrong with a pattern. Go's `filepath.Glob` always reads it up to the first star, and the rest only to
/// compare it with a file: `has_files` is whether the folder of the pattern has one.
pub(crate) fn pattern_fault(pattern: &str, has_files: bool) -> Option<&'static str> {
    let (mut in_class, mut is_escaped) = (false, false);
    let star = pattern.find(|c| {
        let is_star = c == '*' && !in_class && !is_escaped;
        in_class = !is_escaped && (c == '[' || in_class && c != ']') || is_escaped && in_class;
        is_escaped = c == '\\' && !is_escaped;
        is_star
    });
    let start = star.and_then(|star| pattern.get(..star)).unwrap_or(pattern);
    let read = if has_files { pattern } else { start };
    glob::check(GlobSyntax::Go, read).err()
}

/// Whether a file is named as the one that the daemon is started with.
fn is_called_main(file: &File) -> bool {
    file.name() == "config.toml"
}

/// An import of which it is unknown what it loads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadImport {
    /// The path or pattern, as written.
    pub path: String,
    /// Why nothing was read; nothing where no such file was given.
    pub reason: Option<String>,
}

/// The imports of a file that none of the node's files answers to, unless it is known that nothing does. `config dump`
/// lists the file itself.
pub fn unread<'n>(node: &'n NodeFiles, file: &'n File) -> impl Iterator<Item = UnreadImport> + use<'n> {
    let imports = file.body().get("imports").map(Node::items).unwrap_or_default();
    imports.iter().filter_map(move |import| {
        let path = import.as_str()?;
        let state = node.known.at(&file.on_node(path));
        let reason = match state {
            Some(SourceState::Unread(reason)) => Some(reason.to_owned()),
            Some(state) if state.is_certain() => return None,
            _ if node.imports.finds(file.index, import.span) => return None,
            _ => None,
        };
        let is_itself = path.rsplit('/').next() == Some(file.name());
        (!is_itself).then(|| UnreadImport { path: path.to_owned(), reason })
    })
}

#[cfg(test)]
mod tests {
    use super::{Waiting, pattern_fault};
    use crate::kind::places::on_node;
    use crate::kind::root_of;

    fn matches(from: &str, pattern: &str, path: &str) -> bool {
        let (folder, _) = from.rsplit_once('/').unwrap();
        let pattern = on_node(root_of(from).unwrap(), folder, pattern);
        !Waiting::new(vec![(path, 0)]).take(&pattern, pattern.contains('*')).is_empty()
    }

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

    #[test]
    fn patterns_have_classes_and_escapes_as_in_go() {
        let main = "/etc/containerd/config.toml";
        for (pattern, path, wanted) in [
            ("conf.d/[0-9]*.toml", "/etc/containerd/conf.d/10-a.toml", true),
            ("conf.d/[^0-9]*.toml", "/etc/containerd/conf.d/10-a.toml", false),
            ("conf.d/\\**.toml", "/etc/containerd/conf.d/*a.toml", true),
            ("conf.d/\\**.toml", "/etc/containerd/conf.d/a.toml", false),
            ("conf.d/[*.toml", "/etc/containerd/conf.d/[a.toml", false),
            ("conf.d/*.toml", "/etc/containerd/conf.d/.hidden.toml", true),
        ] {
            assert_eq!(matches(main, pattern, path), wanted, "{pattern} {path}");
        }
    }

    #[test]
    fn go_reads_a_pattern_up_to_its_first_star() {
        for (pattern, alone, with_files) in [
            ("conf.d/[*.toml", true, true),
            ("conf.d/*[", false, true),
            ("conf.d/*\\", false, true),
            ("conf.d/*[a-z].toml", false, false),
            ("conf.d/[0-9]*.toml", false, false),
            ("conf.d/\\[*.toml", false, false),
        ] {
            assert_eq!(pattern_fault(pattern, false).is_some(), alone, "{pattern}");
            assert_eq!(pattern_fault(pattern, true).is_some(), with_files, "{pattern}");
        }
    }

    #[test]
    fn a_path_is_taken_once_and_in_order() {
        let mut waiting = Waiting::new(vec![("/b", 0), ("/a", 1), ("/c/a", 2), ("/ab", 3)]);
        assert_eq!(waiting.take("/*b", true), [3, 0]);
        assert_eq!(waiting.take("/*", true), [1]);
        assert_eq!(waiting.take("/*", true), []);
        assert!(!waiting.is_empty());
        assert_eq!(waiting.take("/c/a", false), [2]);
        assert!(waiting.is_empty());
    }
}
