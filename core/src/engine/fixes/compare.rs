//! Whether fixes did good: the findings before and after, compared.
//!
//! A fix is bad if its finding is still there, or if it brings a finding. A finding that comes is fine where it is of
//! less harm than the one fixed and about the same setting (the right key, once written, is read and judged), or where
//! a syntax repaired fault hid it.

use super::CheckResult;
use super::compatible::Offer;
use super::edited::EditedText;
use crate::finding::{Effect, Finding};
use crate::fix::Applicability;
use crate::named::Named;
use crate::order;
use crate::rules::is_syntax;
use crate::text::Span;

/// How well the fixes of a pass work.
pub(super) enum Effectiveness {
    /// All did good.
    Good,
    /// These did not, as indices of the set.
    Bad(Vec<usize>),
    /// Some did not, and nothing identifies them.
    Unclear,
}

pub(super) fn compare(
    before: &CheckResult,
    after: &CheckResult,
    set: &[Offer<'_>],
    edited: &[EditedText],
) -> Effectiveness {
    let mut comparison = Comparison { before, after, set, edited, bad: vec![false; set.len()], is_unclear: false };
    comparison.texts();
    let new = comparison.compare();
    let renamed = comparison.renamed();
    for finding in new {
        comparison.judge_new(finding, &renamed);
    }
    comparison.verdict()
}

struct Comparison<'j> {
    before: &'j CheckResult,
    after: &'j CheckResult,
    set: &'j [Offer<'j>],
    edited: &'j [EditedText],
    bad: Vec<bool>,
    is_unclear: bool,
}

/// Findings with the same text, as indices.
struct Alike {
    before: Vec<usize>,
    after: Vec<usize>,
}

impl<'j> Comparison<'j> {
    fn verdict(self) -> Effectiveness {
        let bad: Vec<usize> = self.bad.iter().enumerate().filter(|(_, bad)| **bad).map(|(at, _)| at).collect();
        match (bad.is_empty(), self.is_unclear) {
            (true, false) => Effectiveness::Good,
            (true, true) => Effectiveness::Unclear,
            (false, _) => Effectiveness::Bad(bad),
        }
    }

    fn ban(&mut self, at: usize) {
        if let Some(bad) = self.bad.get_mut(at) {
            *bad = true;
        }
    }

    /// No file may become empty, and none may have more faults than before.
    fn texts(&mut self) {
        for (file, edited) in self.edited.iter().enumerate() {
            if edited.places.is_empty() {
                continue;
            }
            if edited.text.trim().is_empty() {
                edited.places.iter().for_each(|place| self.ban(place.owner));
            }
            self.is_unclear |= self.fewer_faults(file) < 0;
        }
    }

    fn fewer_faults(&self, file: usize) -> i64 {
        let faults = |seen: &CheckResult| seen.faults.get(file).map_or(0, |faults| *faults as i64);
        faults(self.before) - faults(self.after)
    }

    /// Finds each finding of before again, and bans fixes whose findings are still there. Gives the findings that are
    /// new.
    fn compare(&mut self) -> Vec<&'j Finding> {
        let (before, after) = (&self.before.findings, &self.after.findings);
        let mut taken: Vec<Option<usize>> = vec![None; before.len()];
        for (at, offer) in self.set.iter().enumerate() {
            if let Some(slot) = taken.get_mut(offer.finding) {
                *slot = Some(at);
            }
        }
        // Findings with the same text lie together. Sorted by one text: a hash of another type is much code for the
        // browser.
        let words = |f: &Finding| format!("{} {} {}", f.file, f.rule, f.message);
        let mut all: Vec<(String, bool, usize)> = vec![];
        all.extend(before.iter().enumerate().map(|(at, f)| (words(f), true, at)));
        all.extend(after.iter().enumerate().map(|(at, f)| (words(f), false, at)));
        order::by_name(&mut all, |(words, ..)| words);
        let mut new = vec![];
        for same in all.chunk_by(|(a, ..), (b, ..)| a == b) {
            let of = |side: bool| same.iter().filter(move |(_, was, _)| *was == side).map(|(.., at)| *at).collect();
            let mut alike = Alike { before: of(true), after: of(false) };
            // One that has become worse is another one.
            let severity = |all: &[Finding], at: &usize| all.get(*at).map(|finding| finding.severity);
            let worst = alike.before.iter().filter_map(|at| severity(before, at)).max();
            let is_worse = |at: &usize| worst.is_some() && severity(after, at) > worst;
            new.extend(alike.after.iter().copied().filter(is_worse));
            alike.after.retain(|at| !is_worse(at));
            let is_taken = |at: &usize| taken.get(*at).copied().flatten();
            let (mut fixed, mut kept): (Vec<usize>, Vec<usize>) =
                alike.before.iter().partition(|at| is_taken(at).is_some());
            self.pair(&mut kept, &mut alike.after, |was, now| was == now);
            self.pair(&mut kept, &mut alike.after, touches);
            let still = self.pair(&mut fixed, &mut alike.after, touches);
            for at in still.iter().filter_map(is_taken) {
                self.ban(at);
            }
            // What is left was moved, or its fix put the fault elsewhere.
            let moved = alike.after.len().min(kept.len());
            alike.after.drain(..moved);
            for at in fixed.iter().take(alike.after.len()).filter_map(is_taken) {
                self.ban(at);
            }
            new.extend(alike.after.into_iter().skip(fixed.len()));
        }
        order::by_key(&mut new, |at| *at);
        new.into_iter().filter_map(|at| after.get(at)).collect()
    }

    /// Takes findings out of both lists that are the same, and gives those of before. Both are in the order of the
    /// text.
    fn pair(&self, before: &mut Vec<usize>, after: &mut Vec<usize>, same: fn(Span, Span) -> bool) -> Vec<usize> {
        let mut paired = vec![];
        let mut rest = vec![];
        let mut left = std::mem::take(after).into_iter().peekable();
        before.retain(|was| {
            let Some(span) = self.before.findings.get(*was).map(|finding| self.moved(finding)) else { return true };
            while let Some(now) = left.peek().copied() {
                let now_span = self.after.findings.get(now).map(|finding| finding.span).unwrap_or_default();
                if same(span, now_span) {
                    left.next();
                    paired.push(*was);
                    return false;
                }
                if now_span.start > span.start {
                    return true;
                }
                rest.push(now);
                left.next();
            }
            true
        });
        rest.extend(left);
        *after = rest;
        paired
    }

    fn moved(&self, finding: &Finding) -> Span {
        self.edited.get(finding.file).map_or(finding.span, |edited| edited.moved(finding.span))
    }

    /// The keys that fixes rename.
    fn renamed(&self) -> Renamed {
        let mut out = Renamed::default();
        for (at, offer) in self.set.iter().enumerate() {
            let key = self.before.findings.get(offer.finding).and_then(|finding| finding.keys.first());
            let ([edit], Some(key)) = (offer.fix.edits.as_slice(), key) else { continue };
            let table = key.rfind('.').and_then(|dot| key.get(..dot));
            let name = edit.text.trim_matches(['"', '\'']);
            let setting = table.map_or_else(|| name.to_owned(), |table| format!("{table}.{name}"));
            out.settings.push(setting.into(), at);
            if let Some(table) = table {
                out.tables.push(table.to_owned().into(), at);
            }
        }
        out
    }

    fn judge_new(&mut self, new: &Finding, renamed: &Renamed) {
        let related = self.related(new, renamed);
        let mut is_explained = false;
        for at in related {
            let Some(offer) = self.set.get(at) else { continue };
            let Some(fixed) = self.before.findings.get(offer.finding) else { continue };
            let is_revealed = is_syntax(fixed) && !is_syntax(new) && self.fewer_faults(offer.file) > 0;
            if !is_revealed && !is_less(new, fixed, offer.fix.applicability) {
                self.ban(at);
            }
            is_explained = true;
        }
        // A file that reads better shows more, also to the rules that look at several files.
        let reads_better = match is_syntax(new) {
            true => self.fewer_faults(new.file) > 0,
            false => (0..self.edited.len()).any(|file| self.fewer_faults(file) > 0),
        };
        self.is_unclear |= !is_explained && !reads_better;
    }

    /// The fixes that a new finding has to do with: those that edit its place; else those that rename its key; else
    /// those that edit its line, or the line of a place that it names.
    fn related(&self, new: &Finding, renamed: &Renamed) -> Vec<usize> {
        let Some(edited) = self.edited.get(new.file) else { return vec![] };
        let (start, line) = edited.line(new.span);
        let mut out: Vec<usize> = edited.touching(start).map(|place| place.owner).collect();
        if out.is_empty() {
            out.extend(new.keys.iter().filter_map(|key| renamed.find(key)));
        }
        if out.is_empty() {
            // The key stands before its value.
            let before = edited.touching(line).filter(|place| place.after.start <= start.start).last();
            out.extend(before.or_else(|| edited.touching(line).next()).map(|place| place.owner));
        }
        if out.is_empty() && !is_syntax(new) {
            let labels = new.labels.iter().filter_map(|label| Some((self.edited.get(label.file)?, label.span)));
            out.extend(labels.flat_map(|(edited, span)| edited.touching(edited.line(span).1).map(|place| place.owner)));
        }
        order::by_key(&mut out, |at| *at);
        out.dedup();
        out
    }
}

fn touches(was: Span, now: Span) -> bool {
    was.start <= now.end && now.start <= was.end
}

/// Fixes by the path of what they rename.
#[derive(Default)]
struct Renamed {
    /// By the new path of the setting.
    settings: Named<'static, usize>,
    /// By the path of the table that holds the setting.
    tables: Named<'static, usize>,
}

impl Renamed {
    /// The fix that renames the setting at `key`, one above it, or one in it.
    fn find(&self, key: &str) -> Option<usize> {
        let ends = key.match_indices('.').map(|(at, _)| at).chain([key.len()]);
        let above = ends.rev().find_map(|end| self.settings.get(key.get(..end)?));
        above.or_else(|| self.tables.get(key)).map(|(_, fix)| *fix)
    }
}

/// Whether a finding that comes with a fix is of less harm than the one fixed.
fn is_less(new: &Finding, fixed: &Finding, applicability: Applicability) -> bool {
    let is_mild = applicability == Applicability::Unsafe && new.effect() >= Effect::Ignored;
    let is_other = new.rule != fixed.rule && !is_syntax(new) && new.severity <= fixed.severity;
    is_other && (is_mild || new.effect() >= fixed.effect())
}
