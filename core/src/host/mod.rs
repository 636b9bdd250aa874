//! A host: the files of one node together, as its daemons see them.

mod facts;
mod group;
mod imports;

pub use facts::{Fact, Facts};
pub use group::{OnHost, below_root, number, on_host};
pub use imports::{Import, Imports, resolve};
pub(crate) use imports::{Waiting, patterns};

use std::cell::OnceCell;

use crate::kind::File;
use crate::load::{self, Configuration};
use crate::order;

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
    /// Made when the first rule asks.
    configurations: OnceCell<Vec<Configuration<'f, 'a>>>,
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
        Self { files, by_index, facts, imports, configurations: OnceCell::new() }
    }

    /// containerd's configurations among the files, as each release has them.
    pub fn configurations(&self) -> &[Configuration<'f, 'a>] {
        self.configurations.get_or_init(|| load::configurations(self))
    }

    /// The file with this number in the report.
    #[must_use]
    pub fn file(&self, index: usize) -> Option<&'f File<'a>> {
        let at = self.by_index.binary_search_by_key(&index, |(index, _)| *index).ok()?;
        let (_, number) = self.by_index.get(at)?;
        self.files.get(*number).copied()
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
