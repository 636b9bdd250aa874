//! Lines that are no YAML: comments of other languages, code fences, directives.

use super::cause::Cause;
use super::diagnose::Scene;
use super::repair::{Repair, brief};
use super::work::Work;
use super::{line, template};
use crate::fix::Applicability::{Safe, Unsafe};
use crate::fix::Edit;

/// A line that starts with `%` at the left border is a directive, whatever it was meant to be.
pub(super) fn directive(scene: Scene<'_, '_>) -> Option<Repair> {
    if !matches!(scene.failure.cause, Cause::DocumentStart | Cause::Directive) {
        return None;
    }
    let work = scene.work;
    let line = scene.line();
    let found = [Some(line), (0..line).rev().find(|i| !work.is_blank(*i))]
        .into_iter()
        .flatten()
        .find(|i| work.raw(*i).starts_with('%'))?;
    if template::breaks(work.content(found)) {
        return template::repair(work);
    }
    let whole = scene.whole(found);
    let text = brief(scene.text(whole.clone()));
    Some(
        Repair::new("directive", work.span(whole), format!("`{text}` reads as a directive, as it starts with `%`"))
            .help("remove the line, or put `#` in front")
            .shape()
            .going_on(work.mask(found..found + 1)),
    )
}

/// Lines of other languages: `//` comments, code fences.
pub(super) fn foreign_lines(scene: Scene<'_, '_>) -> Option<Repair> {
    let work = scene.work;
    let last = scene.line();
    for i in scene.first_line()..=last.min(work.len()) {
        if scene.is_opaque(i) && scene.failure.flow.is_none() {
            continue;
        }
        let content = work.content(i);
        if content.starts_with("//") || content.starts_with("/*") {
            return Some(comment(work, i));
        }
        if content.starts_with("```") || content.starts_with("~~~") {
            return Some(fence(work, i));
        }
    }
    None
}

/// `//` behind an item in brackets: it became part of the next key.
pub(super) fn comment_behind(work: &Work<'_>, at: usize) -> Repair {
    let end = work.line(work.line_at(at)).end;
    let marker = at..at + 2;
    let text = work.text.get(marker.clone()).unwrap_or("//");
    Repair::new("comment-marker", work.span(marker.clone()), format!("`{text}` starts no comment in YAML"))
        .help("comments start with `#`")
        .offer(Safe, "Use `#`", vec![work.edit(marker, "#")])
        .going_on(vec![work.edit(at..end, "")])
}

/// Comments as other languages write them, from line `first` on.
pub(super) fn comment(work: &Work<'_>, first: usize) -> Repair {
    let mut within = false;
    let mut end = first;
    let mut edits = vec![];
    let last_close = (first..work.len()).rev().find(|i| work.content(*i).contains("*/"));
    for i in first..work.len() {
        let content = work.content(i);
        let starts = content.starts_with("/*");
        if !(within || starts || content.starts_with("//")) {
            break;
        }
        // A block comment that is never closed is one line.
        within = (within || starts) && !content.contains("*/") && last_close.is_some_and(|n| n >= i);
        edits.extend(hash(work, i));
        end = i + 1;
    }
    let mut masks = work.mask(first..end);
    // A key that was commented out: what is below it went with it.
    let last = end.saturating_sub(1).max(first);
    let open_above = work.prev(first).is_some_and(|i| line::opens_block(work.content(i)));
    let orphans = line::opens_block(work.content(last)) && !open_above && work.block(last).len() > 1;
    if orphans {
        masks.extend(work.mask(last + 1..work.block(last).end));
    }
    let trust = if orphans { Unsafe } else { Safe };
    let at = work.content_at(first);
    let marker = work.content(first).get(..2).unwrap_or("//");
    Repair::new("comment-marker", work.span(at..at + 2), format!("`{marker}` starts no comment in YAML"))
        .help("comments start with `#`")
        .shape()
        .offer(trust, "Use `#`", edits)
        .going_on(masks)
}

/// The edit that makes a line a comment.
fn hash(work: &Work<'_>, i: usize) -> Option<Edit> {
    let content = work.content(i);
    if content.is_empty() || content.starts_with('#') {
        return None;
    }
    let at = work.content_at(i);
    let marker = ["//", "/**", "/*", "*/", "*"].iter().find(|m| content.starts_with(**m)).map_or(0, |m| m.len());
    let blank = if marker == 0 { "# " } else { "#" };
    Some(work.edit(at..at + marker, blank))
}

fn fence(work: &Work<'_>, i: usize) -> Repair {
    let at = work.content_at(i);
    let range = at..at + work.content(i).len();
    let other = (i + 1..work.len()).find(|n| matches!(work.content(*n), "```" | "~~~"));
    let mut edits = work.mask(i..i + 1);
    edits.extend(other.and_then(|n| work.empty(n)));
    Repair::new("markdown-fence", work.span(range), "this line belongs to Markdown, not to YAML").fix_all(
        Safe,
        "Remove the fences",
        edits,
    )
}
