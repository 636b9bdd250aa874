//! Values without quotes: their type or, if no daemon takes them, what is wrong with them.

use std::borrow::Cow;

use toml_parser::decoder::{IntegerRadix, ScalarKind as Decoded};
use toml_parser::{ParseError, Raw, Span as RawSpan};

use super::fault::{Fault, shown};
use super::lexer::is_control;
use super::quotes::quote_for;
use super::word::clean;
use crate::syntax::{Scalar, ScalarKind, Style};
use crate::text::Span;

/// The type of an unquoted value and whether it is written in hexadecimal, octal or binary; nothing if no daemon
/// takes it.
pub(super) fn plain_kind(written: &str) -> Option<(ScalarKind, bool)> {
    let mut bad = false;
    let raw = Raw::new_unchecked(written, None, RawSpan::default());
    let kind = raw.decode_scalar(&mut (), &mut |_: ParseError| bad = true);
    if bad {
        return None;
    }
    match kind {
        Decoded::String => None,
        Decoded::Boolean(_) => Some((ScalarKind::Bool, false)),
        Decoded::DateTime => is_date(written).then_some((ScalarKind::Datetime, false)),
        Decoded::Float => is_finite(written).then_some((ScalarKind::Float, false)),
        Decoded::Integer(radix) => fits(written, radix).then_some((ScalarKind::Integer, radix != IntegerRadix::Dec)),
    }
}

fn without_underscores(written: &str) -> Cow<'_, str> {
    match written.contains('_') {
        true => written.replace('_', "").into(),
        false => written.into(),
    }
}

fn fits(written: &str, radix: IntegerRadix) -> bool {
    let digits = without_underscores(written);
    let digits = match radix {
        IntegerRadix::Dec => &*digits,
        _ => digits.get(2..).unwrap_or(""),
    };
    i64::from_str_radix(digits, radix.value()).is_ok()
}

fn is_finite(written: &str) -> bool {
    let value = without_underscores(written).parse::<f64>();
    value.is_ok_and(|v| !v.is_infinite() || written.contains("inf"))
}

/// Whether a text is a date, a time, or both, with or without offset.
fn is_date(written: &str) -> bool {
    let Some((date, rest)) = written.split_at_checked(10).filter(|(d, _)| is_day(d)) else {
        return is_time(written);
    };
    if rest.is_empty() {
        return date.len() == written.len();
    }
    let Some(time) = rest.strip_prefix(['T', 't', ' ']) else {
        return false;
    };
    let (time, offset) = match time.find(['Z', 'z', '+', '-']) {
        Some(at) => time.split_at(at),
        None => (time, ""),
    };
    is_time(time) && is_offset(offset)
}

fn is_day(date: &str) -> bool {
    let mut parts = date.split('-');
    let mut part = |len, range: std::ops::RangeInclusive<u32>| number(parts.next(), len, range);
    let (year, month, day) = (part(4, 0..=9999), part(2, 1..=12), part(2, 1..=31));
    let (Some(year), Some(month), Some(day)) = (year, month, day) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let most = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    day <= most && parts.next().is_none()
}

fn is_time(time: &str) -> bool {
    let (clock, fraction) = match time.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (time, None),
    };
    let mut parts = clock.split(':');
    let hour = number(parts.next(), 2, 0..=23).is_some();
    let minute = number(parts.next(), 2, 0..=59).is_some();
    let second = parts.next();
    let good = second.is_none() || number(second, 2, 0..=60).is_some();
    let digits = |f: &str| !f.is_empty() && f.bytes().all(|b| b.is_ascii_digit());
    let fraction = fraction.is_none_or(|f| second.is_some() && digits(f));
    hour && minute && good && fraction && parts.next().is_none()
}

fn is_offset(offset: &str) -> bool {
    let Some(time) = offset.strip_prefix(['+', '-']) else {
        return matches!(offset, "" | "Z" | "z");
    };
    let Some((hours, minutes)) = time.split_once(':') else {
        return false;
    };
    number(Some(hours), 2, 0..=23).is_some() && number(Some(minutes), 2, 0..=59).is_some()
}

fn number(digits: Option<&str>, len: usize, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
    let digits = digits.filter(|d| d.len() == len && d.bytes().all(|b| b.is_ascii_digit()))?;
    digits.parse().ok().filter(|n| range.contains(n))
}

/// An unquoted value that is none: what it most likely stands for, and what is wrong with it.
pub(super) fn bad_plain<'a>(text: &'a str, span: Span) -> (Scalar<'a>, Fault) {
    let written = span.of(text);
    let (kind, fault) = not_for_reading(written, span)
        .or_else(|| bad_word(written, span))
        .or_else(|| half_quoted(written, span))
        .or_else(|| bad_number(written, span))
        .unwrap_or_else(|| (ScalarKind::String, unquoted(written, span)));
    let text = half_quoted(written, span).and(written.get(..written.len() - 1)).unwrap_or(written);
    let scalar = Scalar { text: clean(text), kind, style: Style::Plain };
    (scalar, fault)
}

type Guess = (ScalarKind, Fault);

/// Placeholders of documentation.
fn not_for_reading(written: &str, span: Span) -> Option<Guess> {
    let angle = written.starts_with('<') && written.ends_with('>');
    if !angle && !matches!(written, "..." | "…") {
        return None;
    }
    let fault = Fault::new("placeholder", span, format!("{} is a placeholder, not a value", shown(written)));
    Some((ScalarKind::String, fault.help("put the real value in its place, or remove the line")))
}

/// Words that other formats know.
fn bad_word(written: &str, span: Span) -> Option<Guess> {
    let lower = written.to_ascii_lowercase();
    let fault =
        |what: &str| Fault::new("invalid-boolean", span, format!("{} is no boolean in TOML: {what}", shown(written)));
    let found = match lower.as_str() {
        word @ ("true" | "false") => {
            let fault = fault("only lower case counts");
            (ScalarKind::Bool, fault.fix(format!("Write `{word}`"), span, word))
        }
        word @ ("yes" | "on" | "y" | "enabled" | "no" | "off" | "n" | "disabled") => {
            let right = if matches!(word, "yes" | "on" | "y" | "enabled") { "true" } else { "false" };
            let fault = fault(&format!("write `{right}`, or quote it if text is wanted"));
            (ScalarKind::Bool, fault.guess(format!("Write `{right}`"), span, right))
        }
        "null" | "nil" | "none" | "~" | "undefined" => {
            let fault =
                Fault::new("null-value", span, format!("{} is not known to TOML, which has no null", shown(written)));
            (ScalarKind::Null, fault.help("remove the line to leave the key unset"))
        }
        _ => return None,
    };
    Some(found)
}

/// A quote at the end only.
fn half_quoted(written: &str, span: Span) -> Option<Guess> {
    let quote = written.chars().last().filter(|c| matches!(c, '"' | '\''))?;
    let inner = written.strip_suffix(quote)?;
    let fault = Fault::new("missing-quote", span, format!("{} has a closing quote but no opening one", shown(written)));
    let fault = match inner.contains(quote) {
        true => fault,
        false => fault.fix("Put a quote before it", Span::empty(span.start as usize), quote),
    };
    Some((ScalarKind::String, fault))
}

fn bad_number(written: &str, span: Span) -> Option<Guess> {
    let body = written.strip_prefix(['+', '-']).unwrap_or(written);
    let digits = !body.is_empty() && body.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    if digits && body.starts_with(|c: char| c.is_ascii_digit()) && !body.ends_with('_') && !body.contains("__") {
        return Some((ScalarKind::Integer, bad_integer(written, body, span)));
    }
    if is_like_date(written) {
        let fault = Fault::new("invalid-date", span, format!("{} is no valid date or time", shown(written)));
        return Some((ScalarKind::Datetime, fault.help("quote it if text is wanted")));
    }
    let float = |c: char| c.is_ascii_digit() || matches!(c, '.' | '_' | 'e' | 'E' | '+' | '-');
    let one_dot = body.matches('.').count() <= 1;
    if body.contains(|c: char| c.is_ascii_digit()) && body.chars().all(float) && one_dot {
        return Some((ScalarKind::Float, bad_float(written, span)));
    }
    let radix = ["0x", "0o", "0b", "0X", "0O", "0B"].iter().any(|p| body.starts_with(p));
    let hex = radix && body.len() > 2 && body.bytes().skip(2).all(|b| b.is_ascii_hexdigit() || b == b'_');
    hex.then(|| (ScalarKind::Integer, bad_radix(written, span)))
}

fn bad_integer(written: &str, body: &str, span: Span) -> Fault {
    let stripped = body.trim_start_matches(['0', '_']);
    if !body.starts_with('0') || body.len() == 1 {
        return Fault::new("integer-range", span, format!("{} is too large for a number", shown(written)))
            .help(format!("whole numbers go from {} to {}", i64::MIN, i64::MAX));
    }
    let decimal = if stripped.is_empty() { "0" } else { stripped };
    let fault = Fault::new("leading-zero", span, format!("{} starts with a zero, which TOML forbids", shown(written)));
    let sign = written.strip_suffix(body).unwrap_or("");
    let octal = sign.is_empty() && stripped.bytes().all(|b| matches!(b, b'0'..=b'7')) && decimal != "0";
    if octal {
        return fault
            .help(format!("write `{decimal}`, or `0o{decimal}` if an octal number such as a file mode is meant"));
    }
    fault.fix("Drop the zeros", span, format!("{sign}{decimal}"))
}

fn bad_float(written: &str, span: Span) -> Fault {
    let fault = Fault::new("invalid-number", span, format!("{} is no valid number", shown(written)));
    let mut fixed = written.to_owned();
    if let Some(rest) = written.strip_prefix('.') {
        fixed = format!("0.{rest}");
    } else if written.ends_with('.') {
        fixed.push('0');
    }
    match fixed != written && plain_kind(&fixed).is_some() {
        true => fault.fix(format!("Write `{fixed}`"), span, fixed),
        false => fault.help("digits stand on both sides of a dot and of each `_`"),
    }
}

fn bad_radix(written: &str, span: Span) -> Fault {
    let fault = Fault::new("invalid-number", span, format!("{} is no valid number", shown(written)));
    let body = written.trim_start_matches(['+', '-']);
    let fixed: String = body.char_indices().map(|(at, c)| if at == 1 { c.to_ascii_lowercase() } else { c }).collect();
    match body == written && plain_kind(&fixed).is_some() {
        true => fault.fix(format!("Write `{fixed}`"), span, fixed),
        false => fault.help("hexadecimal, octal and binary numbers take no sign and only digits of their kind"),
    }
}

fn is_like_date(written: &str) -> bool {
    let shape = |pattern: &str| {
        let mut bytes = written.bytes();
        pattern.bytes().all(|p| match bytes.next() {
            Some(b) if p == b'0' => b.is_ascii_digit(),
            b => b == Some(p),
        })
    };
    shape("0000-00-00") || (shape("00:00:00") && written.len() == 8)
}

fn unquoted(written: &str, span: Span) -> Fault {
    let inner = written.trim_matches(['`', '“', '”', '‘', '’', '"', '\'']);
    let inner = clean(inner);
    let first = if inner.contains('\\') { '\'' } else { '"' };
    let quoted = quote_for(&inner, first)
        .filter(|_| !inner.is_empty() && !inner.bytes().any(is_control))
        .map(|quote| format!("{quote}{inner}{quote}"));
    let fault = Fault::new("unquoted-string", span, format!("{} needs quotes, as all text does", shown(written)));
    match quoted {
        Some(quoted) => fault.help(format!("write {}", shown(&quoted))).fix("Quote it", span, quoted),
        None => fault.help("quote it, and escape the quotes inside"),
    }
}

/// Whether these bytes make a bare key.
pub(super) fn is_bare(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}
