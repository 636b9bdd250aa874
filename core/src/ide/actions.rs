//! Actions on the findings at a place.

use super::inside;
use crate::engine::{FixFault, Options, Report, Source, fault, identify};
use crate::finding::Finding;
use crate::fix::{Applicability, Edit, Fix};
use crate::rules::{IGNORE_MALFORMED, UNUSED_IGNORE, is_syntax};
use crate::syntax::{Document, Format};
use crate::text::Span;

/// Something to do about a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// The effect of the action, in the imperative.
    pub title: String,
    /// The sort of the action.
    pub kind: ActionKind,
    /// The finding, as an index into the report's.
    pub finding: usize,
    /// The edits of the finding's file, in source order.
    pub edits: Vec<Edit>,
}

/// The sort of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// A fix, with its own applicability.
    Fix(Applicability),
    /// A comment that silences the finding.
    Ignore,
}

/// The fixes of the findings of source `file` that touch `span`, as far as they work alone, and a comment for each
/// finding that silences it where the format has comments. The report must be that of the sources with the options.
#[must_use]
pub fn actions(sources: &[Source<'_>], options: &Options, report: &Report, file: usize, span: Span) -> Vec<Action> {
    let Some(source) = sources.get(file) else { return vec![] };
    let touches = |f: &Finding| f.file == file && f.span.start <= span.end && span.start <= f.span.end;
    let touched: Vec<_> = report.findings.iter().enumerate().filter(|(_, f)| touches(f)).collect();
    let fixes = touched.iter().flat_map(|(i, finding)| {
        let works =
            |fix: &&Fix| matches!(fault(sources, options, report, finding, fix), None | Some(FixFault::Untried));
        finding.fixes.iter().filter(works).map(|fix| Action {
            title: fix.title.clone(),
            kind: ActionKind::Fix(fix.applicability),
            finding: *i,
            edits: fix.edits.clone(),
        })
    });
    let mut out: Vec<_> = fixes.collect();
    if touched.is_empty() {
        return out;
    }
    if let Some((_, doc)) = identify(source.path, source.text, source.kind) {
        for (i, finding) in touched {
            let edit = match finding.text {
                0 => ignore(&doc, finding, finding.span),
                _ => inside::at(source, finding.span.start)
                    .and_then(|inside| inside.edit(source.text, finding.span, |doc, span| ignore(doc, finding, span))),
            };
            if let Some(edit) = edit {
                let title = format!("Ignore {} here", finding.rule);
                out.push(Action { title, kind: ActionKind::Ignore, finding: i, edits: vec![edit] });
            }
        }
    }
    out
}

/// A comment above the finding's line that silences its rule there; a comment that is there already gets one rule more.
fn ignore(doc: &Document<'_>, finding: &Finding, place: Span) -> Option<Edit> {
    // No comment helps a text that does not read; the rule on these comments is not silenced by another one.
    let useless = [UNUSED_IGNORE.id, IGNORE_MALFORMED.id].contains(&finding.rule) || is_syntax(finding);
    if doc.format == Format::Json || useless {
        return None;
    }
    let text = doc.text;
    let start = text.get(..place.start as usize)?.rfind('\n').map_or(0, |i| i + 1);
    let end = text.get(start..)?.find('\n').map_or(text.len(), |i| start + i);
    let above = text.get(..start)?.trim_end_matches('\n').rfind('\n').map_or(0, |i| i + 1);
    // Behind a byte order mark, which must stay first.
    let first = if start == 0 && text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { start };
    let comments = doc.comments.iter().filter(|c| (above..=end).contains(&(c.start as usize)));
    for comment in comments {
        let own_line = (comment.start as usize) < start;
        let is_alone = text.get(above..comment.start as usize).is_some_and(|t| t.trim().is_empty());
        if own_line && !is_alone {
            continue;
        }
        let written = comment.of(text);
        if let Some(at) = written.find("crilint: ignore[").and_then(|i| Some(i + written.get(i..)?.find(']')?)) {
            let at = comment.start as usize + at;
            return Some(Edit::new(Span::empty(at), format!(", {}", finding.rule)));
        }
    }
    // A line that goes on from the one above takes no comment between.
    let previous = text.get(above..start)?.trim_end();
    if matches!(doc.format, Format::Unit | Format::Env) && previous.ends_with('\\') {
        return None;
    }
    // Text in a block cannot hold a comment.
    let line = text.get(first..end)?;
    let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
    let indent = line.get(..indent)?;
    let line = format!("{indent}# crilint: ignore[{}]\n", finding.rule);
    Some(Edit::new(Span::empty(first), line))
}
