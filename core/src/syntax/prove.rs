//! Whether the safe fixes of a text give one that reads: next to other faults, or where the reader guessed what was meant,
//! a repair may put one fault in the place of another.

use super::{Document, MAX_LEN};
use crate::engine::apply;
use crate::fix::Applicability;

/// So many bytes are read at most to look at fixes one by one.
const MOST_BYTES: usize = MAX_LEN / 8;

/// Leaves a fix safe only if the text that it makes has fewer faults. All are tried together first; only where that does not
/// show it, each alone, as far as the bound goes.
pub(super) fn prove<'a>(mut doc: Document<'a>, read: for<'t> fn(&'t str) -> Document<'t>) -> Document<'a> {
    let text = doc.text;
    let safe: Vec<usize> = (0..doc.problems.len()).filter(|at| is_safe(&doc, *at)).collect();
    let faults = |only: &[usize]| {
        let fixes = only.iter().filter_map(|at| doc.problems.get(*at)?.fix.as_ref());
        let edits: Vec<_> = fixes.flat_map(|fix| fix.edits.iter().cloned()).collect();
        read(&apply(text, &edits)).problems.len()
    };
    let before = doc.problems.len();
    if safe.is_empty() || text.len() > MAX_LEN || faults(&safe) + safe.len() <= before {
        return doc;
    }
    let tries = if safe.len() == 1 { 0 } else { MOST_BYTES / (text.len() + 1) };
    let is_proved = |(number, at): (usize, &usize)| number < tries && faults(&[*at]) < before;
    let proved: Vec<bool> = safe.iter().enumerate().map(is_proved).collect();
    for (at, _) in safe.iter().zip(proved).filter(|(_, proved)| !proved) {
        if let Some(fix) = doc.problems.get_mut(*at).and_then(|problem| problem.fix.as_mut()) {
            fix.applicability = Applicability::Unsafe;
        }
    }
    doc
}

fn is_safe(doc: &Document<'_>, at: usize) -> bool {
    let fix = doc.problems.get(at).and_then(|problem| problem.fix.as_ref());
    fix.is_some_and(|fix| fix.applicability == Applicability::Safe)
}
