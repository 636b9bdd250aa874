//! # `seccomp-unconfined`
//!
//! `seccomp-profile` switches the filter of system calls off.
//!
//! ## Why
//!
//! The default profile blocks about 44 system calls that containers do not need and that attackers used to leave
//! them. 20.10 and older read the word as the name of a file and do not start: `opening seccomp profile (unconfined)
//! failed: open unconfined: no such file or directory`.
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
//! - moby/moby@docker-v29.7.2:daemon/seccomp_linux.go; CIS Docker Benchmark 1.6.0, 2.17; measured with 20.10.24,
//!   24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "seccomp-unconfined",
    summary: "Containers without a filter of system calls",
    category: Category::Security,
    run: Run::Settings(&[
        SettingCheck {
            outcomes: &[(Effect::Refused, READS_FILES_ONLY), (Effect::Harmful, READS_WORDS)],
            message: "containers run without a filter of system calls",
            help: "Remove the line, or write `builtin`.",
            ..profile(&["unconfined"])
        },
        SettingCheck {
            outcomes: &[(Effect::Refused, READS_FILES_ONLY)],
            message: "Docker 20.10 and older read `builtin` as the name of a file",
            ..profile(&["builtin"])
        },
        SettingCheck {
            outcomes: &[(Effect::Refused, Releases::ANY)],
            message: "`default` is not a profile of Docker: the word is `builtin`",
            ..profile(&["default"])
        },
    ]),
    ..Rule::DEFAULTS
};

/// Releases that read every text as the name of a file.
const READS_FILES_ONLY: Releases = Releases::docker("..20.10");
const READS_WORDS: Releases = Releases::docker("23..");

const fn profile(words: &'static [&'static str]) -> SettingCheck {
    SettingCheck {
        why: "Docker takes any other word for the name of a file and does not start: `opening seccomp profile \
              ({value}) failed: open {value}: no such file or directory`. 23.0 and later accept the words \
              `builtin` and `unconfined`.",
        help: "Remove the line: the built-in profile is the default.",
        ..SettingCheck::of(&daemons::DOCKER, "seccomp-profile", Test::OneOf(words))
    }
}
