//! The files of one node, as plain data.

use std::cell::OnceCell;

use super::{File, KnownPaths, KubeletNode, NodeValue};
use crate::order;
use crate::syntax::path::{join, path_to};
use crate::syntax::{Entry, Node};
use crate::text::Span;

/// The files of one node.
#[derive(Debug)]
pub struct NodeFiles<'f, 'a> {
    /// The files, in the order given.
    pub files: Vec<&'f File<'a>>,
    /// The index of each file and its number in `files`, sorted.
    by_index: Vec<(usize, usize)>,
    /// Which containerd file imports which.
    pub imports: Imports,
    /// What stands at all paths that the node was given.
    pub known: &'f KnownPaths<'a>,
    /// What the files set for the kubelet, computed when the first rule asks.
    pub(crate) kubelet: OnceCell<KubeletNode>,
    /// The kubelet's cgroup drivers and endpoints, for rules that ask on each file.
    pub(crate) cgroup_drivers: OnceCell<Vec<NodeValue>>,
    pub(crate) endpoints: OnceCell<Vec<NodeValue>>,
    /// The words of all command lines, by file and place, computed when the first rule asks.
    pub(crate) argv: OnceCell<Vec<ArgvPlace>>,
}

/// Where a word of a command line is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ArgvPlace {
    /// The file, by its number in the report.
    pub(crate) file: usize,
    /// The word, or the value of the variable that it comes from.
    pub(crate) span: Span,
    /// The number of the word among those of all command lines.
    pub(crate) rank: usize,
}

impl<'f, 'a> NodeFiles<'f, 'a> {
    /// Files with their imports.
    #[must_use]
    pub fn new(files: Vec<&'f File<'a>>, imports: Imports, known: &'f KnownPaths<'a>) -> Self {
        let mut by_index: Vec<_> = files.iter().enumerate().map(|(number, file)| (file.index, number)).collect();
        order::by_key(&mut by_index, |(index, _)| *index);
        let (cgroup_drivers, endpoints, argv) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Self { files, by_index, imports, known, kubelet: OnceCell::new(), cgroup_drivers, endpoints, argv }
    }

    /// The file with this number in the report.
    #[must_use]
    pub fn file(&self, index: usize) -> Option<&'f File<'a>> {
        let at = self.by_index.binary_search_by_key(&index, |(index, _)| *index).ok()?;
        let (_, number) = self.by_index.get(at)?;
        self.files.get(*number).copied()
    }

    /// The path of the entry with its key at `key` of the file with number `file`, as people write it.
    #[must_use]
    pub fn path_at(&self, file: usize, key: Span) -> String {
        let parts = self.file(file).and_then(|file| path_to(file.body(), key));
        join(&parts.unwrap_or_default())
    }

    /// The entry with its key at `key` of the file with number `file`, and the table that holds it.
    #[must_use]
    pub fn entry_at(&self, file: usize, key: Span) -> Option<(&'f Node<'a>, &'f Entry<'a>)> {
        let body = self.file(file)?.body();
        let parts = path_to(body, key)?;
        let table = body.at(parts.get(..parts.len().checked_sub(1)?)?)?;
        let entry = table.entries().iter().find(|entry| entry.key_span == key)?;
        Some((table, entry))
    }
}

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

/// The imports among the files of a node, in the order in which the daemon loads them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imports {
    /// The imports.
    pub all: Vec<Import>,
    /// Their numbers, by imported file.
    by_file: Vec<usize>,
    /// Their numbers, by importing file and place.
    by_place: Vec<usize>,
    /// The files that command lines name as the one that containerd is started with.
    pub(crate) mains: Vec<usize>,
}

impl Imports {
    pub(crate) fn new(all: Vec<Import>, mains: Vec<usize>) -> Self {
        let sorted = |key: fn(&Import) -> (usize, Span)| {
            let mut numbers: Vec<usize> = (0..all.len()).collect();
            order::by_key(&mut numbers, |number| all.get(*number).map(key).unwrap_or_default());
            numbers
        };
        let by_file = sorted(|import| (import.file, Span::default()));
        let by_place = sorted(|import| (import.from, import.span));
        Self { all, by_file, by_place, mains }
    }

    /// The import through which a file is loaded.
    #[must_use]
    pub fn of(&self, file: usize) -> Option<Import> {
        self.first(&self.by_file, |import| import.file < file).filter(|import| import.file == file)
    }

    /// Whether the entry at `span` in the `imports` of a file names one of the node's files.
    #[must_use]
    pub fn finds(&self, from: usize, span: Span) -> bool {
        let place = |import: &Import| (import.from, import.span);
        self.first(&self.by_place, |import| place(import) < (from, span))
            .is_some_and(|import| place(&import) == (from, span))
    }

    /// A file and all that it loads, directly or not, in the order in which they are loaded.
    #[must_use]
    pub fn loaded_with(&self, main: usize) -> Vec<usize> {
        let mut numbers: Vec<usize> = vec![];
        let mut from = main;
        let mut next = 0;
        loop {
            let first = self.by_place.partition_point(|number| self.all.get(*number).is_some_and(|i| i.from < from));
            let own = self.by_place.iter().skip(first).copied();
            numbers.extend(own.take_while(|number| self.all.get(*number).is_some_and(|i| i.from == from)));
            let Some(import) = numbers.get(next).and_then(|number| self.all.get(*number)) else { break };
            from = import.file;
            next += 1;
        }
        order::by_key(&mut numbers, |number| *number);
        let files = numbers.iter().filter_map(|number| self.all.get(*number)).map(|import| import.file);
        std::iter::once(main).chain(files).collect()
    }

    fn first(&self, numbers: &[usize], before: impl Fn(&Import) -> bool) -> Option<Import> {
        let at = numbers.partition_point(|number| self.all.get(*number).is_some_and(&before));
        self.all.get(*numbers.get(at)?).copied()
    }
}

/// The root of the node that a file belongs to: what stands before `/etc/`, `/var/lib/kubelet/` and the like in its
/// path.
#[must_use]
pub fn root_of(path: &str) -> Option<&str> {
    const TOPS: [&str; 10] = [
        "etc/",
        "var/lib/kubelet/",
        "var/lib/rancher/",
        "var/snap/microk8s/",
        "var/snap/k8s/",
        "run/k0s/",
        "lib/systemd/",
        "usr/lib/systemd/",
        "usr/local/lib/systemd/",
        "run/systemd/",
    ];
    let starts = TOPS.iter().filter_map(|top| {
        let mut at = 0;
        while let Some(i) = path.get(at..)?.find(top) {
            let i = at + i;
            if i == 0 || path.as_bytes().get(i - 1) == Some(&b'/') {
                return Some(i);
            }
            at = i + 1;
        }
        None
    });
    starts.min().and_then(|i| path.get(..i))
}

#[cfg(test)]
mod tests {
    use super::root_of;

    #[test]
    fn the_root_is_what_stands_before_the_system_folders() {
        for (path, root) in [
            ("/etc/docker/daemon.json", Some("/")),
            ("images/a/etc/containerd/config.toml", Some("images/a/")),
            ("images/a/var/lib/kubelet/config.yaml", Some("images/a/")),
            ("a/usr/lib/systemd/system/docker.service", Some("a/")),
            ("etc/crictl.yaml", Some("")),
            // Distributions have a folder `etc` of their own below others.
            ("n/var/lib/rancher/k3s/agent/etc/containerd/config.toml", Some("n/")),
            ("/var/snap/microk8s/current/args/kubelet", Some("/")),
            ("files/config.toml", None),
            ("fetc/x.toml", None),
        ] {
            assert_eq!(root_of(path), root, "{path}");
        }
    }
}
