//! Units and environment files.

use crilint_core::syntax::{Format, read};
use proptest::prelude::*;

use crate::invariants;
use crate::random::{damaged, mixed};

const FORMATS: [Format; 2] = [Format::Unit, Format::Env];

#[test]
fn pages() {
    crate::assert_pages("unit");
}

/// What units and environment files are made of, good and bad.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "[", "]", "\"", "'", "\\", "\n", "\r", " ", "\t", "=", "#", ";", "{", "}", "%", "$", "-", "\u{a0}", "\u{200b}", "x", "A=", "é", "[S]\n",
    "\\\n", "{{ x }}", "{% if %}\n", "ExecStart=", "Environment=", "<<<<<<< a\n", "=======\n", ">>>>>>> b\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in any::<String>()) {
        FORMATS.iter().for_each(|format| invariants::check(&read(&text, *format)));
    }

    #[test]
    fn any_signs(text in "[A-C\\[\\]\"'\\\\=#; \n\r\t{}%$<>\u{a0}\u{200b}é-]{0,60}") {
        for format in FORMATS {
            for text in [text.clone(), format!("[S]\nExecStart={text}"), format!("[S]\nEnvironment={text}"), format!("A={text}")] {
                invariants::check(&read(&text, format));
            }
        }
    }

    #[test]
    fn any_mix(text in mixed(PIECES, 0..24)) {
        FORMATS.iter().for_each(|format| invariants::check(&read(&text, *format)));
    }

    #[test]
    fn damaged_files(text in damaged("unit", PIECES, 1..4)) {
        for format in FORMATS {
            invariants::check(&read(&text, format));
            invariants::check_fixes(&text, format);
        }
    }
}
