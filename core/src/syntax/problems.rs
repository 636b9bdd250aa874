//! The problems of one text, as its reader finds them.

use super::recover::{conflict, template};
use super::{Dialect, MAX_LEN, Problem};
use crate::fix::{Edit, Fix};
use crate::order;
use crate::text::{self, Span};

/// More problems than this help no reader and cost memory.
pub(super) const MAX_PROBLEMS: usize = 500;

/// The problems of one text.
#[derive(Default)]
pub(super) struct Problems {
    list: Vec<Problem>,
    /// The last problem that is not listed: it is known, or there are too many.
    unlisted: Option<Problem>,
    /// Places where nothing more is reported: the fault there is known, and the text around it makes no sense without
    /// it.
    quiet: Vec<Span>,
    /// The last problem with all its places of one line: the start of that line, and its number in the list.
    by_line: Option<(usize, usize)>,
    has_template: bool,
    has_conflict: bool,
}

impl Problems {
    /// Adds a problem; the caller adds help, a related place or a fix.
    pub(super) fn report(&mut self, code: &'static str, span: Span, message: impl Into<String>) -> &mut Problem {
        self.add(Problem::new(code, span, message))
    }

    /// Adds a problem.
    #[allow(clippy::expect_used, reason = "the problem was pushed the line before")]
    pub(super) fn add(&mut self, problem: Problem) -> &mut Problem {
        if self.is_full() {
            return self.unlisted.insert(problem);
        }
        self.list.push(problem);
        self.list.last_mut().expect("just pushed")
    }

    /// Adds a problem unless it lies where another one is, or on the line of a template marker, which explains it.
    pub(super) fn report_once(
        &mut self,
        text: &str,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
    ) -> &mut Problem {
        self.add_once(text, Problem::new(code, span, message))
    }

    /// Adds a problem as [`Self::report_once`] does.
    pub(super) fn add_once(&mut self, text: &str, problem: Problem) -> &mut Problem {
        if self.is_known(problem.span) {
            return self.unlisted.insert(problem);
        }
        match marker_in_line(text, problem.span) {
            Some(marker) => {
                self.template(text, marker);
                self.unlisted.insert(problem)
            }
            None => self.add(problem),
        }
    }

    /// Adds a problem whose fix is `edit`. Its further places on the line that starts at byte `line` are edits of
    /// that fix.
    pub(super) fn add_by_line(&mut self, text: &str, line: usize, problem: Problem, title: &'static str, edit: Edit) {
        if let Some((at, number)) = self.by_line
            && let Some(before) = self.list.get_mut(number)
            && at == line
            && before.code == problem.code
            && let Some(fix) = &mut before.fix
        {
            fix.add(text, edit);
            return;
        }
        let number = self.list.len();
        self.add_once(text, problem).fix(Fix::one(crate::fix::Applicability::Safe, title, edit));
        if self.list.len() > number {
            self.by_line = Some((line, number));
        }
    }

    /// Whether a problem at this place is known, or so many are that no more will be listed. Asked before a message
    /// is made at some cost.
    pub(super) fn is_known(&self, span: Span) -> bool {
        let touches = |other: &Span| other.start <= span.end && span.start <= other.end;
        let is_full = self.list.len().max(self.quiet.len()) >= MAX_PROBLEMS;
        is_full || self.quiet.iter().any(|quiet| quiet.contains(span)) || self.list.iter().any(|p| touches(&p.span))
    }

    /// Reports nothing more at this place.
    pub(super) fn silence(&mut self, span: Span) {
        if self.quiet.len() < MAX_PROBLEMS {
            self.quiet.push(span);
        }
    }

    /// Notes a template marker: the first one is a problem; what else stands on the line of one is not.
    pub(super) fn template(&mut self, text: &str, marker: Span) {
        let is_known = self.quiet.last().is_some_and(|quiet| quiet.contains(marker));
        if is_known || self.quiet.len() >= MAX_PROBLEMS {
            return;
        }
        self.silence(text::line_of(text, marker.start as usize));
        if !std::mem::replace(&mut self.has_template, true) {
            self.add(template::problem(text, marker));
        }
    }

    /// Adds a conflict of Git that starts at `line`.
    pub(super) fn conflict(&mut self, line: Span) {
        self.has_conflict = true;
        self.add(conflict::problem(line));
    }

    pub(super) fn has_template(&self) -> bool {
        self.has_template
    }

    pub(super) fn has_conflict(&self) -> bool {
        self.has_conflict
    }

    /// Adds that the text, which starts at `at`, is longer than crilint reads.
    pub(super) fn too_long(&mut self, at: usize) {
        self.report("too-long", Span::empty(at), format!("the text has more than {} MiB", MAX_LEN >> 20));
    }

    /// Whether no more problems are taken.
    pub(super) fn is_full(&self) -> bool {
        self.list.len() >= MAX_PROBLEMS
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn get(&self, number: usize) -> Option<&Problem> {
        self.list.get(number)
    }

    pub(super) fn get_mut(&mut self, number: usize) -> Option<&mut Problem> {
        self.list.get_mut(number)
    }

    pub(super) fn last(&self) -> Option<&Problem> {
        self.list.last()
    }

    /// The first problem with this code.
    pub(super) fn find_mut(&mut self, code: &str) -> Option<&mut Problem> {
        self.list.iter_mut().find(|problem| problem.code == code)
    }

    pub(super) fn retain(&mut self, keep: impl FnMut(&Problem) -> bool) {
        self.list.retain(keep);
    }

    /// Adds the first `most` of other problems.
    pub(super) fn append(&mut self, other: Self, most: usize) {
        self.list.extend(other.list.into_iter().take(most));
    }

    /// All problems in source order.
    pub(super) fn done(mut self) -> Vec<Problem> {
        order::by_key(&mut self.list, |p| p.span);
        self.list
    }
}

// Called in hundreds of places: a copy in each would be a good part of the Wasm module.
impl Problem {
    pub(super) fn new(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { code, dialect: None, span, message: message.into(), help: None, related: None, fix: None }
    }

    /// Sets the advice to the user.
    #[inline(never)]
    pub(super) fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Sets the other place involved.
    #[inline(never)]
    pub(super) fn related(&mut self, span: Span, what: &'static str) -> &mut Self {
        self.related = Some((span, what));
        self
    }

    /// Sets the way of writing that some parsers accept.
    pub(super) fn dialect(&mut self, dialect: impl Into<Option<Dialect>>) -> &mut Self {
        self.dialect = dialect.into();
        self
    }

    /// Sets the repair.
    pub(super) fn fix(&mut self, fix: Fix) -> &mut Self {
        self.maybe_fix(Some(fix))
    }

    /// Sets the repair, if there is one.
    #[inline(never)]
    pub(super) fn maybe_fix(&mut self, fix: Option<Fix>) -> &mut Self {
        self.fix = fix;
        self
    }
}

/// A template marker on the line of a fault, even inside what was read as a string: quotes within the marker break it.
fn marker_in_line(text: &str, span: Span) -> Option<Span> {
    // Of a line that is longer than any in configuration, only a part is searched.
    const NEAR: usize = 2000;
    let at = span.start as usize;
    let border = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let from = border(at.saturating_sub(NEAR));
    let near = text.get(from..border(at + NEAR))?;
    let line = text::line_of(near, at - from);
    let written = line.of(near);
    let code = written.split(" #").next().unwrap_or(written);
    // Jinja's comment may be a comment of TOML right behind a brace.
    let markers = template::MARKERS.iter().filter(|marker| marker.open != "{#").chain([&template::SHELL]);
    let found = markers.filter_map(|marker| code.find(marker.open)).min()?;
    let start = from + line.start as usize + found;
    Some(Span::new(start, start + 2))
}

/// `, and 2 more in this file`; nothing for one.
pub(super) fn and_more(count: usize) -> String {
    match count {
        0 | 1 => String::new(),
        n => format!(", and {} more in this file", n - 1),
    }
}

/// The user's own text for a message, in backticks: its first line, cut when it is long.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let text = text.trim();
    let line = text.lines().next().unwrap_or_default().trim_end();
    let cut = line.char_indices().nth(MOST).map_or(line.len(), |(at, _)| at);
    let more = if cut < text.len() { "…" } else { "" };
    format!("`{}{more}`", line.get(..cut).unwrap_or(line))
}
