//! Byte offsets to what editors count by, and back: UTF-16 units.

use std::cell::OnceCell;

use crilint_core::Span;

use crate::json::{Json, Value};

/// Where the lines of a text begin, in bytes and in UTF-16 units.
pub(crate) struct Places<'a> {
    text: &'a str,
    /// Made when the first place is asked for.
    lines: OnceCell<Vec<(u32, u32)>>,
}

/// A place as editors name it; everything counts from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    offset: u32,
    line: u32,
    character: u32,
}

impl<'a> Places<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, lines: OnceCell::new() }
    }

    /// The last line that begins at or before a place, given what to go by: its number, and where it begins.
    fn line(&self, begins: impl Fn(&(u32, u32)) -> bool) -> (usize, (u32, u32)) {
        let lines = self.lines.get_or_init(|| lines(self.text));
        let line = lines.partition_point(begins).saturating_sub(1);
        (line, lines.get(line).copied().unwrap_or_default())
    }

    /// The place of a byte.
    pub(crate) fn position(&self, byte: u32) -> Position {
        let (line, (start, units)) = self.line(|(start, _)| *start <= byte);
        let character = width(Span { start, end: byte }.of(self.text));
        Position { offset: units + character, line: line as u32, character }
    }

    /// The byte of a UTF-16 offset; the end of the text for one behind it.
    pub(crate) fn byte(&self, offset: u32) -> u32 {
        let (_, (start, mut units)) = self.line(|(_, units)| *units <= offset);
        let rest = self.text.get(start as usize..).unwrap_or_default();
        for (i, c) in rest.char_indices() {
            if units >= offset {
                return start + i as u32;
            }
            units += c.len_utf16() as u32;
        }
        self.text.len() as u32
    }

    /// Writes where a span begins and ends.
    pub(crate) fn write(&self, span: Span, json: &mut Json) {
        json.field("start", &self.position(span.start));
        json.field("end", &self.position(span.end));
    }
}

impl Value for Position {
    fn write(&self, out: &mut Json) {
        out.object(|json| {
            json.field("offset", &self.offset);
            json.field("line", &self.line);
            json.field("character", &self.character);
        });
    }
}

/// Where lines begin.
fn lines(text: &str) -> Vec<(u32, u32)> {
    let mut lines = vec![(0, 0)];
    let (mut bytes, mut units) = (0, 0);
    for line in text.split_inclusive('\n') {
        bytes += line.len() as u32;
        units += width(line);
        if line.ends_with('\n') {
            lines.push((bytes, units));
        }
    }
    lines
}

/// How many UTF-16 units a text has.
fn width(text: &str) -> u32 {
    if text.is_ascii() { text.len() as u32 } else { text.encode_utf16().count() as u32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_utf_16() {
        let text = "é = 1\n😀x = 2\r\n";
        let places = Places::new(text);
        let x = text.find('x').unwrap() as u32;
        assert_eq!(places.position(x), Position { offset: 8, line: 1, character: 2 });
        for (byte, _) in text.char_indices() {
            let at = places.position(byte as u32);
            assert_eq!(places.byte(at.offset), byte as u32);
        }
        assert_eq!(places.byte(7), x, "within a pair is behind it");
        assert_eq!(places.byte(u32::MAX), text.len() as u32);
        assert_eq!(places.position(text.len() as u32).line, 2);
    }
}
