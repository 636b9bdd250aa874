//! One reading of the text by the parser.

use std::ops::Range;

use granit_parser::Parser;

use super::draft::Draft;
use super::failure_cause::FailureCause;
use super::tree::YamlTree;
use crate::order;
use crate::syntax::problems::Problems;
use crate::syntax::tree::Node;
use crate::text::Span;

/// One reading of the draft.
#[derive(Default)]
pub(super) struct YamlReading<'a> {
    pub(super) roots: Vec<Node<'a>>,
    pub(super) comments: Vec<Span>,
    /// Faults that do not stop the parser.
    pub(super) problems: Problems,
    /// What the parser takes here, and the daemon does not.
    pub(super) suspicious: Vec<Suspicious>,
    /// Where the parser gave up; at most one a document.
    pub(super) failures: Vec<ParserFailure>,
    /// Scalars of several lines and closed brackets: their lines do not belong to the block around them.
    pub(super) multiline: Vec<Range<usize>>,
    /// The multiline ones whose lines may start with a tab.
    pub(super) tabs_allowed: Vec<Range<usize>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SuspiciousKind {
    /// `//` behind an item in brackets: the start of a key of several lines, which the daemon's parser refuses.
    Comment,
    /// `{{`.
    Template,
    /// A value that starts with `*` and is not an alias.
    Star,
}

#[derive(Clone, Debug)]
pub(super) struct Suspicious {
    pub(super) kind: SuspiciousKind,
    /// The scalar, in the draft.
    pub(super) range: Range<usize>,
}

#[derive(Debug)]
pub(super) struct ParserFailure {
    pub(super) cause: FailureCause,
    /// Where, in the draft.
    pub(super) at: usize,
    /// The last scalar before.
    pub(super) last: Range<usize>,
    /// Where the outermost open bracket is.
    pub(super) flow: Option<usize>,
}

/// Reads the draft once.
pub(super) fn read_once<'a>(draft: &Draft<'a>) -> YamlReading<'a> {
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        // As the daemon's parser does.
        block_scalar_eof_without_line_feed: true,
        // A file of comments is fine: their number is bound by the length of the text.
        max_buffered_comment_events: usize::MAX,
    };
    let mut parser = Parser::new_from_str_with_options(&draft.text, options);
    let mut tree = YamlTree::new(draft);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => {
                let range = span.byte_range().unwrap_or(0..0);
                tree.event(event, range);
            }
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(draft.text.len());
                tree.fail(FailureCause::of(error.kind()), at.min(draft.text.len()));
                if !matches!(parser.proceed_next_document(), Ok(true)) {
                    break;
                }
            }
        }
    }
    let mut reading = tree.done();
    merge(&mut reading.multiline);
    merge(&mut reading.tabs_allowed);
    reading
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
pub(super) fn range_around(ranges: &[Range<usize>], at: usize) -> Option<&Range<usize>> {
    ranges.get(ranges.partition_point(|r| r.end <= at)).filter(|r| r.start < at)
}
