//! Tabs in the indentation, where YAML allows only blanks.

use std::ops::Range;

use super::columns::levels;
use super::diagnose::FailureContext;
use super::draft::Draft;
use super::line;
use super::reading::range_around;
use super::repair::{RepairScope, YamlRepair};
use crate::fix::{Applicability, Edit};

/// The lines from where the parser gave up that are indented with tabs.
pub(super) fn find(context: FailureContext<'_, '_>) -> Option<YamlRepair> {
    let first = context.first_line();
    let line = (first..context.draft.len()).find(|i| has_tab(context.draft, *i))?;
    let draft = context.draft;
    // A tab far away is not the fault.
    let next = draft.next(context.line()).unwrap_or(draft.len());
    if line > next {
        return None;
    }
    let is_in_brackets = context.failure.flow.is_some_and(|open| draft.line_at(open) < line);
    Some(if is_in_brackets { in_brackets(draft, line) } else { run(draft, context.multiline, line).0 })
}

/// Lines within brackets, which the daemons' parser lets start with tabs.
/// Source: `yaml_parser_scan_to_next_token` in go-yaml/yaml@v2.4.0:scannerc.go.
fn in_brackets(draft: &Draft<'_>, first: usize) -> YamlRepair {
    let lines = (first..draft.len()).take_while(|i| has_tab(draft, *i));
    let blanks = |i: usize| {
        let at = draft.line(i).at;
        let text = leading(draft, i);
        draft.edit(at..at + text.len(), text.replace('\t', "        "))
    };
    YamlRepair { problem: None, edits: lines.map(blanks).collect(), scope: RepairScope::Token }
}

/// Lines that the daemon's parser refuses and ours takes: a tab at the start of an empty line or comment, and a tab
/// behind a dash.
pub(super) fn suspicious(draft: &Draft<'_>, multiline: &[Range<usize>], allowed: &[Range<usize>]) -> Vec<YamlRepair> {
    if !draft.text.contains('\t') {
        return vec![];
    }
    let inside = |i: usize| {
        let at = draft.line(i).at;
        range_around(allowed, at).is_some()
    };
    let is_continued = |i: usize| {
        let at = draft.content_at(i);
        range_around(multiline, at).is_some()
    };
    let mut repairs = vec![];
    let mut i = 0;
    while i < draft.len() {
        let raw = draft.raw(i);
        if inside(i) {
            i += 1;
        } else if raw.starts_with('\t') || (has_tab(draft, i) && !draft.is_blank(i) && !is_continued(i)) {
            let (repair, end) = run(draft, multiline, i);
            repairs.push(repair);
            i = end;
        } else {
            repairs.extend(after_dash(draft, i));
            i += 1;
        }
    }
    repairs
}

fn after_dash(draft: &Draft<'_>, i: usize) -> Option<YamlRepair> {
    let at = draft.content_at(i);
    let content = draft.raw(i).get(draft.line(i).indent..)?;
    let tab = content.find('\t')?;
    let before = content.get(..tab)?;
    let is_dash = before.ends_with('-') || before.ends_with("- ");
    if !is_dash || line::dashes(before) != before.len() {
        return None;
    }
    let len = content.get(tab..)?.len() - content.get(tab..)?.trim_start_matches(['\t', ' ']).len();
    let range = at + tab..at + tab + len;
    let edit = draft.edit(range.clone(), if before.ends_with('-') { " " } else { "" });
    let repair = YamlRepair::new("tab-indentation", draft.span(range), "a tab stands behind this dash")
        .help("YAML allows only a blank there")
        .fix(Applicability::Safe, "Replace the tab by a blank", edit);
    Some(repair)
}

pub(super) fn has_tab(draft: &Draft<'_>, i: usize) -> bool {
    leading(draft, i).contains('\t')
}

fn leading<'w>(draft: &'w Draft<'_>, i: usize) -> &'w str {
    let raw = draft.raw(i);
    raw.get(..raw.len() - raw.trim_start_matches([' ', '\t']).len()).unwrap_or("")
}

/// The lines from `first` on that are indented with tabs, and where they end.
fn run(draft: &Draft<'_>, multiline: &[Range<usize>], first: usize) -> (YamlRepair, usize) {
    let mut lines = vec![];
    for i in first..draft.len() {
        if has_tab(draft, i) {
            lines.push(i);
        } else if !draft.raw(i).is_empty() {
            break;
        }
    }
    let end = lines.last().map_or(first, |last| last + 1);
    let place = place(draft, multiline, &lines);
    let mut edits = vec![];
    for i in &lines {
        edits.extend(blanks(draft, *i, place));
    }
    let line = draft.line(first);
    let span = draft.span(line.at..line.at + leading(draft, first).len());
    let message = match lines.len() {
        1 if draft.content(first).is_empty() => "this empty line starts with a tab".to_owned(),
        1 => "this line is indented with a tab".to_owned(),
        n => format!("{n} lines from here are indented with tabs"),
    };
    let (trust, scope) = if place.sure {
        (Applicability::Safe, RepairScope::Token)
    } else {
        (Applicability::Unsafe, RepairScope::Lines)
    };
    let repair = YamlRepair {
        scope,
        ..YamlRepair::new("tab-indentation", span, message).help("YAML allows only blanks for indentation").fix_all(
            trust,
            "Indent with blanks",
            edits,
        )
    };
    (repair, end)
}

fn blanks(draft: &Draft<'_>, i: usize, place: TabWidth) -> Option<Edit> {
    let line = draft.line(i);
    let now = leading(draft, i);
    let new = if draft.content(i).is_empty() {
        String::new()
    } else {
        " ".repeat(expand(now, place.width).saturating_sub(place.shift))
    };
    (new != now).then(|| draft.edit(line.at..line.at + now.len(), new))
}

fn expand(leading: &str, width: usize) -> usize {
    leading.chars().map(|c| if c == '\t' { width } else { 1 }).sum()
}

/// The blanks that tabs become.
#[derive(Clone, Copy)]
struct TabWidth {
    /// How many blanks one stands for.
    width: usize,
    /// How many blanks less each line gets.
    shift: usize,
    sure: bool,
}

/// Two blanks a tab, or more if only that puts the first line where a line may be. If nothing does, the lines go left
/// to the nearest place.
fn place(draft: &Draft<'_>, multiline: &[Range<usize>], lines: &[usize]) -> TabWidth {
    let plain = TabWidth { width: 2, shift: 0, sure: true };
    let Some(first) = lines.iter().find(|i| !draft.is_blank(**i)) else {
        return plain;
    };
    let unsure = TabWidth { sure: false, ..plain };
    let Some(prev) = draft.prev(*first) else {
        return unsure;
    };
    let before = draft.content(prev);
    let item = line::is_item(draft.content(*first));
    let base = draft.line(prev).indent + line::dashes(before);
    let levels = levels(draft, multiline, *first);
    let fits = |col: usize| {
        if line::opens_block(before) {
            col > base || (item && col == base)
        } else {
            levels.iter().any(|l| l.col == col && l.dash == item)
        }
    };
    let text = leading(draft, *first);
    if let Some(width) = [2, 4, 8].into_iter().find(|w| fits(expand(text, *w))) {
        return TabWidth { width, ..plain };
    }
    let col = expand(text, 2);
    let near = levels.iter().find(|l| l.dash == item && l.col < col);
    TabWidth { shift: near.map_or(0, |l| col - l.col), ..unsure }
}
