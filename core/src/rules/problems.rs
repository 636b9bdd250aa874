//! What the rules on syntax share: how they report the problems of a reader.

use super::FileCx;
use crate::finding::Finding;
use crate::releases::Releases;
use crate::syntax::{MAX_DEPTH, MAX_LEN, Problem};

/// The message for bytes that are not UTF-8.
pub(super) const NOT_UTF8: &str = "the file has bytes that are not UTF-8";

/// Adds what the reader advises, the other place of the problem and its fix.
pub(super) fn add_advice(finding: &mut Finding, problem: &Problem) {
    finding.help(problem.advice()).maybe_fix(problem.fix.clone());
    if let Some((span, text)) = problem.related {
        finding.label(span, text);
    }
}

/// Reports a limit of crilint's own readers, which is not one of the daemon; whether the problem is such a limit.
pub(super) fn report_own_limit(cx: &mut FileCx, problem: &Problem) -> bool {
    match problem.code {
        "too-deep" => {
            cx.report(problem.span, problem.message.clone())
                .advice(Releases::ANY)
                .why(why_too_deep())
                .help("Check whether so many levels are meant.");
        }
        "too-long" => {
            cx.report(problem.span, problem.message.clone())
                .advice(Releases::ANY)
                .as_warning()
                .why(why_too_long())
                .help("Check whether the text is a configuration.");
        }
        _ => return false,
    }
    true
}

fn why_too_deep() -> String {
    format!(
        "crilint reads {MAX_DEPTH} levels of nesting and does not check what is inside. \
         The daemon reads more levels than that."
    )
}

fn why_too_long() -> String {
    format!(
        "crilint reads texts of at most {} MiB and checks nothing in this one. \
         What the daemon does with it is not known.",
        MAX_LEN >> 20
    )
}
