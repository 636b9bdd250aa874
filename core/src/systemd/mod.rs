//! systemd: units and environment files, the command lines of daemons in them, and the settings of logind.
//!
//! [`services`] combines the files of a node as systemd does, into the words that programs get. `tree` holds the files,
//! `lookup` finds units by their names, `drop_ins` their drop-ins, `settings` reads both, with `command`, `specifiers`
//! and `directives`; `environment` has the variables, `expand` fills them into commands. `flags` is what rules ask for.

mod assume;
mod command;
mod directives;
mod drop_ins;
mod environment;
mod expand;
pub mod flags;
pub mod logind;
mod lookup;
pub(crate) mod on_node;
mod place;
mod programs;
mod service;
mod services;
mod settings;
mod specifiers;
mod tree;

pub use assume::Assumptions;
pub use command::ArgvWord;
pub use environment::{Replaced, Variable};
pub use lookup::{Manager, is_service, unit_folders};
pub use place::{FileRole, ReadFile, UnitMessage, UnitPlace};
pub use programs::KnownProgram;
pub use service::{Service, ServiceState, StartCommand};
pub use services::{service, services};
pub use settings::DroppedSetting;
pub(crate) use specifiers::is_specifier;
pub use tree::{UnitPath, UnitTree};
