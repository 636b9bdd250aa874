//! Any text as some kind, by its length: what must hold of fixing and of fixes on offer, see
//! `core/tests/support/fixing.rs` and `offers.rs`.
#![no_main]

#[path = "../../core/tests/support/fixing.rs"]
mod fixing;
#[path = "../../core/tests/support/offers.rs"]
mod offers;

use crilint_core::engine::{Options, Source};
use crilint_core::kinds::KINDS;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Some(kind) = KINDS.get(text.len() % KINDS.len()) else { return };
    let source = Source { path: "any", text, kind: Some(kind), ..Source::default() };
    fixing::holds(&source, &Options::default());
    let mut wrong = vec![];
    offers::check_all("any", &[source], &Options::default(), &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
});
