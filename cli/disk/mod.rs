//! Files on disk: where they are, how they are opened, read and replaced. Nothing else of crilint opens a file of the
//! user.
//!
//! Reading takes regular files only, up to a limit, and never blocks. Below a [`Root`] every path is resolved as
//! `chroot` would resolve it. Writing never changes a file in place; see [`replace`](write::replace).

#[cfg(unix)]
mod attributes;
#[cfg(unix)]
mod leftovers;
#[cfg_attr(unix, path = "root.rs")]
#[cfg_attr(not(unix), path = "root_portable.rs")]
mod root;
#[cfg_attr(unix, path = "signals.rs")]
#[cfg_attr(not(unix), path = "signals_portable.rs")]
mod signals;
#[cfg_attr(unix, path = "write.rs")]
#[cfg_attr(not(unix), path = "write_portable.rs")]
mod write;

pub(crate) use root::{Root, Sort, Spot};
pub(crate) use signals::{Interrupts, ignore_file_size_signal};
pub(crate) use write::{replace, write_private};

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crilint_core::kind::FileAttributes;

/// Where a text comes from.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// Standard input.
    Stdin,
    /// A path as the operating system resolves it.
    Path(PathBuf),
    /// A path within a folder that was named: a link that leaves the folder is read but never written through.
    Within(PathBuf, PathBuf),
    /// A path of a node image, resolved below its root.
    Below(Arc<Root>, PathBuf),
}

/// The reason why a file is not replaced. Each sentence continues the path and a colon.
#[derive(thiserror::Error, Debug)]
pub(crate) enum Refusal {
    #[error("not written: it has changed since it was read")]
    Changed,
    #[error("not written: it has {0} hard links, and the other names would keep the old text")]
    HardLinks(u64),
    #[error("not written: it is mounted on its own, and a new file cannot take its place")]
    MountPoint,
    #[error("not written: its owner {uid}:{gid} cannot be kept: {source}")]
    Owner { uid: u32, gid: u32, source: io::Error },
    #[error("not written: its extended attribute `{name}` cannot be kept: {source}")]
    Attribute { name: String, source: io::Error },
    #[error("not written: it is a link to {target}, which is outside {folder}")]
    LeavesFolder { target: String, folder: String },
    #[error("not written: it is not a regular file")]
    NotAFile,
    #[error("cannot be written: {}", crate::error::reason(.0))]
    Io(#[from] io::Error),
}

impl Place {
    /// Reads at most `limit` bytes and one more, so that a longer file shows.
    pub(crate) fn read(&self, limit: usize) -> io::Result<Vec<u8>> {
        match self {
            Self::Stdin => take(io::stdin().lock(), limit, 0),
            Self::Path(path) | Self::Within(_, path) => read_file(root::open(path)?, limit),
            Self::Below(root, path) => read_file(root.locate(path)?.open()?, limit),
        }
    }

    /// Who may read and change a file of a node; nothing for other files, whose attributes are those of a checkout.
    pub(crate) fn attributes(&self) -> Option<FileAttributes> {
        match self {
            Self::Below(root, path) => file_attributes(&root.locate(path).ok()?.open().ok()?),
            Self::Stdin | Self::Path(_) | Self::Within(..) => None,
        }
    }

    /// The file as the folder that holds it sees it, after all links.
    pub(crate) fn locate(&self) -> Result<Spot, Refusal> {
        match self {
            Self::Stdin => Err(io::Error::from(ErrorKind::Unsupported).into()),
            Self::Path(path) => Ok(Spot::of(path)?),
            Self::Within(folder, path) => {
                let target = path.canonicalize()?;
                if target.starts_with(folder.canonicalize()?) {
                    return Ok(Spot::at(&target)?);
                }
                let shown = |path: &Path| path.display().to_string();
                Err(Refusal::LeavesFolder { target: shown(&target), folder: shown(folder) })
            }
            Self::Below(root, path) => Ok(root.locate(path)?),
        }
    }

    /// The path on this machine; nothing for standard input.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::Stdin => None,
            Self::Path(path) | Self::Within(_, path) | Self::Below(_, path) => Some(path),
        }
    }

    /// Whether it is standard input.
    pub(crate) fn is_stdin(&self) -> bool {
        matches!(self, Self::Stdin)
    }
}

/// Reads a regular file of at most `limit` bytes by its path.
pub(crate) fn read(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    read_file(root::open(path)?, limit)
}

#[cfg(unix)]
fn file_attributes(file: &File) -> Option<FileAttributes> {
    use std::os::unix::fs::MetadataExt as _;
    let about = file.metadata().ok()?;
    Some(FileAttributes { mode: about.mode() & 0o7777, owner: about.uid(), group: about.gid() })
}

#[cfg(not(unix))]
fn file_attributes(_: &File) -> Option<FileAttributes> {
    None
}

/// The bytes of a regular file; one more than the limit if there are more.
fn read_file(file: File, limit: usize) -> io::Result<Vec<u8>> {
    let about = file.metadata()?;
    if !about.is_file() || root::is_virtual(&file) {
        return Err(io::Error::new(ErrorKind::InvalidInput, "not a regular file"));
    }
    take(file, limit, usize::try_from(about.len()).unwrap_or(usize::MAX))
}

fn take(from: impl Read, limit: usize, expected: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(expected.min(limit) + 1);
    from.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
