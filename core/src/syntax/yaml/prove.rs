//! Whether safe fixes keep their promise.

use std::ops::Range;

use super::read_region;
use crate::fix::{Applicability, Edit};
use crate::syntax::tree::{Document, Problem};

/// How many bytes are read to see whether safe fixes keep their promise.
const MAX_PROOF: usize = 1 << 20;

/// Leaves a fix safe only if the problem is gone from the text that it makes: next to other faults a repair may turn out
/// to be none.
pub(super) fn prove(mut document: Document<'_>, region: Range<usize>, indented: bool) -> Document<'_> {
    let text = document.text;
    let mut read = 0;
    let keys: Vec<Key> = document.problems.iter().map(|p| key(text, p)).collect();
    for i in 0..keys.len() {
        let Some(fix) = document.problems.get_mut(i).and_then(|p| p.fix.as_mut()) else {
            continue;
        };
        if fix.applicability != Applicability::Safe {
            continue;
        }
        read += text.len();
        let fixed = applied(text, &fix.edits);
        let end = (region.end + fixed.len()).saturating_sub(text.len());
        let kept = read <= MAX_PROOF && {
            let after = read_region(&fixed, region.start..end, indented);
            let same = |k: &&Key| Some(*k) == keys.get(i);
            let now: Vec<Key> = after.problems.iter().map(|p| key(&fixed, p)).collect();
            now.iter().filter(same).count() < keys.iter().filter(same).count()
        };
        if !kept {
            fix.applicability = Applicability::Unsafe;
        }
    }
    document
}

/// What makes two problems the same: line, code and message.
type Key = (usize, &'static str, String);

fn key(text: &str, problem: &Problem) -> Key {
    let before = text.get(..problem.span.range().start).unwrap_or("");
    (before.matches('\n').count(), problem.code, problem.message.clone())
}

fn applied(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut at = 0;
    for edit in edits {
        out.push_str(text.get(at..edit.span.range().start).unwrap_or(""));
        out.push_str(&edit.text);
        at = edit.span.range().end;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}
