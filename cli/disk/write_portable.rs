//! Replacing a file, where the system has no more than a rename: a new one is written beside it and renamed over it.

use std::fs;
use std::io;
use std::path::Path;

use super::{Refusal, Spot};

/// Writes `new` in the place of a file that holds `old`.
pub(crate) fn replace(spot: &Spot, old: &[u8], new: &[u8]) -> Result<(), Refusal> {
    if fs::read(&spot.path)? != old {
        return Err(Refusal::Changed);
    }
    Ok(put(&spot.path, new)?)
}

/// Writes a file of the user, in the place of a regular file or of none.
pub(crate) fn write_private(path: &Path, text: &[u8]) -> Result<(), Refusal> {
    match fs::symlink_metadata(path) {
        Ok(about) if !about.is_file() => return Err(Refusal::NotAFile),
        _ => Ok(put(path, text)?),
    }
}

fn put(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".crilint-{:016x}", std::process::id()));
    let beside = path.with_file_name(name);
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}
