//! Paths below the root of a node image, resolved step by step as `chroot` would: an absolute link starts again at the
//! root, and `..` never climbs above it.
//!
//! Every step opens one name relative to the folder before it and follows no link, so that a link which changes
//! meanwhile cannot lead outside. The kernel's `openat2` with `RESOLVE_IN_ROOT` would do the same on Linux alone, and
//! would not give the folder that holds the file, which replacing it needs.

use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{self, AtFlags, CWD, FileType, Mode, OFlags};
use rustix::io::Errno;

/// As many links as Linux follows in one path. Source: path_resolution(7).
const MAX_LINKS: usize = 40;

/// Why a link cannot be followed, which is not the same as a file that is absent.
const DANGLING: &str = "a link whose target does not exist below this root";

/// Reading must neither wait for a writer (FIFO) nor take a terminal.
const READ: OFlags = OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

/// A folder for going on from: no permission to list it is needed.
#[cfg(target_os = "linux")]
const ENTER: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
#[cfg(not(target_os = "linux"))]
const ENTER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// The folder that stands for `/` of a node.
#[derive(Debug)]
pub(crate) struct Root {
    folder: OwnedFd,
    path: PathBuf,
}

/// A name in a folder that is open: what a path means after all links.
#[derive(Debug)]
pub(crate) struct Spot {
    pub(super) folder: OwnedFd,
    pub(super) name: OsString,
}

/// The sort of thing at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A device, FIFO or socket.
    Other,
}

impl Root {
    /// Opens the folder; the way to it is the user's and may have links.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let folder = fs::openat(CWD, path, ENTER.difference(OFlags::NOFOLLOW), Mode::empty())?;
        Ok(Self { folder, path: path.to_owned() })
    }

    /// Where a path of the node is on this machine, for messages.
    pub(crate) fn outside(&self, path: &str) -> PathBuf {
        self.path.join(path.trim_start_matches('/'))
    }

    /// Follows a path to its end. The root itself and what ends in `..` is `.` of its folder.
    pub(crate) fn locate(&self, path: &Path) -> io::Result<Spot> {
        self.walk(path, MAX_LINKS)
    }

    /// Follows a path with at most so many links.
    fn walk(&self, path: &Path, max_links: usize) -> io::Result<Spot> {
        let inside = path.strip_prefix(&self.path).unwrap_or(path);
        // The folders on the way; the last is the one to go on from, the first is the root.
        let mut way = vec![self.folder.try_clone()?];
        let mut rest = reversed(inside);
        let mut links = 0;
        // How many names were left behind the link whose target is being followed.
        let mut behind_link = None;
        while let Some(name) = rest.pop() {
            behind_link = behind_link.filter(|left| rest.len() >= *left);
            if name == ".." {
                if way.len() > 1 {
                    way.pop();
                }
                continue;
            }
            let Some(folder) = way.last() else { break };
            let found = link(folder.as_fd(), &name);
            let is_absent = found.as_ref().is_err_and(|error| error.kind() == ErrorKind::NotFound);
            if is_absent && behind_link.is_some() {
                return Err(io::Error::other(DANGLING));
            }
            if let Some(target) = found? {
                behind_link = behind_link.or(Some(rest.len()));
                links += 1;
                if links > max_links {
                    return Err(Errno::LOOP.into());
                }
                if target.has_root() {
                    way.truncate(1);
                }
                rest.extend(reversed(&target));
            } else if rest.is_empty() {
                return way.pop().map(|folder| Spot { folder, name }).ok_or_else(|| Errno::NOENT.into());
            } else {
                let next = fs::openat(folder, &name, ENTER, Mode::empty())?;
                way.push(next);
            }
        }
        way.pop().map(|folder| Spot { folder, name: ".".into() }).ok_or_else(|| Errno::NOENT.into())
    }

    /// The target of a link at a path; nothing if something else is there. The folders before it are followed.
    pub(crate) fn link_at(&self, path: &Path) -> io::Result<Option<PathBuf>> {
        let Some(name) = path.file_name() else { return Ok(None) };
        let folder = self.locate(path.parent().unwrap_or(Path::new("")))?;
        let folder = fs::openat(&folder.folder, &folder.name, ENTER, Mode::empty())?;
        link(folder.as_fd(), name)
    }

    /// The names in a folder, in order.
    pub(crate) fn names(&self, path: &Path) -> io::Result<Vec<OsString>> {
        let spot = self.locate(path)?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        names(&fs::openat(&spot.folder, &spot.name, flags, Mode::empty())?)
    }
}

impl Spot {
    /// A path as the operating system resolves it.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        Self::at(&path.canonicalize()?)
    }

    /// An absolute path without links. One that has become a link meanwhile is an error, so that what was judged by its
    /// path is what is opened.
    pub(crate) fn at(target: &Path) -> io::Result<Self> {
        Root::open(Path::new("/"))?.walk(target, 0)
    }

    /// The last name of a path in the folder before it; a link of that name is not followed.
    pub(crate) fn named(path: &Path) -> io::Result<Self> {
        let Some(name) = path.file_name() else { return Err(Errno::ISDIR.into()) };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = fs::openat(CWD, folder, ENTER.difference(OFlags::NOFOLLOW), Mode::empty())?;
        Ok(Self { folder, name: name.to_owned() })
    }

    /// Opens the file for reading. A link that has taken its place meanwhile is not followed.
    pub(crate) fn open(&self) -> io::Result<File> {
        Ok(fs::openat(&self.folder, &self.name, READ | OFlags::NOFOLLOW, Mode::empty())?.into())
    }

    /// The sort of thing at the path.
    pub(crate) fn sort(&self) -> io::Result<Sort> {
        let about = fs::statat(&self.folder, &self.name, AtFlags::SYMLINK_NOFOLLOW)?;
        Ok(match FileType::from_raw_mode(about.st_mode) {
            FileType::RegularFile => Sort::File,
            FileType::Directory => Sort::Folder,
            _ => Sort::Other,
        })
    }
}

/// Opens a file as the operating system resolves its path.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    OpenOptions::new().read(true).custom_flags(i32::try_from(flags.bits()).unwrap_or(0)).open(path)
}

/// Whether a file is made up by the kernel as it is read: some of these block, and some lose what is read.
#[cfg(target_os = "linux")]
pub(super) fn is_virtual(file: &File) -> bool {
    fs::fstatfs(file).is_ok_and(|about| about.f_type == fs::PROC_SUPER_MAGIC)
}
#[cfg(not(target_os = "linux"))]
pub(super) fn is_virtual(_: &File) -> bool {
    false
}

/// The names in a folder that is open, in order.
pub(super) fn names(folder: &OwnedFd) -> io::Result<Vec<OsString>> {
    let mut names = vec![];
    for entry in fs::Dir::read_from(folder)? {
        let name = OsStr::from_bytes(entry?.file_name().to_bytes()).to_owned();
        if name != "." && name != ".." {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Where a link points; nothing for what is not a link.
fn link(folder: BorrowedFd<'_>, name: &OsStr) -> io::Result<Option<PathBuf>> {
    match fs::readlinkat(folder, name, vec![]) {
        Ok(target) => Ok(Some(OsString::from_vec(target.into_bytes()).into())),
        Err(Errno::INVAL) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The names of a path, the last one first.
fn reversed(path: &Path) -> Vec<OsString> {
    let named = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        _ => None,
    });
    let mut names: Vec<_> = named.collect();
    names.reverse();
    names
}

#[cfg(test)]
mod tests {
    use std::fs::{self, create_dir_all};
    use std::io::Read;
    use std::os::unix::fs::symlink;

    use super::*;

    /// An image beside a file of the machine that has it.
    fn image() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let image = folder.path().join("image");
        for (path, text) in [
            ("outside/containerd/config.toml", "outside"),
            ("image/opt/containerd/config.toml", "inside"),
            ("image/etc/real.toml", "real"),
            ("real.toml", "outside"),
        ] {
            let path = folder.path().join(path);
            create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        (folder, image)
    }

    fn text(root: &Path, path: &str) -> Result<String, Option<i32>> {
        let root = Root::open(root).unwrap();
        let mut file = root.locate(Path::new(path)).and_then(|spot| spot.open()).map_err(|e| e.raw_os_error())?;
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        Ok(text)
    }

    #[test]
    fn links_end_inside_the_image() {
        let (folder, image) = image();
        let outside = folder.path().join("outside");
        for (link, target, wanted) in [
            ("etc/absolute.toml", "/opt/containerd/config.toml", Ok("inside")),
            ("etc/relative.toml", "../opt/containerd/config.toml", Ok("inside")),
            ("etc/climbing.toml", "../../../../../../etc/real.toml", Ok("real")),
            ("etc/chained.toml", "absolute.toml", Ok("inside")),
            ("etc/twice.toml", "/etc/chained.toml", Ok("inside")),
            ("etc/host.toml", outside.join("containerd/config.toml").to_str().unwrap(), Err(None)),
            ("etc/beside.toml", "../../real.toml", Err(None)),
            ("etc/loop.toml", "loop.toml", Err(Some(40))),
        ] {
            symlink(target, image.join(link)).unwrap();
            let wanted = wanted.map(str::to_owned);
            assert_eq!(text(&image, link), wanted, "{link} -> {target}");
        }
        symlink("/opt/containerd", image.join("etc/folder")).unwrap();
        assert_eq!(text(&image, "etc/folder/config.toml").as_deref(), Ok("inside"));
        assert_eq!(text(&image, "/../../etc/../etc/real.toml").as_deref(), Ok("real"));
        symlink(&outside, image.join("etc/out")).unwrap();
        assert_eq!(text(&image, "etc/out/containerd/config.toml"), Err(None));
        symlink("../../outside", image.join("etc/up")).unwrap();
        assert_eq!(text(&image, "etc/up/containerd/config.toml"), Err(None));
        // The folder is there, through a link, and the file is not.
        assert_eq!(text(&image, "etc/folder/absent.toml"), Err(Some(2)));
        assert_eq!(text(&image, "etc/absent.toml"), Err(Some(2)));
    }

    #[test]
    fn names_are_those_of_the_image() {
        let (folder, image) = image();
        symlink("/opt/containerd", image.join("etc/containerd")).unwrap();
        symlink(folder.path().join("outside"), image.join("etc/outside")).unwrap();
        let root = Root::open(&image).unwrap();
        let link_at = |path: &str| root.link_at(Path::new(path)).unwrap();
        assert_eq!(link_at("/etc/containerd").as_deref(), Some(Path::new("/opt/containerd")));
        assert_eq!(link_at("/etc/containerd/config.toml"), None);
        assert!(root.link_at(Path::new("/etc/absent/link")).is_err());
        assert_eq!(root.names(Path::new("/etc/containerd")).unwrap(), ["config.toml"]);
        assert!(root.names(Path::new("/etc/outside")).is_err());
        assert_eq!(root.locate(Path::new("/etc/containerd")).unwrap().sort().unwrap(), Sort::Folder);
        assert_eq!(root.names(Path::new("/..")).unwrap(), ["etc", "opt"]);
    }

    #[test]
    fn a_place_that_has_become_a_link_is_not_opened() {
        let (folder, image) = image();
        let folder = folder.path().canonicalize().unwrap();
        let target = image.join("opt/containerd/config.toml").canonicalize().unwrap();
        assert!(Spot::at(&target).is_ok());
        fs::rename(folder.join("image/opt"), folder.join("image/elsewhere")).unwrap();
        symlink(folder.join("outside"), folder.join("image/opt")).unwrap();
        assert!(target.exists(), "through the link there is such a file");
        assert_eq!(Spot::at(&target).err().and_then(|error| error.raw_os_error()), Some(40));
    }
}
