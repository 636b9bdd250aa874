//! Entries without their colon or its blank, and with one colon too many.

use std::ops::Range;

use super::diagnose::Scene;
use super::line;
use super::repair::{Class, Repair, brief};
use super::shape::indented;
use crate::fix::Applicability::{Safe, Unsafe};

/// What a value does not start with that is plain text.
const QUOTES_AND_BRACKETS: [char; 4] = ['[', '{', '"', '\''];

/// A line without a colon where an entry should be.
pub(super) fn not_an_entry(scene: Scene<'_, '_>, i: usize) -> Option<Repair> {
    let work = scene.work;
    let content = work.content(i);
    let dashes = line::dashes(content);
    let range = scene.within(i, dashes..line::uncommented(content));
    let text = scene.text(range.clone());
    if text.is_empty() || line::key_line(content).is_some() {
        return None;
    }
    Some(
        tight_dash(scene, range.clone(), text)
            .or_else(|| tight_colon(scene, range.clone(), text))
            .or_else(|| equals(scene, range.clone(), text))
            .or_else(|| no_colon(scene, i, range.clone(), text))
            .unwrap_or_else(|| prose(scene, i)),
    )
}

/// `-item`
fn tight_dash(scene: Scene<'_, '_>, range: Range<usize>, text: &str) -> Option<Repair> {
    let work = scene.work;
    let rest = text.strip_prefix('-')?;
    let line = work.line_at(range.start);
    let beside = |n: Option<usize>| n.is_some_and(|n| line::is_item(work.content(n)));
    if rest.starts_with('-') || !(beside(work.prev(line)) || beside(work.next(line))) {
        return None;
    }
    let at = range.start + 1;
    let edit = work.edit(at..at, " ");
    Some(Repair::new("missing-blank", work.span(range.start..at), "there is no blank behind this dash").fix(
        Safe,
        "Insert a blank",
        edit,
    ))
}

/// `key:value`
fn tight_colon(scene: Scene<'_, '_>, range: Range<usize>, text: &str) -> Option<Repair> {
    let work = scene.work;
    let (i, colon) = text.char_indices().find(|(_, c)| matches!(c, ':' | '：'))?;
    let key = text.get(..i)?;
    let value = text.get(i + colon.len_utf8()..)?;
    if !line::is_word(key.trim_end()) || value.is_empty() || value.starts_with("//") {
        return None;
    }
    let at = range.start + i;
    let range = at..at + colon.len_utf8();
    let blank = if value.starts_with(' ') { ":" } else { ": " };
    let edit = work.edit(range.clone(), blank);
    let span = work.span(range);
    Some(if colon == ':' {
        let message = format!("there is no blank behind the colon of `{}`", brief(key));
        Repair::new("missing-blank", span, message).fix(Safe, "Insert a blank", edit)
    } else {
        Repair::new("missing-colon", span, "this is a full-width colon, which YAML takes as text").fix(
            Safe,
            "Use a plain colon",
            edit,
        )
    })
}

/// `key = value`
fn equals(scene: Scene<'_, '_>, range: Range<usize>, text: &str) -> Option<Repair> {
    let sign = text.find('=')?;
    let key = text.get(..sign)?.trim_end();
    let value = text.get(sign + 1..)?.trim_start();
    if !line::is_word(key) {
        return None;
    }
    let end = range.end - value.len();
    let edit = scene.work.edit(range.start + key.len()..end, if value.is_empty() { ":" } else { ": " });
    let at = range.start + sign;
    let message = format!("`{key}` is set with `=`");
    Some(
        Repair::new("missing-colon", scene.work.span(at..at + 1), message)
            .help("YAML sets a key with a colon and a blank")
            .fix(Safe, "Use a colon", edit),
    )
}

/// `key value`, or `key` above deeper lines
fn no_colon(scene: Scene<'_, '_>, i: usize, range: Range<usize>, text: &str) -> Option<Repair> {
    let work = scene.work;
    let (key, value) = text.split_once(' ').unwrap_or((text, ""));
    let value = value.trim_start();
    let single = !value.contains(' ') || line::quoted(value) == Some(value.len()) || value.starts_with('[');
    if !line::is_word(key) || !single {
        return None;
    }
    let col = range.start - work.line(i).at;
    let deeper = work.next(i).is_some_and(|n| work.line(n).indent > col);
    if value.is_empty() && !deeper {
        return None;
    }
    let at = range.start + key.len();
    let edit = work.edit(at..at, ":");
    Some(Repair::new("missing-colon", work.span(at..at), format!("there is no colon behind `{key}`")).fix(
        Safe,
        "Insert the colon",
        edit,
    ))
}

/// Lines that are no entries in any way; those that follow go with the first.
fn prose(scene: Scene<'_, '_>, i: usize) -> Repair {
    let work = scene.work;
    let mut end = i + 1;
    let mut at = i;
    while let Some(next) = work.next(at) {
        let content = work.content(next);
        if line::key_line(content).is_some() || line::is_item(content) || content.starts_with(['[', '{']) {
            break;
        }
        at = next;
        end = next + 1;
    }
    let lines = i..end.max(work.block(i).end);
    let whole = scene.whole(i);
    let text = brief(scene.text(whole.clone()));
    Repair::new("missing-colon", work.span(whole), format!("`{text}` is neither `key: value` nor a list item"))
        .help("put `#` in front if it is a comment; indent it if it goes on from the line above")
        .shape()
        .going_on(work.mask(lines))
}

/// A colon where none can be: behind another one, or in a line that the line above swallowed.
pub(super) fn second_colon(scene: Scene<'_, '_>) -> Option<Repair> {
    let work = scene.work;
    let last = scene.failure.last.clone();
    let (first, line) = (scene.first_line(), scene.line());
    if first < line {
        let Some(key) = scene.key_line(first) else {
            return swallowed(scene, line, first);
        };
        let value = scene.within(first, key.value);
        return if last.start >= value.start { indented(scene, line, first) } else { None };
    }
    let key = scene.key_line(line);
    let value = key.map(|k| (scene.within(line, k.key), scene.within(line, k.value)));
    let Some((key, value)) = value.filter(|(_, v)| v.start <= last.start && v.start < scene.failure.at) else {
        return after_marker(scene, line);
    };
    let name = brief(scene.text(key));
    let text = scene.text(value.clone());
    let colon = scene.failure.at;
    let before = scene.text(value.start..colon);
    let edit = work.edit(value, line::quote(text));
    // `a: b: c` and `a: 1 b: 2` may well be keys that lost their lines.
    let word = before.rsplit(' ').next().unwrap_or("");
    let trust = if line::is_word(word) || text.starts_with(QUOTES_AND_BRACKETS) { Unsafe } else { Safe };
    Some(
        Repair::new(
            "colon-in-value",
            work.span(colon..colon + 1),
            format!("the value of `{name}` holds a colon with a blank behind it"),
        )
        .help("quote the value; if this is a key of its own, give it its own line")
        .fix(trust, "Quote the value", edit),
    )
}

/// A key in a line that the line above, which has none, swallowed.
fn swallowed(scene: Scene<'_, '_>, line: usize, first: usize) -> Option<Repair> {
    let repair = not_an_entry(scene, first)?;
    let unclear = repair.class == Class::Shape;
    if unclear && line::is_item(scene.work.content(first)) { indented(scene, line, first) } else { Some(repair) }
}

/// `--- key: value`
fn after_marker(scene: Scene<'_, '_>, line: usize) -> Option<Repair> {
    let work = scene.work;
    let raw = work.raw(line);
    if !line::is_marker(raw) {
        return None;
    }
    let rest = raw.get(3..)?;
    let start = work.line(line).at + 3;
    let at = start + (rest.len() - rest.trim_start().len());
    let whole = at..work.line(line).end;
    Some(
        Repair::new("syntax", work.span(whole.clone()), "entries cannot start on the line of the `---`")
            .shape()
            .offer(Safe, "Start a new line", vec![work.edit(start..at, "\n")])
            .going_on(vec![work.edit(whole, "")]),
    )
}
