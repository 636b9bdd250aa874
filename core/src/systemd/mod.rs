//! systemd: units and environment files, the command lines of daemons in them, and the settings of logind.

pub mod flags;
pub mod logind;
pub(crate) mod variables;
