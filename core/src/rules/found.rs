//! What the rules of a node find: each rule as much as people can read, and the rest counted.

use std::collections::{HashMap, HashSet};

use super::Rule;
use crate::finding::{Finding, Outcome, Severity};
use crate::text::Span;

/// How many findings of one rule in one file a report lists. 300,000 unknown keys would be 400 MB of JSON.
pub const MAX_LISTED: usize = 1000;

/// The findings of a node.
pub(crate) struct Found {
    pub(crate) list: Vec<Finding>,
    /// What the list has no room for.
    pub(crate) excess: Vec<Excess>,
    /// How many findings of one rule in one file are listed.
    limit: usize,
    counts: HashMap<(&'static str, usize), usize>,
    /// The finding in hand, if the list has no room for it.
    last: Option<Finding>,
}

/// Findings of one rule in one file that do the same and are not listed.
pub(crate) struct Excess {
    pub(crate) rule: &'static str,
    pub(crate) file: usize,
    pub(crate) outcomes: Vec<Outcome>,
    /// See [`Finding::broken`].
    pub(crate) broken: String,
    pub(crate) severity_override: Option<Severity>,
    pub(crate) spans: Vec<Span>,
}

impl Found {
    pub(crate) fn new(limit: usize) -> Self {
        Self { list: vec![], excess: vec![], limit, counts: HashMap::new(), last: None }
    }

    /// Whether the list has no room for another finding of this rule in this file.
    pub(super) fn is_full(&self, rule: &Rule, file: usize) -> bool {
        self.counts.get(&(rule.id, file)).is_some_and(|count| *count >= self.limit)
    }

    #[allow(clippy::expect_used, reason = "the finding was pushed the line before")]
    pub(super) fn push(&mut self, rule: &Rule, file: usize, span: Span, message: String) -> &mut Finding {
        self.close();
        let finding = Finding::new(rule.id, file, span, message);
        let count = self.counts.entry((rule.id, file)).or_default();
        if *count >= self.limit {
            return self.last.insert(finding);
        }
        *count += 1;
        self.list.push(finding);
        self.list.last_mut().expect("just pushed")
    }

    /// Counts the finding in hand: nothing more is added to it.
    pub(crate) fn close(&mut self) {
        let Some(finding) = self.last.take() else { return };
        let Finding { rule, file, outcomes, broken, severity_override, span, .. } = finding;
        let same = |other: &&mut Excess| {
            other.file == file
                && other.rule == rule
                && other.outcomes == outcomes
                && other.broken == broken
                && other.severity_override == severity_override
        };
        // Of a rule there are a handful of outcomes, and its findings come one after the other.
        match self.excess.iter_mut().rev().take(32).find(same) {
            Some(known) => known.spans.push(span),
            None => self.excess.push(Excess { rule, file, outcomes, broken, severity_override, spans: vec![span] }),
        }
    }

    /// The places of what is not listed, by file.
    pub(super) fn excess_places(&self) -> HashSet<(usize, Span)> {
        self.excess.iter().flat_map(|excess| excess.spans.iter().map(|span| (excess.file, *span))).collect()
    }
}

impl Excess {
    /// One finding for all of them.
    pub(crate) fn summary(self) -> Finding {
        let count = self.spans.len();
        let first = self.spans.into_iter().min().unwrap_or_default();
        let what = if count == 1 { "finding" } else { "findings" };
        let message = format!("{count} more {what} of this rule in this file, from here on, are not listed");
        let mut finding = Finding::new(self.rule, self.file, first, message);
        finding.outcomes = self.outcomes;
        finding.broken = self.broken;
        finding.severity_override = self.severity_override;
        finding.count = count;
        finding
            .why(format!("A report lists {MAX_LISTED} findings of a rule in a file; the others count."))
            .help("Fix what is listed and run crilint again.");
        finding
    }
}
