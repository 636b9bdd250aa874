//! The columns at which a line may start.

use std::ops::Range;

use super::line;
use super::pass::around;
use super::work::Work;

/// A column where a line may start, because one above does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    pub(super) col: usize,
    pub(super) line: usize,
    /// Whether list items start there.
    pub(super) dash: bool,
}

/// The columns open before line `i`, the innermost first.
pub(super) fn levels(work: &Work<'_>, opaque: &[Range<usize>], i: usize) -> Vec<Level> {
    let mut levels: Vec<Level> = vec![];
    let mut at = i;
    while let Some(line) = work.prev(at) {
        at = line;
        let place = work.content_at(line);
        if around(opaque, place).is_some_and(|r| work.line_at(r.start) < line) {
            continue;
        }
        push_levels(work, line, &mut levels);
        if levels.last().is_some_and(|l| l.col == 0 && !l.dash) {
            break;
        }
    }
    levels
}

fn push_levels(work: &Work<'_>, line: usize, levels: &mut Vec<Level>) {
    let content = work.content(line);
    let indent = work.line(line).indent;
    let dashes = line::dashes(content);
    let mut found = vec![];
    if line::key_line(content).is_some() || dashes == 0 {
        found.push(Level { col: indent + dashes, line, dash: false });
    }
    let starts = content.get(..dashes).unwrap_or("");
    found.extend(starts.rmatch_indices('-').map(|(i, _)| Level { col: indent + i, line, dash: true }));
    for level in found {
        // A list may stand at the column of its key.
        let open = levels.last().is_none_or(|l| level.col < l.col || (level.col == l.col && l.dash && !level.dash));
        if open {
            levels.push(level);
        }
    }
}
