//! # `unit-syntax`
//!
//! A line that systemd does not understand, in a unit, a drop-in or an environment file.
//!
//! ## Why
//!
//! systemd does not stop at it: it logs one line (`Missing '='`, `Assignment outside of section`, `Unbalanced quoting`)
//! and goes on without what the line says. The daemon starts with fewer flags than the file seems to give it. The other
//! way round, a backslash too many makes the next directive a part of the command, which the daemon refuses.
//!
//! ## What to do
//!
//! Mend the line. `systemd-analyze verify UNIT` says the same about units, not about environment files.
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
//! ## References
//!
//! - systemd.syntax(7), systemd.exec(5) on `EnvironmentFile=`

use crate::rules::limits::report_own_limit;
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "unit-syntax",
    summary: "A line that systemd does not understand",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&flags::KIND], check),
    ..Rule::SYNTAX
};

fn check(cx: &mut FileCx) {
    for problem in &cx.doc().problems {
        if report_own_limit(cx, problem) {
            continue;
        }
        let finding = cx.report(problem.span, problem.message.clone());
        if problem.code == "continued-line" {
            finding
                .refused(Releases::ANY)
                .why("systemd hands the line to the daemon as words of its command line, and the daemon exits: it takes flags and nothing else.");
        } else if problem.code == "invisible-character" {
            finding.harmful(Releases::ANY).why(
                "systemd takes such a character for a letter: the daemon gets words that only look like its flags.",
            );
        } else {
            finding
                .ignored(Releases::ANY)
                .why("systemd logs one line about it and goes on without what it says: the daemon starts, but not as written.");
        }
        finding
            .help(problem.help.clone().unwrap_or_else(|| "Mend the line.".to_owned()))
            .maybe_fix(problem.fix.clone());
        if let Some((span, text)) = problem.related {
            finding.label(span, text);
        }
    }
}
