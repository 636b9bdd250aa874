//! The items of a benchmark, each with its verdict.

use std::fmt::Write as _;

use crilint_core::benchmark::{AssessedItem, Assessment, ItemBasis, ItemStatus};
use crilint_core::finding::Severity;
use owo_colors::{OwoColorize, Style};
use textwrap::{Options, WordSeparator, WordSplitter};

use super::Checked;
use super::text::severity_style;
use crate::printable::{escaped, one_line};
use crate::terminal::Terminal;

/// How far the texts below an item are indented.
const INDENT: &str = "                    ";

pub(super) fn table(checked: &Checked<'_>, assessment: &Assessment, terminal: &Terminal) -> String {
    let benchmark = assessment.benchmark;
    let mut out = format!("{}, edition {}", benchmark.title, benchmark.edition);
    if checked.profile.is_some_and(|(_, all)| all.iter().any(|other| other.node != assessment.node)) {
        let _ = write!(out, " (node of {})", escaped(first_path(checked, assessment)));
    }
    out.push('\n');
    let mut items = assessment.items.iter();
    for section in benchmark.sections {
        let reason = section_reason(section.items.iter().map(|item| &item.basis));
        let note = reason.map(|reason| format!(" (not decidable from files: {reason})")).unwrap_or_default();
        let _ = writeln!(out, "{} {}{note}", section.number, section.title);
        for assessed in items.by_ref().take(section.items.len()) {
            out += &row(checked, assessed, reason.is_none(), terminal);
        }
    }
    let count = |status| assessment.items.iter().filter(|assessed| assessed.status == status).count();
    let (pass, fail) = (count(ItemStatus::Pass), count(ItemStatus::Fail));
    let _ = write!(out, "{pass} pass, {fail} fail, ");
    let ignored = count(ItemStatus::Ignored);
    if ignored > 0 {
        let _ = write!(out, "{ignored} ignored, ");
    }
    let _ = writeln!(out, "{} not decidable from files", count(ItemStatus::Undecided));
    out
}

/// The first file of the assessment's node.
fn first_path<'c>(checked: &'c Checked<'_>, assessment: &Assessment) -> &'c str {
    let mut files = checked.files().filter(|(file, info)| file.node == assessment.node && info.kind.is_some());
    files.next().map(|(file, _)| file.path).unwrap_or_default()
}

/// Why files decide on no item of a section.
fn section_reason<'i>(mut items: impl Iterator<Item = &'i ItemBasis>) -> Option<&'static str> {
    let ItemBasis::Undecided(reason) = items.next()? else { return None };
    items.all(|basis| matches!(basis, ItemBasis::Undecided(other) if other == reason)).then_some(reason)
}

fn row(checked: &Checked<'_>, assessed: &AssessedItem, gives_reason: bool, terminal: &Terminal) -> String {
    let item = assessed.item;
    let (word, style) = match assessed.status {
        ItemStatus::Pass => ("pass", plain(terminal, Style::new().green())),
        ItemStatus::Fail => ("fail", severity_style(severity(checked, assessed), terminal)),
        ItemStatus::Ignored => ("ignored", Style::new()),
        ItemStatus::Undecided => ("-", Style::new()),
    };
    let assessment = if item.is_manual { " (manual)" } else { "" };
    let is_new = gives_reason && !assessed.reason.is_empty();
    let reason = if is_new { format!(" ({})", assessed.reason) } else { String::new() };
    let mut out = format!("  {:9} {:7} {}{assessment}{reason}\n", word.style(style), item.number, item.title);
    for finding in assessed.findings.iter().filter_map(|number| checked.findings().get(*number)) {
        let at = checked.position(finding.file, finding.span.start);
        let path = escaped(checked.path(finding.file));
        let scope = if finding.scope.is_empty() { String::new() } else { format!(" ({})", finding.scope) };
        out += &below(terminal, &format!("{path}:{}:{}: {}{scope}", at.line, at.column, finding.message));
        out += &below(terminal, &finding.help);
    }
    out
}

/// The worst severity of the findings that show the failure.
fn severity(checked: &Checked<'_>, assessed: &AssessedItem) -> Severity {
    let findings = assessed.findings.iter().filter_map(|number| checked.findings().get(*number));
    findings.map(|finding| finding.severity).max().unwrap_or(Severity::Info)
}

fn below(terminal: &Terminal, text: &str) -> String {
    let options = Options::new(terminal.width)
        .initial_indent(INDENT)
        .subsequent_indent(INDENT)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(&one_line(text), options) + "\n"
}

fn plain(terminal: &Terminal, style: Style) -> Style {
    if terminal.color { style } else { Style::new() }
}
