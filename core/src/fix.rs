//! Repairs: plain text edits with the trust they deserve.

use crate::order;
use crate::text::Span;

/// Whether a fix may be applied without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applicability {
    /// Only to be shown: the user must complete it.
    Display,
    /// Right in most cases, but it may change what a working daemon does.
    Unsafe,
    /// Means the same to a working daemon, or repairs what no daemon accepts.
    Safe,
}

impl Applicability {
    /// The word in reports.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Display => "display",
            Self::Unsafe => "unsafe",
            Self::Safe => "safe",
        }
    }
}

/// Replaces `span` by `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The text to be replaced.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Edit {
    /// Replaces `span` by `text`.
    #[must_use]
    pub fn new(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    /// Takes `span` away.
    #[must_use]
    pub const fn removal(span: Span) -> Self {
        Self { span, text: String::new() }
    }
}

/// A repair of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The effect of the fix, in the imperative: `Quote the port`.
    pub title: String,
    /// How far to trust it.
    pub applicability: Applicability,
    /// Edits in source order; no two overlap.
    pub edits: Vec<Edit>,
    /// Whether a daemon that takes the text does the same with the result. A safe fix of which that is not known is
    /// safe only where no release of the target takes the text: the engine sees to that.
    pub keeps_meaning: bool,
}

impl Fix {
    /// A fix of several edits.
    #[must_use]
    pub fn new(applicability: Applicability, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), applicability, edits, keeps_meaning: false }
    }

    /// The same fix, after which a daemon that takes the text does what it did before.
    #[must_use]
    pub fn keeping_meaning(mut self) -> Self {
        self.keeps_meaning = true;
        self
    }

    /// Ends the lines that are put in as the lines around them end, and splits no line end: rules write a line feed
    /// alone, and take what stands before one for the end of the line.
    pub(crate) fn keep_line_ends(&mut self, text: &str) {
        for edit in &mut self.edits {
            // An edit of a carriage return alone means it.
            if edit.span.of(text) != "\r" {
                let start = edit.span.start - u32::from(is_in_line_end(text, edit.span.start));
                let end = edit.span.end - u32::from(is_in_line_end(text, edit.span.end));
                edit.span = Span { start, end };
            }
            if edit.text.contains('\n') && has_carriage_returns(text, edit.span) {
                edit.text = edit.text.replace("\r\n", "\n").replace('\n', "\r\n");
            }
        }
    }

    /// Adds an edit behind the others. From a hundred on the edits become one with the text between them: a report has
    /// room for no more places.
    pub(crate) fn add(&mut self, text: &str, edit: Edit) {
        const MOST: usize = 100;
        let is_full = self.edits.len() >= MOST;
        match self.edits.last_mut().filter(|last| is_full && last.span.end <= edit.span.start) {
            Some(last) => {
                last.text.push_str(Span { start: last.span.end, end: edit.span.start }.of(text));
                last.text.push_str(&edit.text);
                last.span.end = edit.span.end;
            }
            None => self.edits.push(edit),
        }
    }

    /// Makes a great many edits few; see [`Self::add`].
    pub(crate) fn compact(&mut self, text: &str) {
        for edit in std::mem::take(&mut self.edits) {
            self.add(text, edit);
        }
    }

    /// A fix of one edit.
    #[must_use]
    pub fn one(applicability: Applicability, title: impl Into<String>, edit: Edit) -> Self {
        Self::new(applicability, title, vec![edit])
    }

    /// Another text in place of `span`.
    #[must_use]
    pub fn edit(applicability: Applicability, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        Self::one(applicability, title, Edit::new(span, text))
    }

    /// A safe fix of one edit.
    #[must_use]
    pub fn safe(title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        Self::edit(Applicability::Safe, title, span, text)
    }
}

/// Whether a position is between a carriage return and its line feed.
fn is_in_line_end(text: &str, at: u32) -> bool {
    let at = at as usize;
    at > 0 && text.get(at - 1..=at) == Some("\r\n")
}

/// Whether the line end next to a span, the one before it first, is a carriage return with a line feed.
fn has_carriage_returns(text: &str, span: Span) -> bool {
    let before = text.get(..span.start as usize).and_then(|head| Some(head.rsplit_once('\n')?.0));
    let after = || text.get(span.end as usize..).and_then(|tail| Some(tail.split_once('\n')?.0));
    before.or_else(after).is_some_and(|line| line.ends_with('\r'))
}

/// The text with the edits made. Edits that overlap an earlier one are left out.
#[must_use]
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    order::by_key(&mut edits, |edit| edit.span);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        let Some(kept) = text.get(at..range.start) else { continue };
        out.push_str(kept);
        out.push_str(&edit.text);
        at = range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}
