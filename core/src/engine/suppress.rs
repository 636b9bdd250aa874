//! Comments that speak to crilint: `# crilint: ignore[rule-id] reason` on the line or the line above,
//! `# crilint: ignore-file[rule-id]`, `# crilint: kind=containerd`.
//!
//! A comment of another form silences nothing, and is itself a finding: see [`directive`].

mod directive;

use self::directive::{Directive, Fault, Name, directives};
use super::Options;
use crate::finding::{Effect, Finding, Outcome, Severity};
use crate::fix::Fix;
use crate::kind::{File, Kind};
use crate::order;
use crate::rules;
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
    names: Vec<Name<'d>>,
    /// The lines meant; none for the whole file.
    lines: Option<(u32, u32)>,
    used: Vec<bool>,
}

/// Drops what comments suppress, and reports comments that suppress nothing.
pub(super) fn apply(files: &[File<'_>], options: &Options, findings: &mut Vec<Finding>) {
    for file in files.iter().filter(|file| !file.doc.comments.is_empty()) {
        apply_in(file, options, findings);
    }
}

fn apply_in(file: &File<'_>, options: &Options, findings: &mut Vec<Finding>) {
    let doc = &file.doc;
    let mut told: Vec<Finding> = vec![];
    let mut ignores: Vec<Ignore<'_>> = vec![];
    let all: Vec<_> = directives(doc).collect();
    if all.is_empty() {
        return;
    }
    let index = LineIndex::new(doc.text);
    let line = |at: u32| index.position(doc.text, at, Encoding::Utf8).line;
    for (comment, directive) in all {
        match directive {
            Ok(Directive::Ignore { names, whole_file }) => {
                told.extend(names.iter().filter_map(|name| name.fault()).map(|fault| malformed(file, fault)));
                let own = line(comment.start);
                let last = if is_alone(doc, comment) { own + 1 } else { own };
                let used = vec![false; names.len()];
                ignores.push(Ignore { comment, names, lines: (!whole_file).then_some((own, last)), used });
            }
            Ok(Directive::Kind { rest: None, .. }) => {}
            Ok(Directive::Kind { rest: Some(fault), .. }) | Err(fault) => told.push(malformed(file, fault)),
        }
    }
    // Those of the whole file first, then by line.
    order::by_key(&mut ignores, |ignore| ignore.lines.map_or(0, |(from, _)| from as usize + 1));
    findings.retain(|finding| finding.file != file.index || !silences(&mut ignores, finding, &line));
    let runs = |id: &str| rules::find(id).is_some_and(|rule| options.runs(rule));
    if runs("unused-ignore") {
        told.extend(ignores.iter().flat_map(|ignore| ignore.unused(file, options)));
    }
    told.retain(|finding| runs(finding.rule));
    for finding in &mut told {
        finding.severity = options.severity(finding);
    }
    findings.extend(told);
}

/// Whether a comment is alone on its line: it then speaks for the next line too.
fn is_alone(doc: &Document<'_>, comment: Span) -> bool {
    let head = doc.text.get(..comment.start as usize).and_then(|head| head.rsplit('\n').next());
    head.is_some_and(|head| head.trim().is_empty())
}

/// Whether a comment silences the finding. All that do are marked as used.
fn silences(ignores: &mut [Ignore<'_>], finding: &Finding, line: &impl Fn(u32) -> u32) -> bool {
    let (first, last) = (line(finding.span.start), line(finding.span.end.max(finding.span.start)));
    let whole = ignores.partition_point(|ignore| ignore.lines.is_none());
    // No comment speaks for more than two lines.
    let from = ignores.partition_point(|ignore| ignore.lines.is_none_or(|(from, _)| from + 1 < first));
    let to = ignores.partition_point(|ignore| ignore.lines.is_none_or(|(from, _)| from <= last));
    let mut is_silenced = false;
    for (at, ignore) in ignores.iter_mut().enumerate().take(to) {
        let is_here = at < whole || (at >= from && ignore.lines.is_some_and(|(_, until)| first <= until));
        is_silenced |= is_here && ignore.meets(finding.rule);
    }
    is_silenced
}

impl Ignore<'_> {
    fn meets(&mut self, rule: &str) -> bool {
        let mut is_met = false;
        for (name, used) in self.names.iter().zip(&mut self.used) {
            if name.rule.is_some_and(|known| known.id == rule) {
                *used = true;
                is_met = true;
            }
        }
        is_met
    }

    fn unused(&self, file: &File<'_>, options: &Options) -> Vec<Finding> {
        let idle = self.names.iter().zip(&self.used).filter(|(_, used)| !**used);
        // A rule that does not run cannot tell.
        let rules = idle.filter_map(|(name, _)| name.rule).filter(|rule| options.runs(rule));
        let finding = |rule: &rules::Rule| Finding {
            why: "An ignore comment that meets no finding silently hides the next one.".into(),
            help: "Remove it from the comment.".into(),
            ..on_comment(file, "unused-ignore", self.comment, format!("nothing here to ignore for `{}`", rule.id))
        };
        rules.map(finding).collect()
    }
}

/// A finding about a comment.
fn on_comment(file: &File<'_>, rule: &'static str, span: Span, message: String) -> Finding {
    Finding {
        rule,
        severity: Severity::Info,
        outcomes: vec![Outcome { effect: Effect::Advice, releases: file.releases }],
        message,
        why: String::new(),
        help: String::new(),
        scope: String::new(),
        file: file.index,
        span,
        keys: vec![],
        labels: vec![],
        fixes: vec![],
        loudness: None,
    }
}

fn malformed(file: &File<'_>, fault: Fault) -> Finding {
    Finding {
        why: "A form or a name that crilint does not know silences nothing.".into(),
        help: fault.help,
        // Whether a finding is to be silent is for people to say.
        fixes: fault.edit.map(|edit| Fix::display(format!("Write `{}`", edit.text), edit)).into_iter().collect(),
        loudness: Some(Severity::Warning),
        ..on_comment(file, "ignore-malformed", fault.span, fault.message)
    }
}
