//! A fault of a text, with the edits with which the reader goes on.

use crate::fix::{Applicability, Edit, Fix};
use crate::syntax::tree::Problem;
use crate::text::Span;

/// How far a repair reaches: decides whether a later fault at the same place is a fault of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RepairScope {
    /// A token was repaired.
    Token,
    /// Lines were moved or taken out.
    Lines,
    /// The file is a template.
    Template,
}

/// A fault, with the edits with which the reader goes on.
#[derive(Debug)]
pub(super) struct YamlRepair {
    /// `None` if the daemon's parser takes it, only ours does not.
    pub(super) problem: Option<Box<Problem>>,
    pub(super) edits: Vec<Edit>,
    pub(super) scope: RepairScope,
}

impl YamlRepair {
    pub(super) fn new(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::of(Problem::new(code, span, message))
    }

    /// The repair of a problem.
    pub(super) fn of(problem: Problem) -> Self {
        Self { problem: Some(Box::new(problem)), edits: vec![], scope: RepairScope::Token }
    }

    /// A repair of what only crilint's parser refuses.
    pub(super) fn silent(edit: Edit) -> Self {
        Self { problem: None, edits: vec![edit], scope: RepairScope::Token }
    }

    /// Where its first edit is, in the source.
    pub(super) fn start(&self) -> usize {
        self.edits.first().map_or(usize::MAX, |edit| edit.span.start as usize)
    }

    pub(super) fn of_lines(self) -> Self {
        Self { scope: RepairScope::Lines, ..self }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        if let Some(problem) = &mut self.problem {
            problem.help(help);
        }
        self
    }

    pub(super) fn related(mut self, span: Span, what: &'static str) -> Self {
        if let Some(problem) = &mut self.problem {
            problem.related(span, what);
        }
        self
    }

    /// The reader goes on as if these edits were made, and does not offer them.
    pub(super) fn continue_with(self, edits: Vec<Edit>) -> Self {
        Self { edits, ..self }
    }

    /// The reader goes on with this edit and offers it.
    pub(super) fn fix(self, trust: Applicability, title: impl Into<String>, edit: Edit) -> Self {
        self.fix_all(trust, title, vec![edit])
    }

    /// The reader goes on with these edits and offers them.
    pub(super) fn fix_all(self, trust: Applicability, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.offer(trust, title, edits.clone()).continue_with(edits)
    }

    /// Edits to offer, while the reader goes on in another way.
    pub(super) fn offer(mut self, trust: Applicability, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        if let Some(problem) = &mut self.problem
            && !edits.is_empty()
        {
            problem.fix(Fix::new(trust, title, edits));
        }
        self
    }
}
