//! Entries without their colon or its blank, and with one colon too many.

use std::ops::Range;

use super::diagnose::FailureContext;
use super::indentation::indented;
use super::line;
use super::repair::{RepairScope, YamlRepair};
use crate::fix::Applicability::{Safe, Unsafe};
use crate::syntax::problems::shown;

/// Signs with which plain text does not start.
const QUOTES_AND_BRACKETS: [char; 4] = ['[', '{', '"', '\''];

/// A line without a colon where an entry should be.
pub(super) fn not_an_entry(context: FailureContext<'_, '_>, i: usize) -> Option<YamlRepair> {
    let draft = context.draft;
    let content = draft.content(i);
    let dashes = line::dashes(content);
    let range = context.within(i, dashes..line::uncommented(content));
    let text = context.text(range.clone());
    if text.is_empty() || line::key_line(content).is_some() {
        return None;
    }
    Some(
        tight_dash(context, range.clone(), text)
            .or_else(|| tight_colon(context, range.clone(), text))
            .or_else(|| equals(context, range.clone(), text))
            .or_else(|| no_colon(context, i, range.clone(), text))
            .unwrap_or_else(|| prose(context, i)),
    )
}

/// `-item`
fn tight_dash(context: FailureContext<'_, '_>, range: Range<usize>, text: &str) -> Option<YamlRepair> {
    let draft = context.draft;
    let rest = text.strip_prefix('-')?;
    let line = draft.line_at(range.start);
    let beside = |n: Option<usize>| n.is_some_and(|n| line::is_item(draft.content(n)));
    if rest.starts_with('-') || !(beside(draft.prev(line)) || beside(draft.next(line))) {
        return None;
    }
    let at = range.start + 1;
    let edit = draft.edit(at..at, " ");
    Some(YamlRepair::new("missing-blank", draft.span(range.start..at), "there is no blank behind this dash").fix(
        Safe,
        "Insert a blank",
        edit,
    ))
}

/// `key:value`
fn tight_colon(context: FailureContext<'_, '_>, range: Range<usize>, text: &str) -> Option<YamlRepair> {
    let draft = context.draft;
    let (i, colon) = text.char_indices().find(|(_, c)| matches!(c, ':' | '：'))?;
    let key = text.get(..i)?;
    let value = text.get(i + colon.len_utf8()..)?;
    if !line::is_word(key.trim_end()) || value.is_empty() || value.starts_with("//") {
        return None;
    }
    let at = range.start + i;
    let range = at..at + colon.len_utf8();
    let blank = if value.starts_with(' ') { ":" } else { ": " };
    let edit = draft.edit(range.clone(), blank);
    let span = draft.span(range);
    Some(if colon == ':' {
        let message = format!("there is no blank behind the colon of {}", shown(key));
        YamlRepair::new("missing-blank", span, message).fix(Safe, "Insert a blank", edit)
    } else {
        YamlRepair::new("missing-colon", span, "this is a full-width colon, which YAML takes as text").fix(
            Safe,
            "Use a plain colon",
            edit,
        )
    })
}

/// `key = value`
fn equals(context: FailureContext<'_, '_>, range: Range<usize>, text: &str) -> Option<YamlRepair> {
    let sign = text.find('=')?;
    let key = text.get(..sign)?.trim_end();
    let value = text.get(sign + 1..)?.trim_start();
    if !line::is_word(key) {
        return None;
    }
    let end = range.end - value.len();
    let edit = context.draft.edit(range.start + key.len()..end, if value.is_empty() { ":" } else { ": " });
    let at = range.start + sign;
    let message = format!("`{key}` is set with `=`");
    Some(
        YamlRepair::new("missing-colon", context.draft.span(at..at + 1), message)
            .help("YAML sets a key with a colon and a blank")
            .fix(Safe, "Use a colon", edit),
    )
}

/// `key value`, or `key` above deeper lines
fn no_colon(context: FailureContext<'_, '_>, i: usize, range: Range<usize>, text: &str) -> Option<YamlRepair> {
    let draft = context.draft;
    let (key, value) = text.split_once(' ').unwrap_or((text, ""));
    let value = value.trim_start();
    let single = !value.contains(' ') || line::quoted(value) == Some(value.len()) || value.starts_with('[');
    if !line::is_word(key) || !single {
        return None;
    }
    let col = range.start - draft.line(i).at;
    let deeper = draft.next(i).is_some_and(|n| draft.line(n).indent > col);
    if value.is_empty() && !deeper {
        return None;
    }
    let at = range.start + key.len();
    let edit = draft.edit(at..at, ":");
    Some(YamlRepair::new("missing-colon", draft.span(at..at), format!("there is no colon behind `{key}`")).fix(
        Safe,
        "Insert the colon",
        edit,
    ))
}

/// Lines that are not entries in any way; those that follow go with the first.
fn prose(context: FailureContext<'_, '_>, i: usize) -> YamlRepair {
    let draft = context.draft;
    let mut end = i + 1;
    let mut at = i;
    while let Some(next) = draft.next(at) {
        let content = draft.content(next);
        if line::key_line(content).is_some() || line::is_item(content) || content.starts_with(['[', '{']) {
            break;
        }
        at = next;
        end = next + 1;
    }
    let lines = i..end.max(draft.block(i).end);
    let whole = context.whole(i);
    let text = shown(context.text(whole.clone()));
    YamlRepair::new("missing-colon", draft.span(whole), format!("{text} is neither `key: value` nor a list item"))
        .help("put `#` in front if it is a comment; indent it if it goes on from the line above")
        .of_lines()
        .continue_with(draft.clear_lines(lines))
}

/// A colon where none can be: behind another one, or in a line that the line above swallowed.
pub(super) fn second_colon(context: FailureContext<'_, '_>) -> Option<YamlRepair> {
    let draft = context.draft;
    let last = context.failure.last.clone();
    let (first, line) = (context.first_line(), context.line());
    if first < line {
        let Some(key) = context.key_line(first) else {
            return swallowed(context, line, first);
        };
        let value = context.within(first, key.value);
        return if last.start >= value.start { indented(context, line, first) } else { None };
    }
    let key = context.key_line(line);
    let value = key.map(|k| (context.within(line, k.key), context.within(line, k.value)));
    let Some((key, value)) = value.filter(|(_, v)| v.start <= last.start && v.start < context.failure.at) else {
        return after_marker(context, line);
    };
    let name = shown(context.text(key));
    let text = context.text(value.clone());
    let colon = context.failure.at;
    let before = context.text(value.start..colon);
    let edit = draft.edit(value, line::quote(text));
    // `a: b: c` and `a: 1 b: 2` may well be keys that lost their lines.
    let word = before.rsplit(' ').next().unwrap_or("");
    let trust = if line::is_word(word) || text.starts_with(QUOTES_AND_BRACKETS) { Unsafe } else { Safe };
    Some(
        YamlRepair::new(
            "colon-in-value",
            draft.span(colon..colon + 1),
            format!("the value of {name} holds a colon with a blank behind it"),
        )
        .help("quote the value; if this is a key of its own, give it its own line")
        .fix(trust, "Quote the value", edit),
    )
}

/// A key in a line that the line above, which has none, swallowed.
fn swallowed(context: FailureContext<'_, '_>, line: usize, first: usize) -> Option<YamlRepair> {
    let repair = not_an_entry(context, first)?;
    let unclear = repair.scope == RepairScope::Lines;
    if unclear && line::is_item(context.draft.content(first)) { indented(context, line, first) } else { Some(repair) }
}

/// `--- key: value`
fn after_marker(context: FailureContext<'_, '_>, line: usize) -> Option<YamlRepair> {
    let draft = context.draft;
    let raw = draft.raw(line);
    if !line::is_marker(raw) {
        return None;
    }
    let rest = raw.get(3..)?;
    let start = draft.line(line).at + 3;
    let at = start + (rest.len() - rest.trim_start().len());
    let whole = at..draft.line(line).end;
    Some(
        YamlRepair::new("syntax", draft.span(whole.clone()), "entries cannot start on the line of the `---`")
            .of_lines()
            .offer(Safe, "Start a new line", vec![draft.edit(start..at, "\n")])
            .continue_with(vec![draft.edit(whole, "")]),
    )
}
