//! Whether safe fixes keep their promise.

use std::ops::Range;

use super::budget::ReadingBudget;
use super::read_region;
use crate::fix::{Applicability, apply};
use crate::syntax::tree::{Document, Problem};

/// Leaves a fix safe only if the problem is absent from the text that it makes: next to other faults a repair may turn
/// out to be none. It is not safe either where too many fixes have been verified already.
pub(super) fn verify<'a>(
    mut document: Document<'a>,
    region: Range<usize>,
    indented: bool,
    budget: &mut ReadingBudget,
) -> Document<'a> {
    let text = document.text;
    for i in 0..document.problems.len() {
        let Some(problem) = document.problems.get(i) else { break };
        let Some(fix) = problem.fix.as_ref().filter(|fix| fix.applicability == Applicability::Safe) else {
            continue;
        };
        let kept = !budget.is_spent() && {
            budget.spend(text.len());
            let fixed = apply(text, &fix.edits);
            let end = (region.end + fixed.len()).saturating_sub(text.len());
            let after = read_region(&fixed, region.start..end, indented, budget);
            let line = line_of(text, problem);
            !budget.is_spent() && times(&after, problem, line) < times(&document, problem, line)
        };
        if !kept && let Some(fix) = document.problems.get_mut(i).and_then(|p| p.fix.as_mut()) {
            fix.applicability = Applicability::Unsafe;
        }
    }
    document
}

/// How many times a document has such a problem on a line.
fn times(document: &Document<'_>, problem: &Problem, line: usize) -> usize {
    let same =
        |p: &&Problem| p.code == problem.code && p.message == problem.message && line_of(document.text, p) == line;
    document.problems.iter().filter(same).count()
}

fn line_of(text: &str, problem: &Problem) -> usize {
    let before = text.get(..problem.span.range().start).unwrap_or("");
    before.matches('\n').count()
}
