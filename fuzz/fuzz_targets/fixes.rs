//! Any text as some kind, by its length: what must hold of fixing, see `core/tests/support/fixing.rs`.
#![no_main]

#[path = "../../core/tests/support/fixing.rs"]
mod fixing;

use crilint_core::engine::{Options, Source};
use crilint_core::kinds::KINDS;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Some(kind) = KINDS.get(text.len() % KINDS.len()) else { return };
    fixing::holds(&Source { path: "any", text, kind: Some(kind), ..Source::default() }, &Options::default());
});
