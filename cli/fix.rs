//! `--fix`: applying what the engine offers.

use std::collections::HashMap;

use crilint_core::engine;
use crilint_core::fix::Applicability;
use crilint_core::{Finding, Report};

use crate::args::CheckArgs;
use crate::check::Session;
use crate::disk::{Interrupts, Place};
use crate::error::Error;
use crate::output;
use crate::printable;
use crate::read::Input;

/// The text of each file after fixing. Files that could not be read as text stay as they are.
pub(crate) fn fixed(session: &Session, report: &Report, args: &CheckArgs) -> Vec<String> {
    let trusted = trusted(args);
    if !report.findings.iter().any(|finding| finding.fixes.iter().any(|fix| fix.applicability >= trusted)) {
        return session.inputs.iter().map(|input| input.text.clone()).collect();
    }
    let sources: Vec<_> = session.inputs.iter().map(Input::source).collect();
    engine::fix(&sources, &session.options, trusted).texts
}

/// Fixes of at least this trust are applied.
pub(crate) fn trusted(args: &CheckArgs) -> Applicability {
    if args.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe }
}

/// Whether the user agrees to write the files that would change; yes if none would.
pub(crate) fn is_confirmed(inputs: &[Input], texts: &[String]) -> bool {
    let changed = inputs.iter().zip(texts).filter(|(input, text)| input.text != **text);
    let paths: Vec<_> = changed.map(|(input, _)| format!("  {}", printable::escaped(&input.found.shown))).collect();
    if paths.is_empty() {
        return true;
    }
    output::note(&format!("crilint --fix changes these files of this node:\n{}", paths.join("\n")));
    let agrees = output::ask("Write them? [y/N] ");
    if !agrees {
        output::note("nothing is written");
    }
    agrees
}

/// Writes the files that changed, and gives what could not be written. The fixed text of standard input goes to
/// standard output, changed or not.
pub(crate) fn write(inputs: &mut [Input], texts: Vec<String>) -> Vec<Error> {
    let mut errors = vec![];
    let changes = |input: &Input, text: &String| !input.found.place.is_stdin() && input.text != *text;
    let all = inputs.iter().zip(&texts).filter(|(input, text)| changes(input, text)).count();
    let mut written = 0;
    // Without it, an interrupt leaves a temporary file behind, which the next run removes.
    let interrupts = if all > 0 { Interrupts::hold().ok() } else { None };
    for (input, text) in inputs.iter_mut().zip(texts) {
        if interrupts.as_ref().is_some_and(Interrupts::came) {
            errors.push(Error::Interrupted { written, all });
            break;
        }
        let outcome = match &input.found.place {
            Place::Stdin => output::print_bytes(&input.bytes(&text)),
            _ if input.text == text => continue,
            _ => input.write(&text).inspect(|()| written += 1),
        };
        match outcome {
            Ok(()) => input.text = text,
            Err(error) => errors.push(error),
        }
    }
    errors
}

/// How many findings are fixed.
pub(crate) fn count_fixed(before: &[Finding], after: &[Finding]) -> usize {
    let mut left: HashMap<_, usize> = HashMap::new();
    for finding in after {
        *left.entry(identity(finding)).or_default() += 1;
    }
    let mut fixed = 0;
    for finding in before {
        match left.get_mut(&identity(finding)).filter(|count| **count > 0) {
            Some(count) => *count -= 1,
            None => fixed += 1,
        }
    }
    fixed
}

fn identity(finding: &Finding) -> (usize, &str, &str) {
    (finding.file, finding.rule, &finding.message)
}
