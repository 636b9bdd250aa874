//! containerd: everything that is known about its configuration file.
//!
//! [`kind`] says which texts are one and what upstream knows about it, [`plugins`] and [`shims`] which plugins and
//! runtimes there are. [`imports`] finds the files that one file loads, [`loader`] gives what each release makes of
//! them, and rules ask for a setting by [`settings`] and [`effective`]. [`required`] adds what `required_plugins`
//! makes of a plugin that fails, [`show`] lists all settings.

mod effective;
pub(crate) mod eras;
pub mod imports;
pub mod kind;
pub(crate) mod lifetime;
pub mod loader;
#[rustfmt::skip]
mod plugin_tables;
pub(crate) mod misplaced;
pub mod plugin_uri;
pub mod plugins;
pub mod required;
pub mod settings;
pub mod shims;
pub mod show;
pub(crate) mod systemd_cgroup;
pub(crate) mod value_checks;
pub mod values;

pub use kind::*;
