//! Positions in text: byte spans inside the engine, lines and columns at its edges.

/// A byte range of the original text, `start..end`, on character borders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// First byte after the range.
    pub end: u32,
}

impl Span {
    /// The range `start..end`. Texts above 4 GiB are never read, so the cast keeps its value.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// The empty range at `at`.
    #[must_use]
    pub const fn empty(at: usize) -> Self {
        Self::new(at, at)
    }

    /// The range as indices into the text.
    #[must_use]
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The text under the span; empty if the span does not fit the text.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or("")
    }

    /// Whether `other` lies within `self`, borders included.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// Where the line of byte `at` starts.
#[must_use]
pub fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

/// Where the line of byte `at` ends, before its `\n`.
#[must_use]
pub fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |newline| at + newline)
}

/// The line of byte `at`, without its `\n`.
#[must_use]
pub fn line_of(text: &str, at: usize) -> Span {
    Span::new(line_start(text, at), line_end(text, at))
}

/// The unit in which a front end counts columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, as editors count.
    Utf16,
    /// Unicode scalar values, as terminals and people count.
    Char,
}

/// A line and column, both counted from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 0.
    pub line: u32,
    /// Column from 0, in the [`Encoding`] asked for.
    pub column: u32,
}

/// Where each line of a text starts; turns offsets into positions and back.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// Every character is one byte, so columns need no counting.
    is_ascii: bool,
}

impl LineIndex {
    /// Scans `text` once. A line ends with `\n`; a `\r` before it belongs to the line.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
        let starts = std::iter::once(0).chain(ends.map(|(i, _)| i as u32 + 1)).collect();
        Self { starts, is_ascii: text.is_ascii() }
    }

    /// The position of byte `offset` of `text`, which must be the text of [`LineIndex::new`].
    #[must_use]
    pub fn position(&self, text: &str, offset: u32, encoding: Encoding) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = Span { start, end: offset }.of(text);
        let column = match encoding {
            _ if self.is_ascii => before.len(),
            Encoding::Utf8 => before.len(),
            Encoding::Utf16 => before.encode_utf16().count(),
            Encoding::Char => before.chars().count(),
        };
        Position { line: line as u32, column: column as u32 }
    }

    /// The byte offset of a position; a column past the end of its line gives that end.
    #[must_use]
    pub fn offset(&self, text: &str, at: Position, encoding: Encoding) -> u32 {
        let span = self.line_span(text, at.line);
        let mut column = 0;
        for (i, c) in span.of(text).char_indices() {
            if column >= at.column {
                return span.start + i as u32;
            }
            column += match encoding {
                Encoding::Utf8 => c.len_utf8() as u32,
                Encoding::Utf16 => c.len_utf16() as u32,
                Encoding::Char => 1,
            };
        }
        span.end
    }

    /// The span of a line without its line end.
    #[must_use]
    pub fn line_span(&self, text: &str, line: u32) -> Span {
        let len = text.len() as u32;
        let start = self.starts.get(line as usize).copied().unwrap_or(len);
        let next = self.starts.get(line as usize + 1).copied();
        let full = Span { start, end: next.unwrap_or(len) };
        let kept = full.of(text).trim_end_matches(['\n', '\r']).len();
        Span::new(start as usize, start as usize + kept)
    }

    /// How many lines there are; a text without `\n` has one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Never true: an empty text has one empty line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }
}

/// Whether a character would speak to a terminal or turn the order of a text around rather than be seen: controls but for
/// line ends and tabs, marks of direction, and the line ends of Unicode.
#[must_use]
pub fn is_unprintable(c: char) -> bool {
    match c {
        '\n' | '\r' | '\t' => false,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        c => c.is_control(),
    }
}

/// A text of the user for a message: its first line, at most 60 characters of it.
#[must_use]
pub fn excerpt(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}...", line.get(..at).unwrap_or_default()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_the_encoding_asked_for() {
        let text = "a = 1\nname = \"é😀x\"\r\n";
        let index = LineIndex::new(text);
        let at = text.find('x').unwrap() as u32;
        let column = |e| index.position(text, at, e);
        assert_eq!(column(Encoding::Utf8), Position { line: 1, column: 14 });
        assert_eq!(column(Encoding::Utf16).column, 11);
        assert_eq!(column(Encoding::Char).column, 10);
        for e in [Encoding::Utf8, Encoding::Utf16, Encoding::Char] {
            assert_eq!(index.offset(text, column(e), e), at);
        }
        assert_eq!(index.line_span(text, 1).of(text), "name = \"é😀x\"");
    }
}
