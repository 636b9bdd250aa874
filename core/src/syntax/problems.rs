//! Problems as a reader finds them.

use super::{MAX_LEN, Problem};
use crate::fix::Fix;
use crate::order;
use crate::text::Span;

/// More problems than this help nobody and cost memory.
pub(super) const MAX_PROBLEMS: usize = 500;

/// The problems of one text.
#[derive(Default)]
pub(super) struct Problems {
    list: Vec<Problem>,
    /// Holds, one after the other, those that are too many.
    too_many: Option<Problem>,
}

impl Problems {
    /// Adds a problem, to which more may be said.
    #[allow(clippy::expect_used, reason = "the problem was pushed the line before")]
    pub(super) fn report(&mut self, code: &'static str, span: Span, message: impl Into<String>) -> &mut Problem {
        let problem = Problem::new(code, span, message);
        if self.is_full() {
            return self.too_many.insert(problem);
        }
        self.list.push(problem);
        self.list.last_mut().expect("just pushed")
    }

    /// Adds that the text is longer than crilint reads.
    pub(super) fn too_long(&mut self) {
        self.list.push(too_long(0));
    }

    /// Whether no more problems are taken.
    pub(super) fn is_full(&self) -> bool {
        self.list.len() >= MAX_PROBLEMS
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn last(&self) -> Option<&Problem> {
        self.list.last()
    }

    pub(super) fn retain(&mut self, keep: impl FnMut(&Problem) -> bool) {
        self.list.retain(keep);
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
        Self { code, span, message: message.into(), help: None, related: None, fix: None }
    }

    /// What to do about it.
    #[inline(never)]
    pub(super) fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// The other place involved.
    #[inline(never)]
    pub(super) fn related(&mut self, span: Span, what: &'static str) -> &mut Self {
        self.related = Some((span, what));
        self
    }

    /// The one sensible repair.
    pub(super) fn fix(&mut self, fix: Fix) -> &mut Self {
        self.maybe_fix(Some(fix))
    }

    /// The repair, if there is one.
    #[inline(never)]
    pub(super) fn maybe_fix(&mut self, fix: Option<Fix>) -> &mut Self {
        self.fix = fix;
        self
    }
}

/// A text that is longer than crilint reads.
pub(super) fn too_long(at: usize) -> Problem {
    Problem::new("too-long", Span::empty(at), format!("the text has more than {} MiB", MAX_LEN >> 20))
}

/// `, and 2 more in this file`; nothing for one.
pub(super) fn and_more(count: usize) -> String {
    match count {
        0 | 1 => String::new(),
        n => format!(", and {} more in this file", n - 1),
    }
}

/// The user's own text for a message: its first line, not too long.
pub(super) fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or("").trim();
    let mut short: String = line.chars().take(40).collect();
    if short.len() < line.len() || line.len() < text.trim_end().len() {
        short.push('…');
    }
    short
}
