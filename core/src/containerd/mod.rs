//! containerd: everything that is known about its configuration file.
//!
//! In reading order: [`kind`] recognizes a file and has its key table, [`cri`] finds the tables of the CRI plugin in
//! it; [`dialects`] has what its TOML parsers refuse, [`eras`] names the sets of releases that behave alike;
//! [`plugins`], [`plugin_uri`] and [`shims`] list plugins and runtimes, [`idle`] finds plugins that do not run.
//! [`imports`] finds the files that one file loads, [`loader`] gives what each release makes of them. Rules ask for a
//! setting by [`settings`] and `effective`, compare it with [`values`], and share [`lifetime`], [`misplaced`],
//! [`systemd_cgroup`] and [`value_checks`]; rules over several daemons ask `on_node` and `runc_driver`, which have
//! flags and defaults too. [`required`] adds what `required_plugins` makes of a plugin that fails, [`show`] lists all
//! settings.

pub mod cni_network;
pub mod cri;
pub(crate) mod dialects;
mod effective;
pub(crate) mod eras;
pub(crate) mod idle;
pub mod imports;
pub mod kind;
pub(crate) mod lifetime;
pub mod loader;
pub(crate) mod on_node;
mod patch_edges;
#[rustfmt::skip]
mod plugin_tables;
pub(crate) mod misplaced;
pub mod plugin_uri;
pub mod plugins;
pub mod required;
pub(crate) mod runc_driver;
pub mod settings;
pub mod shims;
pub mod show;
pub(crate) mod systemd_cgroup;
pub(crate) mod value_checks;
pub mod values;

pub use kind::*;
