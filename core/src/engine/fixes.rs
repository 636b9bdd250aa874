//! Applying fixes: to a fixed point, checked again each time, and never a result that reads worse.

use super::{Options, Source, check};
use crate::finding::Finding;
use crate::fix::{Applicability, Edit, Fix};
use crate::order;

/// A text after fixing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The new text of each source, in their order.
    pub texts: Vec<String>,
    /// How many findings were fixed.
    pub count: usize,
}

/// Applies the fixes of at least `applicability` that the findings of `sources` offer, again and again until none is left.
/// A fix whose result does not read, or still shows the finding, is left out.
#[must_use]
pub fn fix(sources: &[Source<'_>], options: &Options, applicability: Applicability) -> Fixed {
    const ROUNDS: usize = 10;
    let mut texts: Vec<String> = sources.iter().map(|s| s.text.to_owned()).collect();
    let mut count = 0;
    let mut refused: Vec<Fix> = vec![];
    for _ in 0..ROUNDS {
        let Some((next, done)) = round(sources, &texts, options, applicability, &mut refused) else {
            break;
        };
        texts = next;
        count += done;
    }
    Fixed { texts, count }
}

/// One round: all fixes that do not touch each other; nothing if none is left.
fn round(
    sources: &[Source<'_>],
    texts: &[String],
    options: &Options,
    applicability: Applicability,
    refused: &mut Vec<Fix>,
) -> Option<(Vec<String>, usize)> {
    let before = look(sources, texts, options);
    let wanted: Vec<(&Finding, &Fix)> = before
        .iter()
        .filter_map(|f| Some((f, f.fixes.first().filter(|x| x.applicability >= applicability)?)))
        .filter(|(_, fix)| !refused.contains(fix))
        .collect();
    let mut taken: Vec<(&Finding, &Fix)> = vec![];
    for (finding, fix) in wanted {
        let apart = |(other, o): &(&Finding, &Fix)| other.file != finding.file || !touch(&o.edits, &fix.edits);
        if taken.iter().all(apart) {
            taken.push((finding, fix));
        }
    }
    while !taken.is_empty() {
        let next: Vec<String> = texts
            .iter()
            .enumerate()
            .map(|(i, text)| {
                let edits = taken.iter().filter(|(f, _)| f.file == i).flat_map(|(_, x)| &x.edits);
                apply(text, &edits.cloned().collect::<Vec<_>>())
            })
            .collect();
        let after = look(sources, &next, options);
        if better(&before, &after, taken.len()) {
            return Some((next, taken.len()));
        }
        // One of them is bad: try fewer, and remember a fix that is bad alone.
        if let [(_, alone)] = taken.as_slice() {
            refused.push((*alone).clone());
            return round(sources, texts, options, applicability, refused);
        }
        taken.truncate(1);
    }
    None
}

/// Fewer findings, and no new syntax fault.
fn better(before: &[Finding], after: &[Finding], fixed: usize) -> bool {
    let syntax = |all: &[Finding]| all.iter().filter(|f| f.rule.ends_with("-syntax")).count();
    syntax(after) <= syntax(before) && after.len() + fixed <= before.len() + revealed(before, after)
}

/// Mending syntax lets rules see what they could not see before.
fn revealed(before: &[Finding], after: &[Finding]) -> usize {
    let mended = before.iter().any(|f| f.rule.ends_with("-syntax"));
    let seen = |f: &&Finding| !before.iter().any(|b| b.rule == f.rule && b.message == f.message);
    if mended { after.iter().filter(seen).count() } else { 0 }
}

fn look(sources: &[Source<'_>], texts: &[String], options: &Options) -> Vec<Finding> {
    let sources: Vec<_> =
        sources.iter().zip(texts).map(|(source, text)| Source { text: text.as_str(), ..source.clone() }).collect();
    check(&sources, options).findings
}

fn touch(a: &[Edit], b: &[Edit]) -> bool {
    let close = |x: &Edit, y: &Edit| x.span.start <= y.span.end && y.span.start <= x.span.end;
    a.iter().any(|x| b.iter().any(|y| close(x, y)))
}

/// The text with the edits made. Edits that overlap an earlier one are left out.
#[must_use]
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    order::by_key(&mut edits, |edit| edit.span);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        let Some(kept) = text.get(at..range.start) else { continue };
        out.push_str(kept);
        out.push_str(&edit.text);
        at = range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}
