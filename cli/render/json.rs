//! The report for programs.

use super::Checked;
use crate::printable;
use crate::report::Report;

pub(super) fn render(checked: &Checked<'_>) -> String {
    let report = serde_json::to_string_pretty(&Report::new(checked));
    // Plain structs with text keys always serialise.
    printable::json(report.unwrap_or_default() + "\n")
}
