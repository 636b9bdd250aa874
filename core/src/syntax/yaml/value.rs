//! Values that must be quoted, and characters that cannot be seen.

use std::ops::Range;

use super::build::{Slip, SlipKind, brief};
use super::diagnose::{Class, Repair, Scene};
use super::slip::odd_separator;
use super::work::Work;
use super::{foreign, line};
use crate::fix::Applicability::{Safe, Unsafe};
use crate::fix::Edit;

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
    Repair::new("unquoted-string", work.span(range), format!("a text that starts with {first} needs quotes")).fix(
        Safe,
        "Quote it",
        vec![edit],
    )
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
    (scene.text(at..at + 1) == "#").then(|| Repair::silent(vec![scene.work.edit(at..at, " ")]))
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
            .fix(Safe, "Remove the byte order mark", vec![edit]),
    )
}

/// Nothing useful can be read behind this.
pub(super) fn too_deep(scene: Scene<'_, '_>) -> Option<Repair> {
    let at = scene.failure.at;
    let span = scene.work.span(at..at);
    Some(Repair::new("too-deep", span, "this is nested too deeply to be read").shape())
}

/// Blanks that are none, in the lines where the parser gave up.
pub(super) fn invisible(scene: Scene<'_, '_>) -> Option<Repair> {
    (scene.first_line()..=scene.line()).find_map(|i| {
        if scene.is_opaque(i) {
            return None;
        }
        let at = scene.work.content_at(i);
        let content = scene.work.content(i);
        let dashes = line::dashes(content);
        let edits = spaces(scene.work, at + dashes..at + content.len());
        (!edits.is_empty()).then(|| odd_spaces(scene.work, edits))
    })
}

/// The odd blanks at the borders of a text, and behind its first colon.
fn spaces(work: &Work<'_>, range: Range<usize>) -> Vec<Edit> {
    let text = work.text.get(range.clone()).unwrap_or("");
    let odd = |c: char| line::is_odd_space(c);
    let mut found: Vec<usize> = vec![];
    let mut take = |from: usize, part: &str| {
        found.extend(
            part.char_indices()
                .take_while(|(_, c)| odd(*c) || *c == ' ')
                .filter(|(_, c)| odd(*c))
                .map(|(i, _)| from + i),
        );
    };
    let lead = text.len() - text.trim_start_matches(odd).len();
    take(0, text.get(..lead).unwrap_or(""));
    if let Some(colon) = odd_separator(text.get(lead..).unwrap_or("")) {
        take(lead + colon + 1, text.get(lead + colon + 1..).unwrap_or(""));
    }
    let end = text.trim_end_matches(odd).len();
    if end > lead {
        take(end, text.get(end..).unwrap_or(""));
    }
    found.sort_unstable();
    found.dedup();
    found
        .into_iter()
        .filter_map(|i| {
            let c = text.get(i..)?.chars().next()?;
            let at = range.start + i;
            let zero_width = matches!(c, '\u{200b}' | '\u{2060}');
            let blank = if zero_width { "" } else { " " };
            Some(work.edit(at..at + c.len_utf8(), blank))
        })
        .collect()
}

fn odd_spaces(work: &Work<'_>, edits: Vec<Edit>) -> Repair {
    let span =
        edits.iter().map(|e| e.span).reduce(|a, b| if a.end == b.start { a.to(b) } else { a }).unwrap_or_default();
    let first = edits.first().and_then(|e| e.span.of(work.source).chars().next());
    let message = match first {
        Some('\u{a0}') | None => "a no-break space looks like a blank and is none".to_owned(),
        Some(c) => format!("the character U+{:04X} looks like a blank and is none", u32::from(c)),
    };
    Repair::new("invisible-character", span, message)
        .help("it often comes along when text is copied from a web page or a chat")
        .fix(Safe, "Use plain blanks", edits)
}

/// Things that the parser takes and nobody means.
pub(super) fn slip(work: &Work<'_>, slip: &Slip) -> Option<Repair> {
    let range = slip.range.clone();
    let text = work.text.get(range.clone()).unwrap_or("");
    match slip.kind {
        SlipKind::Escape => Some(escape(work, range, text)),
        SlipKind::Space => {
            let edits = spaces(work, range);
            (!edits.is_empty()).then(|| odd_spaces(work, edits))
        }
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
    let bytes = text.as_bytes();
    let edits: Vec<Edit> = (0..bytes.len())
        .filter(|i| {
            bytes.get(*i) == Some(&b'\\')
                && bytes.get(*i + 1).is_some_and(u8::is_ascii_punctuation)
                // Of two backslashes the first goes.
                && (*i == 0 || bytes.get(*i - 1) != Some(&b'\\'))
        })
        .map(|i| work.edit(range.start + i..range.start + i + 1, ""))
        .collect();
    Repair::new("markdown-escape", work.span(range), format!("the key `{}` holds a backslash", brief(text)))
        .help("Markdown puts it before `_` and the like; the daemon takes it as part of the key")
        .fix(Safe, "Remove the backslash", edits)
}

/// Characters that YAML does not allow anywhere: one problem a run.
pub(super) fn control(work: &Work<'_>) -> Vec<Repair> {
    let text: &str = &work.text;
    let mut runs: Vec<Range<usize>> = vec![];
    for (i, c) in text.char_indices().filter(|(_, c)| is_control(*c)) {
        match runs.last_mut() {
            Some(run) if run.end == i => run.end = i + c.len_utf8(),
            _ => runs.push(i..i + c.len_utf8()),
        }
    }
    runs.into_iter()
        .map(|run| {
            let code = text.get(run.clone()).and_then(|t| t.chars().next());
            let code = code.map_or(0, u32::from);
            let edit = work.edit(run.clone(), "");
            Repair::new(
                "control-character",
                work.span(run),
                format!("the control character U+{code:04X} is not allowed"),
            )
            .fix(Unsafe, "Remove it", vec![edit])
        })
        .collect()
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
        let repair = Repair {
            class: Class::Shape,
            ..Repair::new("conflict-marker", line.source, "a merge conflict is not resolved here")
        }
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
