//! # `toml-dialect`
//!
//! TOML that some releases of containerd read and others refuse.
//!
//! ## Why
//!
//! Every few releases containerd has another TOML parser. Where a release refuses what another one takes, it does not
//! start, whatever the text would mean; of a `hosts.toml` it drops the whole file at each pull.
//!
//! | written | refused by |
//! |---|---|
//! | a byte order mark before the first line | up to 1.4, 2.0 and later |
//! | a line break inside an inline table | up to 1.4, 2.0 to 2.3 |
//! | a comma before the closing brace of an inline table | 1.5 to 2.3 |
//! | `a.b = 1`, a dotted key | up to 1.4 |
//! | `0x1F`, `0o17`, `0b1` | up to 1.4 |
//! | `"\e"` | up to 1.7 |
//! | `"\x41"` | up to 2.3 |
//! | a backslash, blanks and a line end, in triple quotes | up to 1.4 |
//! | `"""a""""`, a quote before the three that end the string | up to 1.7 |
//! | `inf`, `nan` | up to 1.4 |
//! | `07:32:00` | up to 1.4 |
//! | `07:32` | up to 2.3 |
//! | `[1, "a"]`, values of several types | up to 1.4 |
//! | bytes that are not UTF-8 | 2.0 and later |
//!
//! ## What to do
//!
//! Write it as TOML 0.4 has it, which every release reads: a `[table]` instead of dotted keys and of braces over
//! several lines, decimal numbers, and no byte order mark.
//!
//! ## Examples
//!
//! ```toml bad containerd=2.0..2.3
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   x509_key_pair_streaming = { tls_cert_file = "", tls_key_file = "", }
//!                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml bad containerd=1.4
//! version = 2
//! plugins."io.containerd.grpc.v1.cri".stream_server_port = "10010"
//! ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml bad containerd=2.3
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   sandbox_image = "registry.example/p\x61use:3.10"
//!                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! plugins."io.containerd.grpc.v1.cri".stream_server_port = "10010"
//! ```
//!
//! ## References
//!
//! - BurntSushi/toml@v0.3.1 (1.0 to 1.4), pelletier/go-toml@v1.8.1 (1.5), v1.9.5 (1.6, 1.7), v2.2.3 (2.0), v2.2.4 (2.1,
//!   2.2), v2.3.0 (2.3), v2.4.3 (2.4)
//! - measured with 1.0.3 to 2.4.0-beta.0

use crate::containerd;
use crate::containerd::dialects::refusing;
use crate::registry_hosts;
use crate::rules::Reach;
use crate::rules::prelude::*;
use crate::rules::problems::NOT_UTF8;
use crate::syntax::Dialect;

pub(crate) const RULE: Rule = Rule {
    id: "toml-dialect",
    summary: "TOML that only some releases of containerd read",
    reach: Reach::AllInVerdicts,
    run: Run::File(&[&containerd::KIND, &registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

/// A way to write TOML, and the words for it.
struct DialectFault {
    dialect: Dialect,
    message: &'static str,
    why: &'static str,
    help: &'static str,
}

fn check(cx: &mut FileCx) {
    let is_config = *cx.file.kind == containerd::KIND;
    for fault in &DIALECTS {
        // The first place stands for all.
        let Some(span) = cx.doc().first_of(fault.dialect) else { continue };
        let finding = cx.report(span, fault.message);
        let releases = refusing(fault.dialect);
        if is_config {
            finding.refused(releases).why(format!("containerd does not start: {}", fault.why));
        } else {
            finding.ignored(releases).why(format!("containerd drops the whole file at each pull: {}", fault.why));
        }
        finding.help(fault.help);
    }
}

const DIALECTS: [DialectFault; 14] = [
    DialectFault {
        dialect: Dialect::ByteOrderMark,
        message: "the file starts with a byte order mark",
        why: "its parser takes the mark for a key (`invalid character at start of key`). 1.5 to 1.7 skip the mark.",
        help: "Save the file as UTF-8 without byte order mark.",
    },
    DialectFault {
        dialect: Dialect::InvalidUtf8,
        message: NOT_UTF8,
        why: "its parser reads UTF-8 alone (`invalid UTF-8`), even in comments. Releases up to 1.7 keep the bytes.",
        help: "Save the file as UTF-8.",
    },
    DialectFault {
        dialect: Dialect::MultilineInlineTable,
        message: "a line break inside an inline table",
        why: "its parser wants an inline table on one line. 1.5 to 1.7 and 2.4 accept the line break.",
        help: "Write a [table] of its own, or everything between the braces on one line.",
    },
    DialectFault {
        dialect: Dialect::InlineTableComma,
        message: "a comma before the closing brace of an inline table",
        why: "its parser wants another key after the comma (`trailing comma at the end of inline table`).",
        help: "Remove the last comma.",
    },
    DialectFault {
        dialect: Dialect::DottedKey,
        message: "a dotted key",
        why: "its parser reads dots in [table] headers only (`bare keys cannot contain '.'`).",
        help: "Write a [table] header and the last part of the key below it.",
    },
    DialectFault {
        dialect: Dialect::RadixInteger,
        message: "a number that is not decimal",
        why: "its parser reads decimal numbers only.",
        help: "Write the number in decimal.",
    },
    DialectFault {
        dialect: Dialect::EscapeCharacter,
        message: "the escape `\\e`",
        why: "its parser does not have that escape of TOML 1.1 (`invalid escape sequence: \\e`).",
        help: "Write `\\u001b`.",
    },
    DialectFault {
        dialect: Dialect::HexEscape,
        message: "an escape of the form `\\xHH`",
        why: "its parser does not have that escape of TOML 1.1 (`invalid escaped character U+0078 'x'`).",
        help: "Write the character itself, or `\\u00HH`.",
    },
    DialectFault {
        dialect: Dialect::BlankBehindBackslash,
        message: "blanks behind a backslash at the end of a line",
        why: "its parser joins lines only where the line feed follows the backslash.",
        help: "Remove the blanks, or write the string on one line.",
    },
    DialectFault {
        dialect: Dialect::QuoteBeforeEnd,
        message: "a quote right before the three that end the string",
        why: "its parser ends the string at the first three quotes.",
        help: "Write the string in single quotes, or escape the quote.",
    },
    DialectFault {
        dialect: Dialect::SpecialFloat,
        message: "a number that is infinite or not a number",
        why: "its parser reads digits only.",
        help: "Write a finite number.",
    },
    DialectFault {
        dialect: Dialect::LocalTime,
        message: "a time of day without a date",
        why: "its parser reads times with a date only.",
        help: "Quote the time if text is wanted.",
    },
    DialectFault {
        dialect: Dialect::TimeWithoutSeconds,
        message: "a time without seconds",
        why: "its parser wants seconds (`times are expected to have the format HH:MM:SS[.NNNNNN]`).",
        help: "Write the seconds, or quote the time if text is wanted.",
    },
    DialectFault {
        dialect: Dialect::MixedList,
        message: "a list of values of several types",
        why: "its parser wants values of one type (`arrays must be homogeneous`).",
        help: "Write values of one type.",
    },
];
