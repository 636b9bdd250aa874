//! Registry hosts: everything that is known about `hosts.toml`.
//!
//! [`kind`] says which texts are one and lists their entries, [`url`] reads the URL of an entry, [`settings`] finds and
//! writes settings, [`eras`] has the releases that differ.

pub mod eras;
pub mod kind;
pub mod settings;
pub mod url;

pub use kind::*;
