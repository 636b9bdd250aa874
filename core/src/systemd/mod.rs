//! systemd: units and environment files, and the command lines of daemons in them.

pub mod flags;
pub(crate) mod variables;
