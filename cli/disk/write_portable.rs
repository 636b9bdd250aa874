//! Replacing a file, where the system has no more than a rename: a new one is written beside it and renamed over it.

use std::fs;

use super::{Refusal, Spot};

/// Writes `new` in the place of a file that holds `old`.
pub(crate) fn replace(spot: &Spot, old: &[u8], new: &[u8]) -> Result<(), Refusal> {
    if fs::read(&spot.path)? != old {
        return Err(Refusal::Changed);
    }
    let mut name = std::ffi::OsString::from(".");
    name.push(spot.path.file_name().unwrap_or_default());
    name.push(format!(".crilint-{:016x}", std::process::id()));
    let beside = spot.path.with_file_name(name);
    let written = fs::write(&beside, new).and_then(|()| fs::rename(&beside, &spot.path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    Ok(written?)
}
