//! One reading of the text by the parser.

use std::ops::Range;

use granit_parser::Parser;

use super::build::Builder;
use super::cause::Cause;
use super::work::Work;
use crate::order;
use crate::syntax::tree::{Node, Problem};
use crate::text::Span;

/// One reading of the working text.
#[derive(Default)]
pub(super) struct Pass<'a> {
    pub(super) roots: Vec<Node<'a>>,
    pub(super) comments: Vec<Span>,
    /// What is wrong without being in the parser's way.
    pub(super) marks: Vec<Problem>,
    /// What the parser takes and the user cannot have meant.
    pub(super) slips: Vec<Slip>,
    /// Where the parser gave up; at most one a document.
    pub(super) failures: Vec<Failure>,
    /// Scalars of several lines and closed brackets: their lines are no lines of the block around them.
    pub(super) opaque: Vec<Range<usize>>,
    /// The opaque ones whose lines may start with a tab.
    pub(super) tabs_allowed: Vec<Range<usize>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SlipKind {
    /// `\_` in a key.
    Escape,
    /// A blank that is none.
    Space,
    /// A key that starts with `//` or `/*`.
    Comment,
    /// `{{`.
    Template,
    /// A value that starts with `*` and is no alias.
    Star,
}

#[derive(Clone, Debug)]
pub(super) struct Slip {
    pub(super) kind: SlipKind,
    /// The scalar, in the working text.
    pub(super) range: Range<usize>,
}

#[derive(Debug)]
pub(super) struct Failure {
    pub(super) cause: Cause,
    /// Where, in the working text.
    pub(super) at: usize,
    /// The last scalar before.
    pub(super) last: Range<usize>,
    /// Where the outermost open bracket is.
    pub(super) flow: Option<usize>,
}

/// Reads the working text once.
pub(super) fn pass<'a>(work: &Work<'a>) -> Pass<'a> {
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        // As the daemon's parser does.
        block_scalar_eof_without_line_feed: true,
        // A file of comments is no attack: their number is bound by the length of the text.
        max_buffered_comment_events: usize::MAX,
    };
    let mut parser = Parser::new_from_str_with_options(&work.text, options);
    let mut builder = Builder::new(work);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => {
                let range = span.byte_range().unwrap_or(0..0);
                builder.event(event, range);
            }
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(work.text.len());
                builder.fail(Cause::of(error.kind()), at.min(work.text.len()));
                if !matches!(parser.proceed_next_document(), Ok(true)) {
                    break;
                }
            }
        }
    }
    let mut pass = builder.done();
    merge(&mut pass.opaque);
    merge(&mut pass.tabs_allowed);
    pass
}

/// Makes ranges disjoint and sorted, so that one look finds the right one.
fn merge(ranges: &mut Vec<Range<usize>>) {
    order::by_key(ranges, |r| Span::new(r.start, r.end));
    ranges.dedup_by(|next, kept| {
        let overlap = next.start < kept.end;
        if overlap {
            kept.end = kept.end.max(next.end);
        }
        overlap
    });
}

/// The one of disjoint sorted ranges in which `at` lies, its start left out.
pub(super) fn around(ranges: &[Range<usize>], at: usize) -> Option<&Range<usize>> {
    ranges.get(ranges.partition_point(|r| r.end <= at)).filter(|r| r.start < at)
}
