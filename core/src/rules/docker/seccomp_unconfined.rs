//! # `seccomp-unconfined`
//!
//! `seccomp-profile` switches the filter of system calls off.
//!
//! ## Why
//!
//! The default profile blocks about 44 system calls that containers do not need and that were the way out of many of them. 20.10 and older
//! take the word for the name of a file and do not start: `opening seccomp profile (unconfined) failed: open unconfined: no such
//! file or directory`.
//!
//! ## What to do
//!
//! Remove the line, or write `builtin`; give a profile of its own to a container that needs more.
//!
//! ## Examples
//!
//! ```json bad
//! { "seccomp-profile": "unconfined" }
//!                      ^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "seccomp-profile": "/etc/docker/seccomp.json" }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/seccomp_linux.go; CIS Docker Benchmark 1.6.0, 2.17; measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2
//!   and 29.7.2

use crate::docker;
use crate::docker::settings::text;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "seccomp-unconfined",
    summary: "The filter of system calls is off",
    category: Category::Security,
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// They take every text for the name of a file.
const FILES_ONLY: Releases = Releases::docker("..20.10");
const WORDS: Releases = Releases::docker("23..");

fn check(cx: &mut FileCx) {
    let Some((entry, value)) = text(cx.root, "seccomp-profile") else { return };
    let (message, help) = match value {
        "unconfined" => ("containers run without a filter of system calls", "Remove the line, or write `builtin`."),
        "builtin" | "default" => (
            "Docker 20.10 and older take this word for the name of a file",
            "Remove the line: the built-in profile is the default.",
        ),
        _ => return,
    };
    let finding = cx.report(entry.value.span, message);
    finding.refused(if value == "default" { FILES_ONLY.or(WORDS) } else { FILES_ONLY });
    if value == "unconfined" {
        finding.harmful(WORDS);
    }
    if value == "default" {
        finding.message = "`default` is no profile of Docker's: the word is `builtin`".to_owned();
    }
    finding
        .key("seccomp-profile")
        .why(format!(
            "A word that Docker does not know is the name of a file, and it does not start: `opening seccomp profile ({value}) failed: open {value}: no such file or directory`. `builtin` and `unconfined` are words since 23.0."
        ))
        .help(help);
}
