//! From the place where the parser gave up to the fault: what to say, and how to read on.

use std::ops::Range;

use super::cause::Cause;
use super::line::{self, KeyLine};
use super::pass::{Failure, around};
use super::repair::{Repair, brief};
use super::work::Work;
use super::{entry, flow, foreign, quote, shape, tab, template, value};

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
}

/// Finds out what is wrong.
pub(super) fn diagnose(scene: Scene<'_, '_>) -> Repair {
    template::find(scene)
        .or_else(|| value::invisible(scene))
        .or_else(|| foreign::foreign_lines(scene))
        .or_else(|| foreign::directive(scene))
        .or_else(|| by_cause(scene))
        .unwrap_or_else(|| unknown(scene))
}

fn by_cause(scene: Scene<'_, '_>) -> Option<Repair> {
    match scene.failure.cause {
        Cause::Tab => tab::find(scene),
        Cause::OpenQuote => quote::unclosed(scene, scene.failure.at),
        Cause::BehindQuote => quote::trailing(scene),
        Cause::Escape => quote::escape(scene),
        Cause::TightComment => value::tight_comment(scene),
        Cause::ByteOrderMark => value::byte_order_mark(scene),
        Cause::TooDeep => value::too_deep(scene),
        Cause::StrayBracket => flow::stray(scene),
        Cause::Bracket => flow::find(scene, flow::outermost(scene)),
        Cause::BlockHeader => value::block_header(scene),
        Cause::BlockText => shape::block_text(scene),
        Cause::Item
        | Cause::Key
        | Cause::Colon
        | Cause::Entry
        | Cause::DocumentStart
        | Cause::Directive
        | Cause::Other => value::reserved(scene).or_else(|| inside(scene)),
    }
}

/// A fault inside brackets, or else among the entries of a block.
fn inside(scene: Scene<'_, '_>) -> Option<Repair> {
    if let Some(open) = scene.failure.flow {
        return flow::find(scene, open);
    }
    match scene.failure.cause {
        Cause::Item => shape::list_on_key_line(scene),
        Cause::Key => entry::not_an_entry(scene, scene.line()),
        Cause::Colon => entry::second_colon(scene),
        Cause::Entry | Cause::DocumentStart => shape::out_of_line(scene),
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
