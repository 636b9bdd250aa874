//! Values that must be quoted, and characters that cannot be seen.

use std::ops::Range;

use super::diagnose::FailureContext;
use super::draft::Draft;
use super::reading::{Suspicious, SuspiciousKind};
use super::repair::YamlRepair;
use super::{foreign_line, line};
use crate::fix::Applicability::{Safe, Unsafe};
use crate::fix::Edit;
use crate::syntax::MAX_DEPTH;
use crate::syntax::problems::shown;
use crate::syntax::recover::characters::{COPIED, code_point, name_of, replacement};
use crate::syntax::recover::conflict;

/// Starts of a plain value that mean something else to YAML.
const RESERVED: [char; 8] = ['@', '`', '%', '*', '&', '!', ',', '|'];

/// A value that starts with a character which plain text cannot start with.
pub(super) fn reserved(context: FailureContext<'_, '_>) -> Option<YamlRepair> {
    let at = context.failure.at;
    let first = context.text(at..context.draft.text.len()).chars().next()?;
    if !RESERVED.contains(&first) || (first == ',' && context.failure.flow.is_some()) {
        return None;
    }
    let line = context.line();
    let key = context.key_line(line);
    let start = context.within(line, 0..0).start;
    let range = match key {
        Some(key) if context.within(line, key.key.clone()).contains(&at) => context.within(line, key.key),
        // Only a value or a key can be quoted.
        None if at == start && context.failure.flow.is_none() && context.draft.prev(line).is_some() => {
            return None;
        }
        _ if context.failure.flow.is_some() => item(context, at),
        _ => context.rest(at),
    };
    Some(quoted(context.draft, range, first))
}

/// An item in brackets: up to the next comma or bracket.
fn item(context: FailureContext<'_, '_>, at: usize) -> Range<usize> {
    let rest = context.rest(at);
    let text = context.text(rest.clone());
    let len = text.find([',', ']', '}']).unwrap_or(text.len());
    at..at + text.get(..len).unwrap_or("").trim_end().len().max(1)
}

pub(super) fn quoted(draft: &Draft<'_>, range: Range<usize>, first: char) -> YamlRepair {
    let text = draft.text.get(range.clone()).unwrap_or("");
    // A colon at the end of the line makes the text a key.
    let text = text.strip_suffix(':').unwrap_or(text);
    let range = range.start..range.start + text.len();
    let edit = draft.edit(range.clone(), line::quote(text));
    let first = if first == '`' { "a backtick".to_owned() } else { format!("`{first}`") };
    YamlRepair::new("unquoted-string", draft.span(range), format!("a text that starts with {first} needs quotes"))
        .fix(Safe, "Quote it", edit)
}

/// `>5%`: a block scalar's sign with something behind it.
pub(super) fn block_header(context: FailureContext<'_, '_>) -> Option<YamlRepair> {
    let draft = context.draft;
    let line = context.line();
    let rest = context.rest(context.failure.at);
    let sign = context.text(rest.clone()).chars().next()?;
    if draft.block(line).len() == 1 {
        return Some(quoted(draft, rest, sign));
    }
    let tail = rest.start + sign.len_utf8()..rest.end;
    let message = format!("{} stands behind the `{sign}` that starts a text block", shown(context.text(tail.clone())));
    Some(
        YamlRepair::new("text-after-value", draft.span(tail.clone()), message)
            .help("start the text on the next line")
            .continue_with(vec![draft.edit(tail, "")]),
    )
}

/// The daemon's parser takes a `#` right behind a quote as a comment.
pub(super) fn tight_comment(context: FailureContext<'_, '_>) -> Option<YamlRepair> {
    let at = context.failure.at;
    (context.text(at..at + 1) == "#").then(|| YamlRepair::silent(context.draft.edit(at..at, " ")))
}

pub(super) fn byte_order_mark(context: FailureContext<'_, '_>) -> Option<YamlRepair> {
    let at = context.failure.at;
    let range = at..at + '\u{feff}'.len_utf8();
    if context.text(range.clone()) != "\u{feff}" {
        return None;
    }
    // A letter to the daemons' parser: a character of the same length that is one to the parser here.
    Some(YamlRepair::silent(context.draft.edit(range, "\u{200b}")))
}

/// The message about nesting that the reader does not follow.
pub(super) fn too_deep_message() -> String {
    format!("this nests more than {MAX_DEPTH} levels deep")
}

/// Brackets nest so deep that nothing useful can be read behind them.
pub(super) fn too_deep(context: FailureContext<'_, '_>) -> Option<YamlRepair> {
    let at = context.failure.at;
    let span = context.draft.span(at..at);
    Some(YamlRepair::new("too-deep", span, too_deep_message()).of_lines())
}

/// Odd blanks in the lines where the parser gave up.
pub(super) fn invisible(context: FailureContext<'_, '_>) -> Option<YamlRepair> {
    let draft = context.draft;
    for i in (context.first_line()..=context.line()).filter(|i| !context.is_in_multiline(*i)) {
        let at = draft.content_at(i);
        let content = draft.content(i);
        let found = odd_spaces(draft, at + line::dashes(content)..at + content.len());
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The odd blanks at the borders of a text, and behind its first colon.
fn spaces(draft: &Draft<'_>, range: Range<usize>) -> Vec<Edit> {
    let text = draft.text.get(range.clone()).unwrap_or("");
    let odd = line::is_odd_space;
    let lead = text.len() - text.trim_start_matches(odd).len();
    let end = text.trim_end_matches(odd).len();
    let colon = odd_colon(text.get(lead..).unwrap_or("")).map(|colon| lead + colon);
    let mut edits = vec![];
    let mut behind_colon = false;
    for (i, c) in text.char_indices() {
        behind_colon = colon.is_some_and(|colon| i == colon + 1) || behind_colon && (odd(c) || c == ' ');
        if odd(c) && (i < lead || i >= end || behind_colon) {
            let at = range.start + i;
            edits.push(draft.edit(at..at + c.len_utf8(), replacement(c)));
        }
    }
    edits
}

/// A colon with an odd blank behind it: `key:<nbsp>value`.
fn odd_colon(text: &str) -> Option<usize> {
    let colon = text.find(|c: char| c == ':' || c.is_whitespace())?;
    let rest = text.get(colon..)?.strip_prefix(':')?;
    (line::is_word(text.get(..colon)?) && rest.starts_with(line::is_odd_space)).then_some(colon)
}

/// The odd blanks of a text, if there are any: the first run of them is the place of the problem.
fn odd_spaces(draft: &Draft<'_>, range: Range<usize>) -> Option<YamlRepair> {
    let edits = spaces(draft, range);
    let first = edits.first()?.span;
    let span = edits.iter().fold(first, |run, e| if run.end == e.span.start { run.to(e.span) } else { run });
    let c = first.of(draft.source).chars().next().unwrap_or(' ');
    let message = format!("{} stands where YAML wants a blank", name_of(c));
    Some(YamlRepair::new("invisible-character", span, message).help(COPIED).fix_all(Safe, "Use plain blanks", edits))
}

/// Repairs what the parser takes here, and the daemon does not.
pub(super) fn suspicious(draft: &Draft<'_>, suspicious: &Suspicious) -> Option<YamlRepair> {
    let range = suspicious.range.clone();
    match suspicious.kind {
        SuspiciousKind::Comment => Some(foreign_line::comment_behind(draft, range.start)),
        SuspiciousKind::Star => {
            let at = range.start;
            let end = draft.line(draft.line_at(at)).end;
            let rest = draft.text.get(at..end).unwrap_or("");
            let colon = line::separator(rest.get(..line::uncommented(rest)).unwrap_or(rest));
            let len = colon.unwrap_or(range.len()).max(range.len());
            let range = at..at + rest.get(..len).map_or(range.len(), |t| t.trim_end().len());
            Some(quoted(draft, range, '*'))
        }
        SuspiciousKind::Template => None,
    }
}

/// Characters that YAML does not allow anywhere: one problem a run.
pub(super) fn control(draft: &Draft<'_>) -> Vec<YamlRepair> {
    let text: &str = &draft.text;
    let mut repairs = vec![];
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(is_control)) {
        let run = text.get(at + start..).unwrap_or("");
        let c = run.chars().next().unwrap_or_default();
        let len = run.find(|c| !is_control(c)).unwrap_or(run.len());
        let range = at + start..at + start + len;
        at = range.end;
        let message = format!("the control character {} is not allowed", code_point(c));
        let edit = draft.edit(range.clone(), "");
        repairs.push(YamlRepair::new("control-character", draft.span(range), message).fix(Unsafe, "Remove it", edit));
    }
    repairs
}

/// Whether the loader refuses a character (`control characters are not allowed`).
fn is_control(c: char) -> bool {
    let is_allowed =
        matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..) && !matches!(c, '\u{fffe}' | '\u{ffff}');
    !is_allowed
}

/// Lines that `git merge` left: the reader keeps the first side.
pub(super) fn conflicts(draft: &Draft<'_>) -> Vec<YamlRepair> {
    if !draft.text.contains("<<<<<<<") {
        return vec![];
    }
    let is = |i: usize, sign: u8| conflict::marker(draft.raw(i)) == Some(sign);
    let mut repairs = vec![];
    let mut i = 0;
    while i < draft.len() {
        if !is(i, b'<') {
            i += 1;
            continue;
        }
        let find =
            |from: usize, sign: u8| (from..draft.len()).take_while(|n| *n == i || !is(*n, b'<')).find(|n| is(*n, sign));
        let end = find(i, b'>');
        let middle = find(i, b'=').filter(|m| end.is_none_or(|e| *m < e));
        let base = find(i, b'|').filter(|b| middle.is_none_or(|m| *b < m));
        let line = draft.line(i);
        let mut edits = draft.clear_lines(i..i + 1);
        let last = end.or(middle).unwrap_or(i);
        let drop = base.or(middle).unwrap_or(last);
        edits.extend(draft.clear_lines(drop.max(i + 1)..last + 1));
        let repair = YamlRepair::of(conflict::problem(line.source)).of_lines().continue_with(edits);
        repairs.push(match end {
            Some(end) => repair.related(draft.line(end).source, "the conflict ends here"),
            None => repair,
        });
        i = last + 1;
    }
    repairs
}
