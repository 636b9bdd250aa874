//! Lines that do not fit each other: wrong indentation, lists and keys mixed.

use std::ops::Range;

use super::diagnose::Scene;
use super::level::{Level, levels};
use super::repair::{Repair, brief};
use super::work::Work;
use super::{entry, line, value};
use crate::fix::Applicability::{Safe, Unsafe};
use crate::fix::Edit;
use crate::text::Span;

/// An entry below one that has a value: it is not below, it is beside.
pub(super) fn indented(scene: Scene<'_, '_>, line: usize, above: usize) -> Option<Repair> {
    let work = scene.work;
    // Lines between may belong to a text of several lines: the nearest entry above counts.
    let target = target(scene, line)?;
    let name = entry_name(work, line);
    let parent = entry_name(work, above);
    let message = format!("`{name}` is indented below `{parent}`, which has a value already");
    Some(move_lines(work, line, target, message))
}

fn entry_name(work: &Work<'_>, i: usize) -> String {
    let content = work.content(i);
    let key = line::key_line(content).and_then(|k| content.get(k.key));
    brief(key.unwrap_or(content))
}

/// Where a line should be indented to.
fn target(scene: Scene<'_, '_>, i: usize) -> Option<Level> {
    let work = scene.work;
    let col = work.line(i).indent;
    let item = line::is_item(work.content(i));
    let levels = levels(work, scene.opaque, i);
    let fits = levels.iter().any(|l| l.dash == item);
    let deeper = work.next(i).map(|n| work.line(n).indent).filter(|n| *n > col);
    let opens = line::opens_block(work.content(i));
    let pool = levels.into_iter().filter(|l| (l.dash == item || !fits) && l.col != col);
    pool.min_by_key(|l| {
        let distance = l.col.abs_diff(col);
        // An entry that has entries below must stay left of them.
        let clash = opens && deeper.is_some_and(|d| l.col >= d);
        (clash, distance, usize::MAX - l.col)
    })
}

/// Moves a line, and those that go with it, to another column.
fn move_lines(work: &Work<'_>, i: usize, level: Level, message: String) -> Repair {
    let col = work.line(i).indent;
    let mut end = i + 1;
    let mut at = i;
    while let Some(next) = work.next(at).filter(|n| work.line(*n).indent >= col) {
        at = next;
        end = next + 1;
    }
    let edits = shift(work, i..end, col, level.col);
    let place = work.content_at(level.line);
    let target = place + (level.col - work.line(level.line).indent.min(level.col));
    let name = entry_name(work, level.line);
    Repair::new("wrong-indentation", own_span(work, i), message)
        .shape()
        .related(work.span(target..work.line(level.line).end.max(target)), "align with this line")
        .help(match level.col {
            0 => format!("start it at the left border, like `{name}`"),
            col => format!("indent it by {}, like `{name}`", blanks(col)),
        })
        .fix_all(Unsafe, format!("Align with `{name}`"), edits)
}

fn blanks(n: usize) -> String {
    match n {
        0 => "none".to_owned(),
        1 => "1 blank".to_owned(),
        n => format!("{n} blanks"),
    }
}

/// The entry's key, or the dash.
fn own_span(work: &Work<'_>, i: usize) -> Span {
    let content = work.content(i);
    let at = work.content_at(i);
    let len = match line::key_line(content) {
        _ if line::is_item(content) => 1,
        Some(key) => key.key.end,
        None => line::uncommented(content),
    };
    work.span(at..at + len)
}

fn shift(work: &Work<'_>, lines: Range<usize>, from: usize, to: usize) -> Vec<Edit> {
    let more = " ".repeat(to.saturating_sub(from));
    let mut edits = vec![];
    for i in lines.filter(|i| !work.content(*i).is_empty()) {
        let line = work.line(i);
        let less = from.saturating_sub(to).min(line.indent);
        let edit = work.edit(line.at..line.at + less, more.as_str());
        if edit.text.is_empty() && edit.span.start >= edit.span.end {
            continue;
        }
        edits.push(edit);
    }
    edits
}

/// Something that stands where only an entry of the block around could.
pub(super) fn out_of_line(scene: Scene<'_, '_>) -> Option<Repair> {
    let work = scene.work;
    let line = scene.line();
    let content = work.content(line);
    let at = work.content_at(line);
    let place = scene.failure.at;
    let first = place <= at + line::dashes(content);
    if !first || work.prev(line).is_none() {
        return Some(behind(scene));
    }
    if let Some(repair) = left_text(scene, line) {
        return Some(repair);
    }
    if line::key_line(content).is_none() && !line::is_item(content) {
        return entry::not_an_entry(scene, line);
    }
    if let Some(repair) = list_left_of_key(scene, line) {
        return Some(repair);
    }
    let levels = levels(work, scene.opaque, line);
    let col = work.line(line).indent;
    let item = line::is_item(content);
    if let Some(level) = levels.iter().find(|l| l.col == col && l.dash != item) {
        return Some(mixed(scene, line, *level, item));
    }
    if levels.iter().all(|l| l.col > col) {
        return first_too_deep(scene, line, levels.last().copied()?);
    }
    let target = target(scene, line)?;
    let name = entry_name(work, line);
    let message = format!("`{name}` is indented by {}, like no line above that it could belong to", blanks(col));
    Some(move_lines(work, line, target, message))
}

/// A list that stands further left than its key.
fn list_left_of_key(scene: Scene<'_, '_>, line: usize) -> Option<Repair> {
    let work = scene.work;
    let prev = work.prev(line)?;
    let above = work.content(prev);
    let key = line::key_line(above).filter(|k| k.value.is_empty())?;
    let col = work.line(prev).indent + line::dashes(above);
    if !line::is_item(work.content(line)) || work.line(line).indent >= col {
        return None;
    }
    let level = Level { col, line: prev, dash: false };
    let name = brief(above.get(key.key).unwrap_or(above));
    let message = format!("this list stands further left than its key `{name}`");
    Some(move_lines(work, line, level, message))
}

/// A second thing on the line, behind a complete value.
fn behind(scene: Scene<'_, '_>) -> Repair {
    let work = scene.work;
    let rest = scene.rest(scene.failure.at);
    let text = brief(scene.text(rest.clone()));
    let last = scene.failure.last.clone();
    if scene.text(last.clone()).starts_with('*') && last.end <= rest.start {
        return value::quoted(work, last.start..rest.end, '*');
    }
    Repair::new("text-after-value", work.span(rest.clone()), format!("`{text}` stands behind a complete value"))
        .help("remove it, or quote the whole value")
        .going_on(vec![work.edit(rest, "")])
}

/// List items and keys at one column.
fn mixed(scene: Scene<'_, '_>, line: usize, level: Level, item: bool) -> Repair {
    let work = scene.work;
    let col = work.line(line).indent;
    let mut end = work.block(line).end;
    while let Some(next) = work.next(end - 1) {
        let same = work.line(next).indent == col && line::is_item(work.content(next)) == item;
        if !same {
            break;
        }
        end = work.block(next).end;
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
    Repair::new("mixed-list", own_span(work, line), message)
        .shape()
        .related(own_span(work, level.line), other)
        .help(help)
        .going_on(work.mask(line..end))
}

/// A line that is less indented than the text block above.
fn left_text(scene: Scene<'_, '_>, line: usize) -> Option<Repair> {
    let work = scene.work;
    let at = work.line(line).at;
    let block = scene.opaque.iter().rfind(|r| r.end <= at && scene.text(r.start..r.end).starts_with(['|', '>']))?;
    let header = work.line_at(block.start);
    let first = (header + 1..line).find(|i| !work.content(*i).is_empty())?;
    let last = work.line_at(block.end);
    let (owner, indent) = (work.line(header).indent, work.line(first).indent);
    let col = work.line(line).indent;
    if work.prev(line) != Some(last) || col <= owner || col >= indent {
        return None;
    }
    let level = Level { col: indent, line: first, dash: false };
    let name = entry_name(work, header);
    let message = format!("this line leaves the text of `{name}` without reaching a column of its own");
    Some(move_lines(work, line, level, message))
}

/// Whatever came first is indented more than what follows.
fn first_too_deep(scene: Scene<'_, '_>, line: usize, top: Level) -> Option<Repair> {
    let work = scene.work;
    let col = work.line(line).indent;
    let first = top.line;
    let from = work.line(first).indent;
    if from <= col {
        return None;
    }
    let edits = shift(work, first..line, from, col);
    let name = entry_name(work, first);
    let other = entry_name(work, line);
    let message = format!("`{name}` is indented by {}, `{other}` further down by {}", blanks(from), blanks(col));
    Some(
        Repair::new("wrong-indentation", own_span(work, first), message)
            .shape()
            .related(own_span(work, line), "align with this line")
            .fix_all(Unsafe, format!("Align with `{other}`"), edits),
    )
}

/// `key: - item`
pub(super) fn list_on_key_line(scene: Scene<'_, '_>) -> Option<Repair> {
    let work = scene.work;
    let line = scene.line();
    let key = scene.key_line(line)?;
    let value = scene.within(line, key.value.clone());
    if !scene.text(value.clone()).starts_with('-') {
        return None;
    }
    let colon = scene.within(line, key.colon..key.colon + 1).end;
    let indent = work.line(line).indent + line::dashes(work.content(line)) + 2;
    let block = work.block(line);
    let repair = Repair::new(
        "list-on-key-line",
        work.span(value.start..value.start + 1),
        "a list cannot start on the line of its key",
    )
    .help("put each item on a line of its own")
    .shape();
    let repair = if block.len() == 1 {
        let edit = work.edit(colon..value.start, format!("\n{}", " ".repeat(indent)));
        repair.offer(Safe, "Start a new line", vec![edit])
    } else {
        repair
    };
    let mut edits = vec![work.edit(value, "")];
    edits.extend(work.mask(line + 1..block.end));
    Some(repair.going_on(edits))
}

/// An empty first line of a text block that has more blanks than the text.
pub(super) fn block_text(scene: Scene<'_, '_>) -> Option<Repair> {
    let work = scene.work;
    let text = scene.line();
    let indent = work.line(text).indent;
    let blank =
        (0..text).rev().take_while(|i| work.content(*i).is_empty()).filter(|i| work.line(*i).indent > indent).last()?;
    let edits = work.mask(blank..text);
    let line = work.line(blank);
    Some(
        Repair::new(
            "wrong-indentation",
            work.span(line.at..line.end),
            "this empty line has more blanks than the text below it",
        )
        .related(own_span(work, text), "the text starts here")
        .fix_all(Safe, "Remove the blanks", edits),
    )
}
