//! Paths below the root of a node image, where the system offers no way to open a name relative to a folder: links in
//! the image are refused.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

/// The folder that stands for `/` of a node.
#[derive(Debug)]
pub(crate) struct Root {
    path: PathBuf,
}

/// A file by its path, free of links.
#[derive(Debug)]
pub(crate) struct Spot {
    pub(super) path: PathBuf,
}

/// The sort of thing at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// Anything else.
    Other,
}

impl Root {
    /// Opens the folder.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        if !path.metadata()?.is_dir() {
            return Err(ErrorKind::NotADirectory.into());
        }
        Ok(Self { path: path.to_owned() })
    }

    /// Where a path of the node is on this machine, for messages.
    pub(crate) fn outside(&self, path: &str) -> PathBuf {
        self.path.join(path.trim_start_matches('/'))
    }

    /// Follows a path to its end.
    pub(crate) fn locate(&self, path: &Path) -> io::Result<Spot> {
        let inside = path.strip_prefix(&self.path).unwrap_or(path);
        let mut found = self.path.clone();
        for part in inside.components() {
            match part {
                Component::Normal(name) => found.push(name),
                Component::ParentDir if found != self.path => drop(found.pop()),
                _ => {}
            }
            if found != self.path && found.symlink_metadata()?.is_symlink() {
                return Err(io::Error::new(ErrorKind::Unsupported, "a link, which is not followed on this system"));
            }
        }
        Ok(Spot { path: found })
    }

    /// The target of a link at a path; nothing if something else is there. The folders before it must not be links.
    pub(crate) fn link_at(&self, path: &Path) -> io::Result<Option<PathBuf>> {
        let Some(name) = path.file_name() else { return Ok(None) };
        let path = self.locate(path.parent().unwrap_or(Path::new("")))?.path.join(name);
        if path.symlink_metadata()?.is_symlink() { fs::read_link(path).map(Some) } else { Ok(None) }
    }

    /// The names in a folder, in order.
    pub(crate) fn names(&self, path: &Path) -> io::Result<Vec<OsString>> {
        let entries = fs::read_dir(self.locate(path)?.path)?;
        let mut names: Vec<_> = entries.map(|entry| entry.map(|entry| entry.file_name())).collect::<io::Result<_>>()?;
        names.sort_unstable();
        Ok(names)
    }
}

impl Spot {
    /// A path as the operating system resolves it.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        Self::at(&path.canonicalize()?)
    }

    /// An absolute path without links.
    pub(crate) fn at(target: &Path) -> io::Result<Self> {
        Ok(Self { path: target.to_owned() })
    }

    /// Opens the file for reading.
    pub(crate) fn open(&self) -> io::Result<File> {
        File::open(&self.path)
    }

    /// The sort of thing at the path.
    pub(crate) fn sort(&self) -> io::Result<Sort> {
        let about = self.path.symlink_metadata()?;
        Ok(if about.is_file() {
            Sort::File
        } else if about.is_dir() {
            Sort::Folder
        } else {
            Sort::Other
        })
    }
}

/// Opens a file as the operating system resolves its path.
pub(super) fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Whether a file is made up by the kernel as it is read.
pub(super) fn is_virtual(_: &File) -> bool {
    false
}
