//! Words of directives and of the values of variables, as systemd splits them.
//!
//! Source: systemd v252:src/basic/extract-word.c (`extract_first_word`), src/basic/escape.c (`cunescape_one`).

use super::joined::is_blank;
use super::source_char::SourceChar;
use crate::text::Span;

/// The rules by which a text is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Splitting {
    /// `Environment=`, `UnsetEnvironment=`: C escapes; an unknown one is a fault.
    Strict,
    /// A command whose strict reading failed: an unknown escape stays as is.
    KeepUnknown,
    /// `PassEnvironment=`: a backslash stands for the character behind it.
    Plain,
    /// The value of `$NAME`: the same, and a quote may stay open.
    Value,
}

/// A word, without its quotes and escapes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SplitWord {
    /// Its characters; an escape is one character.
    pub(crate) chars: Vec<SourceChar>,
    /// As written, with the quotes.
    pub(crate) span: Span,
    /// The number of quoted parts.
    pub(crate) quoted: usize,
}

/// Why a word cannot be read: an open quote, or an escape that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unsplittable {
    /// The quote that is never closed, if that is the reason.
    pub(crate) quote: Option<SourceChar>,
}

/// The text of characters.
pub(crate) fn text_of(chars: &[SourceChar]) -> String {
    chars.iter().map(|char| char.c).collect()
}

/// The first word from `at` on, which moves to where the next one starts. Nothing if only blanks are left.
pub(crate) fn first_word(
    chars: &[SourceChar],
    at: &mut usize,
    how: Splitting,
) -> Result<Option<SplitWord>, Unsplittable> {
    read_word(chars, at, how, false)
}

/// The same; for people, a text may have what looks like blanks and is not, and template markers, which are not split.
pub(super) fn read_word(
    chars: &[SourceChar],
    at: &mut usize,
    how: Splitting,
    is_lenient: bool,
) -> Result<Option<SplitWord>, Unsplittable> {
    let is_blank = |char: &SourceChar| is_blank(char.c) || is_lenient && char.is_invisible();
    let skip_blanks = |from: usize| {
        let rest = chars.get(from..).unwrap_or_default();
        from + rest.iter().position(|char| !is_blank(char)).unwrap_or(rest.len())
    };
    let mut i = skip_blanks(*at);
    let Some(first) = chars.get(i) else {
        *at = i;
        return Ok(None);
    };
    let mut word = SplitWord { span: first.span, ..SplitWord::default() };
    let mut quote: Option<SourceChar> = None;
    while let Some(char) = chars.get(i).copied() {
        if let Some(end) = marker_end(chars, i).filter(|_| is_lenient) {
            let marker = chars.get(i..end).unwrap_or_default();
            word.chars.extend_from_slice(marker);
            word.span = word.span.to(marker.last().map_or(char.span, |last| last.span));
            i = end;
            continue;
        }
        match (char.c, quote) {
            ('\\', _) => {
                let read = escaped(chars, i, how, quote.is_some(), &mut word.chars);
                let Some(len) = read else { return Err(Unsplittable { quote: open_quote(chars, i, quote) }) };
                i += len;
                word.span = word.span.to(chars.get(i - 1).unwrap_or(&char).span);
                continue;
            }
            (c, Some(open)) if c == open.c => quote = None,
            (_, Some(_)) => word.chars.push(char),
            ('"' | '\'', None) => {
                quote = Some(char);
                word.quoted += 1;
            }
            (_, None) if is_blank(&char) => {
                *at = skip_blanks(i);
                return Ok(Some(word));
            }
            (_, None) => word.chars.push(char),
        }
        word.span = word.span.to(char.span);
        i += 1;
    }
    if quote.is_some() && how != Splitting::Value {
        return Err(Unsplittable { quote });
    }
    *at = i;
    Ok(Some(word))
}

/// Markers are short; without this bound many open ones would take quadratic time.
const MAX_MARKER: usize = 200;

/// The end of the template marker that starts at character `at`.
fn marker_end(chars: &[SourceChar], at: usize) -> Option<usize> {
    let pair = |i: usize| Some((chars.get(i)?.c, chars.get(i + 1)?.c));
    let close = match pair(at)? {
        ('{', '{') => ('}', '}'),
        ('{', '%') => ('%', '}'),
        ('<', '%') => ('%', '>'),
        _ => return None,
    };
    let last = chars.len().min(at + MAX_MARKER);
    (at + 2..last).find(|i| pair(*i) == Some(close)).map(|i| i + 2)
}

/// Where the next character stands that is not a blank.
pub(crate) fn skip_blanks(chars: &[SourceChar], from: usize) -> usize {
    let rest = chars.get(from..).unwrap_or_default();
    from + rest.iter().position(|char| !is_blank(char.c)).unwrap_or(rest.len())
}

/// The quote that is open at the end of the text, where an escape stops the reading before it.
fn open_quote(chars: &[SourceChar], at: usize, quote: Option<SourceChar>) -> Option<SourceChar> {
    quote.filter(|open| chars.get(at + 1..).is_none_or(|rest| rest.iter().all(|char| char.c != open.c)))
}

/// Reads the backslash at `at`, and gives how many characters it takes.
fn escaped(
    chars: &[SourceChar],
    at: usize,
    how: Splitting,
    is_quoted: bool,
    out: &mut Vec<SourceChar>,
) -> Option<usize> {
    let backslash = *chars.get(at)?;
    let Some(next) = chars.get(at + 1).copied() else {
        return match how {
            Splitting::Value => Some(1),
            Splitting::KeepUnknown if !is_quoted => {
                out.push(backslash);
                Some(1)
            }
            _ => None,
        };
    };
    if matches!(how, Splitting::Plain | Splitting::Value) {
        out.push(SourceChar { c: next.c, span: backslash.span.to(next.span) });
        return Some(2);
    }
    if let Some(len) = c_escape(chars, at, out) {
        return Some(len);
    }
    (how == Splitting::KeepUnknown).then(|| {
        out.extend([backslash, next]);
        2
    })
}

/// Reads a C escape at `at`, and gives its length. Escapes of bytes that form a character of UTF-8 are read together.
fn c_escape(chars: &[SourceChar], at: usize, out: &mut Vec<SourceChar>) -> Option<usize> {
    let (value, len, is_byte) = one_escape(chars, at)?;
    let span = |len: usize| {
        let first = chars.get(at).map(|char| char.span).unwrap_or_default();
        first.to(chars.get(at + len - 1).map(|char| char.span).unwrap_or(first))
    };
    if !is_byte || value < 0x80 {
        out.push(SourceChar { c: char::from_u32(value)?, span: span(len) });
        return Some(len);
    }
    let mut bytes = vec![value as u8];
    let mut end = len;
    while let Some((value, len, true)) = one_escape(chars, at + end).filter(|(value, ..)| *value >= 0x80) {
        bytes.push(value as u8);
        end += len;
    }
    let span = span(end);
    out.extend(String::from_utf8_lossy(&bytes).chars().map(|c| SourceChar { c, span }));
    Some(end)
}

/// The value of the escape at `at`, its length, and whether it is that of a byte.
fn one_escape(chars: &[SourceChar], at: usize) -> Option<(u32, usize, bool)> {
    if chars.get(at)?.c != '\\' {
        return None;
    }
    let digits = |from: usize, count: usize, radix: u32| {
        let digits = chars.get(at + from..at + from + count)?;
        digits.iter().try_fold(0u32, |value, char| Some(value.wrapping_mul(radix) + char.c.to_digit(radix)?))
    };
    let named = match chars.get(at + 1)?.c {
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        c @ ('\\' | '"' | '\'') => c,
        's' => ' ',
        'x' => return digits(2, 2, 16).filter(|value| *value != 0).map(|value| (value, 4, true)),
        'u' => return digits(2, 4, 16).filter(|value| *value != 0).map(|value| (value, 6, false)),
        'U' => {
            let value = digits(2, 8, 16).filter(|value| *value != 0 && char::from_u32(*value).is_some());
            return value.map(|value| (value, 10, false));
        }
        '0'..='7' => return digits(1, 3, 8).filter(|value| (1..=255).contains(value)).map(|value| (value, 4, true)),
        _ => return None,
    };
    Some((u32::from(named), 2, false))
}
