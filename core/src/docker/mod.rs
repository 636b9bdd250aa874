//! Docker: everything that is known about `daemon.json` and dockerd's command line.
//!
//! [`kind`] decides which texts are a `daemon.json`. Rules ask for a setting by [`settings`] and [`command_line`],
//! those over several daemons by `on_node`. The other modules describe how dockerd reads values: [`types`] and
//! [`forms`] in general, [`logging`], [`network`] and [`storage`] by subject.

pub mod command_line;
pub(crate) mod decoded;
pub mod eras;
pub mod forms;
pub mod kind;
pub mod logging;
pub mod network;
pub(crate) mod on_node;
pub mod refusals;
pub mod settings;
pub mod storage;
pub mod types;

pub use kind::*;
