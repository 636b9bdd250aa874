//! Values without quotes: their type or, if TOML does not have them, what is wrong with them.

use std::borrow::Cow;

use toml_parser::decoder::{IntegerRadix, ScalarKind as Decoded};
use toml_parser::{ParseError, Raw, Span as RawSpan};

use super::lexer::is_control;
use super::quotes::quote_for;
use super::word::clean;
use crate::fix::{Applicability, Fix};
use crate::syntax::problems::{Problems, shown};
use crate::syntax::{Dialect, Problem, Scalar, ScalarKind, Style};
use crate::text::Span;

/// The type of an unquoted value and the way of writing, if only some parsers have that; nothing if TOML does not have
/// the value.
pub(super) fn plain_kind(written: &str) -> Option<(ScalarKind, Option<Dialect>)> {
    let mut bad = false;
    let raw = Raw::new_unchecked(written, None, RawSpan::default());
    let kind = raw.decode_scalar(&mut (), &mut |_: ParseError| bad = true);
    if bad {
        return None;
    }
    match kind {
        Decoded::String => None,
        Decoded::Boolean(_) => Some((ScalarKind::Bool, None)),
        Decoded::DateTime => is_date(written).then(|| (ScalarKind::Datetime, date_dialect(written))),
        Decoded::Float => is_finite(written).then(|| {
            let is_special = written.ends_with(['f', 'n']);
            (ScalarKind::Float, is_special.then_some(Dialect::SpecialFloat))
        }),
        Decoded::Integer(radix) => {
            let dialect = (radix != IntegerRadix::Dec).then_some(Dialect::RadixInteger);
            fits(written, radix).then_some((ScalarKind::Integer, dialect))
        }
    }
}

/// The way a date or time is written, if only some parsers have it.
fn date_dialect(written: &str) -> Option<Dialect> {
    let time = written.get(11..).filter(|_| is_day(written.get(..10).unwrap_or_default()));
    let clock = time.unwrap_or(written).split(['Z', 'z', '+', '-']).next()?;
    match clock.matches(':').count() {
        1 => Some(Dialect::TimeWithoutSeconds),
        _ if time.is_none() && written.contains(':') => Some(Dialect::LocalTime),
        _ => None,
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

/// Whether a number fits into 64 bits without sign.
fn fits_unsigned(written: &str) -> bool {
    let (radix, digits) = match written.split_at_checked(2) {
        Some(("0x", digits)) => (16, digits),
        Some(("0o", digits)) => (8, digits),
        Some(("0b", digits)) => (2, digits),
        _ => (10, written),
    };
    let is_spaced = !digits.starts_with('_') && !digits.ends_with('_') && !digits.contains("__");
    is_spaced && u64::from_str_radix(&without_underscores(digits), radix).is_ok()
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

/// The scalar for an unquoted value that TOML does not have: what it most likely stands for. The fault is reported.
pub(super) fn odd_scalar<'a>(text: &'a str, span: Span, problems: &mut Problems) -> Scalar<'a> {
    let written = span.of(text);
    let mut value = OddValue { text, written, span, problems };
    let kind = value
        .placeholder()
        .or_else(|| value.foreign_word())
        .or_else(|| value.half_quoted())
        .or_else(|| value.odd_number())
        .unwrap_or_else(|| value.unquoted());
    let inner = closing_quote(written).and_then(|quote| written.strip_suffix(quote)).unwrap_or(written);
    // Parsers that accept the zeros read a decimal number.
    let text = if kind == ScalarKind::Integer { without_zeros(inner).into() } else { clean(inner) };
    Scalar { text, kind, style: Style::Plain }
}

/// A number without the zeros before it.
fn without_zeros(written: &str) -> String {
    let (sign, digits) = written.split_at(usize::from(written.starts_with(['+', '-'])));
    let mut rest = digits;
    while let Some(fewer) = rest.strip_prefix('0').filter(|fewer| fewer.starts_with(|c: char| c.is_ascii_digit())) {
        rest = fewer;
    }
    format!("{sign}{rest}")
}

/// An unquoted value that TOML does not have. Each method reports one kind of fault, and gives the type that was meant.
struct OddValue<'t, 'p> {
    text: &'t str,
    written: &'t str,
    span: Span,
    problems: &'p mut Problems,
}

impl OddValue<'_, '_> {
    /// Reports the value, which is named first.
    fn report(&mut self, code: &'static str, what: &str) -> &mut Problem {
        self.problems.report_once(self.text, code, self.span, format!("{} {what}", shown(self.written)))
    }

    /// A fix that writes another value.
    fn write(&self, applicability: Applicability, value: &str) -> Fix {
        Fix::edit(applicability, format!("Write `{value}`"), self.span, value)
    }

    /// Placeholders of documentation.
    fn placeholder(&mut self) -> Option<ScalarKind> {
        let is_in_brackets = self.written.starts_with('<') && self.written.ends_with('>');
        if !is_in_brackets && !matches!(self.written, "..." | "…") {
            return None;
        }
        self.report("placeholder", "is a placeholder, not a value")
            .help("put the real value in its place, or remove the line");
        Some(ScalarKind::String)
    }

    /// Words of other formats.
    fn foreign_word(&mut self) -> Option<ScalarKind> {
        let lower = self.written.to_ascii_lowercase();
        let bool = match lower.as_str() {
            word @ ("true" | "false") => {
                let fix = self.write(Applicability::Safe, word);
                self.report("invalid-boolean", "is not a boolean in TOML: only lower case counts").fix(fix);
                return Some(ScalarKind::Bool);
            }
            "yes" | "on" | "y" | "enabled" => "true",
            "no" | "off" | "n" | "disabled" => "false",
            "null" | "nil" | "none" | "~" | "undefined" => {
                self.report("null-value", "does not exist in TOML, which has no null")
                    .help("remove the line to leave the key unset");
                return Some(ScalarKind::Null);
            }
            _ => return None,
        };
        let fix = self.write(Applicability::Unsafe, bool);
        let what = format!("is not a boolean in TOML: write `{bool}`, or quote it if text is wanted");
        self.report("invalid-boolean", &what).fix(fix);
        Some(ScalarKind::Bool)
    }

    /// A quote at the end only.
    fn half_quoted(&mut self) -> Option<ScalarKind> {
        let quote = closing_quote(self.written)?;
        let is_only_one = self.written.matches(quote).count() == 1;
        let start = Span::empty(self.span.start as usize);
        let problem = self.report("missing-quote", "has a closing quote but no opening one");
        if is_only_one {
            problem.fix(Fix::safe("Put a quote before it", start, quote));
        }
        Some(ScalarKind::String)
    }

    fn odd_number(&mut self) -> Option<ScalarKind> {
        let written = self.written;
        let body = written.strip_prefix(['+', '-']).unwrap_or(written);
        let is_digits = !body.is_empty() && body.bytes().all(|b| b.is_ascii_digit() || b == b'_');
        if is_digits && body.starts_with(|c: char| c.is_ascii_digit()) && !body.ends_with('_') && !body.contains("__") {
            self.odd_integer(body);
            return Some(ScalarKind::Integer);
        }
        if is_like_date(written) {
            self.report("invalid-date", "is not a valid date or time").help("quote it if text is wanted");
            return Some(ScalarKind::Datetime);
        }
        let is_of_float = |c: char| c.is_ascii_digit() || matches!(c, '.' | '_' | 'e' | 'E' | '+' | '-');
        let has_one_dot = body.matches('.').count() <= 1;
        if body.contains(|c: char| c.is_ascii_digit()) && body.chars().all(is_of_float) && has_one_dot {
            self.odd_float();
            return Some(ScalarKind::Float);
        }
        let has_radix = ["0x", "0o", "0b", "0X", "0O", "0B"].iter().any(|p| body.starts_with(p));
        if has_radix && body.len() > 2 && body.bytes().skip(2).all(|b| b.is_ascii_hexdigit() || b == b'_') {
            self.odd_radix();
            return Some(ScalarKind::Integer);
        }
        None
    }

    fn odd_integer(&mut self, body: &str) {
        if !body.starts_with('0') || body.len() == 1 {
            self.large_integer();
            return;
        }
        let stripped = body.trim_start_matches(['0', '_']);
        let decimal = if stripped.is_empty() { "0" } else { stripped };
        let sign = self.written.strip_suffix(body).unwrap_or("");
        let is_octal = sign.is_empty() && stripped.bytes().all(|b| matches!(b, b'0'..=b'7')) && decimal != "0";
        let fix = Fix::safe("Drop the zeros", self.span, format!("{sign}{decimal}"));
        let problem = self.report("leading-zero", "starts with a zero, which TOML forbids");
        problem.dialect(Dialect::LeadingZero);
        if is_octal {
            let help = format!("write `{decimal}`, or `0o{decimal}` if an octal number such as a file mode is meant");
            problem.help(help);
        } else {
            problem.fix(fix);
        }
    }

    fn large_integer(&mut self) {
        let dialect = fits_unsigned(self.written).then_some(Dialect::UnsignedInteger);
        let help = format!("whole numbers go from {} to {}", i64::MIN, i64::MAX);
        self.report("integer-range", "is too large for a number").dialect(dialect).help(help);
    }

    fn odd_float(&mut self) {
        let written = self.written;
        let stripped = without_zeros(written);
        if stripped != written && plain_kind(&stripped).is_some() {
            let fix = self.write(Applicability::Safe, &stripped);
            self.report("leading-zero", "starts with a zero, which TOML forbids")
                .dialect(Dialect::LeadingZero)
                .fix(fix);
            return;
        }
        let fixed = match written.strip_prefix('.') {
            Some(fraction) => format!("0.{fraction}"),
            None if written.ends_with('.') => format!("{written}0"),
            None => written.to_owned(),
        };
        self.odd_digits(fixed, "digits stand on both sides of a dot and of each `_`");
    }

    fn odd_radix(&mut self) {
        if fits_unsigned(self.written) {
            self.large_integer();
            return;
        }
        let lower = |(at, c): (usize, char)| if at == 1 { c.to_ascii_lowercase() } else { c };
        let fixed = self.written.char_indices().map(lower).collect();
        self.odd_digits(fixed, "hexadecimal, octal and binary numbers take no sign and only digits of their kind");
    }

    /// Reports a number that might be meant as `fixed`.
    fn odd_digits(&mut self, fixed: String, help: &'static str) {
        let fix =
            (fixed != self.written && plain_kind(&fixed).is_some()).then(|| self.write(Applicability::Safe, &fixed));
        let problem = self.report("invalid-number", "is not a valid number");
        match fix {
            Some(fix) => problem.fix(fix),
            None => problem.help(help),
        };
    }

    fn unquoted(&mut self) -> ScalarKind {
        let inner = clean(self.written.trim_matches(['`', '“', '”', '‘', '’', '"', '\'']));
        let first = if inner.contains('\\') { '\'' } else { '"' };
        let quote = quote_for(&inner, first).filter(|_| !inner.is_empty() && !inner.bytes().any(is_control));
        let quoted = quote.map(|quote| format!("{quote}{inner}{quote}"));
        let span = self.span;
        let problem = self.report("unquoted-string", "needs quotes, as all text does");
        match quoted {
            Some(quoted) => problem.help(format!("write {}", shown(&quoted))).fix(Fix::safe("Quote it", span, quoted)),
            None => problem.help("quote it, and escape the quotes inside"),
        };
        ScalarKind::String
    }
}

/// The quote that a value ends with.
fn closing_quote(written: &str) -> Option<char> {
    written.chars().last().filter(|c| matches!(c, '"' | '\''))
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

/// Whether these bytes make a bare key.
pub(super) fn is_bare(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}
