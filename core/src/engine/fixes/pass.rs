//! One pass over a node: which fixes to make.

use super::compare::{Effectiveness, compare};
use super::compatible::{Offer, compatible};
use super::edited::EditedText;
use super::{CheckResult, offers};
use crate::engine::{NodeSources, Options};
use crate::fix::Applicability;
use crate::order;
use crate::rules::is_syntax;

/// So many texts are tried at most in one pass, and so many bytes, but no fewer texts than [`FEWEST_TRIALS`].
const MOST_TRIALS: usize = 32;
const FEWEST_TRIALS: usize = 4;
const MOST_BYTES: usize = 4 << 20;

/// A larger file is left alone, as each trial costs a check of it. The largest configurations that people have are a
/// tenth of this.
pub(super) const MAX_FIXED: usize = 256 << 10;

/// A file with so many syntax faults is left alone: it is not a configuration, and readers prove no more fixes there.
const MOST_FAULTS: usize = 500;

/// Fixes that did not help beside others are tried alone if there are at most this many.
const ALONE: usize = 8;

/// The texts that a pass made.
pub(super) struct PassResult {
    pub(super) texts: Vec<String>,
    /// The result of a check of them.
    pub(super) seen: CheckResult,
    /// The findings that are fixed, as indices, in order.
    pub(super) fixed: Vec<usize>,
}

/// The fixes made by one pass; nothing if there is none to make.
pub(super) fn run(
    node: &NodeSources<'_, '_>,
    texts: &[String],
    before: &CheckResult,
    options: &Options,
    level: Applicability,
) -> Option<PassResult> {
    let offers = wanted(node, texts, before, level);
    if offers.is_empty() {
        return None;
    }
    let bytes: usize = texts.iter().map(String::len).sum();
    let left = (MOST_BYTES / (bytes + 1)).clamp(FEWEST_TRIALS, MOST_TRIALS);
    Pass { node, texts, before, options, offers, left, best: None }.run()
}

/// The fixes that may be made. While a file does not read, the rest of it is a guess: nothing is removed from it, but
/// by what makes it read.
fn wanted<'f>(
    node: &NodeSources<'_, '_>,
    texts: &[String],
    before: &'f CheckResult,
    level: Applicability,
) -> Vec<Offer<'f>> {
    let mut out: Vec<(bool, Offer<'f>)> = vec![];
    for (at, finding) in before.findings.iter().enumerate() {
        let file = finding.file;
        let (Some(fix), Some(text)) = (finding.fixes.first().filter(|_| offers(finding, level)), texts.get(file))
        else {
            continue;
        };
        let is_syntax = is_syntax(finding);
        let reads = before.faults.get(file).is_none_or(|faults| *faults == 0);
        let is_frozen = node.sources.get(file).is_none_or(|source| source.frozen);
        let is_garbage = before.faults.get(file).is_some_and(|faults| *faults >= MOST_FAULTS);
        if is_frozen || is_garbage || text.len() > MAX_FIXED || (!reads && !is_syntax && fix.removes(text)) {
            continue;
        }
        out.push((!is_syntax, Offer { finding: at, file, fix }));
    }
    order::by_key(&mut out, |(is_other, _)| *is_other);
    out.into_iter().map(|(_, offer)| offer).collect()
}

struct Pass<'p, 'f> {
    node: &'p NodeSources<'p, 'p>,
    texts: &'p [String],
    before: &'f CheckResult,
    options: &'p Options,
    offers: Vec<Offer<'f>>,
    /// How many texts may still be tried.
    left: usize,
    /// The largest set of fixes known to be good.
    best: Option<PassResult>,
}

impl Pass<'_, '_> {
    fn run(mut self) -> Option<PassResult> {
        let mut banned = vec![false; self.offers.len()];
        let mut all_at_once = true;
        loop {
            let set = compatible(&self.offers, &banned, self.texts.len());
            if set.is_empty() {
                break;
            }
            let Some(verdict) = self.test(&set) else { return self.best };
            let culprits = match verdict {
                Effectiveness::Good => return self.best,
                Effectiveness::Bad(culprits) => culprits,
                Effectiveness::Unclear => self.search(&set).into_iter().collect(),
            };
            if culprits.is_empty() {
                return self.best;
            }
            all_at_once = false;
            for culprit in culprits {
                if let Some(slot) = set.get(culprit).and_then(|at| banned.get_mut(*at)) {
                    *slot = true;
                }
            }
        }
        // A good fix may have been taken for a bad one.
        if self.best.is_none() && !all_at_once && self.offers.len() <= ALONE && self.offers.len() > 1 {
            for at in 0..self.offers.len() {
                if matches!(self.test(&[at]), None | Some(Effectiveness::Good)) {
                    break;
                }
            }
        }
        self.best
    }

    /// The first fix of the set that is bad beside those before it.
    fn search(&mut self, set: &[usize]) -> Option<usize> {
        // All before `good` are good together, and all up to `bad` are not.
        let (mut good, mut bad) = (0, set.len());
        while bad - good > 1 {
            let middle = good + (bad - good) / 2;
            match self.test(set.get(..middle)?)? {
                Effectiveness::Good => good = middle,
                _ => bad = middle,
            }
        }
        Some(good)
    }

    /// Makes the fixes and checks the texts; nothing if too much was tried.
    fn test(&mut self, set: &[usize]) -> Option<Effectiveness> {
        self.left = self.left.checked_sub(1)?;
        let set: Vec<Offer<'_>> = set.iter().filter_map(|at| self.offers.get(*at).copied()).collect();
        let mut edits: Vec<Vec<_>> = self.texts.iter().map(|_| vec![]).collect();
        for (at, offer) in set.iter().enumerate() {
            if let Some(edits) = edits.get_mut(offer.file) {
                edits.extend(offer.fix.edits.iter().map(|edit| (at, edit)));
            }
        }
        let edited: Vec<EditedText> =
            self.texts.iter().zip(edits).map(|(text, edits)| EditedText::new(text, edits)).collect();
        let texts: Vec<String> = edited.iter().map(|edited| edited.text.clone()).collect();
        if texts == self.texts {
            return Some(Effectiveness::Bad((0..set.len()).collect()));
        }
        let after = self.node.look(&texts, self.options);
        let verdict = compare(self.before, &after, &set, &edited);
        if matches!(verdict, Effectiveness::Good) && self.best.as_ref().is_none_or(|best| best.fixed.len() < set.len())
        {
            let mut fixed: Vec<usize> = set.iter().map(|offer| offer.finding).collect();
            order::by_key(&mut fixed, |finding| *finding);
            self.best = Some(PassResult { texts, seen: after, fixed });
        }
        Some(verdict)
    }
}
