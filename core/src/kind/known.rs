//! What stands at the paths of a node.

use crate::order;

/// What stands at a path of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SourceState<'a> {
    /// A regular file, with its text.
    #[default]
    Text,
    /// Nothing; of a pattern: no file that it names.
    Absent,
    /// A folder.
    Folder,
    /// Of a pattern: files, which are all among the sources.
    Listed,
    /// A symbolic link, with its target as written.
    Link(&'a str),
    /// Something that was not read, with the reason.
    Unread(&'a str),
}

impl SourceState<'_> {
    /// Whether nothing is left to find out at the path.
    #[must_use]
    pub const fn is_certain(self) -> bool {
        !matches!(self, Self::Link(_) | Self::Unread(_))
    }
}

/// What stands at the paths and patterns of a node.
#[derive(Clone, Debug, Default)]
pub struct KnownPaths<'a> {
    /// By path; the first that was given of a path counts.
    all: Vec<(&'a str, SourceState<'a>)>,
}

impl<'a> KnownPaths<'a> {
    pub(crate) fn of(paths: impl Iterator<Item = (&'a str, SourceState<'a>)>) -> Self {
        let mut all: Vec<_> = paths.collect();
        order::by_name(&mut all, |(path, _)| path);
        Self { all }
    }

    /// What stands at a path, written as the paths of the node's files are; nothing if that is not known.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<SourceState<'a>> {
        let first = self.all.partition_point(|(known, _)| *known < path);
        self.all.get(first).filter(|(known, _)| *known == path).map(|(_, state)| *state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_the_state_that_was_given_for_it() {
        let given = [
            ("/etc/b", SourceState::Absent),
            ("/etc/a", SourceState::Link("/opt/a")),
            ("/etc/c", SourceState::Text),
            ("/etc/b", SourceState::Unread("later")),
        ];
        let known = KnownPaths::of(given.into_iter());
        assert_eq!(known.at("/etc/a"), Some(SourceState::Link("/opt/a")));
        assert_eq!(known.at("/etc/b"), Some(SourceState::Absent));
        assert_eq!((known.at("/etc/c"), known.at("/etc/d")), (Some(SourceState::Text), None));
    }
}
