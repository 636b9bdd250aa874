//! # `unit-syntax`
//!
//! A line of a unit, a drop-in or an environment file that systemd cannot parse.
//!
//! ## Why
//!
//! systemd does not stop at it: it logs one line (`Missing '='`, `Assignment outside of section`, `Unbalanced
//! quoting`) and ignores the line. The daemon starts with fewer flags than the file seems to give it. One backslash
//! too many makes the next directive a part of the command, which the daemon refuses.
//!
//! ## What to do
//!
//! Correct the line. `systemd-analyze verify UNIT` reports the same for units, not for environment files.
//!
//! ## Examples
//!
//! ```ini bad
//! [Service]
//! Environment=KUBELET_EXTRA_ARGS=--node-ip=10.0.0.10 --v=4
//!                                                    ^^^^^
//! ```
//!
//! ```ini fixed
//! [Service]
//! Environment="KUBELET_EXTRA_ARGS=--node-ip=10.0.0.10 --v=4"
//! ```
//!
//! ```ini bad
//! [Service]
//! ExecStart=
//! ExecStart=/usr/bin/kubelet --config=/var/lib/kubelet/config.yaml \
//! Restart=always
//! ^^^^^^^^^^^^^^
//! ```
//!
//! ```sh bad
//! export KUBELET_EXTRA_ARGS="--node-ip=10.0.0.10"
//! ^^^^^^^
//! ```
//!
//! ```sh fixed
//! KUBELET_EXTRA_ARGS="--node-ip=10.0.0.10"
//! ```
//!
//! ## References
//!
//! - systemd.syntax(7), systemd.exec(5) on `EnvironmentFile=`

use crate::rules::prelude::*;
use crate::rules::problems::{add_advice, report_own_limit};
use crate::systemd::{flags, logind};
use crate::text::line_of;

pub(crate) const RULE: Rule = Rule {
    id: "unit-syntax",
    summary: "Line that systemd cannot parse",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&flags::KIND, &logind::KIND], check),
    ..Rule::SYNTAX
};

fn check(cx: &mut FileCx) {
    for problem in &cx.doc().problems {
        if report_own_limit(cx, problem) {
            continue;
        }
        // OpenRC runs its files in a shell.
        if problem.code == "exported-name" && cx.file.path.contains("/conf.d/") {
            continue;
        }
        let (effect, why) = match problem.code {
            "exported-name" => (Effect::Ignored, WHY_EXPORTED),
            "unclosed-quote" if is_command_line(cx.doc().text, problem.span) => (Effect::Refused, WHY_UNCLOSED),
            "continued-line" => (Effect::Refused, WHY_CONTINUED),
            "invisible-character" => (Effect::Harmful, WHY_INVISIBLE),
            _ => (Effect::Ignored, WHY_IGNORED),
        };
        let finding = cx.report(problem.span, problem.message.clone());
        finding.outcome(effect, Releases::ANY).why(why);
        add_advice(finding, problem);
    }
}

/// Whether a place is in the first line of a directive with a command.
fn is_command_line(text: &str, place: Span) -> bool {
    line_of(text, place.start as usize).of(text).trim_start().starts_with("Exec")
}

const WHY_UNCLOSED: &str = "systemd does not load the unit (`Unbalanced quoting`, `Unit configuration has fatal \
    error`); of a drop-in it leaves out this command and all lines behind it.";
const WHY_EXPORTED: &str = "An environment file is not a script: systemd logs `Ignoring invalid environment \
    assignment`, and the variable stays empty.";
const WHY_CONTINUED: &str = "systemd passes the line to the daemon as words of its command line, and the daemon \
    exits: it takes flags and nothing else.";
const WHY_INVISIBLE: &str = "systemd reads such a character as a letter: the daemon gets words that only look like \
    its flags.";
const WHY_IGNORED: &str = "systemd logs one line about it and ignores what is wrong: the daemon starts, but not as \
    written.";
