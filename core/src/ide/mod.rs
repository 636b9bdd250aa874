//! What editors ask: what is this key, what fits here, what can be done about this finding, what is in this file.
//!
//! Pure functions from the same key tables as the rules. Offsets are bytes; texts may be broken, as they are while the
//! user types.

mod actions;
mod complete;
mod cursor;
mod drivers;
mod flags;
mod hover;
mod inside;
mod known;
mod plugins;
mod scene;
mod symbols;

pub use actions::{Action, ActionKind, actions};
pub use complete::{Completion, CompletionKind, complete};
pub use hover::{Hover, hover};
pub use symbols::{Symbol, symbols};
