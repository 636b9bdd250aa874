//! # `toml-dialect`
//!
//! TOML that some releases of containerd read and others refuse.
//!
//! ## Why
//!
//! Every few releases containerd has another TOML parser. Where a release refuses what another one takes, it does not
//! start, whatever the text would mean.
//!
//! | written | refused by |
//! |---|---|
//! | a byte order mark before the first line | up to 1.4, 2.0 and later |
//! | a line break inside an inline table | up to 1.4, 2.0 to 2.3 |
//! | a comma before the closing brace of an inline table | 1.5 to 2.3 |
//! | `a.b = 1`, a dotted key | up to 1.4 |
//! | `0x1F`, `0o17`, `0b1` | up to 1.4 |
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
//! ```toml good
//! version = 2
//! plugins."io.containerd.grpc.v1.cri".stream_server_port = "10010"
//! ```
//!
//! ## References
//!
//! - BurntSushi/toml@v0.3.1 (1.3, 1.4), pelletier/go-toml@v1.9.5 (1.5 to 1.7), pelletier/go-toml@v2.2.4, v2.3.0, v2.4.3
//! - measured with 1.0.3 to 2.4.0-beta.0

use crate::containerd;
use crate::containerd::eras::IGNORES_KEY_CASE;
use crate::rules::Reach;
use crate::rules::prelude::*;
use crate::syntax::Dialect;

pub(crate) const RULE: Rule = Rule {
    id: "toml-dialect",
    summary: "TOML that only some releases of containerd read",
    reach: Reach::AllInVerdicts,
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// Has a parser of TOML 0.4: BurntSushi/toml.
const READS_TOML_0_4: Releases = Releases::containerd("..1.4");
/// Has another parser than go-toml 1, the only one that skips the mark.
const REFUSES_MARK: Releases = IGNORES_KEY_CASE;
const REFUSES_LINE_BREAK: Releases = Releases::containerd("..1.4,2.0..2.3");
const REFUSES_LAST_COMMA: Releases = Releases::containerd("1.5..2.3");

/// A way to write TOML, and what happens to it.
struct DialectFault {
    dialect: Dialect,
    refused: Releases,
    message: &'static str,
    why: &'static str,
    help: &'static str,
}

fn check(cx: &mut FileCx) {
    for fault in &DIALECTS {
        // The first place stands for all.
        let first = cx.doc().dialects.iter().find(|(dialect, _)| *dialect == fault.dialect);
        if let Some((_, span)) = first {
            cx.report(*span, fault.message).refused(fault.refused).why(fault.why).help(fault.help);
        }
    }
}

const DIALECTS: [DialectFault; 5] = [
    DialectFault {
        dialect: Dialect::ByteOrderMark,
        refused: REFUSES_MARK,
        message: "the file starts with a byte order mark",
        why: "containerd does not start (`invalid character at start of key`); 1.5 to 1.7 skip the mark.",
        help: "Save the file as UTF-8 without byte order mark.",
    },
    DialectFault {
        dialect: Dialect::MultilineInlineTable,
        refused: REFUSES_LINE_BREAK,
        message: "a line break inside an inline table",
        why: "containerd does not start: its parser wants an inline table on one line. 1.5 to 1.7 and 2.4 take it.",
        help: "Write a [table] of its own, or everything between the braces on one line.",
    },
    DialectFault {
        dialect: Dialect::InlineTableComma,
        refused: REFUSES_LAST_COMMA,
        message: "a comma before the closing brace of an inline table",
        why: "containerd does not start (`trailing comma at the end of inline table`): its parser wants another key \
              after the comma.",
        help: "Remove the last comma.",
    },
    DialectFault {
        dialect: Dialect::DottedKey,
        refused: READS_TOML_0_4,
        message: "a dotted key",
        why: "containerd does not start (`bare keys cannot contain '.'`): its parser reads dots in [table] headers \
              only.",
        help: "Write a [table] header and the last part of the key below it.",
    },
    DialectFault {
        dialect: Dialect::RadixInteger,
        refused: READS_TOML_0_4,
        message: "a number that is not decimal",
        why: "containerd does not start: its parser reads decimal numbers only.",
        help: "Write the number in decimal.",
    },
];
