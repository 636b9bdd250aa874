//! Values that must be quoted, and characters that cannot be seen.

use std::ops::Range;

use super::diagnose::Scene;
use super::pass::{Slip, SlipKind};
use super::repair::{Repair, brief};
use super::slip::odd_separator;
use super::work::Work;
use super::{foreign, line};
use crate::fix::Applicability::{Safe, Unsafe};
use crate::fix::Edit;
use crate::syntax::MAX_DEPTH;

/// Starts of a plain value that mean something else to YAML.
const RESERVED: [char; 8] = ['@', '`', '%', '*', '&', '!', ',', '|'];

/// A value that starts with a character which plain text cannot start with.
pub(super) fn reserved(scene: Scene<'_, '_>) -> Option<Repair> {
    let at = scene.failure.at;
    let first = scene.text(at..scene.work.text.len()).chars().next()?;
    if !RESERVED.contains(&first) || (first == ',' && scene.failure.flow.is_some()) {
        return None;
    }
    let line = scene.line();
    let key = scene.key_line(line);
    let start = scene.within(line, 0..0).start;
    let range = match key {
        Some(key) if scene.within(line, key.key.clone()).contains(&at) => scene.within(line, key.key),
        // Nothing but a value or a key can be quoted.
        None if at == start && scene.failure.flow.is_none() && scene.work.prev(line).is_some() => {
            return None;
        }
        _ if scene.failure.flow.is_some() => item(scene, at),
        _ => scene.rest(at),
    };
    Some(quoted(scene.work, range, first))
}

/// An item in brackets: up to the next comma or bracket.
fn item(scene: Scene<'_, '_>, at: usize) -> Range<usize> {
    let rest = scene.rest(at);
    let text = scene.text(rest.clone());
    let len = text.find([',', ']', '}']).unwrap_or(text.len());
    at..at + text.get(..len).unwrap_or("").trim_end().len().max(1)
}

pub(super) fn quoted(work: &Work<'_>, range: Range<usize>, first: char) -> Repair {
    let text = work.text.get(range.clone()).unwrap_or("");
    let edit = work.edit(range.clone(), line::quote(text));
    let first = if first == '`' { "a backtick".to_owned() } else { format!("`{first}`") };
    Repair::new("unquoted-string", work.span(range), format!("a text that starts with {first} needs quotes"))
        .fix(Safe, "Quote it", edit)
}

/// `>5%`: a block scalar's sign with something behind it.
pub(super) fn block_header(scene: Scene<'_, '_>) -> Option<Repair> {
    let work = scene.work;
    let line = scene.line();
    let rest = scene.rest(scene.failure.at);
    let sign = scene.text(rest.clone()).chars().next()?;
    if work.block(line).len() == 1 {
        return Some(quoted(work, rest, sign));
    }
    let tail = rest.start + sign.len_utf8()..rest.end;
    let message = format!("`{}` stands behind the `{sign}` that starts a text block", brief(scene.text(tail.clone())));
    Some(
        Repair::new("text-after-value", work.span(tail.clone()), message)
            .help("start the text on the next line")
            .going_on(vec![work.edit(tail, "")]),
    )
}

/// The daemon's parser takes a `#` right behind a quote as a comment.
pub(super) fn tight_comment(scene: Scene<'_, '_>) -> Option<Repair> {
    let at = scene.failure.at;
    (scene.text(at..at + 1) == "#").then(|| Repair::silent(scene.work.edit(at..at, " ")))
}

pub(super) fn byte_order_mark(scene: Scene<'_, '_>) -> Option<Repair> {
    let at = scene.failure.at;
    let range = at..at + '\u{feff}'.len_utf8();
    if scene.text(range.clone()) != "\u{feff}" {
        return None;
    }
    let edit = scene.work.edit(range.clone(), "");
    Some(
        Repair::new("byte-order-mark", scene.work.span(range), "a byte order mark stands in the middle of the file")
            .help("files put together with `cat` often have one")
            .fix(Safe, "Remove the byte order mark", edit),
    )
}

/// What is said of nesting that the reader does not follow.
pub(super) fn too_deep_message() -> String {
    format!("this nests more than {MAX_DEPTH} levels deep")
}

/// Nothing useful can be read behind this.
pub(super) fn too_deep(scene: Scene<'_, '_>) -> Option<Repair> {
    let at = scene.failure.at;
    let span = scene.work.span(at..at);
    Some(Repair::new("too-deep", span, too_deep_message()).shape())
}

/// Blanks that are none, in the lines where the parser gave up.
pub(super) fn invisible(scene: Scene<'_, '_>) -> Option<Repair> {
    let work = scene.work;
    for i in (scene.first_line()..=scene.line()).filter(|i| !scene.is_opaque(*i)) {
        let at = work.content_at(i);
        let content = work.content(i);
        let found = odd_spaces(work, at + line::dashes(content)..at + content.len());
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The odd blanks at the borders of a text, and behind its first colon.
fn spaces(work: &Work<'_>, range: Range<usize>) -> Vec<Edit> {
    let text = work.text.get(range.clone()).unwrap_or("");
    let odd = line::is_odd_space;
    let lead = text.len() - text.trim_start_matches(odd).len();
    let end = text.trim_end_matches(odd).len();
    let colon = odd_separator(text.get(lead..).unwrap_or("")).map(|colon| lead + colon);
    let mut edits = vec![];
    let mut behind_colon = false;
    for (i, c) in text.char_indices() {
        behind_colon = colon.is_some_and(|colon| i == colon + 1) || behind_colon && (odd(c) || c == ' ');
        if odd(c) && (i < lead || i >= end || behind_colon) {
            let at = range.start + i;
            let zero_width = matches!(c, '\u{200b}' | '\u{2060}');
            edits.push(work.edit(at..at + c.len_utf8(), if zero_width { "" } else { " " }));
        }
    }
    edits
}

/// The odd blanks of a text, if there are any: the first run of them is the place of the problem.
fn odd_spaces(work: &Work<'_>, range: Range<usize>) -> Option<Repair> {
    let edits = spaces(work, range);
    let first = edits.first()?.span;
    let span = edits.iter().fold(first, |run, e| if run.end == e.span.start { run.to(e.span) } else { run });
    let message = match first.of(work.source).chars().next() {
        Some('\u{a0}') | None => "a no-break space looks like a blank and is none".to_owned(),
        Some(c) => format!("the character U+{:04X} looks like a blank and is none", u32::from(c)),
    };
    Some(
        Repair::new("invisible-character", span, message)
            .help("it often comes along when text is copied from a web page or a chat")
            .fix_all(Safe, "Use plain blanks", edits),
    )
}

/// Things that the parser takes and nobody means.
pub(super) fn slip(work: &Work<'_>, slip: &Slip) -> Option<Repair> {
    let range = slip.range.clone();
    let text = work.text.get(range.clone()).unwrap_or("");
    match slip.kind {
        SlipKind::Escape => Some(escape(work, range, text)),
        SlipKind::Space => odd_spaces(work, range),
        SlipKind::Comment if work.content_at(work.line_at(range.start)) == range.start => {
            Some(foreign::comment(work, work.line_at(range.start)))
        }
        SlipKind::Comment => Some(foreign::comment_behind(work, range.start)),
        SlipKind::Star => {
            let at = range.start;
            let end = work.line(work.line_at(at)).end;
            let rest = work.text.get(at..end).unwrap_or("");
            let colon = line::separator(rest.get(..line::uncommented(rest)).unwrap_or(rest));
            let len = colon.unwrap_or(range.len()).max(range.len());
            let range = at..at + rest.get(..len).map_or(range.len(), |t| t.trim_end().len());
            Some(quoted(work, range, '*'))
        }
        SlipKind::Template => None,
    }
}

fn escape(work: &Work<'_>, range: Range<usize>, text: &str) -> Repair {
    let mut edits: Vec<Edit> = vec![];
    let mut before = b' ';
    for (at, pair) in (range.start..).zip(text.as_bytes().windows(2)) {
        let [sign, next] = pair else { continue };
        // Of two backslashes the first goes.
        if *sign == b'\\' && next.is_ascii_punctuation() && before != b'\\' {
            edits.push(work.edit(at..at + 1, ""));
        }
        before = *sign;
    }
    Repair::new("markdown-escape", work.span(range), format!("the key `{}` holds a backslash", brief(text)))
        .help("Markdown puts it before `_` and the like; the daemon takes it as part of the key")
        .fix_all(Safe, "Remove the backslash", edits)
}

/// Characters that YAML does not allow anywhere: one problem a run.
pub(super) fn control(work: &Work<'_>) -> Vec<Repair> {
    let text: &str = &work.text;
    let mut repairs = vec![];
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(is_control)) {
        let run = text.get(at + start..).unwrap_or("");
        let code = run.chars().next().map_or(0, u32::from);
        let len = run.find(|c| !is_control(c)).unwrap_or(run.len());
        let range = at + start..at + start + len;
        at = range.end;
        let message = format!("the control character U+{code:04X} is not allowed");
        let edit = work.edit(range.clone(), "");
        repairs.push(Repair::new("control-character", work.span(range), message).fix(Unsafe, "Remove it", edit));
    }
    repairs
}

/// What the loader's reader refuses (`control characters are not allowed`).
fn is_control(c: char) -> bool {
    let allowed = matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    !allowed
}

/// Lines that `git merge` left: the reader keeps the first side.
pub(super) fn conflicts(work: &Work<'_>) -> Vec<Repair> {
    if !work.text.contains("<<<<<<<") && !work.text.contains(">>>>>>>") {
        return vec![];
    }
    let is = |i: usize, sign: &str| {
        let rest = work.raw(i).strip_prefix(sign);
        rest.is_some_and(|r| r.is_empty() || r.starts_with(' '))
    };
    let mut repairs = vec![];
    let mut i = 0;
    while i < work.len() {
        if !is(i, "<<<<<<<") {
            i += 1;
            continue;
        }
        let find = |from: usize, sign: &str| {
            (from..work.len()).take_while(|n| *n == i || !is(*n, "<<<<<<<")).find(|n| is(*n, sign))
        };
        let end = find(i, ">>>>>>>");
        let middle = find(i, "=======").filter(|m| end.is_none_or(|e| *m < e));
        let base = find(i, "|||||||").filter(|b| middle.is_none_or(|m| *b < m));
        let line = work.line(i);
        let mut edits = work.mask(i..i + 1);
        let last = end.or(middle).unwrap_or(i);
        let drop = base.or(middle).unwrap_or(last);
        edits.extend(work.mask(drop.max(i + 1)..last + 1));
        let repair = Repair::new("conflict-marker", line.source, "a merge conflict is not resolved here")
            .shape()
            .help("keep one side and remove the marker lines")
            .going_on(edits);
        repairs.push(match end {
            Some(end) => repair.related(work.line(end).source, "the conflict ends here"),
            None => repair,
        });
        i = last + 1;
    }
    repairs
}
