//! What must hold of each fix that a report offers; for the tests and for the fuzz target `fixes`.
#![allow(dead_code, missing_docs, reason = "each test uses a part of it")]

use crilint_core::engine::{Options, Source, fix_once, fixable, withdraw};
use crilint_core::fix::apply;
use crilint_core::{Finding, Report, Severity, check};

/// Applies each fix on offer alone, and adds what is wrong with the result to `wrong`. A fix that is promised may need
/// the others that are promised. Returns how many were tried.
pub fn check_all(name: &str, sources: &[Source<'_>], options: &Options, wrong: &mut Vec<String>) -> usize {
    let mut report = check(sources, options);
    let promised = fixable(sources, options, &report);
    withdraw(sources, options, &mut report, &promised);
    let mut tried = 0;
    for (number, finding) in report.findings.iter().enumerate() {
        for fix in &finding.fixes {
            tried += 1;
            let mut texts: Vec<String> = sources.iter().map(|source| source.text.to_owned()).collect();
            texts[finding.file] = apply(sources[finding.file].text, &fix.edits);
            let alone = fault(sources, options, &report, finding, finding.severity, &texts);
            let beside = || {
                let texts = fix_once(sources, options, promised[number]?).texts;
                // What comes with one of several fixes may be as bad as the worst that they take away.
                let fixed = report.findings.iter().zip(&promised).filter(|(_, promise)| promise.is_some());
                let level = fixed.map(|(finding, _)| finding.severity).max()?;
                fault(sources, options, &report, finding, level, &texts)
            };
            let fault = if promised[number].is_some() { alone.as_ref().and_then(|_| beside()) } else { alone };
            if let Some(fault) = fault {
                let Finding { rule, message, .. } = finding;
                let trust = fix.applicability.id();
                wrong.push(format!("{name}: {rule} ({message}), {trust} fix {}: {fault}", fix.title));
            }
        }
    }
    tried
}

fn fault(
    sources: &[Source<'_>],
    options: &Options,
    before: &Report,
    finding: &Finding,
    level: Severity,
    texts: &[String],
) -> Option<String> {
    let file = finding.file;
    let fixed = &texts[file];
    if fixed == sources[file].text {
        return Some("changes nothing".to_owned());
    }
    let changed: Vec<Source<'_>> =
        sources.iter().zip(texts).map(|(source, text)| Source { text, ..source.clone() }).collect();
    let after = check(&changed, options);
    if after.files[file].faults > before.files[file].faults {
        return Some(format!("the file reads worse\n{fixed}"));
    }
    if after.files[file].kind != before.files[file].kind {
        return Some(format!("the file is of another kind\n{fixed}"));
    }
    let is_same = |other: &Finding| (other.file, other.rule, &other.message) == (file, finding.rule, &finding.message);
    let count = |report: &Report| report.findings.iter().filter(|other| is_same(other)).count();
    if count(&after) >= count(before) {
        return Some(format!("its finding is still there\n{fixed}"));
    }
    // A fault of syntax hides what stands behind it.
    if after.files[file].faults < before.files[file].faults {
        return None;
    }
    // A fault may get other words where it stays, so that those of a rule are counted.
    let is_new = |new: &&Finding| {
        let of = |report: &Report| {
            let is_of = |f: &&Finding| (f.file, f.rule) == (new.file, new.rule) && f.severity >= new.severity;
            report.findings.iter().filter(is_of).count()
        };
        of(&after) > of(before)
    };
    let mut worse = after.findings.iter().filter(|new| new.severity > level).filter(is_new);
    worse.next().map(|new| format!("brings {} ({})\n{fixed}", new.rule, new.message))
}
