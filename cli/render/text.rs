//! Findings for people: what is wrong, where, why it matters, what to do.

use std::borrow::Cow;
use std::fmt::Write as _;

use crilint_core::finding::Severity;
use crilint_core::fix::Applicability;
use crilint_core::releases::{Product, ReleaseSet};
use crilint_core::report::{FindingGroup, Summary, grouped};
use crilint_core::rules;
use crilint_core::secrets::Masked;
use crilint_core::{Finding, LineIndex, Span};
use owo_colors::{OwoColorize, Style};
use textwrap::{Options, WordSeparator, WordSplitter};

use super::snippet::{self, Excerpt, Snippet, printable};
use super::{Checked, advice, profile};
use crate::printable::{escaped, one_line};
use crate::terminal::Terminal;

/// The most places of one finding that are listed beside the first, a line each or many in a line.
const MOST_PLACES: usize = 8;
const MOST_ALIKE: usize = 40;

pub(super) fn render(checked: &Checked<'_>, quiet: bool, terminal: &Terminal) -> String {
    let texts: Vec<_> = checked.files().enumerate().map(|(at, (file, _))| Text::new(checked, at, file.text)).collect();
    let is_folded = |group: &FindingGroup| {
        let first = group.first().and_then(|number| checked.findings().get(*number));
        !checked.is_verbose && first.is_some_and(|finding| finding.severity == Severity::Info)
    };
    // The table of the profile shows what its own rules find.
    let is_listed = |group: &FindingGroup| {
        let first = group.first().and_then(|number| checked.findings().get(*number));
        first.is_some_and(|first| checked.profile.is_some_and(|(profile, _)| profile.owns(first.rule)))
    };
    let groups = grouped(checked.findings()).into_iter().filter(|group| !is_listed(group));
    let (folded, full): (Vec<FindingGroup>, Vec<FindingGroup>) = groups.partition(is_folded);
    let page = |group: &FindingGroup| Page::new(checked, &texts, group, terminal).map(|page| page.render());
    let mut parts: Vec<String> = vec![];
    if !quiet {
        parts.extend(checked.node.as_ref().map(|node| node.text(terminal)));
    }
    parts.extend(full.iter().filter_map(page));
    parts.push(advice::folded(checked, &folded.concat(), terminal));
    let assessments = checked.profile.map(|(_, all)| all).unwrap_or_default();
    parts.extend(assessments.iter().map(|assessment| profile::table(checked, assessment, terminal)));
    if !quiet {
        parts.push(summary(checked, terminal));
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
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

/// One finding, at its first place.
struct Page<'c> {
    checked: &'c Checked<'c>,
    /// The texts of all files, safe to print.
    texts: &'c [Text<'c>],
    /// The number of the finding.
    number: usize,
    finding: &'c Finding,
    /// The numbers of the findings at its further places.
    others: &'c [usize],
    terminal: &'c Terminal,
}

impl<'c> Page<'c> {
    fn new(
        checked: &'c Checked<'c>,
        texts: &'c [Text<'c>],
        group: &'c [usize],
        terminal: &'c Terminal,
    ) -> Option<Self> {
        let (number, others) = group.split_first()?;
        let finding = checked.findings().get(*number)?;
        Some(Self { checked, texts, number: *number, finding, others, terminal })
    }

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
        out += &self.further_places();
        out
    }

    /// The further places: in one line if nothing is different there, else a line each.
    fn further_places(&self) -> String {
        let head = self.finding;
        let others: Vec<&Finding> =
            self.others.iter().filter_map(|number| self.checked.findings().get(*number)).collect();
        let at = |finding: &Finding| {
            let at = self.checked.position(finding.file, finding.span.start);
            format!("{}:{}", at.line, at.column)
        };
        let is_alike = others.iter().all(|other| (&other.message, &other.help) == (&head.message, &head.help));
        let limit = match (self.checked.is_verbose, is_alike) {
            (true, _) => others.len(),
            (false, true) => MOST_ALIKE,
            (false, false) => MOST_PLACES,
        };
        let (listed, rest) = others.split_at(limit.min(others.len()));
        let mut lines: Vec<String> = if is_alike {
            vec![listed.iter().map(|other| at(other)).collect::<Vec<_>>().join(", ")]
        } else {
            let line = |other: &&Finding| {
                let help = if other.help == head.help { String::new() } else { format!(". {}", other.help) };
                format!("{} {}{help}", at(other), message(other))
            };
            listed.iter().map(line).collect()
        };
        if !rest.is_empty() {
            lines.push(format!("and {} (crilint -v lists them)", counted(rest.len(), "more place")));
        }
        let words = std::iter::once("also").chain(std::iter::repeat(""));
        words.zip(lines).map(|(word, line)| self.footer(word, &line)).collect()
    }

    fn snippet(&self) -> Snippet {
        let finding = self.finding;
        let own = finding.labels.iter().filter(|label| label.file == finding.file);
        Snippet {
            head: self.head(),
            message: message(finding),
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
        let level = self.checked.fixable(self.number);
        let how = match level {
            Some(Applicability::Safe) => "crilint --fix",
            Some(_) => "crilint --fix --unsafe-fixes",
            None => return fix.title.clone(),
        };
        let also = self.others.iter().filter(|number| self.checked.fixable(**number) == level).count();
        let places = if also > 0 { format!("; {also} more below") } else { String::new() };
        format!("{} ({how}{places})", fix.title)
    }

    /// `help: ...`, wrapped, with the words aligned.
    fn footer(&self, word: &str, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        let mark = style(self.terminal, Style::new().cyan());
        let first = match word {
            "" => INDENT.to_owned(),
            _ => format!("{:pad$}{} ", "", format!("{word}:").style(mark), pad = 6 - word.len().min(6)),
        };
        let options = Options::new(self.terminal.width).initial_indent(&first).subsequent_indent(INDENT);
        wrapped(&one_line(text), options)
    }
}

/// The indent of sentences below the source.
const INDENT: &str = "        ";

/// Text in lines that fit, with a line end.
pub(super) fn wrapped(text: &str, options: Options<'_>) -> String {
    let options = options.word_separator(WordSeparator::AsciiSpace).word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(text, options) + "\n"
}

/// The message in one line, with the releases where they are not all of the target.
pub(super) fn message(finding: &Finding) -> String {
    let scope = if finding.scope.is_empty() { String::new() } else { format!(" ({})", finding.scope) };
    one_line(&format!("{}{scope}", finding.message))
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
        out += &named(checked, terminal);
        return out;
    };
    let _ = writeln!(out, "{}{}", totals(&count).style(bold), fixable(&count));
    let _ = writeln!(out, "checked {files} for {releases}");
    out += &named(checked, terminal);
    let _ = writeln!(out, "more about a rule: crilint explain {}", first.rule);
    out
}

/// How many files that others name are listed.
const MOST_NAMED: usize = 5;

/// The files that were read because others name them.
fn named(checked: &Checked<'_>, terminal: &Terminal) -> String {
    // The table of a node lists them.
    let is_listed = checked.node.is_some();
    let files = checked.files().filter(|(file, info)| file.named_by.is_some() && info.kind.is_some() && !is_listed);
    let paths: Vec<&str> = files.map(|(file, _)| file.path).collect();
    if paths.is_empty() {
        return String::new();
    }
    let mut listed: Vec<String> = paths.iter().take(MOST_NAMED).map(|path| escaped(path).into_owned()).collect();
    if paths.len() > MOST_NAMED {
        listed.push(format!("{} more", paths.len() - MOST_NAMED));
    }
    let text = format!("read because others name them: {}", listed.join(", "));
    wrapped(&text, Options::new(terminal.width).subsequent_indent("  "))
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
        let infos = checked.files().flat_map(|(_, info)| info.with_texts());
        let own = infos.filter(|info| info.kind.is_some_and(|kind| kind.product == product));
        let mut set = own.map(|info| info.releases.get(product)).reduce(ReleaseSet::or)?;
        if set.is_empty() {
            // None of the target reads the files; the findings report that.
            let releases = checked.findings().iter().map(|finding| finding.releases().get(product));
            set = releases.fold(set, ReleaseSet::or);
        }
        Some(format!("{} {}", product.title(), checked.target.describe(product, set)))
    });
    parts.collect::<Vec<_>>().join(", ")
}

pub(super) fn counted(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

/// The colour of a severity, where there are colours.
pub(super) fn severity_style(severity: Severity, terminal: &Terminal) -> Style {
    style(terminal, snippet::severity_style(severity))
}

fn style(terminal: &Terminal, style: Style) -> Style {
    if terminal.color { style } else { Style::new() }
}
