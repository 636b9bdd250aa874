//! Registry hosts: everything that is known about `hosts.toml`.
//!
//! [`kind`] recognizes one and lists its entries, [`url`] reads the URL of an entry, [`settings`] finds and
//! writes settings, [`eras`] has the releases that differ.

pub mod eras;
pub mod kind;
pub mod settings;
pub mod url;

pub use kind::*;
