//! Applying fixes, node by node, in passes: each takes the fixes that do not touch each other, checks the text that
//! they make, and leaves out those that did not help. `pass` finds the fixes of one pass, `edited` applies them,
//! `compare` compares the findings before and after.
//!
//! A pass looks at nothing but the text, so a text in which a pass changes nothing is one that fixing never changes.
//! What does not come to that within a bound stays as it was. [`fixable`] and [`fix`] share the first pass: what a
//! report calls fixable is what fixing fixes. `alone` tries the others one by one: what a report offers must work.

mod alone;
mod compare;
mod compatible;
mod edited;
mod pass;

pub use alone::{FixFault, fault, withdraw};

use std::collections::HashMap;

use super::{NodeSources, Options, Purpose, Report, Source, by_node, node};
use crate::finding::Finding;
use crate::fix::Applicability;
use crate::order;
use crate::text::Span;

/// So many bytes are checked at most in the passes over one node, but no fewer passes than [`FEWEST_PASSES`].
const MOST_BYTES: usize = 8 << 20;
const FEWEST_PASSES: usize = 6;
const MOST_PASSES: usize = 40;

/// A node with more findings than this is left alone, and its report promises no fix: a text full of faults is not a
/// configuration, and each pass would cost as much as the check.
const MOST_TRIED: usize = 10_000;

/// A text after fixing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixedTexts {
    /// The new text of each source, in their order.
    pub texts: Vec<String>,
    /// How many findings were fixed.
    pub count: usize,
}

/// Applies the fixes of at least `applicability` that the findings of `sources` offer, again and again until none is
/// left. A fix whose result does not read, or still shows the finding, is left out. Fixing the result again changes
/// nothing.
#[must_use]
pub fn fix(sources: &[Source<'_>], options: &Options, applicability: Applicability) -> FixedTexts {
    let mut fixed = unchanged(sources);
    for node in by_node(sources) {
        let Some((texts, count)) = node.settle(options, applicability) else { continue };
        node.put(texts, &mut fixed.texts);
        fixed.count += count;
    }
    fixed
}

/// The first pass of [`fix`] alone: exactly the findings that [`fixable`] names at this level are fixed.
#[must_use]
pub fn fix_once(sources: &[Source<'_>], options: &Options, applicability: Applicability) -> FixedTexts {
    let mut fixed = unchanged(sources);
    for node in by_node(sources) {
        let texts = node.texts();
        let Some(before) = node.first_look(options) else { continue };
        let Some(step) = pass::run(&node, &texts, &before, options, applicability) else { continue };
        fixed.count += step.fixed.len();
        node.put(step.texts, &mut fixed.texts);
    }
    fixed
}

/// For each finding of the report on `sources`: how far to trust the fix that fixing applies in its first pass; nothing
/// where the finding offers none, or one that would not be applied. Costs a check of each node for each level of fixes
/// on offer, and more only where a fix fails.
#[must_use]
pub fn fixable(sources: &[Source<'_>], options: &Options, report: &Report) -> Vec<Option<Applicability>> {
    let mut out = vec![None; report.findings.len()];
    let mut by_file: Vec<Vec<usize>> = sources.iter().map(|_| vec![]).collect();
    for (number, finding) in report.findings.iter().enumerate() {
        if let Some(numbers) = by_file.get_mut(finding.file) {
            numbers.push(number);
        }
    }
    for node in by_node(sources) {
        let (numbers, findings) = node.findings(&report.findings, &by_file);
        let offers_any = findings.iter().any(|finding| offers(finding, Applicability::Unsafe));
        if !offers_any || total(&findings) > MOST_TRIED {
            continue;
        }
        let texts = node.texts();
        // Fixing sees what the report does not list.
        let before = if total(&findings) > findings.len() {
            node.look(&texts, options)
        } else {
            let faults = node.files.iter().map(|file| report.files.get(*file).map_or(0, |info| info.faults)).collect();
            CheckResult { findings: findings.clone(), faults }
        };
        let listed: HashMap<_, _> = findings.iter().map(identity).zip(numbers).collect();
        let mut levels = vec![Applicability::Safe];
        // Without a fix that is merely unsafe, both levels are the same.
        let unsafe_alone = |f: &Finding| f.fixes.first().is_some_and(|x| x.applicability == Applicability::Unsafe);
        if before.findings.iter().any(unsafe_alone) {
            levels.push(Applicability::Unsafe);
        }
        for level in levels {
            let Some(step) = pass::run(&node, &texts, &before, options, level) else { continue };
            for finding in step.fixed.iter().filter_map(|number| before.findings.get(*number)) {
                let slot = listed.get(&identity(finding)).and_then(|number| out.get_mut(*number));
                if let Some(slot) = slot.filter(|slot| slot.is_none()) {
                    *slot = Some(level);
                }
            }
        }
    }
    out
}

fn identity(finding: &Finding) -> (usize, Span, &str, &str) {
    (finding.file, finding.span, finding.rule, &finding.message)
}

/// How many findings there are, with those that are not listed.
fn total(findings: &[Finding]) -> usize {
    findings.iter().map(|finding| finding.count).sum()
}

fn unchanged(sources: &[Source<'_>]) -> FixedTexts {
    FixedTexts { texts: sources.iter().map(|source| source.text.to_owned()).collect(), count: 0 }
}

/// Whether the best fix of a finding is one of at least this level.
fn offers(finding: &Finding, level: Applicability) -> bool {
    finding.fixes.first().is_some_and(|fix| fix.applicability >= level)
}

/// The result of a check of a node.
struct CheckResult {
    /// The findings, with their files as indices of the node's.
    findings: Vec<Finding>,
    /// How many syntax faults each file has, reported or not.
    faults: Vec<usize>,
}

impl NodeSources<'_, '_> {
    fn texts(&self) -> Vec<String> {
        self.sources.iter().map(|source| source.text.to_owned()).collect()
    }

    /// Puts the node's texts in their places among all.
    fn put(&self, texts: Vec<String>, all: &mut [String]) {
        for (file, text) in self.files.iter().zip(texts) {
            if let Some(slot) = all.get_mut(*file) {
                *slot = text;
            }
        }
    }

    /// The findings of the node, each with its number among all; `by_file` has the numbers of each file.
    fn findings(&self, all: &[Finding], by_file: &[Vec<usize>]) -> (Vec<usize>, Vec<Finding>) {
        let own = |file: usize| self.files.binary_search(&file).ok();
        let mut numbers: Vec<usize> =
            self.files.iter().filter_map(|file| by_file.get(*file)).flatten().copied().collect();
        // The report is in the order of its readers.
        order::by_key(&mut numbers, |number| all.get(*number).map(node::text_order).unwrap_or_default());
        let mut findings: Vec<Finding> = numbers.iter().filter_map(|number| all.get(*number).cloned()).collect();
        for finding in &mut findings {
            finding.file = own(finding.file).unwrap_or_default();
            for label in &mut finding.labels {
                label.file = own(label.file).unwrap_or(usize::MAX);
            }
        }
        (numbers, findings)
    }

    /// The result of a check of the node as is; nothing if that is more than fixing takes on.
    fn first_look(&self, options: &Options) -> Option<CheckResult> {
        if self.sources.iter().all(|source| source.frozen || source.text.len() > pass::MAX_FIXED) {
            return None;
        }
        let report = node::examine(&self.sources, options, Purpose::Report, &mut |_, _| {});
        let total = total(&report.findings);
        if total > MOST_TRIED {
            return None;
        }
        if total > report.findings.len() {
            return Some(self.look(&self.texts(), options));
        }
        Some(CheckResult { faults: report.files.iter().map(|info| info.faults).collect(), findings: report.findings })
    }

    fn look(&self, texts: &[String], options: &Options) -> CheckResult {
        let sources: Vec<Source<'_>> =
            self.sources.iter().zip(texts).map(|(source, text)| Source { text, ..(*source).clone() }).collect();
        let report = node::examine(&sources.iter().collect::<Vec<_>>(), options, Purpose::Fix, &mut |_, _| {});
        CheckResult { findings: report.findings, faults: report.files.iter().map(|info| info.faults).collect() }
    }

    /// Passes until one changes nothing. Nothing if none did, or if they come to no end.
    fn settle(&self, options: &Options, level: Applicability) -> Option<(Vec<String>, usize)> {
        let mut texts = self.texts();
        let bytes: usize = texts.iter().map(String::len).sum();
        let mut seen = self.first_look(options)?;
        let mut count = 0;
        for _ in 0..(MOST_BYTES / (bytes + 1)).clamp(FEWEST_PASSES, MOST_PASSES) {
            let Some(step) = pass::run(self, &texts, &seen, options, level) else {
                return (count > 0).then_some((texts, count));
            };
            count += step.fixed.len();
            texts = step.texts;
            seen = step.seen;
        }
        None
    }
}
