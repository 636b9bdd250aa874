//! The text of strings, and what is wrong inside of them.

use std::borrow::Cow;

use toml_parser::decoder::{Encoding, ScalarKind as Decoded};
use toml_parser::{ParseError, Raw, Span as RawSpan};

use super::lexer::{TomlToken, TomlTokenKind, is_control};
use crate::fix::{Applicability, Edit, Fix};
use crate::syntax::problems::{Problems, shown};
use crate::syntax::recover::characters::code_point;
use crate::syntax::{Dialect, Style};
use crate::text::Span;

/// The text of a string token, and how it is quoted.
pub(super) fn string<'a>(
    text: &'a str,
    token: TomlToken,
    problems: &mut Problems,
    dialects: &mut Vec<(Dialect, Span)>,
) -> (Cow<'a, str>, Style) {
    let written = token.span.of(text);
    let (encoding, style) = match token.kind {
        TomlTokenKind::Basic => (Encoding::BasicString, Style::Double),
        TomlTokenKind::Literal => (Encoding::LiteralString, Style::Single),
        TomlTokenKind::MlBasic => (Encoding::MlBasicString, Style::Block),
        TomlTokenKind::MlLiteral => (Encoding::MlLiteralString, Style::Block),
        _ => return repaired(written, token.quotes),
    };
    let mut out = Cow::Borrowed("");
    let mut bad = false;
    let raw = Raw::new_unchecked(written, Some(encoding), RawSpan::default());
    let kind = raw.decode_scalar(&mut out, &mut |_: ParseError| bad = true);
    debug_assert_eq!(kind, Decoded::String);
    if bad {
        report_bad_string(text, token, style, problems);
    }
    let found = match token.kind {
        TomlTokenKind::Basic => escape_dialect(written),
        TomlTokenKind::MlBasic => escape_dialect(written).or_else(|| extra_quote(written)),
        TomlTokenKind::MlLiteral => extra_quote(written),
        _ => None,
    };
    dialects.extend(found.map(|dialect| (dialect, token.span)));
    (out, style)
}

/// The first escape of a string in double quotes that only some parsers have.
fn escape_dialect(written: &str) -> Option<Dialect> {
    let mut rest = written;
    while let Some(slash) = rest.find('\\') {
        rest = rest.get(slash + 1..)?;
        match rest.as_bytes().first()? {
            b'e' => return Some(Dialect::EscapeCharacter),
            b'x' => return Some(Dialect::HexEscape),
            b' ' | b'\t' | b'\r' => return Some(Dialect::BlankBehindBackslash),
            byte => rest = rest.get(usize::from(byte.is_ascii())..)?,
        }
    }
    None
}

/// A quote right before the three that end a string.
fn extra_quote(written: &str) -> Option<Dialect> {
    let quote = written.chars().next()?;
    let inner = written.get(3..written.len().checked_sub(3)?)?;
    let before = inner.strip_suffix(quote)?;
    let slashes = before.bytes().rev().take_while(|b| *b == b'\\').count();
    (quote == '\'' || slashes % 2 == 0).then_some(Dialect::QuoteBeforeEnd)
}

/// The text of a string whose quotes are wrong.
fn repaired(written: &str, (open, close): (u8, u8)) -> (Cow<'_, str>, Style) {
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

/// Reports what the decoder did not like about a string.
fn report_bad_string(text: &str, token: TomlToken, style: Style, problems: &mut Problems) {
    let is_double = matches!(token.kind, TomlTokenKind::Basic | TomlTokenKind::MlBasic);
    let bad = if is_double { bad_escapes(text, token.span) } else { Vec::new() };
    match bad.first() {
        Some(first) => report_bad_escape(text, token, *first, &bad, problems),
        None => report_bad_character(text, token, style, problems),
    }
}

/// Escapes that TOML does not recognize.
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

fn report_bad_escape(text: &str, token: TomlToken, first: Span, bad: &[Span], problems: &mut Problems) {
    let written = shown(first.of(text));
    let message = match first.of(text).get(1..2) {
        Some("x") => "`\\x` needs two hexadecimal digits".to_owned(),
        Some("u" | "U") => {
            format!("{written} does not name a character: `\\u` takes four hexadecimal digits, `\\U` eight")
        }
        _ => format!("{written} is not an escape sequence: in double quotes a backslash must be doubled"),
    };
    let is_accepted = |span: &Span| {
        let escape = span.of(text);
        let digits = match escape.as_bytes().get(1) {
            Some(b'u') => 4,
            Some(b'U') => 8,
            _ => return matches!(escape, "\\/" | "\\ "),
        };
        escape.len() == 2 + digits
    };
    let dialect = bad.iter().all(is_accepted).then_some(Dialect::UnknownEscape);
    let problem = problems.report_once(text, "invalid-escape", first, message).dialect(dialect);
    let edits = |text: &str| {
        let edit = |span: &Span| Edit::new(Span::new(span.start as usize, span.start as usize + 1), text);
        bad.iter().map(edit).collect()
    };
    if bad.iter().all(|b| b.of(text) == "\\_") {
        let fix = Fix::new(Applicability::Safe, "Remove the backslash", edits(""));
        problem.help("the backslash comes from Markdown").fix(fix);
        return;
    }
    // With digits, a character was meant.
    let has_digits = bad.iter().any(|b| b.of(text).len() > 2);
    if let Some(literal) = as_literal(text, token).filter(|_| !has_digits) {
        problem.help(format!("in single quotes backslashes mean themselves: {}", shown(&literal))).fix(Fix::safe(
            "Use single quotes",
            token.span,
            literal,
        ));
        return;
    }
    let fix = Fix::new(Applicability::Unsafe, "Double the backslash", edits("\\\\"));
    problem.help("write `\\\\` for a backslash").fix(fix);
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

fn report_bad_character(text: &str, token: TomlToken, style: Style, problems: &mut Problems) {
    let written = token.span.of(text);
    let is_bad = |at: usize, byte: u8| {
        let is_line_end = written.get(at..).is_some_and(|s| s.starts_with("\r\n") || s.starts_with('\n'));
        is_control(byte) && !is_line_end
    };
    let start = token.span.start as usize;
    let places = written.bytes().enumerate().filter(|(at, byte)| is_bad(*at, *byte));
    let spans = places.map(|(at, _)| Span::new(start + at, start + at + 1));
    let Some(first) = spans.clone().next() else {
        let message = format!("{} is not a valid string", shown(written));
        problems.report_once(text, "invalid-string", token.span, message);
        return;
    };
    let can_escape = style != Style::Single && token.kind != TomlTokenKind::MlLiteral;
    let escaped = |span: Span| {
        let byte = span.of(text).bytes().next().unwrap_or(0);
        Edit::new(span, if can_escape { format!("\\u{byte:04X}") } else { String::new() })
    };
    let title = if can_escape { "Write it as an escape" } else { "Remove it" };
    let c = first.of(text).chars().next().unwrap_or_default();
    let message = format!("the control character {} stands in a string", code_point(c));
    let dialect = spans.clone().map(|span| control_dialect(token.kind, span.of(text))).reduce(|a, b| match (a, b) {
        (Some(a), Some(b)) if a == b => Some(a),
        _ => None,
    });
    problems.report_once(text, "control-character", first, message).dialect(dialect.flatten()).fix(Fix::new(
        Applicability::Safe,
        title,
        spans.map(escaped).collect(),
    ));
}

/// The parsers that accept a control character in a string, as the way of writing that they share.
fn control_dialect(kind: TomlTokenKind, c: &str) -> Option<Dialect> {
    let is_double = matches!(kind, TomlTokenKind::Basic | TomlTokenKind::MlBasic);
    let is_block = matches!(kind, TomlTokenKind::MlBasic | TomlTokenKind::MlLiteral);
    match c {
        "\r" if is_block => Some(Dialect::ControlCharacter),
        "\0" | "\r" if is_double => None,
        "\0" | "\r" => Some(Dialect::NulCharacter),
        "\u{7f}" => Some(Dialect::ControlCharacter),
        _ if is_double => Some(Dialect::ControlInDoubleQuotes),
        _ => Some(Dialect::ControlCharacter),
    }
}
