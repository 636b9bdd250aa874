//! Whether a fix on offer works by itself. A report shows it and an editor applies it without the other fixes.

use super::MOST_TRIED;
use crate::engine::{FileInfo, NodeSources, Options, Report, Source, by_node, check_node};
use crate::finding::Finding;
use crate::fix::{Applicability, Fix, apply};

/// The offers of so many findings of a node are tried at most: each costs a check of the node.
const MOST_OFFERS: usize = 32;
/// Files of a node larger than this together are not tried.
const MOST_BYTES: usize = 256 << 10;

/// What is wrong with the result of a fix that is applied alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FixFault {
    /// The text is the same, does not read, or still has the finding.
    DoesNotHelp,
    /// A finding of a higher level comes with it, which has this message.
    Brings(String),
    /// The texts are too long to try it.
    Untried,
}

/// A node before a fix.
struct Before<'r, 's, 'a> {
    node: &'r NodeSources<'s, 'a>,
    options: &'r Options,
    /// The files of the report.
    files: &'r [FileInfo],
    /// The findings of the node.
    findings: Vec<&'r Finding>,
}

/// Takes back the fixes that are not known to work. `promised` is what [`super::fixable`] returned: these do, beside
/// the others that are promised; the rest is tried alone. What is offered on a node does not depend on other nodes.
pub fn withdraw(sources: &[Source<'_>], options: &Options, report: &mut Report, promised: &[Option<Applicability>]) {
    let is_promised = |number: usize| promised.get(number).is_some_and(Option::is_some);
    let mut of_file: Vec<Vec<usize>> = vec![vec![]; sources.len()];
    for (number, finding) in report.findings.iter().enumerate() {
        of_file.get_mut(finding.file).into_iter().for_each(|own| own.push(number));
    }
    let mut tried = vec![];
    for node in by_node(sources) {
        let numbers = node.files.iter().filter_map(|file| of_file.get(*file)).flatten();
        let own: Vec<(usize, &Finding)> =
            numbers.filter_map(|number| Some((*number, report.findings.get(*number)?))).collect();
        let open = own.iter().filter(|(number, finding)| !finding.fixes.is_empty() && !is_promised(*number));
        let findings = own.iter().map(|(_, finding)| *finding).collect();
        let before = Before { node: &node, options, files: &report.files, findings };
        for (at, (number, finding)) in open.enumerate() {
            let try_one = |fix| match at < MOST_OFFERS {
                true => before.fault(finding, fix),
                false => Some(FixFault::Untried),
            };
            tried.push((*number, finding.fixes.iter().map(try_one).collect::<Vec<_>>()));
        }
    }
    for (number, faults) in tried {
        let Some(finding) = report.findings.get_mut(number) else { continue };
        let mut of_fix = faults.iter();
        finding.fixes.retain(|_| of_fix.next().is_none_or(Option::is_none));
        if let Some(Some(FixFault::Brings(message))) = faults.first() {
            finding.help.push_str(&format!(" No fix is offered, because the next fault is: {message}."));
        }
    }
}

/// What is wrong with a fix of a finding of the report, applied alone; nothing if it works.
#[must_use]
pub fn fault(
    sources: &[Source<'_>],
    options: &Options,
    report: &Report,
    finding: &Finding,
    fix: &Fix,
) -> Option<FixFault> {
    let node = by_node(sources).into_iter().find(|node| node.files.contains(&finding.file))?;
    let findings = report.findings.iter().filter(|other| node.files.contains(&other.file)).collect();
    Before { node: &node, options, files: &report.files, findings }.fault(finding, fix)
}

impl Before<'_, '_, '_> {
    fn fault(&self, finding: &Finding, fix: &Fix) -> Option<FixFault> {
        let node = self.node;
        let own = node.files.iter().position(|file| *file == finding.file)?;
        let source = *node.sources.get(own)?;
        if node.sources.iter().map(|source| source.text.len()).sum::<usize>() > MOST_BYTES {
            return Some(FixFault::Untried);
        }
        let text = apply(source.text, &fix.edits);
        if text == source.text {
            return Some(FixFault::DoesNotHelp);
        }
        let changed = Source { text: &text, ..source.clone() };
        let files: Vec<&Source<'_>> =
            node.sources.iter().enumerate().map(|(at, other)| if at == own { &changed } else { *other }).collect();
        let before = &self.findings;
        if before.iter().map(|finding| finding.count).sum::<usize>() > MOST_TRIED {
            return Some(FixFault::Untried);
        }
        let after = check_node(&files, self.options);
        let file_of = |file: usize| node.files.get(file).copied().unwrap_or(file);
        let is_own =
            |other: &Finding, file| file == finding.file && is_of(other, finding) && other.message == finding.message;
        let had = before.iter().filter(|other| is_own(other, other.file)).count();
        let has = after.findings.iter().filter(|other| is_own(other, file_of(other.file))).count();
        let (info, new_info) = (self.files.get(finding.file)?, after.files.get(own)?);
        if new_info.faults > info.faults || new_info.kind != info.kind || has >= had {
            return Some(FixFault::DoesNotHelp);
        }
        // A fault of syntax hides what is behind it.
        if new_info.faults < info.faults {
            return None;
        }
        // A fault may get other words where it stays, so that those of a rule are counted.
        let is_new = |new: &Finding| {
            let file = file_of(new.file);
            let had = before.iter().filter(|other| other.file == file && is_of(other, new)).count();
            after.findings.iter().filter(|other| other.file == new.file && is_of(other, new)).count() > had
        };
        let new = after.findings.iter().find(|new| new.severity > finding.severity && is_new(new))?;
        Some(FixFault::Brings(new.message.clone()))
    }
}

fn is_of(one: &Finding, other: &Finding) -> bool {
    one.rule == other.rule && one.severity >= other.severity
}
