//! The columns at which a line may start.

use std::ops::Range;

use super::draft::Draft;
use super::line;
use super::reading::range_around;

/// A column where a line may start, because one above does.
#[derive(Clone, Copy, Debug)]
pub(super) struct IndentColumn {
    pub(super) col: usize,
    pub(super) line: usize,
    /// Whether list items start there.
    pub(super) dash: bool,
}

/// The columns open before line `i`, the innermost first.
pub(super) fn levels(draft: &Draft<'_>, multiline: &[Range<usize>], i: usize) -> Vec<IndentColumn> {
    let mut levels: Vec<IndentColumn> = vec![];
    let mut at = i;
    while let Some(line) = draft.prev(at) {
        at = line;
        let place = draft.content_at(line);
        if range_around(multiline, place).is_some_and(|r| draft.line_at(r.start) < line) {
            continue;
        }
        push_levels(draft, line, &mut levels);
        if levels.last().is_some_and(|l| l.col == 0 && !l.dash) {
            break;
        }
    }
    levels
}

fn push_levels(draft: &Draft<'_>, line: usize, levels: &mut Vec<IndentColumn>) {
    let content = draft.content(line);
    let indent = draft.line(line).indent;
    let dashes = line::dashes(content);
    let mut found = vec![];
    if line::key_line(content).is_some() || dashes == 0 {
        found.push(IndentColumn { col: indent + dashes, line, dash: false });
    }
    let starts = content.get(..dashes).unwrap_or("");
    found.extend(starts.rmatch_indices('-').map(|(i, _)| IndentColumn { col: indent + i, line, dash: true }));
    for level in found {
        // A list may stand at the column of its key.
        let open = levels.last().is_none_or(|l| level.col < l.col || (level.col == l.col && l.dash && !level.dash));
        if open {
            levels.push(level);
        }
    }
}
