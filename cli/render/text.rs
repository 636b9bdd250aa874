//! Findings for people: what is wrong, where, why it matters, what to do.

use std::borrow::Cow;
use std::fmt::Write as _;

use crilint_core::finding::Severity;
use crilint_core::fix::Applicability;
use crilint_core::releases::{Product, ReleaseSet};
use crilint_core::report::Summary;
use crilint_core::rules;
use crilint_core::secrets::Masked;
use crilint_core::{Finding, LineIndex, Span};
use owo_colors::{OwoColorize, Style};
use textwrap::{Options, WordSeparator, WordSplitter};

use super::Checked;
use super::snippet::{self, Excerpt, Snippet, printable};
use crate::printable::{escaped, one_line};
use crate::terminal::Terminal;

pub(super) fn render(checked: &Checked<'_>, quiet: bool, terminal: &Terminal) -> String {
    let texts: Vec<_> = checked.files().enumerate().map(|(at, (file, _))| Text::new(checked, at, file.text)).collect();
    let findings = checked.findings().iter().enumerate();
    let findings =
        findings.map(|(number, finding)| Page { checked, texts: &texts, number, finding, terminal }.render());
    let mut out = findings.collect::<Vec<_>>().join("\n");
    if !quiet {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&summary(checked, terminal));
    }
    out
}

/// A file as it is shown: without secrets, safe to print.
struct Text<'c> {
    text: Cow<'c, str>,
    /// Where everything went, and the lines, if secrets are masked.
    masked: Option<(Masked, LineIndex)>,
}

impl<'c> Text<'c> {
    fn new(checked: &Checked<'c>, file: usize, text: &'c str) -> Self {
        let Some(masked) = checked.secrets().source(file, text) else {
            return Self { text: printable(text), masked: None };
        };
        let text = printable(&masked.text).into_owned();
        let lines = LineIndex::new(&text);
        Self { text: text.into(), masked: Some((masked, lines)) }
    }

    fn place(&self, span: Span) -> Span {
        self.masked.as_ref().map_or(span, |(masked, _)| masked.shown(span))
    }
}

/// One finding.
struct Page<'c> {
    checked: &'c Checked<'c>,
    /// The texts of all files, safe to print.
    texts: &'c [Text<'c>],
    /// The number of the finding.
    number: usize,
    finding: &'c Finding,
    terminal: &'c Terminal,
}

impl Page<'_> {
    fn render(&self) -> String {
        let finding = self.finding;
        let mut out = self.draw(finding.file, &self.snippet());
        for label in finding.labels.iter().filter(|label| label.file != finding.file) {
            let note = Snippet {
                head: "note:".to_owned(),
                message: one_line(&label.text),
                severity: Severity::Info,
                span: self.place(label.file, label.span),
                labels: vec![],
            };
            out += &self.draw(label.file, &note);
        }
        out += &self.footer("why", &finding.why);
        out += &self.footer("help", &finding.help);
        out += &self.footer("fix", &self.fix());
        out
    }

    fn snippet(&self) -> Snippet {
        let finding = self.finding;
        let scope = if finding.scope.is_empty() { String::new() } else { format!(" ({})", finding.scope) };
        let own = finding.labels.iter().filter(|label| label.file == finding.file);
        Snippet {
            head: self.head(),
            message: one_line(&format!("{}{scope}", finding.message)),
            severity: finding.severity,
            span: self.place(finding.file, finding.span),
            labels: own.map(|label| (self.place(label.file, label.span), one_line(&label.text))).collect(),
        }
    }

    /// A span in the text that is shown.
    fn place(&self, file: usize, span: Span) -> Span {
        self.texts.get(file).map_or(span, |text| text.place(span))
    }

    /// `error[rule-id]:`, in a terminal with a link to the rule's page.
    fn head(&self) -> String {
        let rule = self.finding.rule;
        let url = rules::find(rule).filter(|_| self.terminal.color).map(rules::Rule::url);
        let id = url.map_or_else(|| rule.to_owned(), |url| format!("\x1b]8;;{url}\x1b\\{rule}\x1b]8;;\x1b\\"));
        format!("{}[{id}]:", self.finding.severity.id())
    }

    fn draw(&self, file: usize, snippet: &Snippet) -> String {
        let (Some(text), Some(file)) = (self.texts.get(file), self.checked.file(file)) else { return String::new() };
        let path = escaped(file.path).into_owned();
        let (masked, lines) = match &text.masked {
            Some((masked, lines)) => (Some(masked), lines),
            None => (None, file.lines()),
        };
        let source = Excerpt { path, text: &text.text, lines, masked };
        // Labels far along a long line are drawn apart: no terminal shows both places.
        let (near, far): (Vec<_>, Vec<_>) =
            snippet.labels.iter().cloned().partition(|(span, _)| source.is_near(snippet.span, *span));
        let mut out = Snippet { labels: near, ..snippet.clone() }.draw(&source, self.terminal);
        for (span, message) in far {
            let note = Snippet { head: "note:".to_owned(), message, severity: Severity::Info, span, labels: vec![] };
            out += &note.draw(&source, self.terminal);
        }
        out
    }

    fn fix(&self) -> String {
        let Some(fix) = self.finding.fixes.first() else { return String::new() };
        let how = match self.checked.fixable(self.number) {
            Some(Applicability::Safe) => " (crilint --fix)",
            Some(_) => " (crilint --fix --unsafe-fixes)",
            None => "",
        };
        format!("{}{how}", fix.title)
    }

    /// `help: ...`, wrapped, with the words aligned.
    fn footer(&self, word: &str, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        let mark = style(self.terminal, Style::new().cyan());
        let first = format!("{:pad$}{} ", "", format!("{word}:").style(mark), pad = 6 - word.len().min(6));
        let options = Options::new(self.terminal.width)
            .initial_indent(&first)
            .subsequent_indent("        ")
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation);
        let text = one_line(text);
        textwrap::fill(&text, options) + "\n"
    }
}

/// The last lines: how many findings of which sort, in what, and where to read on.
fn summary(checked: &Checked<'_>, terminal: &Terminal) -> String {
    let count = checked.summary();
    let bold = style(terminal, Style::new().bold());
    let files = counted(count.files, "file");
    let releases = releases(checked);
    let mut out = String::new();
    if checked.fixed > 0 {
        let _ = writeln!(out, "{} fixed", counted(checked.fixed, "finding").style(bold));
    }
    let Some(first) = checked.findings().first() else {
        let _ = writeln!(out, "{} in {files} ({releases})", "no findings".style(bold));
        return out;
    };
    let _ = writeln!(out, "{}{}", totals(&count).style(bold), fixable(&count));
    let _ = writeln!(out, "checked {files} for {releases}");
    let _ = writeln!(out, "more about a rule: crilint explain {}", first.rule);
    out
}

fn totals(count: &Summary) -> String {
    let parts = [(count.errors, "error"), (count.warnings, "warning"), (count.infos, "info")];
    let parts = parts.into_iter().filter(|(n, _)| *n > 0);
    // "2 info" is short for "2 for information".
    let parts = parts.map(|(n, word)| if word == "info" { format!("{n} info") } else { counted(n, word) });
    parts.collect::<Vec<_>>().join(", ")
}

fn fixable(count: &Summary) -> String {
    match (count.fixable, count.fixable_unsafe) {
        (0, 0) => String::new(),
        (safe, 0) => format!(" ({safe} fixable with --fix)"),
        (0, more) => format!(" ({more} fixable with --fix --unsafe-fixes)"),
        (safe, more) => format!(" ({safe} fixable with --fix, {more} more with --unsafe-fixes)"),
    }
}

/// `containerd 1.7 to 2.3, Kubernetes 1.33 and later`: what the files were judged for.
fn releases(checked: &Checked<'_>) -> String {
    let parts = Product::ALL.into_iter().filter_map(|product| {
        let own = checked.files().filter(|(_, info)| info.kind.is_some_and(|kind| kind.product == product));
        let mut set = own.map(|(_, info)| info.releases.get(product)).reduce(ReleaseSet::or)?;
        if set.is_empty() {
            // None of the target reads the files; the findings report that.
            let releases = checked.findings().iter().map(|finding| finding.releases().get(product));
            set = releases.fold(set, ReleaseSet::or);
        }
        Some(format!("{} {}", product.title(), checked.target.describe(product, set)))
    });
    parts.collect::<Vec<_>>().join(", ")
}

fn counted(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

/// The colour of a severity, where there are colours.
pub(super) fn severity_style(severity: Severity, terminal: &Terminal) -> Style {
    style(terminal, snippet::severity_style(severity))
}

fn style(terminal: &Terminal, style: Style) -> Style {
    if terminal.color { style } else { Style::new() }
}
