//! What must hold of fixing any text; for the tests and for the fuzz target `fixes`.

use crilint_core::engine::{Options, Source, fix, fix_once, fixable};
use crilint_core::fix::Applicability;
use crilint_core::{Report, check};

/// Panics where fixing a text does harm: it does not come to an end, makes syntax worse, loses a line that no fix
/// edits, or does not do what the report promises.
pub fn holds(source: &Source<'_>, options: &Options) {
    let report = check(std::slice::from_ref(source), options);
    let promised = fixable(std::slice::from_ref(source), options, &report);
    assert_eq!(promised.len(), report.findings.len());
    for level in [Applicability::Safe, Applicability::Unsafe] {
        let once = fix_once(std::slice::from_ref(source), options, level);
        let count = promised.iter().filter(|promise| promise.is_some_and(|promise| promise >= level)).count();
        if level == Applicability::Safe {
            assert_eq!(once.count, count, "fixes promised as safe");
        } else {
            assert!(once.count <= count, "all fixes made are promised");
        }
        let step = &once.texts[0];
        assert!(faults(source, step, options) <= report.files[0].faults, "more syntax faults\n{step}");
        keeps_lines(source.text, step, &report, level);

        let all = fix(std::slice::from_ref(source), options, level);
        let text = &all.texts[0];
        assert!(faults(source, text, options) <= report.files[0].faults, "more syntax faults\n{text}");
        assert!(source.text.trim().is_empty() || !text.trim().is_empty(), "nothing is left");
        let again = fix(&[Source { text, ..source.clone() }], options, level);
        assert_eq!(*text, again.texts[0], "fixing twice is fixing once");
        assert_eq!(again.count, 0);
        if once.count == 0 {
            assert_eq!(text, source.text, "nothing was promised");
        }
        let frozen = fix(&[Source { frozen: true, ..source.clone() }], options, level);
        assert_eq!(frozen.texts[0], source.text, "a text that is not the file's");
    }
}

fn faults(source: &Source<'_>, text: &str, options: &Options) -> usize {
    check(&[Source { text, ..source.clone() }], options).files[0].faults
}

/// Lines that no fix on offer edits are all there still, in order.
fn keeps_lines(before: &str, after: &str, report: &Report, level: Applicability) {
    let mut lines: Vec<(usize, &str, bool)> = vec![];
    let mut at = 0;
    for line in before.split_inclusive('\n') {
        lines.push((at, line.trim_end_matches(['\r', '\n']), false));
        at += line.len();
    }
    let offered = report.findings.iter().filter_map(|f| f.fixes.first()).filter(|fix| fix.applicability >= level);
    for edit in offered.flat_map(|fix| &fix.edits) {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        let first = lines.partition_point(|(at, ..)| *at <= start).saturating_sub(1);
        for (at, _, edited) in &mut lines[first..] {
            if *at > end {
                break;
            }
            *edited = true;
        }
    }
    let mut left = after.split('\n').map(|line| line.trim_end_matches('\r'));
    for (_, line, edited) in lines {
        if !edited && !line.trim().is_empty() {
            assert!(left.any(|there| there == line), "the line {line:?} is lost\n{after}");
        }
    }
}
