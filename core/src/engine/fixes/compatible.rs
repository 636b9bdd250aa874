//! Fixes that can be made together, because no edit of one touches an edit of another.

use std::collections::BTreeMap;

use crate::fix::{Edit, Fix};

/// A fix that a finding offers.
#[derive(Clone, Copy)]
pub(super) struct Offer<'f> {
    /// The finding, as an index.
    pub(super) finding: usize,
    pub(super) file: usize,
    pub(super) fix: &'f Fix,
}

/// Where a text is edited: the start of each edit, with its end and the offer that makes it.
type EditedRanges = BTreeMap<u32, (u32, usize)>;

/// Of the offers that are not banned, those that can be made together: the first of two that touch. Offers of the same
/// edits are one. Gives indices of `offers`.
pub(super) fn compatible(offers: &[Offer<'_>], banned: &[bool], files: usize) -> Vec<usize> {
    let mut edited: Vec<EditedRanges> = (0..files).map(|_| EditedRanges::new()).collect();
    let mut out = vec![];
    for (at, offer) in offers.iter().enumerate() {
        let (Some(edited), Some(false)) = (edited.get_mut(offer.file), banned.get(at)) else { continue };
        let touched = offer.fix.edits.iter().find_map(|edit| touched(edited, edit));
        match touched {
            None => {
                for edit in &offer.fix.edits {
                    edited.insert(edit.span.start, (edit.span.end, at));
                }
                out.push(at);
            }
            Some(other) if offers.get(other).is_some_and(|other| other.fix.edits == offer.fix.edits) => out.push(at),
            Some(_) => {}
        }
    }
    out
}

/// The offer with an edit that touches this one. Two replacements may stand side by side; where text is put in, nothing
/// else may change.
fn touched(edited: &EditedRanges, edit: &Edit) -> Option<usize> {
    let is_empty = edit.span.start == edit.span.end;
    for (start, (end, offer)) in edited.range(..=edit.span.end).rev() {
        if *end < edit.span.start {
            return None;
        }
        let side_by_side = *end == edit.span.start || *start == edit.span.end;
        if !side_by_side || is_empty || start == end {
            return Some(*offer);
        }
    }
    None
}
