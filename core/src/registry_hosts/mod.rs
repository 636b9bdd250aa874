//! Registry hosts: everything that is known about `hosts.toml`.
//!
//! [`kind`] says which texts are one and lists their entries, [`url`] reads the URL of an entry, [`settings`] writes
//! settings.

pub mod kind;
pub mod settings;
pub mod url;

pub use kind::*;
