//! Replacing a file: a new one is written beside it, synced, and renamed over it. Whatever stops that, the old file
//! stays whole.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{self, AtFlags, FileType, FlockOperation, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::{Refusal, Spot, attributes, leftovers};

/// Only the user may read a file that is not whole yet, and a file that is made anew.
const PRIVATE: Mode = Mode::RUSR.union(Mode::WUSR);

/// Writes `new` in the place of a file that holds `old`, with the same mode, owner and extended attributes.
pub(crate) fn replace(spot: &Spot, old: &[u8], new: &[u8]) -> Result<(), Refusal> {
    let file = spot.open()?;
    let about = fs::fstat(&file).map_err(io::Error::from)?;
    if !holds(&file, old)? {
        return Err(Refusal::Changed);
    }
    // `st_nlink` is of another width on each system.
    #[allow(clippy::useless_conversion, clippy::unnecessary_cast, reason = "the width differs by system")]
    let links = about.st_nlink as u64;
    if links > 1 {
        return Err(Refusal::HardLinks(links));
    }
    if is_mount_point(&file) {
        return Err(Refusal::MountPoint);
    }
    leftovers::remove(&spot.folder)?;
    let fresh = Fresh::create(spot)?;
    attributes::copy(&file, &about, &fresh.file)?;
    fresh.write(new)?;
    // The last look before the old text goes.
    if !is_same(spot, &about)? {
        return Err(Refusal::Changed);
    }
    fresh.take_place_of(spot)
}

/// Writes a file that only the user can read: a new one, in the place of a regular file or of none. A link in that
/// place is refused, so that nothing is written elsewhere.
pub(crate) fn write_private(path: &Path, text: &[u8]) -> Result<(), Refusal> {
    let spot = Spot::named(path)?;
    match fs::statat(&spot.folder, &spot.name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(about) if !FileType::from_raw_mode(about.st_mode).is_file() => return Err(Refusal::NotAFile),
        Ok(_) | Err(Errno::NOENT) => {}
        Err(error) => return Err(io::Error::from(error).into()),
    }
    let fresh = Fresh::create(&spot)?;
    fresh.write(text)?;
    fresh.take_place_of(&spot)
}

/// A temporary file; removed unless it took its place.
struct Fresh<'s> {
    folder: &'s OwnedFd,
    name: OsString,
    file: File,
    is_placed: bool,
}

impl<'s> Fresh<'s> {
    fn create(spot: &'s Spot) -> io::Result<Self> {
        let name = leftovers::name(&spot.name, leftovers::random()?);
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = File::from(fs::openat(&spot.folder, &name, flags, PRIVATE)?);
        let fresh = Self { folder: &spot.folder, name, file, is_placed: false };
        // Some network file systems have no locks; there, a run at the same time may take this file for a leftover, and
        // the rename fails.
        let _ = fs::flock(&fresh.file, FlockOperation::NonBlockingLockExclusive);
        Ok(fresh)
    }

    fn write(&self, text: &[u8]) -> io::Result<()> {
        (&self.file).write_all(text)?;
        self.file.sync_all()
    }

    fn take_place_of(mut self, spot: &Spot) -> Result<(), Refusal> {
        match fs::renameat(self.folder, &self.name, &spot.folder, &spot.name) {
            Ok(()) => self.is_placed = true,
            Err(Errno::BUSY) => return Err(Refusal::MountPoint),
            Err(error) => return Err(io::Error::from(error).into()),
        }
        sync_folder(self.folder);
        Ok(())
    }
}

impl Drop for Fresh<'_> {
    fn drop(&mut self) {
        if !self.is_placed {
            let _ = fs::unlinkat(self.folder, &self.name, AtFlags::empty());
        }
    }
}

/// Makes the rename last. The file is whole with or without it, so a failure changes nothing for the user.
fn sync_folder(folder: &OwnedFd) {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    if let Ok(folder) = fs::openat(folder.as_fd(), ".", flags, Mode::empty()) {
        let _ = fs::fsync(folder);
    }
}

/// Whether the file has exactly these bytes.
fn holds(file: &File, bytes: &[u8]) -> io::Result<bool> {
    let mut found = Vec::with_capacity(bytes.len() + 1);
    file.take(bytes.len() as u64 + 1).read_to_end(&mut found)?;
    Ok(found == bytes)
}

/// Whether the name still means the file that was looked at, unchanged.
fn is_same(spot: &Spot, about: &Stat) -> io::Result<bool> {
    let now = fs::statat(&spot.folder, &spot.name, AtFlags::SYMLINK_NOFOLLOW)?;
    let identity = |s: &Stat| (s.st_dev, s.st_ino, s.st_size, s.st_mtime, s.st_mtime_nsec, s.st_ctime, s.st_ctime_nsec);
    Ok(identity(&now) == identity(about))
}

/// Whether the file is mounted on its own, as container runtimes mount single files. Kernels before 5.8 do not report
/// it; there, the rename fails.
#[cfg(target_os = "linux")]
fn is_mount_point(file: &File) -> bool {
    let about = fs::statx(file, c"", AtFlags::EMPTY_PATH, fs::StatxFlags::BASIC_STATS);
    about.is_ok_and(|about| about.stx_attributes.contains(fs::StatxAttributes::MOUNT_ROOT))
}
#[cfg(not(target_os = "linux"))]
fn is_mount_point(_: &File) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        (folder, path)
    }

    fn attempt(path: &Path, old: &str, new: &str) -> Result<(), Refusal> {
        replace(&Spot::of(path)?, old.as_bytes(), new.as_bytes())
    }

    #[test]
    fn a_file_that_changed_since_it_was_read_is_refused() {
        let (folder, path) = file("an edit of another process");
        for read in ["", "the text that was read", "an edit", "an edit of another process, and more"] {
            assert!(matches!(attempt(&path, read, "new"), Err(Refusal::Changed)), "{read}");
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "an edit of another process");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        attempt(&path, "an edit of another process", "new").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
    }

    #[test]
    fn a_file_that_was_removed_or_replaced_by_a_link_is_refused() {
        let (folder, path) = file("old");
        let spot = Spot::of(&path).unwrap();
        let elsewhere = folder.path().join("elsewhere");
        std::fs::rename(&path, &elsewhere).unwrap();
        assert!(matches!(replace(&spot, b"old", b"new"), Err(Refusal::Io(_))));
        std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
        assert!(matches!(replace(&spot, b"old", b"new"), Err(Refusal::Io(_))));
        assert_eq!(std::fs::read_to_string(&elsewhere).unwrap(), "old");
    }
}
