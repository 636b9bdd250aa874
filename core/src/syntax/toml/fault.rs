//! Collects problems: one for each fault, none that merely follows from another.

use super::lexer::TemplateMark;
use crate::fix::{Applicability, Edit, Fix};
use crate::order;
use crate::syntax::Problem;
use crate::text::Span;

/// More problems than this help nobody, and looking for overlaps takes time.
const MAX_PROBLEMS: usize = 500;

/// A problem in the making.
pub(super) struct Fault(Problem);

impl Fault {
    pub(super) fn new(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self(Problem { code, span, message: message.into(), help: None, related: None, fix: None })
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    pub(super) fn related(mut self, span: Span, what: &'static str) -> Self {
        self.0.related = Some((span, what));
        self
    }

    /// The one sensible repair: put `text` in the place of `span`.
    pub(super) fn fix(self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fixes(Some(Fix::safe(title, span, text)))
    }

    /// The likely repair, which may not be what the user meant.
    pub(super) fn guess(self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fixes(Some(Fix::edit(Applicability::Unsafe, title, span, text)))
    }

    pub(super) fn fixes(mut self, fix: Option<Fix>) -> Self {
        self.0.fix = fix;
        self
    }
}

/// The problems found so far.
pub(super) struct Faults<'a> {
    text: &'a str,
    list: Vec<Problem>,
    /// Where no more is said: the fault there is known, and the text around it makes no sense without it.
    quiet: Vec<Span>,
    /// The last problem that gathers all its places of one line: line start, index into `list`.
    gathered: Option<(usize, usize)>,
    template: bool,
    conflict: bool,
}

impl<'a> Faults<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, list: Vec::new(), quiet: Vec::new(), gathered: None, template: false, conflict: false }
    }

    /// All problems in source order.
    pub(super) fn done(mut self) -> Vec<Problem> {
        order::by_key(&mut self.list, |p| p.span);
        self.list
    }

    /// Whether tables and keys may clash: only one of two versions is meant to stay, or nobody would read more.
    pub(super) fn skips_clashes(&self) -> bool {
        self.template || self.conflict || self.list.len() >= MAX_PROBLEMS
    }

    /// Takes a fault, unless it lies where another one was found.
    pub(super) fn add(&mut self, fault: Fault) {
        let span = fault.0.span;
        if self.is_known(span) {
            return;
        }
        match self.marker_in_line(span) {
            Some(marker) => self.template(marker),
            None => self.list.push(fault.0),
        }
    }

    /// Whether something was already said about this place, or so much at all that no more will be.
    /// To be asked before a message is made at some cost.
    pub(super) fn is_known(&self, span: Span) -> bool {
        let touches = |other: &Span| other.start <= span.end && span.start <= other.end;
        let full = self.list.len().max(self.quiet.len()) >= MAX_PROBLEMS;
        full || self.quiet.iter().any(|q| q.contains(span)) || self.list.iter().any(|p| touches(&p.span))
    }

    /// Says nothing more about this place.
    pub(super) fn hush(&mut self, span: Span) {
        if self.quiet.len() < MAX_PROBLEMS {
            self.quiet.push(span);
        }
    }

    /// A template marker: the first is a problem; what stands on its line is none.
    pub(super) fn template(&mut self, marker: Span) {
        let known = self.quiet.last().is_some_and(|q| q.contains(marker));
        if known || self.quiet.len() >= MAX_PROBLEMS {
            return;
        }
        self.hush(line_of(self.text, marker.start as usize));
        if self.template {
            return;
        }
        self.template = true;
        let written = shown(marker.of(self.text));
        let fault = Fault::new("template", marker, format!("{written} is a template marker, so this is not TOML yet"))
            .help("check the file that comes out of the template; what could be read is checked anyway");
        self.list.push(fault.0);
    }

    /// A line left by Git: the first is a problem.
    pub(super) fn conflict(&mut self, line: Span) {
        if self.conflict {
            if let Some(problem) = self.list.iter_mut().find(|p| p.code == "conflict-marker") {
                problem.related = Some((line, "up to here"));
            }
            return;
        }
        self.conflict = true;
        let fault =
            Fault::new("conflict-marker", line, "unresolved Git merge conflict: no version of this part was chosen")
                .help("keep one of the two versions, and remove the lines `<<<<<<<`, `=======` and `>>>>>>>`");
        self.list.push(fault.0);
    }

    /// A fault whose places on one line, which starts at byte `line`, make one problem with one fix.
    pub(super) fn gather(&mut self, line: usize, fault: Fault, title: &'static str, edit: Edit) {
        if let Some((at, index)) = self.gathered
            && let Some(problem) = self.list.get_mut(index)
            && at == line
            && problem.code == fault.0.code
            && let Some(fix) = &mut problem.fix
        {
            fix.add(self.text, edit);
            return;
        }
        let before = self.list.len();
        self.add(fault.fixes(Some(Fix::one(Applicability::Safe, title, edit))));
        if self.list.len() > before {
            self.gathered = Some((line, before));
        }
    }

    /// A template marker on the line of a fault, even inside what was read as a string: quotes within the marker
    /// break it.
    fn marker_in_line(&self, span: Span) -> Option<Span> {
        // Not all of a line that is longer than any in configuration.
        const NEAR: usize = 2000;
        let at = span.start as usize;
        let from = border(self.text, at.saturating_sub(NEAR));
        let to = border(self.text, at + NEAR);
        let near = self.text.get(from..to)?;
        let line = line_of(near, at - from);
        let start = from + line.start as usize + TemplateMark::find(line.of(near))?;
        Some(Span::new(start, start + 2))
    }
}

/// Text of the user, in backticks, cut when it is long.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let text = text.trim_end();
    let cut = text.char_indices().nth(MOST).map_or(text.len(), |(at, _)| at);
    let start = text.get(..cut).unwrap_or(text);
    match start.split_once('\n') {
        Some((line, _)) => format!("`{} …`", line.trim_end()),
        None if cut < text.len() => format!("`{start}…`"),
        None => format!("`{start}`"),
    }
}

/// The last character border up to byte `at`.
fn border(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Where the line of byte `at` starts.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

/// Where the line of byte `at` ends, before its `\n`.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |newline| at + newline)
}

/// The line of byte `at`, without its `\n`.
pub(super) fn line_of(text: &str, at: usize) -> Span {
    Span::new(line_start(text, at), line_end(text, at))
}
