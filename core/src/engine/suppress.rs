//! Comments for crilint: `# crilint: ignore[rule-id] reason` on the line or the line above,
//! `# crilint: ignore-file[rule-id]`, `# crilint: kind=containerd`.
//!
//! A comment of another form silences nothing, and is itself a finding: see [`directive`].

mod directive;

use std::collections::HashMap;

use self::directive::{CommentFault, Directive, RuleName, directives};
use super::Options;
use crate::finding::{Finding, Severity};
use crate::fix::Fix;
use crate::kind::{File, Kind};
use crate::order;
use crate::rules::{self, Excess, IGNORE_MALFORMED, MAX_LISTED, UNUSED_IGNORE};
use crate::syntax::Document;
use crate::text::{Encoding, LineIndex, Span};

/// The kind that a comment names.
pub(super) fn named_kind(doc: &Document<'_>) -> Option<&'static Kind> {
    directives(doc).find_map(|(_, directive)| match directive {
        Ok(Directive::Kind { kind, .. }) => Some(kind),
        _ => None,
    })
}

struct Ignore<'d> {
    comment: Span,
    /// The rules meant.
    names: Vec<RuleName<'d>>,
    /// The lines meant; none for the whole file.
    lines: Option<(u32, u32)>,
    used: Vec<bool>,
}

/// Drops what comments suppress, and reports comments that suppress nothing.
pub(super) fn apply(files: &[File<'_>], options: &Options, findings: &mut Vec<Finding>, excess: &mut [Excess]) {
    let mut all: HashMap<usize, Comments<'_>> = HashMap::new();
    for file in files.iter().filter(|file| !file.doc.comments.is_empty()) {
        all.extend(Comments::of(file).map(|comments| (file.index, comments)));
    }
    findings.retain(|f| !all.get_mut(&f.file).is_some_and(|own| own.silence(f.rule, f.span)));
    for one in excess {
        if let Some(own) = all.get_mut(&one.file) {
            one.spans.retain(|span| !own.silence(one.rule, *span));
        }
    }
    let runs = |id: &str| rules::find(id).is_some_and(|rule| options.runs(rule));
    for file in files {
        let Some(own) = all.remove(&file.index) else { continue };
        let mut findings_of_comments = own.findings_of_comments;
        if options.runs(&UNUSED_IGNORE) {
            findings_of_comments.extend(own.ignores.iter().flat_map(|ignore| ignore.unused(file, options)));
        }
        findings_of_comments.retain(|finding| runs(finding.rule));
        limit(&mut findings_of_comments);
        for finding in &mut findings_of_comments {
            finding.severity = options.severity(finding);
        }
        findings.extend(findings_of_comments);
    }
}

/// Keeps as many findings of a rule as people can read; the last one counts the others.
fn limit(findings: &mut Vec<Finding>) {
    let mut seen: HashMap<&'static str, (usize, usize)> = HashMap::new();
    let mut kept: Vec<Finding> = vec![];
    for finding in findings.drain(..) {
        let (count, last) = seen.entry(finding.rule).or_default();
        *count += 1;
        if *count <= MAX_LISTED {
            *last = kept.len();
            kept.push(finding);
        } else if let Some(last) = kept.get_mut(*last) {
            last.count += 1;
            last.message = format!("{} more of the same", last.count);
        }
    }
    *findings = kept;
}

/// The comments of a file that are for crilint.
struct Comments<'d> {
    text: &'d str,
    index: LineIndex,
    /// Those of the whole file first, then by line.
    ignores: Vec<Ignore<'d>>,
    /// The faults of the comments.
    findings_of_comments: Vec<Finding>,
}

impl<'d> Comments<'d> {
    fn of(file: &'d File<'_>) -> Option<Self> {
        let doc = &file.doc;
        let mut findings_of_comments: Vec<Finding> = vec![];
        let mut ignores: Vec<Ignore<'_>> = vec![];
        let all: Vec<_> = directives(doc).collect();
        if all.is_empty() {
            return None;
        }
        let index = LineIndex::new(doc.text);
        for (comment, directive) in all {
            match directive {
                Ok(Directive::Ignore { names, whole_file }) => {
                    findings_of_comments
                        .extend(names.iter().filter_map(|name| name.fault()).map(|fault| malformed(file, fault)));
                    let own = index.position(doc.text, comment.start, Encoding::Utf8).line;
                    let last = if is_alone(doc, comment) { own + 1 } else { own };
                    let used = vec![false; names.len()];
                    ignores.push(Ignore { comment, names, lines: (!whole_file).then_some((own, last)), used });
                }
                Ok(Directive::Kind { kind, rest: None }) if *kind != *file.kind => {
                    findings_of_comments.push(malformed(file, CommentFault::other_kind(comment, kind, file.kind)));
                }
                Ok(Directive::Kind { rest: None, .. }) => {}
                Ok(Directive::Kind { rest: Some(fault), .. }) | Err(fault) => {
                    findings_of_comments.push(malformed(file, fault))
                }
            }
        }
        order::by_key(&mut ignores, |ignore| ignore.lines.map_or(0, |(from, _)| from as usize + 1));
        Some(Self { text: doc.text, index, ignores, findings_of_comments })
    }

    /// Whether a comment silences a finding. All that do are marked as used.
    fn silence(&mut self, rule: &str, span: Span) -> bool {
        let line = |at: u32| self.index.position(self.text, at, Encoding::Utf8).line;
        let (first, last) = (line(span.start), line(span.end.max(span.start)));
        let whole = self.ignores.partition_point(|ignore| ignore.lines.is_none());
        // No comment covers more than two lines.
        let from = self.ignores.partition_point(|ignore| ignore.lines.is_none_or(|(from, _)| from + 1 < first));
        let to = self.ignores.partition_point(|ignore| ignore.lines.is_none_or(|(from, _)| from <= last));
        let mut is_silenced = false;
        for at in (0..whole).chain(from.max(whole)..to) {
            let Some(ignore) = self.ignores.get_mut(at) else { continue };
            let is_here = ignore.lines.is_none_or(|(_, until)| first <= until);
            is_silenced |= is_here && ignore.matches(rule);
        }
        is_silenced
    }
}

/// Whether a comment is alone on its line: it then covers the next line too.
fn is_alone(doc: &Document<'_>, comment: Span) -> bool {
    let head = doc.text.get(..comment.start as usize).and_then(|head| head.rsplit('\n').next());
    head.is_some_and(|head| head.trim().is_empty())
}

impl Ignore<'_> {
    fn matches(&mut self, rule: &str) -> bool {
        let mut is_match = false;
        for (name, used) in self.names.iter().zip(&mut self.used) {
            if name.rule.is_some_and(|known| known.id == rule) {
                *used = true;
                is_match = true;
            }
        }
        is_match
    }

    fn unused(&self, file: &File<'_>, options: &Options) -> Vec<Finding> {
        let idle = self.names.iter().zip(&self.used).filter(|(_, used)| !**used);
        // Whether a rule that does not run would report, is unknown.
        let rules = idle.filter_map(|(name, _)| name.rule).filter(|rule| options.runs(rule));
        let finding = |rule: &rules::Rule| Finding {
            why: "An ignore comment that matches no finding silently hides the next one.".into(),
            help: "Remove it from the comment.".into(),
            ..on_comment(file, UNUSED_IGNORE.id, self.comment, format!("nothing here to ignore for `{}`", rule.id))
        };
        rules.map(finding).collect()
    }
}

/// A finding about a comment.
fn on_comment(file: &File<'_>, rule: &'static str, span: Span, message: String) -> Finding {
    let mut finding = Finding::new(rule, file.index, span, message);
    finding.advice(file.releases);
    finding
}

fn malformed(file: &File<'_>, fault: CommentFault) -> Finding {
    Finding {
        why: "A form or a name that crilint does not recognize silences nothing.".into(),
        help: fault.help,
        // Whether a finding is to be silent is for people to decide.
        fixes: fault.edit.map(|edit| Fix::display(format!("Write `{}`", edit.text), edit)).into_iter().collect(),
        severity_override: Some(Severity::Warning),
        ..on_comment(file, IGNORE_MALFORMED.id, fault.span, fault.message)
    }
}
