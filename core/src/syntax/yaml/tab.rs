//! Tabs where YAML wants blanks.

use std::ops::Range;

use super::diagnose::Scene;
use super::level::levels;
use super::line;
use super::pass::around;
use super::repair::{Class, Repair};
use super::work::Work;
use crate::fix::{Applicability, Edit};

/// The lines from where the parser gave up that are indented with tabs.
pub(super) fn find(scene: Scene<'_, '_>) -> Option<Repair> {
    let first = scene.first_line();
    let line = (first..scene.work.len()).find(|i| has_tab(scene.work, *i))?;
    let work = scene.work;
    // A tab far away is not the fault.
    let next = work.next(scene.line()).unwrap_or(work.len());
    (line <= next).then(|| run(work, scene.opaque, line).0)
}

/// Lines that the daemon's parser refuses and ours takes: a tab at the start of an empty line or comment, and a tab
/// behind a dash.
pub(super) fn slips(work: &Work<'_>, opaque: &[Range<usize>], allowed: &[Range<usize>]) -> Vec<Repair> {
    if !work.text.contains('\t') {
        return vec![];
    }
    let inside = |i: usize| {
        let at = work.line(i).at;
        around(allowed, at).is_some()
    };
    let is_continued = |i: usize| {
        let at = work.content_at(i);
        around(opaque, at).is_some()
    };
    let mut repairs = vec![];
    let mut i = 0;
    while i < work.len() {
        let raw = work.raw(i);
        if inside(i) {
            i += 1;
        } else if raw.starts_with('\t') || (has_tab(work, i) && !work.is_blank(i) && !is_continued(i)) {
            let (repair, end) = run(work, opaque, i);
            repairs.push(repair);
            i = end;
        } else {
            repairs.extend(after_dash(work, i));
            i += 1;
        }
    }
    repairs
}

fn after_dash(work: &Work<'_>, i: usize) -> Option<Repair> {
    let at = work.content_at(i);
    let content = work.raw(i).get(work.line(i).indent..)?;
    let tab = content.find('\t')?;
    let before = content.get(..tab)?;
    let is_dash = before.ends_with('-') || before.ends_with("- ");
    if !is_dash || line::dashes(before) != before.len() {
        return None;
    }
    let len = content.get(tab..)?.len() - content.get(tab..)?.trim_start_matches(['\t', ' ']).len();
    let range = at + tab..at + tab + len;
    let edit = work.edit(range.clone(), if before.ends_with('-') { " " } else { "" });
    let repair = Repair::new("tab-indentation", work.span(range), "a tab stands behind this dash")
        .help("YAML wants a blank there")
        .fix(Applicability::Safe, "Replace the tab by a blank", edit);
    Some(repair)
}

pub(super) fn has_tab(work: &Work<'_>, i: usize) -> bool {
    leading(work, i).contains('\t')
}

fn leading<'w>(work: &'w Work<'_>, i: usize) -> &'w str {
    let raw = work.raw(i);
    raw.get(..raw.len() - raw.trim_start_matches([' ', '\t']).len()).unwrap_or("")
}

/// The lines from `first` on that are indented with tabs, and where they end.
fn run(work: &Work<'_>, opaque: &[Range<usize>], first: usize) -> (Repair, usize) {
    let mut lines = vec![];
    for i in first..work.len() {
        if has_tab(work, i) {
            lines.push(i);
        } else if !work.raw(i).is_empty() {
            break;
        }
    }
    let end = lines.last().map_or(first, |last| last + 1);
    let place = place(work, opaque, &lines);
    let mut edits = vec![];
    for i in &lines {
        edits.extend(blanks(work, *i, place));
    }
    let line = work.line(first);
    let span = work.span(line.at..line.at + leading(work, first).len());
    let message = match lines.len() {
        1 if work.content(first).is_empty() => "this empty line starts with a tab".to_owned(),
        1 => "this line is indented with a tab".to_owned(),
        n => format!("{n} lines from here are indented with tabs"),
    };
    let (trust, class) =
        if place.sure { (Applicability::Safe, Class::Token) } else { (Applicability::Unsafe, Class::Shape) };
    let repair = Repair {
        class,
        ..Repair::new("tab-indentation", span, message).help("YAML allows only blanks for indentation").fix_all(
            trust,
            "Indent with blanks",
            edits,
        )
    };
    (repair, end)
}

fn blanks(work: &Work<'_>, i: usize, place: Place) -> Option<Edit> {
    let line = work.line(i);
    let now = leading(work, i);
    let new = if work.content(i).is_empty() {
        String::new()
    } else {
        " ".repeat(expand(now, place.width).saturating_sub(place.shift))
    };
    (new != now).then(|| work.edit(line.at..line.at + now.len(), new))
}

fn expand(leading: &str, width: usize) -> usize {
    leading.chars().map(|c| if c == '\t' { width } else { 1 }).sum()
}

/// What tabs become.
#[derive(Clone, Copy)]
struct Place {
    /// How many blanks one stands for.
    width: usize,
    /// How many blanks less each line gets.
    shift: usize,
    sure: bool,
}

/// Two blanks a tab, or more if only that puts the first line where a line may be. If nothing does, the lines go left to
/// the nearest place.
fn place(work: &Work<'_>, opaque: &[Range<usize>], lines: &[usize]) -> Place {
    let plain = Place { width: 2, shift: 0, sure: true };
    let Some(first) = lines.iter().find(|i| !work.is_blank(**i)) else {
        return plain;
    };
    let unsure = Place { sure: false, ..plain };
    let Some(prev) = work.prev(*first) else {
        return unsure;
    };
    let before = work.content(prev);
    let item = line::is_item(work.content(*first));
    let base = work.line(prev).indent + line::dashes(before);
    let levels = levels(work, opaque, *first);
    let fits = |col: usize| {
        if line::opens_block(before) {
            col > base || (item && col == base)
        } else {
            levels.iter().any(|l| l.col == col && l.dash == item)
        }
    };
    let text = leading(work, *first);
    if let Some(width) = [2, 4, 8].into_iter().find(|w| fits(expand(text, *w))) {
        return Place { width, ..plain };
    }
    let col = expand(text, 2);
    let near = levels.iter().find(|l| l.dash == item && l.col < col);
    Place { shift: near.map_or(0, |l| col - l.col), ..unsure }
}
