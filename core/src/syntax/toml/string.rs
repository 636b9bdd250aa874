//! The text of strings, and what is wrong inside of them.

use std::borrow::Cow;

use toml_parser::decoder::{Encoding, ScalarKind as Decoded};
use toml_parser::{ParseError, Raw, Span as RawSpan};

use super::fault::{Fault, Faults, shown};
use super::lexer::{TomlToken, TomlTokenKind, code_point, is_control};
use crate::fix::{Applicability, Edit, Fix};
use crate::syntax::Style;
use crate::text::Span;

/// The text of a string token, and how it is quoted.
pub(super) fn string<'a>(text: &'a str, token: TomlToken, faults: &mut Faults<'a>) -> (Cow<'a, str>, Style) {
    let written = token.span.of(text);
    let (encoding, style) = match token.kind {
        TomlTokenKind::Basic => (Encoding::BasicString, Style::Double),
        TomlTokenKind::Literal => (Encoding::LiteralString, Style::Single),
        TomlTokenKind::MlBasic => (Encoding::MlBasicString, Style::Block),
        TomlTokenKind::MlLiteral => (Encoding::MlLiteralString, Style::Block),
        _ => return mended(written, token.quotes),
    };
    let mut out = Cow::Borrowed("");
    let mut bad = false;
    let raw = Raw::new_unchecked(written, Some(encoding), RawSpan::default());
    let kind = raw.decode_scalar(&mut out, &mut |_: ParseError| bad = true);
    debug_assert_eq!(kind, Decoded::String);
    if bad {
        faults.add(bad_string(text, token, style));
    }
    (out, style)
}

fn mended(written: &str, (open, close): (u8, u8)) -> (Cow<'_, str>, Style) {
    let end = written.len().saturating_sub(close.into());
    let inner = written.get(open.into()..end).unwrap_or("");
    let inner = if open == 3 { inner.strip_prefix('\n').unwrap_or(inner) } else { inner };
    let style = match written.chars().next() {
        _ if open == 3 && close == 0 => Style::Block,
        Some('\'' | '‘' | '’' | '‚' | '‛') => Style::Single,
        _ => Style::Double,
    };
    (Cow::Borrowed(inner), style)
}

/// What the decoder did not like about a string.
fn bad_string(text: &str, token: TomlToken, style: Style) -> Fault {
    let double = matches!(token.kind, TomlTokenKind::Basic | TomlTokenKind::MlBasic);
    let bad = if double { bad_escapes(text, token.span) } else { Vec::new() };
    match bad.first() {
        Some(first) => bad_escape(text, token, *first, &bad),
        None => bad_character(text, token, style),
    }
}

/// Escapes that TOML does not know.
fn bad_escapes(text: &str, span: Span) -> Vec<Span> {
    let mut out = Vec::new();
    let mut at = span.start as usize;
    let body = |at: usize| text.get(at..span.end as usize).unwrap_or("");
    while let Some(slash) = body(at).find('\\') {
        at += slash;
        let rest = body(at + 1);
        let next = rest.chars().next().map_or(0, char::len_utf8);
        let digits = match rest.as_bytes().first() {
            Some(b'x') => 2,
            Some(b'u') => 4,
            Some(b'U') => 8,
            _ => 0,
        };
        let length = match digits {
            0 if is_simple_escape(rest) => None,
            0 => Some(next),
            digits => bad_code_point(rest.get(1..).unwrap_or(""), digits).map(|bad| 1 + bad),
        };
        if let Some(length) = length {
            out.push(Span::new(at, at + 1 + length));
        }
        at += 1 + next;
    }
    out
}

fn is_simple_escape(rest: &str) -> bool {
    match rest.as_bytes().first() {
        Some(b'b' | b'e' | b'f' | b'n' | b'r' | b't' | b'"' | b'\\') => true,
        // A line break may be escaped in a text in triple quotes; elsewhere the lexer ends the string at it.
        Some(b' ' | b'\t' | b'\r' | b'\n') => rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n'),
        _ => false,
    }
}

/// The length of hexadecimal digits that are too few or name no character.
fn bad_code_point(rest: &str, digits: usize) -> Option<usize> {
    let found = rest.bytes().take(digits).take_while(u8::is_ascii_hexdigit).count();
    let value = rest.get(..found).and_then(|d| u32::from_str_radix(d, 16).ok());
    let good = found == digits && value.and_then(char::from_u32).is_some();
    (!good).then_some(found)
}

fn bad_escape(text: &str, token: TomlToken, first: Span, bad: &[Span]) -> Fault {
    let written = first.of(text);
    let fault = match written.get(1..2) {
        Some("x") => Fault::new("invalid-escape", first, "`\\x` needs two hexadecimal digits"),
        Some("u" | "U") => Fault::new(
            "invalid-escape",
            first,
            format!("{} does not name a character: `\\u` takes four hexadecimal digits, `\\U` eight", shown(written)),
        ),
        _ => Fault::new(
            "invalid-escape",
            first,
            format!("{} is no escape sequence: in double quotes a backslash must be doubled", shown(written)),
        ),
    };
    let edits = |text: &str| {
        let edit = |span: &Span| Edit::new(Span::new(span.start as usize, span.start as usize + 1), text);
        bad.iter().map(edit).collect()
    };
    if bad.iter().all(|b| b.of(text) == "\\_") {
        return fault.help("the backslash comes from Markdown").fixes(Some(Fix::new(
            Applicability::Safe,
            "Remove the backslash",
            edits(""),
        )));
    }
    // With digits, a character was meant.
    let numbers = bad.iter().any(|b| b.of(text).len() > 2);
    if let Some(literal) = as_literal(text, token).filter(|_| !numbers) {
        return fault.help(format!("in single quotes backslashes mean themselves: {}", shown(&literal))).fix(
            "Use single quotes",
            token.span,
            literal,
        );
    }
    fault.help("write `\\\\` for a backslash").fixes(Some(Fix::new(
        Applicability::Unsafe,
        "Double the backslash",
        edits("\\\\"),
    )))
}

/// The string in single quotes, if it then reads as it was meant.
fn as_literal(text: &str, token: TomlToken) -> Option<String> {
    let inner = token.span.of(text).strip_prefix('"')?.strip_suffix('"')?;
    let plain = token.kind == TomlTokenKind::Basic
        && !inner.contains(['\'', '"'])
        && !inner.contains("\\\\")
        && !inner.bytes().any(is_control);
    plain.then(|| format!("'{inner}'"))
}

fn bad_character(text: &str, token: TomlToken, style: Style) -> Fault {
    let written = token.span.of(text);
    let bad = |(at, byte): (usize, u8)| {
        let line_end = written.get(at..).is_some_and(|s| s.starts_with("\r\n") || s.starts_with('\n'));
        (is_control(byte) && !line_end).then_some(at)
    };
    let places: Vec<usize> = written.bytes().enumerate().filter_map(bad).collect();
    let start = token.span.start as usize;
    let spans = places.iter().map(|at| Span::new(start + at, start + at + 1));
    let Some(first) = spans.clone().next() else {
        return Fault::new("invalid-string", token.span, format!("{} is not a valid string", shown(written)));
    };
    let name = code_point(first.of(text));
    let fault = Fault::new("control-character", first, format!("control character {name} in a string"));
    let escaped = |span: Span| {
        let byte = span.of(text).bytes().next().unwrap_or(0);
        let text = match style {
            Style::Single => String::new(),
            _ if token.kind == TomlTokenKind::MlLiteral => String::new(),
            _ => format!("\\u{byte:04X}"),
        };
        Edit::new(span, text)
    };
    let edits: Vec<_> = spans.map(escaped).collect();
    let title = match edits.first() {
        Some(edit) if edit.text.is_empty() => "Remove it",
        _ => "Write it as an escape",
    };
    fault.fixes(Some(Fix::new(Applicability::Safe, title, edits)))
}
