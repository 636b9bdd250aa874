//! What a rule sees, and how it reports.

use std::collections::HashSet;
use std::ops::Deref;

use super::{Found, Rule};
use crate::benchmark::{BENCHMARKS, Benchmark, ItemVerdict, Judged, judge};
use crate::containerd::loader::LoadedNode;
use crate::finding::Finding;
use crate::kind::{SettingPlace, View, WrittenSetting};
use crate::releases::Releases;
use crate::syntax::Entry;
use crate::text::Span;

/// A configuration, for a rule on files.
pub struct FileCx<'c, 't, 'a> {
    /// What is known about it.
    pub view: &'c View<'c, 't, 'a>,
    /// The node that the file is part of.
    pub loaded: &'c LoadedNode<'c, 't, 'a>,
    pub(crate) rule: &'static Rule,
    pub(crate) out: &'c mut Found,
}

/// A node, for a rule over several files.
pub struct NodeCx<'c, 't, 'a> {
    /// The files of the node, with the configurations that containerd makes of them.
    pub loaded: &'c LoadedNode<'c, 't, 'a>,
    pub(crate) rule: &'static Rule,
    pub(crate) out: &'c mut Found,
}

impl<'c, 't, 'a> Deref for FileCx<'c, 't, 'a> {
    type Target = View<'c, 't, 'a>;

    fn deref(&self) -> &Self::Target {
        self.view
    }
}

impl FileCx<'_, '_, '_> {
    /// Whether further findings of the rule in this file are only counted: guesses and texts for them are not printed.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.out.is_full(self.rule, self.file.index)
    }

    /// Counts a fault at `span`, once [`Self::is_full`] returns that it is not listed.
    pub fn count(&mut self, span: Span) -> &mut Finding {
        self.report(span, String::new())
    }

    /// Reports a fault at the key of an entry.
    pub(crate) fn report_key(&mut self, entry: &Entry, message: impl Into<String>) -> &mut Finding {
        let path = self.path_of(entry);
        self.report(entry.key_span, message).key(path)
    }

    /// Reports a fault at the value of an entry.
    pub(crate) fn report_value(&mut self, entry: &Entry, message: impl Into<String>) -> &mut Finding {
        let path = self.path_of(entry);
        self.report(entry.value.span, message).key(path)
    }

    /// Reports a fault at the value of a setting.
    pub(crate) fn report_setting(&mut self, setting: &WrittenSetting<'_>, message: impl Into<String>) -> &mut Finding {
        self.report(setting.value_span, message).key(setting.path.as_str())
    }

    /// Reports a fault at `span`. Add what it does and in which releases: a finding without outcome is dropped.
    pub fn report(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        self.out.push(self.rule, self.file.index, span, message.into())
    }
}

impl NodeCx<'_, '_, '_> {
    /// What was found so far: rules run in the order of their list, those on files before those on nodes.
    #[must_use]
    pub fn found(&self) -> &[Finding] {
        &self.out.list
    }

    /// The places of findings that are not listed, by file.
    pub(crate) fn excess_places(&self) -> HashSet<(usize, Span)> {
        self.out.excess_places()
    }

    /// Reports the items of a benchmark that the node fails and that no rule has reported.
    pub(crate) fn report_failed_items(&mut self) {
        let own = |benchmark: &&Benchmark| benchmark.rule == self.rule.id;
        let Some(benchmark) = BENCHMARKS.iter().find(own) else { return };
        for Judged { item, verdict } in judge(self.loaded, benchmark).into_iter().flatten() {
            let (ItemVerdict::Fail(failure), Some(check)) = (verdict, item.check()) else { continue };
            if self.found().iter().any(|finding| failure.is_shown_by(benchmark, item, finding)) {
                continue;
            }
            let (title, edition) = (benchmark.title, benchmark.edition);
            let finding = self.report(failure.file, failure.span, check.message);
            finding
                .advice(Releases::ANY.with(benchmark.product, failure.releases))
                .key(failure.key)
                .why(format!("{}. Item {} of the {title} {edition}: {}.", failure.state, item.number, item.title))
                .help(check.help);
            if !item.is_manual {
                finding.as_warning();
            }
        }
    }

    /// Reports a fault at the key of a setting of containerd.
    pub(crate) fn report_key(&mut self, place: SettingPlace, message: impl Into<String>) -> &mut Finding {
        let path = place.path(self.loaded);
        self.report(place.file, place.key, message).key(path)
    }

    /// Reports a fault at the value of a setting of containerd.
    pub(crate) fn report_value(&mut self, place: SettingPlace, message: impl Into<String>) -> &mut Finding {
        let path = place.path(self.loaded);
        self.report(place.file, place.value, message).key(path)
    }

    /// Reports a fault at `span` of the file with number `file`.
    pub fn report(&mut self, file: usize, span: Span, message: impl Into<String>) -> &mut Finding {
        self.out.push(self.rule, file, span, message.into())
    }
}
