//! Reads a text several times, each time with the faults repaired that were found.

use std::ops::Range;

use super::budget::ReadingBudget;
use super::diagnose::{FailureContext, diagnose};
use super::draft::Draft;
use super::reading::{ParserFailure, Suspicious, SuspiciousKind, YamlReading, read_once};
use super::repair::{RepairScope, YamlRepair};
use super::{tab, template, value};
use crate::fix::{Applicability, Edit};
use crate::syntax::problems::Problems;
use crate::syntax::tree::Problem;
use crate::text::Span;

/// How many faults are repaired before the reader gives up.
const MAX_REPAIRS: usize = 200;

/// Problems of which a template cannot be the reason.
const NOT_OF_TEMPLATES: [&str; 7] = [
    "byte-order-mark",
    "comment-marker",
    "conflict-marker",
    "control-character",
    "markdown-escape",
    "invisible-character",
    "tab-indentation",
];

/// A line that a repair changed.
#[derive(Clone, Copy)]
struct RepairedLine {
    /// The index of the problem that it is for.
    problem: Option<usize>,
    scope: RepairScope,
}

pub(super) struct YamlReader<'a> {
    draft: Draft<'a>,
    pub(super) problems: Problems,
    /// By line: what a repair changed there.
    repaired: Vec<Option<RepairedLine>>,
    template: bool,
    /// How many repairs may still be made.
    left: usize,
}

impl<'a> YamlReader<'a> {
    pub(super) fn new(text: &'a str, region: Range<usize>) -> Self {
        Self {
            draft: Draft::new(text, region),
            problems: Problems::default(),
            repaired: vec![],
            template: false,
            left: MAX_REPAIRS,
        }
    }

    /// Removes the indentation of a block scalar's lines, so that `---` is a marker again.
    pub(super) fn dedent(&mut self, text: &str, start: usize) {
        let at_line_start = start == 0 || text.as_bytes().get(start - 1) == Some(&b'\n');
        let first = (0..self.draft.len()).find(|i| !self.draft.content(*i).is_empty());
        let indent = first.map_or(0, |i| self.draft.line(i).indent);
        if !at_line_start || indent == 0 {
            return;
        }
        let mut edits = vec![];
        for line in (0..self.draft.len()).map(|i| self.draft.line(i)).filter(|line| line.indent > 0) {
            edits.push(self.draft.edit(line.at..line.at + line.indent.min(indent), ""));
        }
        self.draft.apply(&edits);
    }

    pub(super) fn read(&mut self, budget: &mut ReadingBudget) -> YamlReading<'a> {
        self.apply_all(value::control(&self.draft));
        self.apply_all(value::conflicts(&self.draft));
        loop {
            let mut reading = read_once(&self.draft);
            budget.spend(self.draft.text.len());
            let more = self.left > 0 && !budget.is_spent();
            if more && (self.suspicious(&reading) || self.failures(&reading)) {
                continue;
            }
            if !more && let Some(failure) = reading.failures.first() {
                let span = self.draft.span(failure.at..failure.at);
                let message = "there are too many faults: not all of the file was read";
                self.problems.report("too-many-faults", span, message);
            }
            if !self.template {
                self.problems.append(std::mem::take(&mut reading.problems), MAX_REPAIRS);
            }
            return reading;
        }
    }

    /// Repairs what the parser took and the daemon does not. Whether there is something new to read.
    fn suspicious(&mut self, reading: &YamlReading<'a>) -> bool {
        let is_template = |s: &Suspicious| s.kind == SuspiciousKind::Template;
        if !self.template
            && reading.suspicious.iter().any(is_template)
            && let Some(repair) = template::repair(&self.draft)
        {
            self.apply_all(vec![repair]);
            return true;
        }
        let mut repairs: Vec<YamlRepair> = vec![];
        for suspicious in reading.suspicious.iter().take(self.left) {
            repairs.extend(value::suspicious(&self.draft, suspicious));
        }
        // Brackets that the parser gave up in are not among those that it closed.
        let open = reading.failures.iter().filter_map(|failure| failure.flow).min().unwrap_or(self.draft.text.len());
        let found = tab::suspicious(&self.draft, &reading.multiline, &reading.tabs_allowed);
        repairs.extend(found.into_iter().filter(|repair| self.draft.start(open) >= repair.start()));
        repairs.retain(|repair| !repair.edits.is_empty());
        let found = !repairs.is_empty();
        self.apply_all(repairs);
        found
    }

    /// Repairs what stopped the parser. Whether there is something new to read.
    fn failures(&mut self, reading: &YamlReading<'a>) -> bool {
        let mut repairs = vec![];
        for failure in reading.failures.iter().take(self.left.min(50)) {
            let context = FailureContext { draft: &self.draft, multiline: &reading.multiline, failure };
            repairs.push((failure, diagnose(context)));
        }
        let mut any = false;
        let mut done: Vec<YamlRepair> = vec![];
        for (failure, repair) in repairs {
            // The lines that one repair changes are not good for another one from the same reading.
            if done.iter().any(|d| overlap(d, &repair)) {
                continue;
            }
            let repair = self.give_up_on_repaired_line(failure, repair);
            any |= !repair.edits.is_empty();
            done.push(repair);
        }
        self.apply_all(done);
        any
    }

    /// A fault where something was repaired already comes from a wrong guess: the line is cleared, without another
    /// problem.
    fn give_up_on_repaired_line(&mut self, failure: &ParserFailure, repair: YamlRepair) -> YamlRepair {
        let at = self.draft.line_at(failure.at);
        let mut lines: Vec<usize> = repair.edits.iter().map(|e| self.line_of(e.span)).collect();
        lines.push(at);
        let earlier = lines.iter().find_map(|i| {
            let repaired = self.repaired_at(*i)?;
            (repaired.scope != RepairScope::Lines || repair.scope == RepairScope::Lines).then_some(repaired.problem)
        });
        let earlier = earlier.or_else(|| self.continues_unreadable_lines(at, &repair).then_some(None));
        let silent = earlier.is_some() && repair.problem.is_some();
        let stuck = repair.edits.is_empty();
        if !silent && !stuck {
            return repair;
        }
        if let Some(problem) = earlier.flatten().and_then(|i| self.problems.get_mut(i))
            && let Some(fix) = &mut problem.fix
        {
            fix.applicability = fix.applicability.min(Applicability::Unsafe);
        }
        let mut edits = self.draft.clear_lines(self.draft.block(at));
        if edits.is_empty() {
            // The parser stands behind the lines that it could not read.
            let before = (0..at).rev().find(|i| !self.draft.content(*i).is_empty());
            edits = before.map_or(vec![], |i| self.draft.clear_lines(i..i + 1));
        }
        YamlRepair { problem: repair.problem.filter(|_| !silent), edits, scope: RepairScope::Lines }
    }

    /// Whether nothing but unreadable lines stand right above an unreadable one.
    fn continues_unreadable_lines(&self, line: usize, repair: &YamlRepair) -> bool {
        let is_unknown = |p: &Problem| matches!(p.code, "syntax" | "missing-colon");
        let above = (0..line).rev().find(|i| {
            let source = self.draft.line(*i).source;
            !source.of(self.draft.source).trim().is_empty()
        });
        repair.scope == RepairScope::Lines
            && repair.problem.as_deref().is_some_and(is_unknown)
            && above.and_then(|i| self.repaired_at(i)).is_some_and(|repaired| {
                let problem = repaired.problem.and_then(|i| self.problems.get(i));
                repaired.scope == RepairScope::Lines && problem.is_none_or(is_unknown)
            })
    }

    fn repaired_at(&self, line: usize) -> Option<RepairedLine> {
        self.repaired.get(line).copied().flatten()
    }

    fn line_of(&self, span: Span) -> usize {
        let start = span.start;
        let mut low = 0;
        let mut high = self.draft.len();
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.draft.line(middle).source.start <= start {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low.saturating_sub(1)
    }

    fn apply_all(&mut self, repairs: Vec<YamlRepair>) {
        let mut edits = vec![];
        for repair in repairs.into_iter().take(self.left) {
            edits.extend(self.apply_repair(repair));
        }
        self.draft.apply(&edits);
    }

    fn apply_repair(&mut self, repair: YamlRepair) -> Vec<Edit> {
        let YamlRepair { problem, edits, scope } = repair;
        self.left = self.left.saturating_sub(1);
        let known = self.template && scope != RepairScope::Template;
        let problem = problem.filter(|p| !known || is_not_of_template(p));
        let problem = problem.map(|problem| {
            self.problems.add(*problem);
            self.problems.len() - 1
        });
        if scope == RepairScope::Template {
            // The template explains the earlier problems, too.
            self.problems.retain(|p| is_not_of_template(p) || p.code == "template");
            self.repaired.clear();
            self.template = true;
        } else {
            self.repaired.resize(self.draft.len(), None);
            for edit in &edits {
                let line = self.line_of(edit.span);
                if let Some(repaired) = self.repaired.get_mut(line) {
                    *repaired = Some(RepairedLine { problem, scope });
                }
            }
        }
        edits
    }
}

/// Whether a template cannot be the reason of a problem.
fn is_not_of_template(problem: &Problem) -> bool {
    NOT_OF_TEMPLATES.contains(&problem.code)
}

fn overlap(a: &YamlRepair, b: &YamlRepair) -> bool {
    let hull = |r: &YamlRepair| r.edits.iter().map(|e| e.span).reduce(Span::to);
    hull(a).zip(hull(b)).is_some_and(|(a, b)| a.start <= b.end && b.start <= a.end)
}
