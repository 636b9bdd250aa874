//! One line for each place of a finding: `path:line:column: error[rule-id] message (scope)`, as editors and `grep` like it.

use std::fmt::Write as _;

use owo_colors::OwoColorize;

use super::Checked;
use super::text::{message, severity_style};
use crate::printable::escaped;
use crate::terminal::Terminal;

pub(super) fn render(checked: &Checked<'_>, terminal: &Terminal) -> String {
    let mut out = String::new();
    for finding in checked.findings() {
        let at = checked.position(finding.file, finding.span.start);
        let path = escaped(checked.path(finding.file));
        let level = format!("{}[{}]", finding.severity.id(), finding.rule);
        let level = level.style(severity_style(finding.severity, terminal));
        let _ = writeln!(out, "{path}:{}:{}: {level} {}", at.line, at.column, message(finding));
    }
    out
}
