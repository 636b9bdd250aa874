//! Any text as every kind: checking and fixing end, and fixing twice is fixing once.
#![no_main]

use crilint_core::engine::{Options, Source, fix};
use crilint_core::fix::Applicability;
use crilint_core::kind::KINDS;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let options = Options::default();
    for kind in KINDS {
        let source = Source { path: "any", text, kind: Some(kind), host: 0 };
        let once = fix(std::slice::from_ref(&source), &options, Applicability::Unsafe);
        let Some(fixed) = once.texts.first() else { continue };
        let again = Source { text: fixed, ..source };
        let twice = fix(&[again], &options, Applicability::Unsafe);
        assert_eq!(once.texts, twice.texts, "{}", kind.id);
    }
});
