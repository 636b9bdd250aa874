//! Releases that take a file for another than it declares: the rules run once more, on the trees that they see.

use super::{Options, Purpose, Source, node, read, settle};
use crate::finding::Finding;
use crate::kind::{File, Reread};
use crate::releases::{Product, Releases};

/// How releases of the target may take one of the files for another than it declares.
pub(super) fn ways(files: &[File<'_>], options: &Options, purpose: Purpose) -> Vec<&'static Reread> {
    let mut ways: Vec<&'static Reread> = vec![];
    for file in files {
        for how in file.kind.rereads.iter().filter(|how| how.is_reported || purpose == Purpose::Verdict) {
            let releases = releases(how, options, purpose);
            let differs = !releases.is_empty() && releases.and(file.releases).is_empty();
            if differs && !ways.iter().any(|known| std::ptr::eq(*known, how)) {
                ways.push(how);
            }
        }
    }
    ways
}

/// The releases of the target that take files for others. Where superseded patches alone do so, that is for verdicts
/// only: newer ones refuse the file.
fn releases(how: &Reread, options: &Options, purpose: Purpose) -> Releases {
    let releases = options.target.releases(how.releases);
    if purpose == Purpose::Verdict {
        return releases;
    }
    let current = options.target.current().and(how.releases);
    let of = |product: Product| releases.get(product).and(current.get(product).whole_releases(product));
    Product::ALL.into_iter().fold(releases, |all, product| all.with(product, of(product)))
}

/// The faults of a node for releases that take its files for others.
pub(super) fn findings(
    sources: &[&Source<'_>],
    options: &Options,
    purpose: Purpose,
    how: &'static Reread,
) -> Vec<Finding> {
    let releases = releases(how, options, purpose);
    let mut files = vec![];
    let mut all = read::open_all(sources, options);
    read::leave_literals(&mut all, options);
    for mut file in all {
        if !file.is_unjudged() && file.kind.rereads.iter().any(|known| std::ptr::eq(known, how)) {
            file.reread = (how.change)(&mut file.doc);
            file.releases = releases;
            files.push(file);
        }
    }
    if !files.iter().any(|file| file.reread) {
        return vec![];
    }
    let known = read::known(sources);
    let node = crate::node::gather(files.iter().collect(), &known);
    // What is not listed here is reported of the file as it is written.
    let mut findings = node::run_rules(&node, options, purpose).list;
    settle::settle(&files, options, purpose, &mut findings);
    findings
}
