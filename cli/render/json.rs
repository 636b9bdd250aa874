//! The report for programs: [`crilint_core::report`].

use crilint_core::fix::{Edit, Fix};
use crilint_core::json::Json;
use crilint_core::report::{Counting, ReportForm, RunOutcome};

use super::Checked;
use crate::printable;

const WITHHELD: &str =
    "the edits hold a secret; crilint --fix applies them, crilint --diff --output-file FILE writes them";

pub(super) fn render(checked: &Checked<'_>) -> String {
    let secrets = checked.secrets();
    let withheld = |file: usize, fix: &Fix| {
        let is_secret = |edit: &Edit| secrets.touches(file, edit.span) || secrets.shows(file, &edit.text);
        fix.edits.iter().any(is_secret).then_some(WITHHELD)
    };
    let run = RunOutcome {
        fixable: &checked.fixable,
        fixed: checked.fixed,
        errors: checked.errors.iter().map(ToString::to_string).collect(),
        withheld: &withheld,
        node: checked.node.as_ref().map(|node| node as _),
    };
    let form = ReportForm {
        report: checked.report,
        files: checked.files.iter().collect(),
        target: checked.target,
        counting: Counting::PROGRAMS,
        profile: checked.profile,
        run: Some(run),
    };
    printable::json(printable::indented(&Json::of(|json| form.write(json))) + "\n")
}
