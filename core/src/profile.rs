//! The items of a profile on the files of a check: which ones pass, which ones fail and where, which ones no file
//! decides.

use crate::benchmark::{AssessedItem, Assessment, Benchmark, ItemStatus, ItemVerdict, Judged, Profile, judge};
use crate::engine::{NodePlace, Options, Purpose, Report, Source, examine};
use crate::finding::Finding;

/// The items of a benchmark on one node, with files as indices of all sources.
struct NodeItems {
    benchmark: &'static Benchmark,
    node: usize,
    daemons: Vec<Vec<Judged>>,
}

/// Checks sources as [`crate::check`] does, and judges the items of a profile for each node with a daemon that one of
/// its benchmarks is about. `options` run the profile's rules.
#[must_use]
pub fn assess(sources: &[Source<'_>], options: &Options, profile: Profile) -> (Report, Vec<Assessment>) {
    let (report, all) = judged(sources, options, profile);
    let assessments = all.into_iter().map(|items| items.assess(&report.findings)).collect();
    (report, assessments)
}

/// The same for a report on the sources whose findings have another order.
#[must_use]
pub fn assess_in(report: &Report, sources: &[Source<'_>], options: &Options, profile: Profile) -> Vec<Assessment> {
    judged(sources, options, profile).1.into_iter().map(|items| items.assess(&report.findings)).collect()
}

fn judged(sources: &[Source<'_>], options: &Options, profile: Profile) -> (Report, Vec<NodeItems>) {
    let mut all: Vec<NodeItems> = vec![];
    let report = examine(sources, options, Purpose::Report, |node, place| {
        // Texts for nodes are not nodes.
        let NodePlace::Sources(files) = place else { return };
        let number = files.first().and_then(|file| sources.get(*file)).map_or(0, |source| source.node);
        for benchmark in profile.benchmarks() {
            let mut daemons = judge(node, benchmark);
            for judged in daemons.iter_mut().flatten() {
                if let ItemVerdict::Fail(failure) = &mut judged.verdict {
                    failure.file = files.get(failure.file).copied().unwrap_or(failure.file);
                }
            }
            if !daemons.is_empty() {
                all.push(NodeItems { benchmark, node: number, daemons });
            }
        }
    });
    (report, all)
}

impl NodeItems {
    fn assess(self, findings: &[Finding]) -> Assessment {
        let benchmark = self.benchmark;
        let mut daemons = self.daemons.into_iter();
        let mut items: Vec<AssessedItem> =
            daemons.next().unwrap_or_default().iter().map(|judged| assessed(benchmark, judged, findings)).collect();
        for daemon in daemons {
            for (item, judged) in items.iter_mut().zip(&daemon) {
                item.add(assessed(benchmark, judged, findings));
            }
        }
        Assessment { benchmark, node: self.node, items }
    }
}

impl AssessedItem {
    /// Adds the verdict of another daemon on the same node: the worse one counts.
    fn add(&mut self, other: Self) {
        let rank = |status| match status {
            ItemStatus::Pass => 0,
            ItemStatus::Undecided => 1,
            ItemStatus::Ignored => 2,
            ItemStatus::Fail => 3,
        };
        self.findings.extend(other.findings);
        if rank(other.status) > rank(self.status) {
            self.status = other.status;
            self.reason = other.reason;
        }
    }
}

fn assessed(benchmark: &Benchmark, judged: &Judged, findings: &[Finding]) -> AssessedItem {
    let item = judged.item;
    let mut shown = vec![];
    let (status, reason) = match &judged.verdict {
        ItemVerdict::Pass => (ItemStatus::Pass, ""),
        ItemVerdict::Undecided(reason) => (ItemStatus::Undecided, *reason),
        ItemVerdict::Fail(failure) => {
            let shows = |finding: &&(usize, &Finding)| failure.is_shown_by(benchmark, item, finding.1);
            let numbered: Vec<_> = findings.iter().enumerate().collect();
            shown = numbered.iter().filter(shows).map(|(number, _)| *number).collect();
            (if shown.is_empty() { ItemStatus::Ignored } else { ItemStatus::Fail }, "")
        }
    };
    AssessedItem { item, status, reason, findings: shown }
}
