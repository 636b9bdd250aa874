//! The text as the parser gets it: the source with the reader's repairs, and the way back to source positions.
//!
//! No edit ever covers a line break, so line `n` of the draft is line `n` of the region read.
//!
//! The daemons' parser reads YAML 1.1, in which U+0085, U+2028 and U+2029 end a line. The draft has blanks and `\n` of
//! the same length there.

use std::borrow::Cow;
use std::ops::Range;

use super::line;
use crate::fix::Edit;
use crate::text::Span;

/// A piece of the draft: copied from the source, or put in its place.
#[derive(Clone, Copy)]
struct TextRun {
    draft: usize,
    source: usize,
    copied: bool,
}

/// A line without its line end.
#[derive(Clone, Copy, Debug)]
pub(super) struct DraftLine {
    /// Where it starts in the draft.
    pub(super) at: usize,
    /// Where it ends in the draft.
    pub(super) end: usize,
    /// How many blanks it starts with.
    pub(super) indent: usize,
    /// The line in the source.
    pub(super) source: Span,
}

pub(super) struct Draft<'a> {
    pub(super) source: &'a str,
    pub(super) text: Cow<'a, str>,
    region: Range<usize>,
    /// By their place; no two overlap.
    edits: Vec<Edit>,
    runs: Vec<TextRun>,
    lines: Vec<DraftLine>,
    /// Whether lines end with characters that only YAML 1.1 takes for line ends.
    has_wide_breaks: bool,
}

impl<'a> Draft<'a> {
    /// The draft of `region`, which must lie on character borders.
    pub(super) fn new(source: &'a str, region: Range<usize>) -> Self {
        let has_wide_breaks = source.get(region.clone()).is_some_and(|text| text.contains(line::WIDE_BREAKS));
        let (text, edits, runs, lines) = (Cow::Borrowed(""), vec![], vec![], vec![]);
        let mut draft = Self { source, text, region, edits, runs, lines, has_wide_breaks };
        draft.rebuild();
        draft
    }

    /// Puts repairs on top of the earlier ones. A repair of a whole line replaces what was done to that line;
    /// one that an earlier repair already covers is dropped.
    pub(super) fn apply(&mut self, edits: &[Edit]) {
        // A run in source order takes one walk along the earlier ones.
        for run in edits.chunk_by(|a, b| a.span.start <= b.span.start) {
            let mut later = std::mem::take(&mut self.edits).into_iter().peekable();
            for edit in run {
                while let Some(earlier) = later.next_if(|e| e.span.start <= edit.span.end) {
                    self.edits.push(earlier);
                }
                self.put(edit);
            }
            self.edits.extend(later);
        }
        self.rebuild();
    }

    fn put(&mut self, edit: &Edit) {
        let Span { start, end } = edit.span;
        let whole = edit.text.is_empty() && self.is_line(edit.span);
        // Edits are disjoint: only one can start before and reach in, only the last inside can reach out.
        let first = self.edits.partition_point(|e| e.span.start < start);
        let last = self.edits.partition_point(|e| e.span.start <= end);
        let near = self.edits.get(first.saturating_sub(1)..last).unwrap_or(&[]);
        let reaches = |e: &Edit, at: u32| e.span.start < at && at < e.span.end;
        if !whole && near.iter().any(|e| reaches(e, start) || reaches(e, end)) {
            return;
        }
        let replaced = |e: &mut Edit| {
            let border = e.span == Span { start, end: start } || e.span == Span { start: end, end };
            e.span.end <= end && (whole || !border)
        };
        self.edits.extract_if(first..last, replaced).for_each(drop);
        let at = self.edits.partition_point(|e| e.span < edit.span);
        match self.edits.get_mut(at).filter(|e| e.span == edit.span) {
            Some(earlier) => earlier.text.push_str(&edit.text),
            None => self.edits.insert(at, edit.clone()),
        }
    }

    fn is_line(&self, span: Span) -> bool {
        let line = self.lines.partition_point(|l| l.source.start < span.start);
        self.lines.get(line).is_some_and(|l| l.source == span)
    }

    fn rebuild(&mut self) {
        let region = self.source.get(self.region.clone()).unwrap_or("");
        self.runs.clear();
        self.text = if self.edits.is_empty() { Cow::Borrowed(region) } else { Cow::Owned(self.edited()) };
        if self.edits.is_empty() {
            self.run(0, self.region.start, true);
        }
        self.run(self.text.len(), self.region.end, true);
        if self.has_wide_breaks {
            self.text = Cow::Owned(line::with_plain_breaks(&self.text));
            self.find_lines(&line::with_plain_breaks(region));
        } else {
            self.find_lines(region);
        }
    }

    fn run(&mut self, draft: usize, source: usize, copied: bool) {
        self.runs.push(TextRun { draft, source, copied });
    }

    fn edited(&mut self) -> String {
        let mut text = String::with_capacity(self.region.len() + 16);
        let mut at = self.region.start;
        let edits = std::mem::take(&mut self.edits);
        for edit in &edits {
            let replaced = edit.span.range();
            self.run(text.len(), at, true);
            text.push_str(self.source.get(at..replaced.start).unwrap_or(""));
            self.run(text.len(), replaced.start, false);
            text.push_str(&edit.text);
            at = replaced.end;
        }
        self.run(text.len(), at, true);
        text.push_str(self.source.get(at..self.region.end).unwrap_or(""));
        self.edits = edits;
        text
    }

    fn find_lines(&mut self, region: &str) {
        self.lines.clear();
        let base = self.region.start;
        let (mut at, mut source) = (0, base);
        for (now, was) in self.text.split('\n').zip(region.split('\n')) {
            let (now_len, was_len) = (self.without_end(now).len(), self.without_end(was).len());
            self.lines.push(DraftLine {
                at,
                end: at + now_len,
                indent: now.len() - now.trim_start_matches(' ').len(),
                source: Span::new(source, source + was_len),
            });
            at += now.len() + 1;
            source += was.len() + 1;
        }
    }

    /// A line without its line end, of which a wide one leaves blanks.
    fn without_end<'l>(&self, line: &'l str) -> &'l str {
        line.trim_end_matches(|c| c == '\r' || c == ' ' && self.has_wide_breaks)
    }

    /// The range of a comment without its line end.
    pub(super) fn comment(&self, range: Range<usize>) -> Span {
        let text = self.without_end(self.text.get(range.clone()).unwrap_or(""));
        self.span(range.start..range.start + text.len())
    }

    /// The source position of a draft position, as the start of something.
    pub(super) fn start(&self, at: usize) -> usize {
        let next = self.runs.partition_point(|r| r.draft <= at);
        match next.checked_sub(1).and_then(|i| self.runs.get(i)) {
            Some(run) if run.copied => (run.source + (at - run.draft)).min(self.region.end),
            Some(run) => run.source,
            None => self.region.start,
        }
    }

    /// The source position of a draft position, as the end of something that is not empty.
    pub(super) fn after(&self, at: usize) -> usize {
        let next = self.runs.partition_point(|r| r.draft < at);
        match next.checked_sub(1).and_then(|i| self.runs.get(i)) {
            Some(run) if run.copied => (run.source + (at - run.draft)).min(self.region.end),
            // Put in: the end of what it replaces.
            Some(_) => self.runs.get(next).map_or(self.region.end, |r| r.source),
            None => self.region.start,
        }
    }

    /// The source range of a draft range.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        let start = self.start(range.start);
        if range.start >= range.end {
            return Span::empty(start);
        }
        Span::new(start, self.after(range.end).max(start))
    }

    /// The number of the line that holds a draft position.
    pub(super) fn line_at(&self, at: usize) -> usize {
        self.lines.partition_point(|l| l.at <= at).saturating_sub(1)
    }

    /// A line; an empty one at the end if there is no such line.
    pub(super) fn line(&self, i: usize) -> DraftLine {
        self.lines.get(i).copied().unwrap_or(DraftLine {
            at: self.text.len(),
            end: self.text.len(),
            indent: 0,
            source: Span::empty(self.region.end),
        })
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// A line's draft.
    pub(super) fn raw(&self, i: usize) -> &str {
        let line = self.line(i);
        self.text.get(line.at..line.end).unwrap_or("")
    }

    /// A line's draft without the blanks around it.
    pub(super) fn content(&self, i: usize) -> &str {
        self.raw(i).trim_matches([' ', '\t'])
    }

    /// Where the content of a line starts.
    pub(super) fn content_at(&self, i: usize) -> usize {
        let raw = self.raw(i);
        self.line(i).at + raw.len() - raw.trim_start_matches([' ', '\t']).len()
    }

    /// Whether a line holds nothing but a comment.
    pub(super) fn is_blank(&self, i: usize) -> bool {
        let content = self.content(i);
        content.is_empty() || content.starts_with('#')
    }

    /// The line with content before line `i`, in the same document.
    pub(super) fn prev(&self, i: usize) -> Option<usize> {
        let found = (0..i).rev().find(|n| !self.is_blank(*n))?;
        (!line::is_marker(self.raw(found))).then_some(found)
    }

    /// The line with content after line `i`, in the same document.
    pub(super) fn next(&self, i: usize) -> Option<usize> {
        let found = (i + 1..self.len()).find(|n| !self.is_blank(*n))?;
        (!line::is_marker(self.raw(found))).then_some(found)
    }

    /// A line with the deeper ones that follow it.
    pub(super) fn block(&self, i: usize) -> Range<usize> {
        let indent = self.line(i).indent;
        let mut end = i + 1;
        let mut at = i;
        while let Some(next) = self.next(at).filter(|n| self.line(*n).indent > indent) {
            at = next;
            end = next + 1;
        }
        i..end
    }

    /// Edits that empty lines.
    pub(super) fn clear_lines(&self, lines: Range<usize>) -> Vec<Edit> {
        lines.filter_map(|i| self.clear_line(i)).collect()
    }

    /// The edit that empties a line, if it is not.
    pub(super) fn clear_line(&self, i: usize) -> Option<Edit> {
        let span = self.line(i).source;
        (span.start < span.end).then(|| Edit::removal(span))
    }

    /// The edit that replaces a draft range.
    pub(super) fn edit(&self, range: Range<usize>, text: impl Into<String>) -> Edit {
        Edit::new(self.span(range), text)
    }
}
