//! Brackets: not closed, closed by the wrong one, commas missing or too many.

use std::ops::Range;

use super::diagnose::Scene;
use super::line;
use super::repair::Repair;
use crate::fix::Applicability::{Safe, Unsafe};

/// Where brackets that open at a place end.
enum End {
    Closed(usize),
    /// A closing bracket that is not the one expected.
    Wrong(usize, char),
    /// At the end of the document.
    Open,
}

/// A bracket that is open: what closes it, and where it is.
type Open = (char, usize);

struct Scan {
    end: End,
    /// Brackets not closed, as their closing ones, and where they open.
    stack: Vec<Open>,
    /// The end of what stands inside before the first line that looks like an entry of the block around, and that line.
    resume: Option<(usize, usize, Vec<Open>)>,
}

/// A bracket that nobody opened.
pub(super) fn stray(scene: Scene<'_, '_>) -> Option<Repair> {
    let at = scene.failure.at;
    let range = at..at + 1;
    let bracket = scene.text(range.clone());
    let edit = scene.work.edit(range.clone(), "");
    Some(
        Repair::new(
            "extra-bracket",
            scene.work.span(range),
            format!("nothing is open that this `{bracket}` could close"),
        )
        .fix(Safe, "Remove the bracket", edit),
    )
}

/// Where the outermost bracket opens. The parser has not told of one that starts the document when it gives up early.
pub(super) fn outermost(scene: Scene<'_, '_>) -> usize {
    let work = scene.work;
    let line = (0..=scene.line()).rev().take_while(|i| !line::is_marker(work.raw(*i)));
    let first = line.filter(|i| !work.is_blank(*i)).last().map(|i| work.content_at(i));
    let root = first.filter(|at| scene.text(*at..*at + 1).starts_with(['[', '{']));
    scene.failure.flow.or(root).unwrap_or(scene.failure.at)
}

/// A fault inside the brackets that open at `open`.
pub(super) fn find(scene: Scene<'_, '_>, open: usize) -> Option<Repair> {
    let scan = scan(scene, open);
    let wrong = match scan.end {
        End::Closed(end) => {
            return comma(scene, &(open..end)).or_else(|| no_repair(scene, open..end));
        }
        End::Wrong(at, _) => at,
        End::Open => usize::MAX,
    };
    if let Some((at, line, stack)) = scan.resume
        && scene.work.line(line).at < wrong
    {
        return unclosed(scene, at, &stack);
    }
    match scan.end {
        End::Wrong(at, expected) => Some(mismatched(scene, at, expected, &scan.stack)),
        _ => unclosed(scene, content_end(scene, document_end(scene, open), open), &scan.stack),
    }
}

fn unclosed(scene: Scene<'_, '_>, at: usize, stack: &[Open]) -> Option<Repair> {
    let work = scene.work;
    let (_, open) = stack.last()?;
    let closers: String = stack.iter().rev().map(|(c, _)| *c).collect();
    let bracket = scene.text(*open..open + 1);
    let edit = work.edit(at..at, closers.clone());
    let same_line = work.line_at(*open) == work.line_at(at);
    let trust = if same_line && stack.len() == 1 { Safe } else { Unsafe };
    Some(
        Repair::new("unclosed-bracket", work.span(at..at), format!("this `{bracket}` is never closed"))
            .related(work.span(*open..open + 1), "the bracket is opened here")
            .help(format!("add `{closers}` where it ends"))
            .fix(trust, "Close the bracket", edit),
    )
}

fn mismatched(scene: Scene<'_, '_>, at: usize, expected: char, stack: &[Open]) -> Repair {
    let work = scene.work;
    let found = scene.text(at..at + 1).chars().next().unwrap_or(expected);
    let open = stack.last().map_or(at, |(_, open)| *open);
    // Closes an outer one: then the inner one is open still.
    let outer = stack.iter().any(|(c, _)| *c == found);
    let (edit, title) = if outer {
        (work.edit(at..at, expected.to_string()), "Close the inner bracket first")
    } else {
        (work.edit(at..at + 1, expected.to_string()), "Use the bracket that fits")
    };
    let bracket = scene.text(open..open + 1);
    let trust = if outer { Unsafe } else { Safe };
    Repair::new("mismatched-bracket", work.span(at..at + 1), format!("`{found}` closes what `{bracket}` opens"))
        .related(work.span(open..open + 1), "the bracket is opened here")
        .fix(trust, title, edit)
}

/// Balanced brackets: a comma is missing or too many, or a dash is.
fn comma(scene: Scene<'_, '_>, range: &Range<usize>) -> Option<Repair> {
    let at = scene.failure.at;
    let before = scene.text(range.start..at).trim_end();
    if scene.text(at..at + 1) == "," && before.ends_with([',', '[', '{']) {
        let edit = scene.work.edit(at..at + 1, "");
        return Some(Repair::new("extra-comma", scene.work.span(at..at + 1), "nothing stands before this comma").fix(
            Safe,
            "Remove the comma",
            edit,
        ));
    }
    let rest = scene.text(at..range.end);
    if rest.starts_with('-') && matches!(rest.as_bytes().get(1), Some(b',' | b']' | b'}')) {
        // The daemon's parser takes a lone dash in brackets as text.
        return Some(Repair::silent(scene.work.edit(at..at + 1, line::quote("-"))));
    }
    if rest.starts_with("- ") {
        let edit = scene.work.edit(at..at + 2, "");
        return Some(
            Repair::new("dash-in-brackets", scene.work.span(at..at + 1), "items in brackets have no dash").fix(
                Safe,
                "Remove the dash",
                edit,
            ),
        );
    }
    let inside = at > range.start && at < range.end;
    let is_colon = rest.starts_with(':');
    if is_colon && inside {
        return missing_comma(scene, split(scene, range.start)?);
    }
    let starts = rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '"' | '\'' | '[' | '{'));
    (inside && starts && !before.ends_with([',', ':', '[', '{']))
        .then(|| missing_comma(scene, range.start + before.len()))
        .flatten()
}

/// The parser took `1 b` of `1 b: 2` as one text: the blank before its last word.
fn split(scene: Scene<'_, '_>, open: usize) -> Option<usize> {
    let text = scene.text(open..scene.failure.at).trim_end();
    let word = match text.chars().next_back()? {
        quote @ ('"' | '\'') => text.get(..text.len() - 1)?.rfind(quote)?,
        _ => text.rfind([' ', '\n', '\t'])? + 1,
    };
    let before = text.get(..word)?.trim_end();
    (before.len() < word && !before.ends_with([',', ':', '[', '{', '#'])).then_some(open + before.len())
}

/// A comma belongs at `at`.
pub(super) fn missing_comma(scene: Scene<'_, '_>, at: usize) -> Option<Repair> {
    let line = scene.work.line_at(at);
    let start = scene.work.line(line).at;
    // Not into a comment.
    let content = scene.text(start..at);
    let at = start + line::uncommented(content);
    let edit = scene.work.edit(at..at, ",");
    Some(Repair::new("missing-comma", scene.work.span(at..at), "a comma is missing between two entries").fix(
        Safe,
        "Insert the comma",
        edit,
    ))
}

/// Takes the brackets out.
fn no_repair(scene: Scene<'_, '_>, range: Range<usize>) -> Option<Repair> {
    let work = scene.work;
    let rest = scene.rest(scene.failure.at);
    let (first, last) = (work.line_at(range.start), work.line_at(range.end));
    let mut edits = vec![work.edit(range.start..range.end.min(work.line(first).end), "")];
    edits.extend(work.mask(first + 1..last));
    if last > first {
        edits.push(work.edit(work.line(last).at..range.end, ""));
    }
    let span = if rest.is_empty() { work.span(range) } else { work.span(rest) };
    Some(Repair::new("syntax", span, "this does not fit inside the brackets").shape().going_on(edits))
}

/// Where the content before `at` ends, comments left out.
fn content_end(scene: Scene<'_, '_>, at: usize, open: usize) -> usize {
    let work = scene.work;
    let first = work.line_at(open);
    let last = work.line_at(at.saturating_sub(1).max(open));
    let line = (first..=last).rev().find(|i| *i == first || !work.is_blank(*i)).unwrap_or(first);
    let start = work.line(line).at;
    let text = scene.text(start..work.line(line).end.min(at.max(start)));
    let kept = text.get(..line::uncommented(text)).unwrap_or(text);
    (start + kept.trim_end_matches([',', ' ', '\t']).len()).max(open + 1)
}

fn scan(scene: Scene<'_, '_>, open: usize) -> Scan {
    let work = scene.work;
    let end = document_end(scene, open);
    let indent = work.line(work.line_at(open)).indent;
    let mut stack: Vec<Open> = vec![];
    let mut resume = None;
    let mut at = open;
    while at < end {
        let rest = scene.text(at..end);
        let Some(c) = rest.chars().next() else { break };
        let before = scene.text(open..at);
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
                    let end = End::Wrong(at, *expected);
                    return Scan { end, stack, resume };
                }
                _ => {
                    stack.pop();
                    if stack.is_empty() {
                        let end = End::Closed(at + 1);
                        return Scan { end, stack, resume };
                    }
                }
            },
            '\n' if resume.is_none() && resumes(scene, work.line_at(at) + 1, indent, open) => {
                let line = work.line_at(at) + 1;
                resume = Some((content_end(scene, at, open), line, stack.clone()));
            }
            _ => {}
        }
        at += c.len_utf8();
    }
    let end = End::Open;
    Scan { end, stack, resume }
}

/// Whether a line looks like an entry of the block around brackets whose line has `indent` blanks.
fn resumes(scene: Scene<'_, '_>, i: usize, indent: usize, open: usize) -> bool {
    let content = scene.work.content(i);
    let root = scene.work.content_at(scene.work.line_at(open)) == open;
    let entry = line::key_line(content).is_some() || line::is_item(content);
    // JSON at the left border: its keys are no entries of a block.
    let json = root && content.starts_with('"');
    entry && !json && scene.work.line(i).indent <= indent
}

fn document_end(scene: Scene<'_, '_>, open: usize) -> usize {
    let work = scene.work;
    let first = work.line_at(open) + 1;
    (first..work.len()).find(|i| line::is_marker(work.raw(*i))).map_or(work.text.len(), |i| work.line(i).at)
}
