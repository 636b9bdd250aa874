//! The properties of a file besides its text: mode, owner, extended attributes (among them access lists and SELinux
//! labels).

use std::ffi::CString;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;

use rustix::fs::{self, Gid, Mode, Stat, Uid, XattrFlags};
use rustix::io::Errno;

use super::Refusal;

/// Larger values than any file system stores. Source: xattr(7), `XATTR_SIZE_MAX`.
const MAX_VALUE: usize = 64 << 10;

/// Gives `new` everything that `old` has.
pub(super) fn copy(old: &File, about: &Stat, new: &File) -> Result<(), Refusal> {
    let fresh = fs::fstat(new).map_err(io::Error::from)?;
    let (uid, gid) = (about.st_uid, about.st_gid);
    if (fresh.st_uid, fresh.st_gid) != (uid, gid) {
        fs::fchown(new, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid))).map_err(|error| Refusal::Owner {
            uid,
            gid,
            source: error.into(),
        })?;
    }
    let own = names(old)?;
    // A folder may give new files an access list, which would let others read what they could not.
    for name in names(new)?.iter().filter(|name| !own.contains(name)) {
        let is_security = name.to_bytes().starts_with(b"security.");
        fs::fremovexattr(new, name).or_else(|error| if is_security { Ok(()) } else { Err(failed(name, error)) })?;
    }
    // After the owner, because changing that clears the bits of setuid programs; after the access list, which has its
    // share in the mode.
    fs::fchmod(new, Mode::from_raw_mode(about.st_mode)).map_err(io::Error::from)?;
    for name in own {
        // Signatures and hashes of the old text: the kernel makes those of the new one.
        if matches!(name.to_bytes(), b"security.ima" | b"security.evm") {
            continue;
        }
        let value = value(old, &name).map_err(|error| failed(&name, error))?;
        if value.is_some() && self::value(new, &name).ok() != Some(value.clone()) {
            fs::fsetxattr(new, &name, value.as_deref().unwrap_or_default(), XattrFlags::empty())
                .map_err(|error| failed(&name, error))?;
        }
    }
    Ok(())
}

fn failed(name: &CString, error: Errno) -> Refusal {
    Refusal::Attribute { name: name.to_string_lossy().into_owned(), source: io::Error::from(error) }
}

/// The names of all extended attributes; none where the file system has no such thing.
fn names(file: &File) -> io::Result<Vec<CString>> {
    let mut list = vec![0_u8; MAX_VALUE];
    let len = match fs::flistxattr(file, list.as_mut_slice()) {
        Ok(len) => len,
        Err(Errno::NOTSUP) => 0,
        Err(error) => return Err(error.into()),
    };
    let listed = list.get(..len).unwrap_or_default();
    let names = listed.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    Ok(names.filter_map(|name| CString::new(name).ok()).collect())
}

/// The value of an attribute; nothing if it was removed.
fn value(file: impl AsFd, name: &CString) -> Result<Option<Vec<u8>>, Errno> {
    let mut value = vec![0_u8; MAX_VALUE];
    match fs::fgetxattr(file, name, value.as_mut_slice()) {
        Ok(len) => {
            value.truncate(len);
            Ok(Some(value))
        }
        Err(Errno::NODATA) => Ok(None),
        Err(error) => Err(error),
    }
}
