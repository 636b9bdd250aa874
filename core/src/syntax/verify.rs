//! Whether the safe fixes of a text give one that reads: next to other faults, or where the reader guessed what was
//! meant, a repair may put one fault in the place of another.

use super::problems::MAX_PROBLEMS;
use super::{Document, MAX_LEN};
use crate::fix::Applicability;
use crate::fix::apply;

/// So many times the text is read at most.
const MOST_READS: usize = 16;

/// Leaves a fix safe only if the text that it makes has fewer faults. All are tried together first; where that does
/// not show it, each half, and so on, as far as the bound goes.
pub(super) fn verify<'a>(mut doc: Document<'a>, read: for<'t> fn(&'t str) -> Document<'t>) -> Document<'a> {
    let text = doc.text;
    let safe: Vec<usize> = (0..doc.problems.len()).filter(|at| is_safe(&doc, *at)).collect();
    let faults = |only: &[usize]| {
        let fixes = only.iter().filter_map(|at| doc.problems.get(*at)?.fix.as_ref());
        let edits: Vec<_> = fixes.flat_map(|fix| fix.edits.iter().cloned()).collect();
        read(&apply(text, &edits)).problems.len()
    };
    let before = doc.problems.len();
    if text.len() > MAX_LEN {
        return doc;
    }
    let mut unverified: Vec<usize> = vec![];
    let mut groups = vec![safe.as_slice()];
    // Where faults are left out of the list, the list does not show that there are fewer.
    let mut reads = if before < MAX_PROBLEMS { 0 } else { MOST_READS };
    while let Some(group) = groups.pop().filter(|group| !group.is_empty()) {
        reads += 1;
        if reads <= MOST_READS && faults(group) + group.len() <= before {
            continue;
        }
        match group.split_at(group.len() / 2) {
            ([], _) => unverified.extend(group),
            _ if reads > MOST_READS => unverified.extend(group),
            (first, second) => groups.extend([second, first]),
        }
    }
    for at in unverified {
        if let Some(fix) = doc.problems.get_mut(at).and_then(|problem| problem.fix.as_mut()) {
            fix.applicability = Applicability::Unsafe;
        }
    }
    doc
}

fn is_safe(doc: &Document<'_>, at: usize) -> bool {
    let fix = doc.problems.get(at).and_then(|problem| problem.fix.as_ref());
    fix.is_some_and(|fix| fix.applicability == Applicability::Safe)
}
