//! Signals, where the system has none that could leave a file half written.

use std::io;

/// Only Unix has the signal.
pub(crate) fn ignore_file_size_signal() {}

/// Interrupts while files are written.
#[derive(Debug)]
pub(crate) struct Interrupts;

impl Interrupts {
    /// Catches them from now on.
    pub(crate) fn hold() -> io::Result<Self> {
        Ok(Self)
    }

    /// Whether one came.
    pub(crate) fn came(&self) -> bool {
        false
    }
}
