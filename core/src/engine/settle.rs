//! What the user's target makes of findings: they are cut to it, and it decides which fixes are safe.

use super::{Options, Purpose};
use crate::finding::{Effect, Finding, Severity};
use crate::fix::Applicability;
use crate::kind::{File, Kind};
use crate::order;
use crate::releases::{Product, ReleaseSet, Releases};
use crate::rules::{self, Category, Reach, Rule};

/// Cuts findings to what the user cares about, and gives them their severity.
pub(super) fn settle(files: &[File<'_>], options: &Options, purpose: Purpose, findings: &mut Vec<Finding>) {
    // By index, as `read::open_all` gives them.
    let file = |finding: &Finding| files.get(files.binary_search_by_key(&finding.file, |f| f.index).ok()?);
    for finding in &mut *findings {
        let Some(file) = file(finding) else { continue };
        let Some(rule) = rules::find(finding.rule) else { continue };
        let target = target_of(rule, file, options, purpose);
        let current = target.and(options.target.current());
        finding.restrict_to(target, current, &products_of(file.kind));
        finding.severity = options.severity(finding);
        trust(finding, current);
        // Several configurations in one file report its syntax once each.
        finding.labels.dedup();
        for fix in &mut finding.fixes {
            fix.keep_line_ends(file.doc.text);
            fix.compact(file.doc.text);
        }
    }
    if purpose != Purpose::Verdict {
        findings.retain(|f| {
            let product = file(f).map(|file| file.kind.product);
            !f.is_superseded() || product.is_none_or(|product| matters_though_superseded(f, product, options))
        });
    }
    findings.retain(|f| !f.outcomes.is_empty() && rules::find(f.rule).is_some_and(|rule| options.runs(rule)));
}

/// Whether what superseded patches alone do is worth a line: a daemon, a plugin or pods fail, or most patches of a
/// release lose what is written. What they do not have yet is for people who name the releases that they have.
fn matters_though_superseded(finding: &Finding, product: Product, options: &Options) -> bool {
    let is_fault = rules::find(finding.rule).is_some_and(|rule| rule.category == Category::Correctness);
    let least = match options.target.names(product) {
        true => Effect::Harmful,
        false if is_fault && is_in_most_patches(product, finding.releases().get(product)) => Effect::Ignored,
        false => Effect::Failed,
    };
    let breaks = finding.outcomes.iter().any(|outcome| outcome.breaks.is_some());
    finding.severity_override != Some(Severity::Info) && (finding.effect() <= least || breaks)
}

/// Whether more than half of the patch ranges of a release are in the set.
fn is_in_most_patches(product: Product, set: ReleaseSet) -> bool {
    let count = |set: ReleaseSet| set.0.count_ones();
    product.releases().iter().any(|release| 2 * count(set.and(release.set())) > count(release.set()))
}

/// A fix that changes what a working daemon does is not safe: where some release of the target takes the text, a safe
/// fix must keep its meaning.
fn trust(finding: &mut Finding, target: Releases) {
    let stopped = finding.outcomes.iter().filter(|outcome| outcome.effect <= Effect::Failed);
    let stopped = stopped.map(|outcome| outcome.releases).reduce(Releases::or).unwrap_or(Releases::NONE);
    if Product::ALL.into_iter().all(|product| stopped.get(product).covers(target.get(product))) {
        return;
    }
    for fix in finding.fixes.iter_mut().filter(|fix| !fix.keeps_meaning) {
        fix.applicability = fix.applicability.min(Applicability::Unsafe);
    }
}

/// The releases that a finding is judged for: those that read the file, or all of the target.
fn target_of(rule: &Rule, file: &File<'_>, options: &Options, purpose: Purpose) -> Releases {
    let is_unread = file.releases.is_empty();
    let is_for_all = match rule.reach {
        Reach::Readers => false,
        _ if purpose == Purpose::Verdict => true,
        Reach::AllInVerdicts => false,
        Reach::AllIfUnread => is_unread,
        Reach::AllIfNamed => is_unread || options.target.names(file.kind.product),
    };
    if is_for_all { options.target.all() } else { file.releases }
}

/// The file's own product first: its releases are named first.
fn products_of(kind: &Kind) -> [Product; 3] {
    let mut products = Product::ALL;
    order::by_key(&mut products, |p| *p != kind.product);
    products
}
