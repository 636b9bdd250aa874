//! From the place where the parser gave up to the fault: what to say, and how to read on.

use std::ops::Range;

use granit_parser::ErrorKind;

use super::build::{Failure, around, brief};
use super::line::{self, KeyLine};
use super::work::Work;
use super::{entry, flow, foreign, quote, shape, tab, template, value};
use crate::fix::{Applicability, Edit, Fix};
use crate::syntax::tree::Problem;
use crate::text::Span;

/// How far a repair reaches: decides whether a later fault at the same place is a fault of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A token was mended.
    Token,
    /// Lines were moved or taken out.
    Shape,
    /// The file is a template.
    Template,
}

/// What is wrong and what the reader does to go on.
#[derive(Debug)]
pub(super) struct Repair {
    /// `None` if the daemon's parser takes it, only ours does not.
    pub(super) problem: Option<Problem>,
    pub(super) edits: Vec<Edit>,
    pub(super) class: Class,
}

impl Repair {
    pub(super) fn new(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            problem: Some(Problem { code, span, message: message.into(), help: None, related: None, fix: None }),
            edits: vec![],
            class: Class::Token,
        }
    }

    /// A repair that is not worth a word.
    pub(super) fn silent(edits: Vec<Edit>) -> Self {
        Self { problem: None, edits, class: Class::Token }
    }

    pub(super) fn shape(mut self) -> Self {
        self.class = Class::Shape;
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        if let Some(problem) = &mut self.problem {
            problem.help = Some(help.into());
        }
        self
    }

    pub(super) fn related(mut self, span: Span, what: &'static str) -> Self {
        if let Some(problem) = &mut self.problem {
            problem.related = Some((span, what));
        }
        self
    }

    /// The reader goes on as if these edits were made, and does not offer them.
    pub(super) fn going_on(mut self, edits: Vec<Edit>) -> Self {
        self.edits = edits;
        self
    }

    /// The reader goes on with these edits and offers them.
    pub(super) fn fix(mut self, trust: Applicability, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self = self.offer(trust, title, edits.clone());
        self.edits = edits;
        self
    }

    /// Edits to offer, while the reader goes on in another way.
    pub(super) fn offer(mut self, trust: Applicability, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        if let Some(problem) = &mut self.problem
            && !edits.is_empty()
        {
            problem.fix = Some(Fix { title: title.into(), applicability: trust, edits });
        }
        self
    }
}

/// All that a diagnosis may look at.
#[derive(Clone, Copy)]
pub(super) struct Scene<'s, 'a> {
    pub(super) work: &'s Work<'a>,
    pub(super) opaque: &'s [Range<usize>],
    pub(super) failure: &'s Failure,
}

impl<'s> Scene<'s, '_> {
    pub(super) fn text(&self, range: Range<usize>) -> &'s str {
        self.work.text.get(range).unwrap_or("")
    }

    /// The line where the parser gave up.
    pub(super) fn line(&self) -> usize {
        self.work.line_at(self.failure.at)
    }

    /// The line where what it was reading starts.
    pub(super) fn first_line(&self) -> usize {
        let last = &self.failure.last;
        let first = self.work.line_at(last.start);
        if last.end == self.failure.at || last.contains(&self.failure.at) {
            first.min(self.line())
        } else {
            self.line()
        }
    }

    pub(super) fn key_line(&self, i: usize) -> Option<KeyLine> {
        line::key_line(self.work.content(i))
    }

    /// A range of a line's content in the working text.
    pub(super) fn within(&self, i: usize, range: Range<usize>) -> Range<usize> {
        let at = self.work.content_at(i);
        at + range.start..at + range.end
    }

    /// The content of a line without its comment, in the working text.
    pub(super) fn whole(&self, i: usize) -> Range<usize> {
        let content = self.work.content(i);
        self.within(i, 0..line::uncommented(content))
    }

    /// The rest of the line behind a place, without comment.
    pub(super) fn rest(&self, at: usize) -> Range<usize> {
        let line = self.work.line(self.work.line_at(at));
        let text = self.text(at..line.end);
        at..at + line::uncommented(text)
    }

    /// Whether a line lies within a scalar or brackets that started above.
    pub(super) fn is_opaque(&self, i: usize) -> bool {
        let at = self.work.content_at(i);
        around(self.opaque, at).is_some_and(|r| self.work.line_at(r.start) < i)
    }

    pub(super) fn kind(&self) -> &'s ErrorKind {
        &self.failure.kind
    }
}

/// Finds out what is wrong.
pub(super) fn diagnose(scene: Scene<'_, '_>) -> Repair {
    let special = template::find(scene).or_else(|| value::invisible(scene)).or_else(|| foreign::foreign_lines(scene));
    let directive =
        matches!(scene.kind(), ErrorKind::ExpectedDocumentStart | ErrorKind::MissingDocumentEndBeforeDirective);
    let special = special.or_else(|| directive.then(|| foreign::directive(scene)).flatten());
    special.or_else(|| by_kind(scene)).unwrap_or_else(|| unknown(scene))
}

fn by_kind(scene: Scene<'_, '_>) -> Option<Repair> {
    use ErrorKind as K;
    match scene.kind() {
        K::TabInBlockIndentation
        | K::TabInIndentation
        | K::TabNotAllowed
        | K::TabAtBlockScalarStart
        | K::TabInPlainScalar => tab::find(scene),
        K::UnclosedQuotedScalar | K::DocumentIndicatorInQuotedScalar => quote::unclosed(scene, scene.failure.at),
        K::InvalidTrailingDoubleQuotedScalar | K::InvalidTrailingSingleQuotedScalar => quote::trailing(scene),
        K::UnknownQuotedScalarEscape
        | K::InvalidQuotedScalarHexEscape
        | K::InvalidUnicodeEscape
        | K::InvalidLowSurrogate
        | K::InvalidLowSurrogateHexEscape
        | K::MissingLowSurrogate
        | K::UnpairedLowSurrogate => quote::escape(scene),
        // The daemon's parser needs no blank before the comment here.
        K::CommentNotSeparated => value::tight_comment(scene),
        K::BomInsideDocument => value::byte_order_mark(scene),
        K::RecursionLimitExceeded => value::too_deep(scene),
        K::MisplacedFlowCollectionEnd => flow::stray(scene),
        K::UnclosedFlowCollection { .. } | K::MismatchedFlowCollectionEnd { .. } => {
            flow::find(scene, flow::outermost(scene))
        }
        K::InvalidBlockScalarHeader | K::ZeroBlockScalarIndent => value::block_header(scene),
        K::InvalidBlockScalarIndent => shape::block_text(scene),
        _ => inside(scene),
    }
}

fn inside(scene: Scene<'_, '_>) -> Option<Repair> {
    use ErrorKind as K;
    let reserved = value::reserved(scene);
    if reserved.is_some() {
        return reserved;
    }
    if let Some(open) = scene.failure.flow {
        return flow::find(scene, open);
    }
    match scene.kind() {
        K::BlockSequenceEntryNotAllowed => shape::list_on_key_line(scene),
        K::SimpleKeyExpected | K::InvalidSimpleKey => entry::not_an_entry(scene, scene.line()),
        K::MappingValueNotAllowed => entry::second_colon(scene),
        K::ExpectedBlockMappingKey | K::ExpectedBlockSequenceEntry | K::ExpectedDocumentStart => {
            shape::out_of_line(scene)
        }
        _ => None,
    }
}

/// The last resort: takes the line out.
fn unknown(scene: Scene<'_, '_>) -> Repair {
    let line = scene.line();
    let whole = scene.whole(line);
    let at = scene.failure.at.clamp(whole.start, whole.end.max(whole.start));
    let mut range = if at < whole.end { at..whole.end } else { whole };
    if range.is_empty() {
        range = scene.rest(scene.failure.last.start);
    }
    let text = brief(scene.text(range.clone()));
    let message =
        if text.is_empty() { "the text ends too early here".to_owned() } else { format!("`{text}` does not fit here") };
    let first = scene.work.line_at(range.start);
    Repair::new("syntax", scene.work.span(range), message).shape().going_on(scene.work.mask(scene.work.block(first)))
}
