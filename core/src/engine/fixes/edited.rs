//! Texts with edits made, and where each place went.

use crate::fix::Edit;
use crate::order;
use crate::text::Span;

/// An edited text.
pub(super) struct EditedText {
    pub(super) text: String,
    /// The places edited, in order.
    pub(super) places: Vec<EditedPlace>,
}

/// A place edited.
pub(super) struct EditedPlace {
    /// The span before the edit.
    before: Span,
    /// The span after the edit.
    pub(super) after: Span,
    /// The fix that made the edit, as an index.
    pub(super) owner: usize,
}

impl EditedText {
    /// Makes edits, each with its owner.
    pub(super) fn new(text: &str, mut edits: Vec<(usize, &Edit)>) -> Self {
        order::by_key(&mut edits, |(_, edit)| edit.span);
        let mut out = Self { text: String::with_capacity(text.len()), places: Vec::with_capacity(edits.len()) };
        let mut at = 0;
        let mut last: Option<(usize, &Edit)> = None;
        for (owner, edit) in edits {
            // Two findings may offer the same fix.
            if last.is_some_and(|(other, same)| other != owner && same == edit) {
                continue;
            }
            last = Some((owner, edit));
            let range = edit.span.range();
            let Some(kept) = text.get(at..range.start) else { continue };
            out.text.push_str(kept);
            let start = out.text.len();
            out.text.push_str(&edit.text);
            out.places.push(EditedPlace { before: edit.span, after: Span::new(start, out.text.len()), owner });
            at = range.end;
        }
        out.text.push_str(text.get(at..).unwrap_or_default());
        out
    }

    /// Where a span went; what was edited in it, or put in at its borders, counts as part of it.
    pub(super) fn moved(&self, span: Span) -> Span {
        let before = self.places.partition_point(|place| place.before.end < span.start);
        let start = match self.places.get(before).filter(|place| place.before.start <= span.start) {
            Some(place) => place.after.start,
            None => self.shifted(before, span.start),
        };
        let through = self.places.partition_point(|place| place.before.start <= span.end);
        let last = through.checked_sub(1).and_then(|at| self.places.get(at));
        let end = match last.filter(|place| place.before.end >= span.end) {
            Some(place) => place.after.end,
            None => self.shifted(through, span.end),
        };
        Span { start, end: end.max(start) }
    }

    /// Where a position went that stands behind the first `count` places.
    fn shifted(&self, count: usize, at: u32) -> u32 {
        match count.checked_sub(1).and_then(|last| self.places.get(last)) {
            Some(place) => place.after.end + at.saturating_sub(place.before.end),
            None => at,
        }
    }

    /// The places that touch a span of the new text.
    pub(super) fn touching(&self, span: Span) -> impl Iterator<Item = &EditedPlace> {
        let first = self.places.partition_point(|place| place.after.end < span.start);
        self.places.iter().skip(first).take_while(move |place| place.after.start <= span.end)
    }

    /// The span as far as its first line goes, and that whole line.
    pub(super) fn line(&self, span: Span) -> (Span, Span) {
        let (start, end) = (span.start as usize, span.end as usize);
        let from = self.text.get(..start).and_then(|head| head.rfind('\n')).map_or(0, |at| at + 1);
        let to = self.text.get(start..).and_then(|rest| rest.find('\n')).map_or(self.text.len(), |at| start + at);
        (Span::new(start, end.min(to).max(start)), Span::new(from, to))
    }
}
