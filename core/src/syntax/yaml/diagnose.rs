//! From the place where the parser gave up to the fault: its problem, and how to read on.

use std::ops::Range;

use super::draft::Draft;
use super::failure_cause::FailureCause;
use super::line::{self, KeyLine};
use super::reading::{ParserFailure, range_around};
use super::repair::YamlRepair;
use super::{entry, flow, foreign_line, indentation, quotes, tab, template, value};
use crate::syntax::problems::shown;

/// The failure of the parser, with all that a diagnosis may look at.
#[derive(Clone, Copy)]
pub(super) struct FailureContext<'s, 'a> {
    pub(super) draft: &'s Draft<'a>,
    pub(super) multiline: &'s [Range<usize>],
    pub(super) failure: &'s ParserFailure,
}

impl<'s> FailureContext<'s, '_> {
    pub(super) fn text(&self, range: Range<usize>) -> &'s str {
        self.draft.text.get(range).unwrap_or("")
    }

    /// The line where the parser gave up.
    pub(super) fn line(&self) -> usize {
        self.draft.line_at(self.failure.at)
    }

    /// The line where what it was reading starts.
    pub(super) fn first_line(&self) -> usize {
        let last = &self.failure.last;
        let first = self.draft.line_at(last.start);
        if last.end == self.failure.at || last.contains(&self.failure.at) {
            first.min(self.line())
        } else {
            self.line()
        }
    }

    pub(super) fn key_line(&self, i: usize) -> Option<KeyLine> {
        line::key_line(self.draft.content(i))
    }

    /// A range of a line's content in the draft.
    pub(super) fn within(&self, i: usize, range: Range<usize>) -> Range<usize> {
        let at = self.draft.content_at(i);
        at + range.start..at + range.end
    }

    /// The content of a line without its comment, in the draft.
    pub(super) fn whole(&self, i: usize) -> Range<usize> {
        let content = self.draft.content(i);
        self.within(i, 0..line::uncommented(content))
    }

    /// The rest of the line behind a place, without comment.
    pub(super) fn rest(&self, at: usize) -> Range<usize> {
        let line = self.draft.line(self.draft.line_at(at));
        let text = self.text(at..line.end);
        at..at + line::uncommented(text)
    }

    /// Whether a line lies within a scalar or brackets that started above.
    pub(super) fn is_in_multiline(&self, i: usize) -> bool {
        let at = self.draft.content_at(i);
        range_around(self.multiline, at).is_some_and(|r| self.draft.line_at(r.start) < i)
    }
}

/// Finds out what is wrong.
pub(super) fn diagnose(context: FailureContext<'_, '_>) -> YamlRepair {
    template::find(context)
        .or_else(|| value::invisible(context))
        .or_else(|| foreign_line::foreign_lines(context))
        .or_else(|| foreign_line::directive(context))
        .or_else(|| by_cause(context))
        .unwrap_or_else(|| unknown(context))
}

fn by_cause(context: FailureContext<'_, '_>) -> Option<YamlRepair> {
    match context.failure.cause {
        FailureCause::Tab => tab::find(context),
        FailureCause::OpenQuote => quotes::unclosed(context, context.failure.at),
        FailureCause::BehindQuote => quotes::trailing(context),
        FailureCause::Escape => quotes::escape(context),
        FailureCause::TightComment => value::tight_comment(context),
        FailureCause::ByteOrderMark => value::byte_order_mark(context),
        FailureCause::TooDeep => value::too_deep(context),
        FailureCause::StrayBracket => flow::stray(context),
        FailureCause::Bracket => flow::find(context, flow::outermost(context)),
        FailureCause::BlockHeader => value::block_header(context),
        FailureCause::BlockText => indentation::block_text(context),
        FailureCause::Item
        | FailureCause::Key
        | FailureCause::Colon
        | FailureCause::Entry
        | FailureCause::DocumentStart
        | FailureCause::Directive
        | FailureCause::Other => value::reserved(context).or_else(|| inside(context)),
    }
}

/// A fault inside brackets, or else among the entries of a block.
fn inside(context: FailureContext<'_, '_>) -> Option<YamlRepair> {
    if let Some(open) = context.failure.flow {
        return flow::find(context, open);
    }
    match context.failure.cause {
        FailureCause::Item => indentation::list_on_key_line(context),
        FailureCause::Key => entry::not_an_entry(context, context.line()),
        FailureCause::Colon => entry::second_colon(context),
        FailureCause::Entry | FailureCause::DocumentStart => indentation::out_of_line(context),
        _ => None,
    }
}

/// The last resort: takes the line out.
fn unknown(context: FailureContext<'_, '_>) -> YamlRepair {
    let line = context.line();
    let whole = context.whole(line);
    let at = context.failure.at.clamp(whole.start, whole.end.max(whole.start));
    let mut range = if at < whole.end { at..whole.end } else { whole };
    if range.is_empty() {
        range = context.rest(context.failure.last.start);
    }
    let text = shown(context.text(range.clone()));
    let message =
        if range.is_empty() { "the text ends too early here".to_owned() } else { format!("{text} does not fit here") };
    let first = context.draft.line_at(range.start);
    YamlRepair::new("syntax", context.draft.span(range), message)
        .of_lines()
        .continue_with(context.draft.clear_lines(context.draft.block(first)))
}
