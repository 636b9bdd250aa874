//! Reads the examples in rule headers, and renders findings as text.
#![allow(clippy::expect_used, dead_code, missing_docs, reason = "each test uses a part of it")]

pub mod minimal;

use std::fmt::Write as _;

use crilint_core::engine::{Source, SourceState};
use crilint_core::fix::apply;
use crilint_core::{Encoding, Finding, LineIndex, Span};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Bad,
    Fixed,
    Good,
}

/// A fenced block of a rule's header.
#[derive(Debug)]
pub struct Example {
    pub state: State,
    pub targets: Vec<String>,
    pub files: Vec<(String, String)>,
    /// Paths without a text: absent, or not read for a reason.
    pub others: Vec<(String, Option<String>)>,
    /// What `^^^` marks: a file and a span.
    pub mark: Option<(usize, Span)>,
}

impl Example {
    pub fn sources(&self) -> Vec<Source<'_>> {
        self.sources_of(&self.files)
    }

    /// The sources with other texts.
    pub fn sources_of<'s>(&'s self, files: &'s [(String, String)]) -> Vec<Source<'s>> {
        let files = files.iter().map(|(path, text)| Source { path, text, ..Source::default() });
        let others = self.others.iter().map(|(path, reason)| {
            let state = reason.as_deref().map_or(SourceState::Absent, SourceState::Unread);
            Source { path, state, ..Source::default() }
        });
        files.chain(others).collect()
    }
}

/// The `//!` lines at the top of a source file.
pub fn header(source: &str) -> String {
    let lines = source.lines().map_while(|l| l.strip_prefix("//!"));
    let mut text: String = lines.map(|l| format!("{}\n", l.strip_prefix(' ').unwrap_or(l))).collect();
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// The fenced blocks tagged `bad`, `fixed` or `good`.
pub fn examples(header: &str) -> Vec<Example> {
    let mut out = vec![];
    let mut lines = header.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let body: Vec<&str> = lines.by_ref().take_while(|l| *l != "```").collect();
        let mut words = info.split_whitespace();
        let language = words.next().unwrap_or_default();
        let state = match words.next() {
            Some("bad") => State::Bad,
            Some("fixed") => State::Fixed,
            Some("good") => State::Good,
            _ => continue,
        };
        let mut example =
            Example { state, targets: words.map(str::to_owned).collect(), files: vec![], others: vec![], mark: None };
        for line in body {
            add_line(&mut example, language, line);
        }
        out.push(example);
    }
    out
}

fn add_line(example: &mut Example, language: &str, line: &str) {
    if let Some(path) = line.strip_prefix("--- ") {
        if let Some((path, state)) = path.strip_suffix(')').and_then(|path| path.split_once(" (")) {
            let reason = state.strip_prefix("not read: ");
            assert!(reason.is_some() || state == "absent", "{line}");
            example.others.push((path.to_owned(), reason.map(str::to_owned)));
            return;
        }
        example.files.push((path.to_owned(), String::new()));
        return;
    }
    if example.files.is_empty() {
        let path = match language {
            "toml" => "/etc/containerd/config.toml",
            "json" => "/etc/docker/daemon.json",
            "yaml" => "/var/lib/kubelet/config.yaml",
            "sh" => "/var/lib/kubelet/kubeadm-flags.env",
            "ini" => "/etc/systemd/system/kubelet.service.d/10-kubeadm.conf",
            other => panic!("no usual path for ```{other}: start the block with `--- PATH`"),
        };
        example.files.push((path.to_owned(), String::new()));
    }
    let at = example.files.len() - 1;
    let text = &mut example.files[at].1;
    let carets = line.trim();
    if !carets.is_empty() && carets.bytes().all(|b| b == b'^') {
        let above = text.trim_end_matches('\n').rfind('\n').map_or(0, |i| i + 1);
        let column = |n: usize| above + text[above..].char_indices().nth(n).map_or(text.len() - above, |(i, _)| i);
        let from = line.len() - line.trim_start().len();
        example.mark = Some((at, Span::new(column(from), column(from + carets.len()))));
        return;
    }
    text.push_str(line);
    text.push('\n');
}

/// An example with one finding, as text.
pub fn render(example: &Example, finding: &Finding) -> String {
    let mut out = String::new();
    let (path, text) = &example.files[finding.file];
    let effects: Vec<_> = finding.outcomes.iter().map(|o| o.effect.id()).collect();
    let breaks = finding.scope_of_break().map(|scope| scope.describe(&finding.broken)).unwrap_or_default();
    let _ = writeln!(out, "{}[{}] ({}): {}", finding.severity.id(), finding.rule, effects.join(", "), finding.message);
    let _ = writeln!(out, "{}", place(path, text, finding.span));
    for label in &finding.labels {
        let (path, text) = &example.files[label.file];
        let _ = writeln!(out, "{} {}", place(path, text, label.span), label.text);
    }
    for (name, value) in
        [("releases", &finding.scope), ("breaks", &breaks), ("why", &finding.why), ("help", &finding.help)]
    {
        if !value.is_empty() {
            let _ = writeln!(out, "  {name}: {value}");
        }
    }
    if !finding.keys.is_empty() {
        let _ = writeln!(out, "  keys: {}", finding.keys.join(", "));
    }
    for fix in &finding.fixes {
        let _ = writeln!(out, "  fix ({:?}): {}", fix.applicability, fix.title);
        out.push_str(&diff(text, &apply(text, &fix.edits)));
    }
    out.push('\n');
    out
}

fn place(path: &str, text: &str, span: Span) -> String {
    let index = LineIndex::new(text);
    let start = index.position(text, span.start, Encoding::Char);
    let line = index.line_span(text, start.line).of(text);
    let marks = span.of(text).lines().next().unwrap_or_default().chars().count().max(1);
    format!(
        "  --> {path}:{}:{}\n  | {line}\n  | {}{}",
        start.line + 1,
        start.column + 1,
        " ".repeat(start.column as usize),
        "^".repeat(marks)
    )
}

/// The lines that differ, by their common head and tail.
fn diff(old: &str, new: &str) -> String {
    let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[head..], &new[head..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let mut out = String::new();
    for line in &old[..old.len() - tail] {
        let _ = writeln!(out, "    - {line}");
    }
    for line in &new[..new.len() - tail] {
        let _ = writeln!(out, "    + {line}");
    }
    out
}
