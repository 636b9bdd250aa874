//! Reads a text again and again, each time with the faults mended that were found.

use std::ops::Range;

use super::diagnose::{Scene, diagnose};
use super::effort::Effort;
use super::pass::{Failure, Pass, Slip, SlipKind, pass};
use super::repair::{Class, Repair};
use super::work::Work;
use super::{tab, template, value};
use crate::fix::{Applicability, Edit};
use crate::syntax::tree::Problem;
use crate::text::Span;

/// How many faults are mended before the reader gives up.
const MAX_REPAIRS: usize = 200;

/// What a template cannot be blamed for.
const NOT_TEMPLATE: [&str; 7] = [
    "byte-order-mark",
    "comment-marker",
    "conflict-marker",
    "control-character",
    "markdown-escape",
    "invisible-character",
    "tab-indentation",
];

/// What a repair did to a line.
#[derive(Clone, Copy)]
struct Mended {
    /// The index of the problem that it is for.
    problem: Option<usize>,
    class: Class,
}

pub(super) struct Reader<'a> {
    work: Work<'a>,
    pub(super) problems: Vec<Problem>,
    /// By line: what a repair changed there.
    mended: Vec<Option<Mended>>,
    template: bool,
    /// How many repairs may still be made.
    left: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, region: Range<usize>) -> Self {
        Self { work: Work::new(text, region), problems: vec![], mended: vec![], template: false, left: MAX_REPAIRS }
    }

    /// Takes off the indentation of a block scalar's lines, so that `---` is a marker again.
    pub(super) fn dedent(&mut self, text: &str, start: usize) {
        let at_line_start = start == 0 || text.as_bytes().get(start - 1) == Some(&b'\n');
        let first = (0..self.work.len()).find(|i| !self.work.content(*i).is_empty());
        let indent = first.map_or(0, |i| self.work.line(i).indent);
        if !at_line_start || indent == 0 {
            return;
        }
        let mut edits = vec![];
        for line in (0..self.work.len()).map(|i| self.work.line(i)).filter(|line| line.indent > 0) {
            edits.push(self.work.edit(line.at..line.at + line.indent.min(indent), ""));
        }
        self.work.apply(&edits);
    }

    pub(super) fn read(&mut self, effort: &mut Effort) -> Pass<'a> {
        self.mend_all(value::control(&self.work));
        self.mend_all(value::conflicts(&self.work));
        loop {
            let mut pass = pass(&self.work);
            effort.spend(self.work.text.len());
            let more = self.left > 0 && !effort.is_spent();
            if more && (self.slips(&pass) || self.failures(&pass)) {
                continue;
            }
            if !more && let Some(failure) = pass.failures.first() {
                let span = self.work.span(failure.at..failure.at);
                let message = "there are too many faults: not all of the file was read";
                self.problems.push(Problem::new("too-many-faults", span, message));
            }
            if !self.template {
                pass.marks.truncate(MAX_REPAIRS);
                self.problems.append(&mut pass.marks);
            }
            return pass;
        }
    }

    /// Mends what the parser took although nobody means it. Whether there is something new to read.
    fn slips(&mut self, pass: &Pass<'a>) -> bool {
        let is_template = |s: &Slip| s.kind == SlipKind::Template;
        if !self.template
            && pass.slips.iter().any(is_template)
            && let Some(repair) = template::repair(&self.work)
        {
            self.mend_all(vec![repair]);
            return true;
        }
        let mut repairs: Vec<Repair> = vec![];
        let mut last = 0;
        for slip in pass.slips.iter().take(self.left) {
            let line = self.work.line_at(slip.range.start);
            let Some(repair) = value::slip(&self.work, slip).filter(|r| !r.edits.is_empty()) else {
                continue;
            };
            match repairs.last_mut() {
                Some(before) if (last..=last + 1).contains(&line) && before.is_invisible() && repair.is_invisible() => {
                    before.join(repair)
                }
                _ => repairs.push(repair),
            }
            last = line;
        }
        repairs.extend(tab::slips(&self.work, &pass.opaque, &pass.tabs_allowed));
        repairs.retain(|repair| !repair.edits.is_empty());
        let found = !repairs.is_empty();
        self.mend_all(repairs);
        found
    }

    /// Mends what stopped the parser. Whether there is something new to read.
    fn failures(&mut self, pass: &Pass<'a>) -> bool {
        let mut repairs = vec![];
        for failure in pass.failures.iter().take(self.left.min(50)) {
            let scene = Scene { work: &self.work, opaque: &pass.opaque, failure };
            repairs.push((failure, diagnose(scene)));
        }
        let mut any = false;
        let mut done: Vec<Repair> = vec![];
        for (failure, repair) in repairs {
            // The lines that one repair changes are not good for another one from the same reading.
            if done.iter().any(|d| overlap(d, &repair)) {
                continue;
            }
            let repair = self.again(failure, repair);
            any |= !repair.edits.is_empty();
            done.push(repair);
        }
        self.mend_all(done);
        any
    }

    /// A fault where something was mended already comes from a wrong guess: the line goes, without another word.
    fn again(&mut self, failure: &Failure, repair: Repair) -> Repair {
        let at = self.work.line_at(failure.at);
        let mut lines: Vec<usize> = repair.edits.iter().map(|e| self.line_of(e.span)).collect();
        lines.push(at);
        let earlier = lines.iter().find_map(|i| {
            let mended = self.mended_at(*i)?;
            (mended.class != Class::Shape || repair.class == Class::Shape).then_some(mended.problem)
        });
        let earlier = earlier.or_else(|| self.goes_on(at, &repair).then_some(None));
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
        let mut edits = self.work.mask(self.work.block(at));
        if edits.is_empty() {
            // The parser stands behind the lines that it could not read.
            let before = (0..at).rev().find(|i| !self.work.content(*i).is_empty());
            edits = before.map_or(vec![], |i| self.work.mask(i..i + 1));
        }
        Repair { problem: repair.problem.filter(|_| !silent), edits, class: Class::Shape }
    }

    /// Whether nothing but unreadable lines stand right above an unreadable one.
    fn goes_on(&self, line: usize, repair: &Repair) -> bool {
        let is_unknown = |p: &Problem| matches!(p.code, "syntax" | "missing-colon");
        let above = (0..line).rev().find(|i| {
            let source = self.work.line(*i).source;
            !source.of(self.work.source).trim().is_empty()
        });
        repair.class == Class::Shape
            && repair.problem.as_deref().is_some_and(is_unknown)
            && above.and_then(|i| self.mended_at(i)).is_some_and(|mended| {
                let problem = mended.problem.and_then(|i| self.problems.get(i));
                mended.class == Class::Shape && problem.is_none_or(is_unknown)
            })
    }

    fn mended_at(&self, line: usize) -> Option<Mended> {
        self.mended.get(line).copied().flatten()
    }

    fn line_of(&self, span: Span) -> usize {
        let start = span.start;
        let mut low = 0;
        let mut high = self.work.len();
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.work.line(middle).source.start <= start {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low.saturating_sub(1)
    }

    fn mend_all(&mut self, repairs: Vec<Repair>) {
        let mut edits = vec![];
        for repair in repairs.into_iter().take(self.left) {
            edits.extend(self.mend(repair));
        }
        self.work.apply(&edits);
    }

    fn mend(&mut self, repair: Repair) -> Vec<Edit> {
        let Repair { problem, edits, class } = repair;
        self.left = self.left.saturating_sub(1);
        let known = self.template && class != Class::Template;
        let problem = problem.filter(|p| !known || blameless(p));
        let problem = problem.map(|problem| {
            self.problems.push(*problem);
            self.problems.len() - 1
        });
        if class == Class::Template {
            // What came before was the template's doing, too.
            self.problems.retain(|p| blameless(p) || p.code == "template");
            self.mended.clear();
            self.template = true;
        } else {
            self.mended.resize(self.work.len(), None);
            for edit in &edits {
                let line = self.line_of(edit.span);
                if let Some(mended) = self.mended.get_mut(line) {
                    *mended = Some(Mended { problem, class });
                }
            }
        }
        edits
    }
}

/// Whether a template is no excuse for this.
fn blameless(problem: &Problem) -> bool {
    NOT_TEMPLATE.contains(&problem.code)
}

fn overlap(a: &Repair, b: &Repair) -> bool {
    let hull = |r: &Repair| r.edits.iter().map(|e| e.span).reduce(Span::to);
    hull(a).zip(hull(b)).is_some_and(|(a, b)| a.start <= b.end && b.start <= a.end)
}
