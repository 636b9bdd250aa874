//! The files of a node as systemd sees them: texts and links by their paths on the node.

use crate::order;

/// As many links as Linux follows in one path. Source: path_resolution(7).
const MAX_LINKS: usize = 40;

/// What stands at a path of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitPath<'a> {
    /// A regular file with its text.
    Text(&'a str),
    /// A symbolic link with its target as written.
    Link(&'a str),
    /// A folder; one that holds a path of the tree need not be given.
    Folder,
    /// A file that cannot be read, with the reason.
    Unreadable(&'a str),
}

/// The paths of a node; files are numbered in the order given.
#[derive(Debug)]
pub struct UnitTree<'a> {
    /// By path, each with its number.
    paths: Vec<(String, usize, UnitPath<'a>)>,
}

/// What a path leads to, after all links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opened<'a> {
    /// A file: its number and text.
    File(usize, &'a str),
    /// `/dev/null`.
    Null,
    /// A folder.
    Folder,
    /// A file that cannot be read.
    Unreadable(&'a str),
    /// Nothing.
    Absent,
}

impl<'a> UnitTree<'a> {
    /// A tree of paths such as `/etc/systemd/system/docker.service`, from the root of the node on. Of a path that is
    /// given twice, the first one counts.
    #[must_use]
    pub fn new(paths: impl IntoIterator<Item = (String, UnitPath<'a>)>) -> Self {
        let numbered = paths.into_iter().enumerate().map(|(number, (path, what))| (path, number, what));
        let mut paths: Vec<_> = numbered.collect();
        order::by_name(&mut paths, |(path, ..)| path);
        paths.dedup_by(|next, first| next.0 == first.0);
        Self { paths }
    }

    fn at(&self, path: &str) -> Option<&(String, usize, UnitPath<'a>)> {
        let place = self.paths.partition_point(|(other, ..)| other.as_str() < path);
        self.paths.get(place).filter(|(other, ..)| other == path)
    }

    /// What stands at a path itself, no link followed.
    pub(crate) fn entry(&self, path: &str) -> Option<UnitPath<'a>> {
        self.at(path).map(|(.., what)| *what)
    }

    /// The paths below a folder, with their names from the folder on.
    fn below<'t>(&'t self, folder: &str) -> impl Iterator<Item = (&'t str, UnitPath<'a>)> {
        let prefix = format!("{folder}/");
        let start = self.paths.partition_point(|(path, ..)| *path < prefix);
        let rest = self.paths.get(start..).unwrap_or_default().iter();
        rest.map_while(move |(path, _, what)| Some((path.strip_prefix(&prefix)?, *what)))
    }

    /// The names in a folder, in order of bytes, with what stands there; links are not followed.
    pub(crate) fn names(&self, folder: &str) -> Vec<(&str, UnitPath<'a>)> {
        let mut names: Vec<(&str, UnitPath<'_>)> = vec![];
        for (path, what) in self.below(folder) {
            let (name, what) = path.split_once('/').map_or((path, what), |(name, _)| (name, UnitPath::Folder));
            if names.last().is_none_or(|(last, _)| *last != name) {
                names.push((name, what));
            }
        }
        order::by_name(&mut names, |(name, _)| name);
        names.dedup_by(|next, first| next.0 == first.0);
        names
    }

    /// The path without links, `.` and `..`; what is missing is kept as written. Nothing if links go round in circles.
    pub(crate) fn resolve(&self, path: &str, follows_last: bool) -> Option<String> {
        let mut rest: Vec<&str> = path.split('/').rev().collect();
        let mut done = String::new();
        let mut links = 0;
        while let Some(name) = rest.pop() {
            match name {
                "" | "." => continue,
                ".." => {
                    done.truncate(done.rfind('/').unwrap_or(0));
                    continue;
                }
                _ => {}
            }
            let len = done.len();
            done.push('/');
            done.push_str(name);
            let is_last = rest.iter().all(|name| name.is_empty());
            let Some(UnitPath::Link(target)) = self.entry(&done).filter(|_| follows_last || !is_last) else { continue };
            links += 1;
            if links > MAX_LINKS {
                return None;
            }
            done.truncate(if target.starts_with('/') { 0 } else { len });
            rest.extend(target.split('/').rev());
        }
        Some(done)
    }

    /// Opens a path, all links followed.
    pub(crate) fn open(&self, path: &str) -> Opened<'a> {
        let Some(path) = self.resolve(path, true) else { return Opened::Absent };
        match self.at(&path) {
            _ if path == "/dev/null" => Opened::Null,
            Some((_, number, UnitPath::Text(text))) => Opened::File(*number, text),
            Some((.., UnitPath::Unreadable(reason))) => Opened::Unreadable(reason),
            Some((.., UnitPath::Folder)) => Opened::Folder,
            _ if self.below(&path).next().is_some() => Opened::Folder,
            _ => Opened::Absent,
        }
    }
}
