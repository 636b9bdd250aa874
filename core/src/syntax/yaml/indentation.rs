//! Lines that do not fit each other: wrong indentation, lists and keys mixed.

use std::ops::Range;

use super::columns::{IndentColumn, levels};
use super::diagnose::FailureContext;
use super::draft::Draft;
use super::repair::YamlRepair;
use super::{entry, line, value};
use crate::fix::Applicability::{Safe, Unsafe};
use crate::fix::Edit;
use crate::syntax::problems::shown;
use crate::text::Span;

/// An entry below one that has a value: it is not below, it is beside.
pub(super) fn indented(context: FailureContext<'_, '_>, line: usize, above: usize) -> Option<YamlRepair> {
    let draft = context.draft;
    // Lines between may belong to a text of several lines: the nearest entry above counts.
    let target = target(context, line)?;
    let name = entry_name(draft, line);
    let parent = entry_name(draft, above);
    let message = format!("{name} is indented below {parent}, which has a value already");
    Some(move_lines(draft, line, target, message))
}

fn entry_name(draft: &Draft<'_>, i: usize) -> String {
    let content = draft.content(i);
    let key = line::key_line(content).and_then(|k| content.get(k.key));
    shown(key.unwrap_or(content))
}

/// Where a line should be indented to.
fn target(context: FailureContext<'_, '_>, i: usize) -> Option<IndentColumn> {
    let draft = context.draft;
    let col = draft.line(i).indent;
    let item = line::is_item(draft.content(i));
    let levels = levels(draft, context.multiline, i);
    let fits = levels.iter().any(|l| l.dash == item);
    let deeper = draft.next(i).map(|n| draft.line(n).indent).filter(|n| *n > col);
    let opens = line::opens_block(draft.content(i));
    let pool = levels.into_iter().filter(|l| (l.dash == item || !fits) && l.col != col);
    pool.min_by_key(|l| {
        let distance = l.col.abs_diff(col);
        // An entry that has entries below must stay left of them.
        let clash = opens && deeper.is_some_and(|d| l.col >= d);
        (clash, distance, usize::MAX - l.col)
    })
}

/// Moves a line, and those that go with it, to another column.
fn move_lines(draft: &Draft<'_>, i: usize, level: IndentColumn, message: String) -> YamlRepair {
    let col = draft.line(i).indent;
    let mut end = i + 1;
    let mut at = i;
    while let Some(next) = draft.next(at).filter(|n| draft.line(*n).indent >= col) {
        at = next;
        end = next + 1;
    }
    let edits = shift(draft, i..end, col, level.col);
    let place = draft.content_at(level.line);
    let target = place + (level.col - draft.line(level.line).indent.min(level.col));
    let name = entry_name(draft, level.line);
    YamlRepair::new("wrong-indentation", own_span(draft, i), message)
        .of_lines()
        .related(draft.span(target..draft.line(level.line).end.max(target)), "align with this line")
        .help(match level.col {
            0 => format!("start it at the left border, like {name}"),
            col => format!("indent it by {}, like {name}", blanks(col)),
        })
        .fix_all(Unsafe, format!("Align with {name}"), edits)
}

fn blanks(n: usize) -> String {
    match n {
        0 => "none".to_owned(),
        1 => "1 blank".to_owned(),
        n => format!("{n} blanks"),
    }
}

/// The entry's key, or the dash.
fn own_span(draft: &Draft<'_>, i: usize) -> Span {
    let content = draft.content(i);
    let at = draft.content_at(i);
    let len = match line::key_line(content) {
        _ if line::is_item(content) => 1,
        Some(key) => key.key.end,
        None => line::uncommented(content),
    };
    draft.span(at..at + len)
}

fn shift(draft: &Draft<'_>, lines: Range<usize>, from: usize, to: usize) -> Vec<Edit> {
    let more = " ".repeat(to.saturating_sub(from));
    let mut edits = vec![];
    for i in lines.filter(|i| !draft.content(*i).is_empty()) {
        let line = draft.line(i);
        let less = from.saturating_sub(to).min(line.indent);
        let edit = draft.edit(line.at..line.at + less, more.as_str());
        if edit.text.is_empty() && edit.span.start >= edit.span.end {
            continue;
        }
        edits.push(edit);
    }
    edits
}

/// Something that stands where only an entry of the block around could.
pub(super) fn out_of_line(context: FailureContext<'_, '_>) -> Option<YamlRepair> {
    let draft = context.draft;
    let line = context.line();
    let content = draft.content(line);
    let at = draft.content_at(line);
    let place = context.failure.at;
    let first = place <= at + line::dashes(content);
    if !first || draft.prev(line).is_none() {
        return Some(behind(context));
    }
    if let Some(repair) = left_text(context, line) {
        return Some(repair);
    }
    if line::key_line(content).is_none() && !line::is_item(content) {
        return entry::not_an_entry(context, line);
    }
    if let Some(repair) = list_left_of_key(context, line) {
        return Some(repair);
    }
    let levels = levels(draft, context.multiline, line);
    let col = draft.line(line).indent;
    let item = line::is_item(content);
    if let Some(level) = levels.iter().find(|l| l.col == col && l.dash != item) {
        return Some(mixed(context, line, *level, item));
    }
    if levels.iter().all(|l| l.col > col) {
        return first_too_deep(context, line, levels.last().copied()?);
    }
    let target = target(context, line)?;
    let name = entry_name(draft, line);
    let message = format!("{name} is indented by {}, like no line above that it could belong to", blanks(col));
    Some(move_lines(draft, line, target, message))
}

/// A list that stands further left than its key.
fn list_left_of_key(context: FailureContext<'_, '_>, line: usize) -> Option<YamlRepair> {
    let draft = context.draft;
    let prev = draft.prev(line)?;
    let above = draft.content(prev);
    let key = line::key_line(above).filter(|k| k.value.is_empty())?;
    let col = draft.line(prev).indent + line::dashes(above);
    if !line::is_item(draft.content(line)) || draft.line(line).indent >= col {
        return None;
    }
    let level = IndentColumn { col, line: prev, dash: false };
    let name = shown(above.get(key.key).unwrap_or(above));
    let message = format!("this list stands further left than its key {name}");
    Some(move_lines(draft, line, level, message))
}

/// A second thing on the line, behind a complete value.
fn behind(context: FailureContext<'_, '_>) -> YamlRepair {
    let draft = context.draft;
    let rest = context.rest(context.failure.at);
    let text = shown(context.text(rest.clone()));
    let last = context.failure.last.clone();
    if context.text(last.clone()).starts_with('*') && last.end <= rest.start {
        return value::quoted(draft, last.start..rest.end, '*');
    }
    YamlRepair::new("text-after-value", draft.span(rest.clone()), format!("{text} stands behind a complete value"))
        .help("remove it, or quote the whole value")
        .continue_with(vec![draft.edit(rest, "")])
}

/// List items and keys at one column.
fn mixed(context: FailureContext<'_, '_>, line: usize, level: IndentColumn, item: bool) -> YamlRepair {
    let draft = context.draft;
    let col = draft.line(line).indent;
    let mut end = draft.block(line).end;
    while let Some(next) = draft.next(end - 1) {
        let same = draft.line(next).indent == col && line::is_item(draft.content(next)) == item;
        if !same {
            break;
        }
        end = draft.block(next).end;
    }
    let (message, other) = if item {
        ("a list item among keys", "the keys are here")
    } else {
        ("a key among list items", "the list is here")
    };
    let help = if item {
        "give the list a key of its own and indent it below that"
    } else {
        "indent the key below an item's dash, or move it out of the list"
    };
    YamlRepair::new("mixed-list", own_span(draft, line), message)
        .of_lines()
        .related(own_span(draft, level.line), other)
        .help(help)
        .continue_with(draft.clear_lines(line..end))
}

/// A line that is less indented than the text block above.
fn left_text(context: FailureContext<'_, '_>, line: usize) -> Option<YamlRepair> {
    let draft = context.draft;
    let at = draft.line(line).at;
    let block =
        context.multiline.iter().rfind(|r| r.end <= at && context.text(r.start..r.end).starts_with(['|', '>']))?;
    let header = draft.line_at(block.start);
    let first = (header + 1..line).find(|i| !draft.content(*i).is_empty())?;
    let last = draft.line_at(block.end);
    let (owner, indent) = (draft.line(header).indent, draft.line(first).indent);
    let col = draft.line(line).indent;
    if draft.prev(line) != Some(last) || col <= owner || col >= indent {
        return None;
    }
    let level = IndentColumn { col: indent, line: first, dash: false };
    let name = entry_name(draft, header);
    let message = format!("this line leaves the text of {name} without reaching a column of its own");
    Some(move_lines(draft, line, level, message))
}

/// Whatever came first is indented more than what follows.
fn first_too_deep(context: FailureContext<'_, '_>, line: usize, top: IndentColumn) -> Option<YamlRepair> {
    let draft = context.draft;
    let col = draft.line(line).indent;
    let first = top.line;
    let from = draft.line(first).indent;
    if from <= col {
        return None;
    }
    let edits = shift(draft, first..line, from, col);
    let name = entry_name(draft, first);
    let other = entry_name(draft, line);
    let message = format!("{name} is indented by {}, {other} further down by {}", blanks(from), blanks(col));
    Some(
        YamlRepair::new("wrong-indentation", own_span(draft, first), message)
            .of_lines()
            .related(own_span(draft, line), "align with this line")
            .fix_all(Unsafe, format!("Align with {other}"), edits),
    )
}

/// `key: - item`
pub(super) fn list_on_key_line(context: FailureContext<'_, '_>) -> Option<YamlRepair> {
    let draft = context.draft;
    let line = context.line();
    let key = context.key_line(line)?;
    let value = context.within(line, key.value.clone());
    if !context.text(value.clone()).starts_with('-') {
        return None;
    }
    let colon = context.within(line, key.colon..key.colon + 1).end;
    let indent = draft.line(line).indent + line::dashes(draft.content(line)) + 2;
    let block = draft.block(line);
    let repair = YamlRepair::new(
        "list-on-key-line",
        draft.span(value.start..value.start + 1),
        "a list cannot start on the line of its key",
    )
    .help("put each item on a line of its own")
    .of_lines();
    let repair = if block.len() == 1 {
        let edit = draft.edit(colon..value.start, format!("\n{}", " ".repeat(indent)));
        repair.offer(Safe, "Start a new line", vec![edit])
    } else {
        repair
    };
    let mut edits = vec![draft.edit(value, "")];
    edits.extend(draft.clear_lines(line + 1..block.end));
    Some(repair.continue_with(edits))
}

/// An empty first line of a text block that has more blanks than the text.
pub(super) fn block_text(context: FailureContext<'_, '_>) -> Option<YamlRepair> {
    let draft = context.draft;
    let text = context.line();
    let indent = draft.line(text).indent;
    let blank = (0..text)
        .rev()
        .take_while(|i| draft.content(*i).is_empty())
        .filter(|i| draft.line(*i).indent > indent)
        .last()?;
    let edits = draft.clear_lines(blank..text);
    let line = draft.line(blank);
    Some(
        YamlRepair::new(
            "wrong-indentation",
            draft.span(line.at..line.end),
            "this empty line has more blanks than the text below it",
        )
        .related(own_span(draft, text), "the text starts here")
        .fix_all(Safe, "Remove the blanks", edits),
    )
}
