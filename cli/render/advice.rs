//! Findings of level info in short: a line for each rule.

use crilint_core::finding::Severity;
use crilint_core::{Finding, rules};
use owo_colors::OwoColorize;
use textwrap::Options;

use super::Checked;
use super::text::{counted, message, severity_style, wrapped};
use crate::printable::escaped;
use crate::terminal::Terminal;

const HOW: &str = "crilint -v shows info in full";

/// A line for each rule in the order of its first finding; `numbers` are those of the findings.
pub(super) fn folded(checked: &Checked<'_>, numbers: &[usize], terminal: &Terminal) -> String {
    let findings = || numbers.iter().filter_map(|number| checked.findings().get(*number));
    let mut of_rules: Vec<&'static str> = vec![];
    for finding in findings().filter(|finding| finding.severity == Severity::Info) {
        if !of_rules.contains(&finding.rule) {
            of_rules.push(finding.rule);
        }
    }
    let mut out = String::new();
    for rule in of_rules {
        let own: Vec<&Finding> = findings().filter(|finding| finding.rule == rule).collect();
        let count: usize = own.iter().map(|finding| finding.count).sum();
        let text = match own.as_slice() {
            [only] if count == 1 => format!("{} ({})", message(only), place(checked, only)),
            all => {
                let summary = rules::find(rule).map(|rule| rule.summary).unwrap_or_default();
                format!("{summary} ({}{})", counted(count, "place"), in_files(all))
            }
        };
        let head = format!("info[{rule}]:").style(severity_style(Severity::Info, terminal)).to_string();
        out += &wrapped(&format!("{head} {text}"), Options::new(terminal.width).subsequent_indent("  "));
    }
    if !out.is_empty() {
        out += &wrapped(HOW, Options::new(terminal.width));
    }
    out
}

fn place(checked: &Checked<'_>, finding: &Finding) -> String {
    let at = checked.position(finding.file, finding.span.start);
    format!("{}:{}:{}", escaped(checked.path(finding.file)), at.line, at.column)
}

fn in_files(findings: &[&Finding]) -> String {
    let mut files: Vec<usize> = findings.iter().map(|finding| finding.file).collect();
    files.sort_unstable();
    files.dedup();
    if files.len() > 1 { format!(" in {} files", files.len()) } else { String::new() }
}
