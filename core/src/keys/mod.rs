//! Facts from upstream: static tables of keys by kind, config version and release, and their look-up.
//!
//! The tables are generated from `core/data/*.toml` (`cargo xtask gen`).

mod bind;
pub mod built_in;
pub mod checks;
pub mod defaults;
pub mod drivers;
pub mod flags;
pub mod gates;
pub mod lifetime;
mod spec;
pub(crate) mod suggest;
mod table;
#[rustfmt::skip]
pub(crate) mod tables;
mod text;
pub mod type_fault;
mod types;

pub use bind::{Binding, Bound, Lookup, bind, list_around, path as path_of, tables_around};
pub use spec::KeySpec;
pub(crate) use spec::{Details, Set, details, key};
pub use suggest::{Leaves, Suggestion, nearest, suggest};
pub(crate) use table::{Part, part};
pub use table::{Place, Table};
pub use text::Text;
pub use types::{Item, Type};
