//! Brackets: not closed, closed by the wrong one, commas missing or too many.

use std::ops::Range;

use super::diagnose::FailureContext;
use super::line;
use super::repair::YamlRepair;
use crate::fix::Applicability::{Safe, Unsafe};

/// Where brackets that open at a place end.
enum FlowEnd {
    Closed(usize),
    /// A closing bracket that is not the one expected.
    Wrong(usize, char),
    /// At the end of the document.
    Open,
}

/// A bracket that is open: what closes it, and where it is.
type FlowBracket = (char, usize);

struct FlowScan {
    end: FlowEnd,
    /// Brackets not closed, as their closing ones, and where they open.
    stack: Vec<FlowBracket>,
    /// The end of what stands inside before the first line that looks like an entry of the block around, and that line.
    resume: Option<(usize, usize, Vec<FlowBracket>)>,
}

/// A closing bracket without an opening one.
pub(super) fn stray(context: FailureContext<'_, '_>) -> Option<YamlRepair> {
    let at = context.failure.at;
    let range = at..at + 1;
    let bracket = context.text(range.clone());
    let edit = context.draft.edit(range.clone(), "");
    Some(
        YamlRepair::new(
            "extra-bracket",
            context.draft.span(range),
            format!("nothing is open that this `{bracket}` could close"),
        )
        .fix(Safe, "Remove the bracket", edit),
    )
}

/// Where the outermost bracket opens. The parser gives no event for one that starts the document when it gives up
/// early.
pub(super) fn outermost(context: FailureContext<'_, '_>) -> usize {
    let draft = context.draft;
    let line = (0..=context.line()).rev().take_while(|i| !line::is_marker(draft.raw(*i)));
    let first = line.filter(|i| !draft.is_blank(*i)).last().map(|i| draft.content_at(i));
    let root = first.filter(|at| context.text(*at..*at + 1).starts_with(['[', '{']));
    context.failure.flow.or(root).unwrap_or(context.failure.at)
}

/// A fault inside the brackets that open at `open`.
pub(super) fn find(context: FailureContext<'_, '_>, open: usize) -> Option<YamlRepair> {
    let scan = scan(context, open);
    let wrong = match scan.end {
        FlowEnd::Closed(end) => {
            return comma(context, &(open..end)).or_else(|| no_repair(context, open..end));
        }
        FlowEnd::Wrong(at, _) => at,
        FlowEnd::Open => usize::MAX,
    };
    if let Some((at, line, stack)) = scan.resume
        && context.draft.line(line).at < wrong
    {
        return unclosed(context, at, &stack);
    }
    match scan.end {
        FlowEnd::Wrong(at, expected) => Some(mismatched(context, at, expected, &scan.stack)),
        _ => unclosed(context, content_end(context, document_end(context, open), open), &scan.stack),
    }
}

fn unclosed(context: FailureContext<'_, '_>, at: usize, stack: &[FlowBracket]) -> Option<YamlRepair> {
    let draft = context.draft;
    let (_, open) = stack.last()?;
    let closers: String = stack.iter().rev().map(|(c, _)| *c).collect();
    let bracket = context.text(*open..open + 1);
    let edit = draft.edit(at..at, closers.clone());
    let same_line = draft.line_at(*open) == draft.line_at(at);
    let trust = if same_line && stack.len() == 1 { Safe } else { Unsafe };
    Some(
        YamlRepair::new("unclosed-bracket", draft.span(at..at), format!("this `{bracket}` is never closed"))
            .related(draft.span(*open..open + 1), "the bracket is opened here")
            .help(format!("add `{closers}` where it ends"))
            .fix(trust, "Close the bracket", edit),
    )
}

fn mismatched(context: FailureContext<'_, '_>, at: usize, expected: char, stack: &[FlowBracket]) -> YamlRepair {
    let draft = context.draft;
    let found = context.text(at..at + 1).chars().next().unwrap_or(expected);
    let open = stack.last().map_or(at, |(_, open)| *open);
    // Closes an outer one: then the inner one is open still.
    let outer = stack.iter().any(|(c, _)| *c == found);
    let (edit, title) = if outer {
        (draft.edit(at..at, expected.to_string()), "Close the inner bracket first")
    } else {
        (draft.edit(at..at + 1, expected.to_string()), "Use the bracket that fits")
    };
    let bracket = context.text(open..open + 1);
    let trust = if outer { Unsafe } else { Safe };
    YamlRepair::new("mismatched-bracket", draft.span(at..at + 1), format!("`{found}` closes what `{bracket}` opens"))
        .related(draft.span(open..open + 1), "the bracket is opened here")
        .fix(trust, title, edit)
}

/// Balanced brackets: a comma is missing or too many, or a dash is.
fn comma(context: FailureContext<'_, '_>, range: &Range<usize>) -> Option<YamlRepair> {
    let at = context.failure.at;
    let before = context.text(range.start..at).trim_end();
    if context.text(at..at + 1) == "," && before.ends_with([',', '[', '{']) {
        let edit = context.draft.edit(at..at + 1, "");
        return Some(
            YamlRepair::new("extra-comma", context.draft.span(at..at + 1), "nothing stands before this comma").fix(
                Safe,
                "Remove the comma",
                edit,
            ),
        );
    }
    let rest = context.text(at..range.end);
    if rest.starts_with('-') && matches!(rest.as_bytes().get(1), Some(b',' | b']' | b'}')) {
        // The daemon's parser takes a lone dash in brackets as text.
        return Some(YamlRepair::silent(context.draft.edit(at..at + 1, line::quote("-"))));
    }
    if rest.starts_with("- ") {
        let edit = context.draft.edit(at..at + 2, "");
        return Some(
            YamlRepair::new("dash-in-brackets", context.draft.span(at..at + 1), "items in brackets have no dash").fix(
                Safe,
                "Remove the dash",
                edit,
            ),
        );
    }
    let inside = at > range.start && at < range.end;
    let is_colon = rest.starts_with(':');
    if is_colon && inside {
        return missing_comma(context, split(context, range.start)?);
    }
    let starts = rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '"' | '\'' | '[' | '{'));
    (inside && starts && !before.ends_with([',', ':', '[', '{']))
        .then(|| missing_comma(context, range.start + before.len()))
        .flatten()
}

/// The parser took `1 b` of `1 b: 2` as one text: the blank before its last word.
fn split(context: FailureContext<'_, '_>, open: usize) -> Option<usize> {
    let text = context.text(open..context.failure.at).trim_end();
    let word = match text.chars().next_back()? {
        quote @ ('"' | '\'') => text.get(..text.len() - 1)?.rfind(quote)?,
        _ => text.rfind([' ', '\n', '\t'])? + 1,
    };
    let before = text.get(..word)?.trim_end();
    (before.len() < word && !before.ends_with([',', ':', '[', '{', '#'])).then_some(open + before.len())
}

/// A comma belongs at `at`.
pub(super) fn missing_comma(context: FailureContext<'_, '_>, at: usize) -> Option<YamlRepair> {
    let line = context.draft.line_at(at);
    let start = context.draft.line(line).at;
    // A comma in a comment would not count.
    let content = context.text(start..at);
    let at = start + line::uncommented(content);
    let edit = context.draft.edit(at..at, ",");
    Some(YamlRepair::new("missing-comma", context.draft.span(at..at), "a comma is missing between two entries").fix(
        Safe,
        "Insert the comma",
        edit,
    ))
}

/// Takes the brackets out.
fn no_repair(context: FailureContext<'_, '_>, range: Range<usize>) -> Option<YamlRepair> {
    let draft = context.draft;
    let rest = context.rest(context.failure.at);
    let (first, last) = (draft.line_at(range.start), draft.line_at(range.end));
    let mut edits = vec![draft.edit(range.start..range.end.min(draft.line(first).end), "")];
    edits.extend(draft.clear_lines(first + 1..last));
    if last > first {
        edits.push(draft.edit(draft.line(last).at..range.end, ""));
    }
    let span = if rest.is_empty() { draft.span(range) } else { draft.span(rest) };
    Some(YamlRepair::new("syntax", span, "this does not fit inside the brackets").of_lines().continue_with(edits))
}

/// Where the content before `at` ends, comments left out.
fn content_end(context: FailureContext<'_, '_>, at: usize, open: usize) -> usize {
    let draft = context.draft;
    let first = draft.line_at(open);
    let last = draft.line_at(at.saturating_sub(1).max(open));
    let line = (first..=last).rev().find(|i| *i == first || !draft.is_blank(*i)).unwrap_or(first);
    let start = draft.line(line).at;
    let text = context.text(start..draft.line(line).end.min(at.max(start)));
    let kept = text.get(..line::uncommented(text)).unwrap_or(text);
    (start + kept.trim_end_matches([',', ' ', '\t']).len()).max(open + 1)
}

fn scan(context: FailureContext<'_, '_>, open: usize) -> FlowScan {
    let draft = context.draft;
    let end = document_end(context, open);
    let indent = draft.line(draft.line_at(open)).indent;
    let mut stack: Vec<FlowBracket> = vec![];
    let mut resume = None;
    let mut at = open;
    while at < end {
        let rest = context.text(at..end);
        let Some(c) = rest.chars().next() else { break };
        let before = context.text(open..at);
        let fresh = before.ends_with([' ', '\n', '[', '{', ',', ':', '\t']);
        match c {
            '"' | '\'' if fresh => {
                let len = line::quoted(rest).unwrap_or_else(|| rest.find('\n').unwrap_or(rest.len()));
                at += len;
                continue;
            }
            '#' if fresh => {
                at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            '[' => stack.push((']', at)),
            '{' => stack.push(('}', at)),
            ']' | '}' => match stack.last() {
                Some((expected, _)) if *expected != c => {
                    let end = FlowEnd::Wrong(at, *expected);
                    return FlowScan { end, stack, resume };
                }
                _ => {
                    stack.pop();
                    if stack.is_empty() {
                        let end = FlowEnd::Closed(at + 1);
                        return FlowScan { end, stack, resume };
                    }
                }
            },
            '\n' if resume.is_none() && resumes(context, draft.line_at(at) + 1, indent, open) => {
                let line = draft.line_at(at) + 1;
                resume = Some((content_end(context, at, open), line, stack.clone()));
            }
            _ => {}
        }
        at += c.len_utf8();
    }
    let end = FlowEnd::Open;
    FlowScan { end, stack, resume }
}

/// Whether a line looks like an entry of the block around brackets whose line has `indent` blanks.
fn resumes(context: FailureContext<'_, '_>, i: usize, indent: usize, open: usize) -> bool {
    let content = context.draft.content(i);
    let root = context.draft.content_at(context.draft.line_at(open)) == open;
    let entry = line::key_line(content).is_some() || line::is_item(content);
    // JSON at the left border: its keys are not entries of a block.
    let json = root && content.starts_with('"');
    entry && !json && context.draft.line(i).indent <= indent
}

fn document_end(context: FailureContext<'_, '_>, open: usize) -> usize {
    let draft = context.draft;
    let first = draft.line_at(open) + 1;
    (first..draft.len()).find(|i| line::is_marker(draft.raw(*i))).map_or(draft.text.len(), |i| draft.line(i).at)
}
