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

/// The unit in which a front end counts offsets or columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, as editors count.
    Utf16,
    /// Unicode scalar values, as terminals and people count. A byte order mark is none of them: no editor shows it.
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

/// Where each line of a text starts; turns byte offsets into positions, and into UTF-16 offsets and back.
#[derive(Clone, Debug)]
pub struct LineIndex {
    /// In bytes.
    starts: Vec<u32>,
    /// In UTF-16 units; empty where these are the bytes, because every character is one byte.
    utf16_starts: Vec<u32>,
}

impl Encoding {
    /// The name in reports.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
            Self::Char => "utf-32",
        }
    }

    /// How many units a text has.
    fn width(self, text: &str) -> u32 {
        let width = match self {
            Self::Utf8 => text.len(),
            _ if text.is_ascii() => text.len(),
            Self::Utf16 => text.encode_utf16().count(),
            Self::Char => text.chars().count(),
        };
        width as u32
    }
}

impl LineIndex {
    /// Scans `text` once. A line ends with `\n`; a `\r` before it belongs to the line.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
        let starts = std::iter::once(0).chain(ends.map(|(i, _)| i as u32 + 1)).collect();
        let utf16_starts = if text.is_ascii() { vec![] } else { utf16_starts(text) };
        Self { starts, utf16_starts }
    }

    /// The position of byte `offset` of `text`, which must be the text of [`LineIndex::new`].
    #[must_use]
    pub fn position(&self, text: &str, offset: u32, encoding: Encoding) -> Position {
        let line = line_number(&self.starts, offset);
        let mut start = self.starts.get(line).copied().unwrap_or(0);
        if encoding == Encoding::Char && start == 0 && text.starts_with('\u{feff}') {
            start = offset.min('\u{feff}'.len_utf8() as u32);
        }
        let before = Span { start, end: offset }.of(text);
        let column = if self.utf16_starts.is_empty() { before.len() as u32 } else { encoding.width(before) };
        Position { line: line as u32, column }
    }

    /// The UTF-16 offset of byte `offset` of `text`.
    #[must_use]
    pub fn utf16_offset(&self, text: &str, offset: u32) -> u32 {
        if self.utf16_starts.is_empty() {
            return offset;
        }
        let at = self.position(text, offset, Encoding::Utf16);
        self.utf16_starts.get(at.line as usize).copied().unwrap_or(0) + at.column
    }

    /// The byte of a UTF-16 offset: the end of the text for one behind it, the next character for one within a pair.
    #[must_use]
    pub fn byte(&self, text: &str, utf16_offset: u32) -> u32 {
        if self.utf16_starts.is_empty() {
            return utf16_offset.min(text.len() as u32);
        }
        let line = line_number(&self.utf16_starts, utf16_offset);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let mut units = self.utf16_starts.get(line).copied().unwrap_or(0);
        for (i, c) in text.get(start as usize..).unwrap_or_default().char_indices() {
            if units >= utf16_offset {
                return start + i as u32;
            }
            units += c.len_utf16() as u32;
        }
        text.len() as u32
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

/// The last line that starts at or before an offset.
fn line_number(starts: &[u32], offset: u32) -> usize {
    starts.partition_point(|start| *start <= offset).saturating_sub(1)
}

fn utf16_starts(text: &str) -> Vec<u32> {
    let mut starts = vec![0];
    let mut units = 0;
    for line in text.split_inclusive('\n') {
        units += Encoding::Utf16.width(line);
        if line.ends_with('\n') {
            starts.push(units);
        }
    }
    starts
}

/// Whether a character would control a terminal or turn the order of a text around rather than be seen: controls but
/// for line ends and tabs, marks of direction, and the line ends of Unicode.
#[must_use]
pub fn is_unprintable(c: char) -> bool {
    match c {
        '\n' | '\r' | '\t' => false,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        c => c.is_control(),
    }
}

/// Names in backticks, with `between` between them.
#[must_use]
pub fn quoted<'n>(names: impl IntoIterator<Item = &'n str>, between: &str) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    names.join(between)
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
        assert_eq!(index.line_span(text, 1).of(text), "name = \"é😀x\"");
    }

    #[test]
    fn a_byte_order_mark_is_not_a_column() {
        let text = "\u{feff}a\nb";
        let index = LineIndex::new(text);
        for (offset, line, column) in [(0, 0, 0), (3, 0, 0), (4, 0, 1), (5, 1, 0)] {
            assert_eq!(index.position(text, offset, Encoding::Char), Position { line, column });
        }
        assert_eq!(index.position(text, 4, Encoding::Utf16).column, 2);
    }

    #[test]
    fn bytes_become_utf_16_offsets_and_back() {
        for text in ["é = 1\n😀x = 2\r\n", "a = 1\nb = 2\n", ""] {
            let index = LineIndex::new(text);
            let ends = [(text.len(), ' ')];
            for (byte, _) in text.char_indices().chain(ends) {
                let units = index.utf16_offset(text, byte as u32);
                assert_eq!(units as usize, text[..byte].encode_utf16().count());
                assert_eq!(index.byte(text, units), byte as u32);
            }
            assert_eq!(index.byte(text, u32::MAX), text.len() as u32);
        }
        let text = "é = 1\n😀x = 2\r\n";
        assert_eq!(LineIndex::new(text).byte(text, 7), text.find('x').unwrap() as u32, "within a pair is behind it");
    }
}
