//! Whether a fix on offer works by itself. A report shows it and an editor applies it without the other fixes.

use super::MOST_TRIED;
use crate::engine::{Options, Report, Source, by_node, check_node};
use crate::finding::Finding;
use crate::fix::{Applicability, Fix, apply};

/// The offers of so many findings are tried at most: each costs a check of a node.
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

/// Takes back the fixes that are not known to work. `promised` is what [`super::fixable`] returned: these do, beside
/// the others that are promised; the rest is tried alone.
pub fn withdraw(sources: &[Source<'_>], options: &Options, report: &mut Report, promised: &[Option<Applicability>]) {
    let is_promised = |number: usize| promised.get(number).is_some_and(Option::is_some);
    let open = (0..report.findings.len()).filter(|number| !is_promised(*number));
    let offering = open.filter(|number| report.findings.get(*number).is_some_and(|finding| !finding.fixes.is_empty()));
    let offering: Vec<usize> = offering.collect();
    for (at, number) in offering.into_iter().enumerate() {
        let Some(finding) = report.findings.get(number) else { continue };
        let try_one = |fix| match at < MOST_OFFERS {
            true => fault(sources, options, report, finding, fix),
            false => Some(FixFault::Untried),
        };
        let faults: Vec<Option<FixFault>> = finding.fixes.iter().map(try_one).collect();
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
    let source = sources.get(finding.file)?;
    let node = by_node(sources).into_iter().find(|node| node.files.contains(&finding.file))?;
    let own = node.files.iter().position(|file| *file == finding.file)?;
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
    let before: Vec<&Finding> = report.findings.iter().filter(|other| node.files.contains(&other.file)).collect();
    if before.iter().map(|finding| finding.count).sum::<usize>() > MOST_TRIED {
        return Some(FixFault::Untried);
    }
    let after = check_node(&files, options);
    let file_of = |file: usize| node.files.get(file).copied().unwrap_or(file);
    let is_own =
        |other: &Finding, file| file == finding.file && is_of(other, finding) && other.message == finding.message;
    let had = before.iter().filter(|other| is_own(other, other.file)).count();
    let has = after.findings.iter().filter(|other| is_own(other, file_of(other.file))).count();
    let (info, new_info) = (report.files.get(finding.file)?, after.files.get(own)?);
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

fn is_of(one: &Finding, other: &Finding) -> bool {
    one.rule == other.rule && one.severity >= other.severity
}
