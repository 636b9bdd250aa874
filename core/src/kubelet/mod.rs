//! The kubelet: everything that is known about KubeletConfiguration and the kubelet's flags.
//!
//! [`kind`] decides which texts are one. [`settings`] has the values of fields, from a file or from flags, [`maps`] the
//! entries of its tables and [`feature_gates`] the gates; [`node`] collects what the other files of the node set,
//! [`overrides`] which of them win, and `on_node` gives what holds in the end. [`credential_provider`] reads the
//! configuration of programs that give credentials. The other modules read values as the kubelet does. [`eras`] names
//! sets of releases.

pub mod command_line;
pub mod credential_provider;
pub mod endpoints;
pub mod eras;
pub mod feature_gates;
pub mod kind;
pub mod maps;
pub mod names;
pub mod node;
pub(crate) mod on_node;
pub mod overrides;
pub mod quantity;
pub mod settings;
pub mod values;

pub use kind::*;
