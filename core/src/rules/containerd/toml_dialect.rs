//! # `toml-dialect`
//!
//! TOML that some releases of containerd read and others refuse.
//!
//! ## Why
//!
//! Every few releases containerd came with another TOML parser. Where a release refuses what another one takes, it does
//! not start, whatever the text would mean.
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
//! Write it as TOML 0.4 has it, which every release reads: a `[table]` instead of dotted keys and of braces over several
//! lines, decimal numbers, and no byte order mark.
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

const OLD: Releases = Releases::containerd("..1.4");
const NO_MARK: Releases = Releases::containerd("..1.4,2.0..");
const NO_LINES: Releases = Releases::containerd("..1.4,2.0..2.3");
const NO_LAST_COMMA: Releases = Releases::containerd("1.5..2.3");

fn check(cx: &mut FileCx) {
    let mut told: Vec<Dialect> = vec![];
    for (dialect, span) in cx.doc().dialects.iter().copied() {
        // The first of a sort says it for all.
        if told.contains(&dialect) {
            continue;
        }
        let (releases, what, why, help) = match dialect {
            Dialect::ByteOrderMark => (
                NO_MARK,
                "the file starts with a byte order mark",
                "containerd does not start (`invalid character at start of key`); 1.5 to 1.7 skip the mark.",
                "Save the file as UTF-8 without byte order mark.",
            ),
            Dialect::MultilineInlineTable => (
                NO_LINES,
                "a line break inside an inline table",
                "containerd does not start: its parser wants an inline table on one line. 1.5 to 1.7 and 2.4 take it.",
                "Write a [table] of its own, or everything between the braces on one line.",
            ),
            Dialect::InlineTableComma => (
                NO_LAST_COMMA,
                "a comma before the closing brace of an inline table",
                "containerd does not start (`trailing comma at the end of inline table`): its parser wants another key after the comma.",
                "Remove the last comma.",
            ),
            Dialect::DottedKey => (
                OLD,
                "a dotted key",
                "containerd does not start (`bare keys cannot contain '.'`): its parser knows dots in [table] headers only.",
                "Write a [table] header and the last part of the key below it.",
            ),
            Dialect::RadixInteger => (
                OLD,
                "a number that is not decimal",
                "containerd does not start: its parser knows decimal numbers only.",
                "Write the number in decimal.",
            ),
            Dialect::TrailingText => continue,
        };
        told.push(dialect);
        cx.report(span, what).refused(releases).why(why).help(help);
    }
}
