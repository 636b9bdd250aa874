//! Temporary files: their names, and the removal of those that a killed run left behind.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;

use rustix::fs::{self, AtFlags, CWD, FlockOperation, Mode, OFlags};

use super::root::names;

/// Between the name of the file and the random part.
const MARK: &str = ".crilint-";
/// Hexadecimal digits of the random part.
const DIGITS: usize = 16;

/// A name beside the file that no usual import pattern matches: it ends neither in `.toml` nor in `.conf`, `.json` or
/// `.yaml`. Go's `*` matches a leading dot, so the ending decides.
pub(super) fn name(of: &OsStr, random: u64) -> OsString {
    let mut name = OsString::from(".");
    name.push(of);
    name.push(format!("{MARK}{random:0digits$x}", digits = DIGITS));
    name
}

/// Removes temporary files of runs that have ended. A run at work holds a lock on its own, and keeps it.
pub(super) fn remove(folder: &OwnedFd) -> io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let listed = names(&fs::openat(folder.as_fd(), ".", flags, Mode::empty())?)?;
    for name in listed.iter().filter(|name| is_temporary(name)) {
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let Ok(file) = fs::openat(folder, name, flags, Mode::empty()) else { continue };
        let file = File::from(file);
        let is_file = file.metadata().is_ok_and(|about| about.is_file());
        if is_file && fs::flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok() {
            let _ = fs::unlinkat(folder, name, AtFlags::empty());
        }
    }
    Ok(())
}

fn is_temporary(name: &OsStr) -> bool {
    let bytes = name.as_bytes();
    let Some(head) = bytes.len().checked_sub(DIGITS).and_then(|at| bytes.get(..at)) else { return false };
    let random = bytes.get(head.len()..).unwrap_or_default();
    bytes.starts_with(b".") && head.ends_with(MARK.as_bytes()) && random.iter().all(u8::is_ascii_hexdigit)
}

/// A number that no other file in the folder has in its name; the caller creates the file exclusively.
pub(super) fn random() -> io::Result<u64> {
    let mut bytes = [0_u8; 8];
    io::Read::read_exact(&mut File::from(fs::openat(CWD, "/dev/urandom", OFlags::RDONLY, Mode::empty())?), &mut bytes)?;
    Ok(u64::from_ne_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temporary_names_match_no_import_pattern() {
        for of in ["config.toml", "daemon.json", "99-nvidia.toml", "10-kubeadm.conf", "config.yaml", "kubelet"] {
            let name = name(OsStr::new(of), 0xabc);
            assert!(is_temporary(&name), "{name:?}");
            let text = name.to_str().unwrap();
            for ending in [".toml", ".conf", ".json", ".yaml", ".yml", ".env", ".service"] {
                assert!(!text.ends_with(ending), "{text}");
            }
        }
        for other in [".crilint.toml", "x.crilint-0123456789abcdef", ".x.crilint-0123", ".x.crilint-0123456789abcdeg"] {
            assert!(!is_temporary(OsStr::new(other)), "{other}");
        }
    }
}
