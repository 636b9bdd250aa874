//! A host: the files of one node together, as its daemons see them.

mod facts;
mod group;
mod imports;
mod view;

pub use facts::{Fact, Facts};
pub use group::{OnHost, below_root, number, on_host};
pub use imports::{Import, Imports, resolve};
pub(crate) use imports::{Waiting, patterns};
pub use view::View;

use crate::keys::path::{join, path_to};
use crate::kind::File;
use crate::order;
use crate::syntax::{Entry, Node};
use crate::text::Span;

/// The files of one host and what they say together.
#[derive(Debug)]
pub struct Host<'f, 'a> {
    /// The files, in the order given.
    pub files: Vec<&'f File<'a>>,
    /// The index of each file and its number in `files`, sorted.
    by_index: Vec<(usize, usize)>,
    /// What they tell.
    pub facts: Facts,
    /// Which containerd file imports which.
    pub imports: Imports,
}

impl<'f, 'a> Host<'f, 'a> {
    /// Gathers the facts of the files. containerd's files come in the order in which the daemon merges them: later wins.
    #[must_use]
    pub fn new(files: Vec<&'f File<'a>>) -> Self {
        let imports = resolve(&files);
        let mut facts = Facts::default();
        for file in imports.in_merge_order(&files) {
            (file.kind.facts)(file, &mut facts);
        }
        let mut by_index: Vec<_> = files.iter().enumerate().map(|(number, file)| (file.index, number)).collect();
        order::by_key(&mut by_index, |(index, _)| *index);
        Self { files, by_index, facts, imports }
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

/// The root of the host that a file belongs to: what stands before `/etc/`, `/var/lib/kubelet/` and the like in its path.
#[must_use]
pub fn root_of(path: &str) -> Option<&str> {
    const TOPS: [&str; 6] =
        ["etc/", "var/lib/kubelet/", "lib/systemd/", "usr/lib/systemd/", "usr/local/lib/systemd/", "run/systemd/"];
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
            ("files/config.toml", None),
            ("fetc/x.toml", None),
        ] {
            assert_eq!(root_of(path), root, "{path}");
        }
    }
}
