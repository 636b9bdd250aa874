//! Limits of crilint's own readers, which say nothing about the daemon.

use super::FileCx;
use crate::releases::Releases;
use crate::syntax::{MAX_DEPTH, MAX_LEN, Problem};

/// Reports a problem that is a limit of crilint alone; whether it is one.
pub(super) fn report_own_limit(cx: &mut FileCx<'_, '_, '_>, problem: &Problem) -> bool {
    match problem.code {
        "too-deep" => {
            cx.report(problem.span, problem.message.clone())
                .advice(Releases::ANY)
                .why(format!("crilint reads {MAX_DEPTH} levels of nesting: what is inside is not checked. The daemon reads more levels than that."))
                .help("Check whether so many levels are meant.");
        }
        "too-long" => {
            cx.report(problem.span, problem.message.clone())
                .advice(Releases::ANY)
                .as_warning()
                .why(format!("crilint reads texts of at most {} MiB: nothing in this one is checked. What the daemon does with it is not known.", MAX_LEN >> 20))
                .help("Check whether the text is a configuration.");
        }
        _ => return false,
    }
    true
}
