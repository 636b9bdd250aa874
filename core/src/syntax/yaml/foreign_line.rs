//! Lines that are not YAML: comments of other languages, code fences, directives.

use super::diagnose::FailureContext;
use super::draft::Draft;
use super::failure_cause::FailureCause;
use super::repair::YamlRepair;
use super::{line, template};
use crate::fix::Applicability::{Safe, Unsafe};
use crate::fix::Edit;
use crate::syntax::problems::shown;
use crate::syntax::recover::foreign;

/// A line that starts with `%` at the left border is a directive, whatever it was meant to be.
pub(super) fn directive(context: FailureContext<'_, '_>) -> Option<YamlRepair> {
    if !matches!(context.failure.cause, FailureCause::DocumentStart | FailureCause::Directive) {
        return None;
    }
    let draft = context.draft;
    let line = context.line();
    let found = [Some(line), (0..line).rev().find(|i| !draft.is_blank(*i))]
        .into_iter()
        .flatten()
        .find(|i| draft.raw(*i).starts_with('%'))?;
    if template::breaks(draft.content(found)) {
        return template::repair(draft);
    }
    let whole = context.whole(found);
    let text = shown(context.text(whole.clone()));
    Some(
        YamlRepair::new("directive", draft.span(whole), format!("{text} reads as a directive, as it starts with `%`"))
            .help("remove the line, or put `#` in front")
            .of_lines()
            .continue_with(draft.clear_lines(found..found + 1)),
    )
}

/// Lines of other languages: `//` comments, code fences.
pub(super) fn foreign_lines(context: FailureContext<'_, '_>) -> Option<YamlRepair> {
    let draft = context.draft;
    let last = context.line();
    for i in context.first_line()..=last.min(draft.len()) {
        if context.is_in_multiline(i) && context.failure.flow.is_none() {
            continue;
        }
        let content = draft.content(i);
        if content.starts_with("//") || content.starts_with("/*") {
            return Some(comment(draft, i));
        }
        if foreign::is_fence(content) {
            return Some(fence(draft, i));
        }
    }
    None
}

/// `//` behind an item in brackets: it became part of the next key.
pub(super) fn comment_behind(draft: &Draft<'_>, at: usize) -> YamlRepair {
    let end = draft.line(draft.line_at(at)).end;
    let marker = at..at + 2;
    let text = draft.text.get(marker.clone()).unwrap_or("//");
    YamlRepair::of(foreign::comment_marker(draft.span(marker.clone()), text, "YAML"))
        .offer(Safe, foreign::START_WITH_HASH, vec![draft.edit(marker, "#")])
        .continue_with(vec![draft.edit(at..end, "")])
}

/// Comments as other languages write them, from line `first` on.
pub(super) fn comment(draft: &Draft<'_>, first: usize) -> YamlRepair {
    let mut within = false;
    let mut end = first;
    let mut edits = vec![];
    let last_close = (first..draft.len()).rev().find(|i| draft.content(*i).contains("*/"));
    for i in first..draft.len() {
        let content = draft.content(i);
        let starts = content.starts_with("/*");
        if !(within || starts || content.starts_with("//")) {
            break;
        }
        // A block comment that is never closed is one line.
        within = (within || starts) && !content.contains("*/") && last_close.is_some_and(|n| n >= i);
        edits.extend(hash(draft, i));
        end = i + 1;
    }
    let mut cleared = draft.clear_lines(first..end);
    // A key that was commented out: what is below it went with it.
    let last = end.saturating_sub(1).max(first);
    let open_above = draft.prev(first).is_some_and(|i| line::opens_block(draft.content(i)));
    let orphans = line::opens_block(draft.content(last)) && !open_above && draft.block(last).len() > 1;
    if orphans {
        cleared.extend(draft.clear_lines(last + 1..draft.block(last).end));
    }
    let trust = if orphans { Unsafe } else { Safe };
    let at = draft.content_at(first);
    let marker = draft.content(first).get(..2).unwrap_or("//");
    YamlRepair::of(foreign::comment_marker(draft.span(at..at + 2), marker, "YAML"))
        .of_lines()
        .offer(trust, foreign::START_WITH_HASH, edits)
        .continue_with(cleared)
}

/// The edit that makes a line a comment.
fn hash(draft: &Draft<'_>, i: usize) -> Option<Edit> {
    let content = draft.content(i);
    if content.is_empty() || content.starts_with('#') {
        return None;
    }
    let at = draft.content_at(i);
    let marker = ["//", "/**", "/*", "*/", "*"].iter().find(|m| content.starts_with(**m)).map_or(0, |m| m.len());
    let blank = if marker == 0 { "# " } else { "#" };
    Some(draft.edit(at..at + marker, blank))
}

fn fence(draft: &Draft<'_>, i: usize) -> YamlRepair {
    let at = draft.content_at(i);
    let range = at..at + draft.content(i).len();
    let other = (i + 1..draft.len()).find(|n| matches!(draft.content(*n), "```" | "~~~"));
    let mut edits = draft.clear_lines(i..i + 1);
    edits.extend(other.and_then(|n| draft.clear_line(n)));
    YamlRepair::of(foreign::fence(draft.span(range))).fix_all(Safe, "Remove the fences", edits)
}
