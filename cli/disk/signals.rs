//! Signals that must not leave a file half written.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::flag;

/// The exit code of a program that an interrupt ended, as shells have it.
const INTERRUPTED: i32 = 130;

/// Makes a file size limit (`ulimit -f`) an error of the write, where it would end the program otherwise.
pub(crate) fn ignore_file_size_signal() {
    // A handler is enough: the write then fails with EFBIG. Without it everything else still works.
    let _ = flag::register(SIGXFSZ, Arc::default());
}

/// Interrupts while files are written: the first one is remembered until the file at hand is whole, a second one ends
/// the program.
#[derive(Debug)]
pub(crate) struct Interrupts(Arc<AtomicBool>);

impl Interrupts {
    /// Catches them from now on.
    pub(crate) fn hold() -> io::Result<Self> {
        let came = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            flag::register_conditional_shutdown(signal, INTERRUPTED, Arc::clone(&came))?;
            flag::register(signal, Arc::clone(&came))?;
        }
        Ok(Self(came))
    }

    /// Whether one came while files were written.
    pub(crate) fn came(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for Interrupts {
    /// From here on, an interrupt ends the program at once again.
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
