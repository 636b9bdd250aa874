//! One line a finding: `path:line:column: error[rule-id] message (scope)`, as editors and `grep` like it.

use std::fmt::Write as _;

use crilint_core::Finding;
use owo_colors::OwoColorize;

use super::Checked;
use super::text::severity_style;
use crate::printable::{escaped, one_line};
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

fn message(finding: &Finding) -> String {
    let scope = if finding.scope.is_empty() { String::new() } else { format!(" ({})", finding.scope) };
    one_line(&format!("{}{scope}", finding.message))
}
