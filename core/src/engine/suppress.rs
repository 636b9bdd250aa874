//! Comments that speak to crilint: `# crilint: ignore[rule-id] reason` on the line or the line above,
//! `# crilint: ignore-file[rule-id]`, `# crilint: kind=containerd`.

use super::Options;
use crate::finding::{Effect, Finding, Outcome, Severity};
use crate::kind::{self, File, Kind};
use crate::rules;
use crate::syntax::Document;
use crate::text::{Encoding, LineIndex, Span};

/// The kind that a comment names.
pub(super) fn named_kind(doc: &Document<'_>) -> Option<&'static Kind> {
    directives(doc).find_map(|(_, text)| kind::find(text.strip_prefix("kind=")?.split_whitespace().next()?))
}

/// The text behind `crilint:` in each comment that has it.
fn directives<'d>(doc: &'d Document<'_>) -> impl Iterator<Item = (Span, &'d str)> {
    doc.comments.iter().filter_map(|span| {
        let text = span.of(doc.text).trim_start_matches(['#', ';', '/', '*']).trim();
        Some((*span, text.strip_prefix("crilint:")?.trim()))
    })
}

struct Ignore<'d> {
    comment: Span,
    /// Ids as written; empty for all rules.
    ids: Vec<&'d str>,
    /// The lines meant; none for the whole file.
    lines: Option<(u32, u32)>,
    used: Vec<bool>,
}

/// Drops what comments suppress, and reports comments that suppress nothing.
pub(super) fn apply(files: &[File<'_>], options: &Options, findings: &mut Vec<Finding>) {
    for file in files {
        let doc = &file.doc;
        if doc.comments.is_empty() {
            continue;
        }
        let index = LineIndex::new(doc.text);
        let line = |at: u32| index.position(doc.text, at, Encoding::Utf8).line;
        let mut ignores: Vec<Ignore<'_>> =
            directives(doc).filter_map(|(span, text)| ignore(doc, span, text, &line)).collect();
        if ignores.is_empty() {
            continue;
        }
        findings.retain(|finding| {
            if finding.file != file.index {
                return true;
            }
            let (first, last) = (line(finding.span.start), line(finding.span.end.max(finding.span.start)));
            let mut dropped = false;
            for ignore in &mut ignores {
                let here = ignore.lines.is_none_or(|(from, to)| first <= to && from <= last.max(first));
                if here && ignore.meets(finding.rule) {
                    dropped = true;
                }
            }
            !dropped
        });
        if rules::find("unused-ignore").is_some_and(|rule| options.runs(rule)) {
            findings.extend(ignores.iter().flat_map(|ignore| ignore.unused(file, options)));
        }
    }
}

fn ignore<'d>(doc: &'d Document<'_>, comment: Span, text: &'d str, line: &impl Fn(u32) -> u32) -> Option<Ignore<'d>> {
    let (rest, whole_file) = match text.strip_prefix("ignore-file") {
        Some(rest) => (rest, true),
        None => (text.strip_prefix("ignore")?, false),
    };
    let listed = rest.trim_start().strip_prefix('[').and_then(|r| r.split_once(']')).map(|(ids, _)| ids);
    let ids: Vec<_> =
        listed.into_iter().flat_map(|ids| ids.split(',')).map(str::trim).filter(|id| !id.is_empty()).collect();
    let own = line(comment.start);
    let head = doc.text.get(..comment.start as usize)?.rsplit('\n').next()?;
    // A comment alone on its line speaks for the next line.
    let last = if head.trim().is_empty() { own + 1 } else { own };
    let used = vec![false; ids.len().max(1)];
    Some(Ignore { comment, ids, lines: (!whole_file).then_some((own, last)), used })
}

impl Ignore<'_> {
    fn meets(&mut self, rule: &str) -> bool {
        let at = if self.ids.is_empty() { Some(0) } else { self.ids.iter().position(|id| *id == rule) };
        if let Some(used) = at.and_then(|i| self.used.get_mut(i)) {
            *used = true;
            return true;
        }
        false
    }

    fn unused(&self, file: &File<'_>, options: &Options) -> Vec<Finding> {
        let idle = self.used.iter().enumerate().filter(|(_, used)| !**used);
        let mut out = vec![];
        for (i, _) in idle {
            let message = match self.ids.get(i) {
                Some(id) => match rules::find(id) {
                    // A rule that does not run cannot tell.
                    Some(rule) if !options.runs(rule) => continue,
                    Some(_) => format!("nothing here to ignore for `{id}`"),
                    None => format!("there is no rule `{id}`"),
                },
                None => "nothing here to ignore".to_owned(),
            };
            out.push(Finding {
                rule: "unused-ignore",
                severity: Severity::Info,
                outcomes: vec![Outcome { effect: Effect::Advice, releases: file.releases }],
                message,
                why: "An ignore comment that meets no finding hides the next one without a word.".into(),
                help: "Remove it from the comment.".into(),
                scope: String::new(),
                file: file.index,
                span: self.comment,
                keys: vec![],
                labels: vec![],
                fixes: vec![],
                loudness: None,
            });
        }
        for finding in &mut out {
            finding.severity = options.severity(finding);
        }
        out
    }
}
