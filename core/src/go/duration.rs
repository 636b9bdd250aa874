//! Durations as Go's `time.ParseDuration` reads them, and other spellings of times.

use std::fmt::Write as _;

/// Why Go's `time.ParseDuration` refuses a text, in its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BadDuration {
    /// A number without a unit.
    NoUnit,
    /// A unit that Go does not have, such as `d`.
    UnknownUnit(String),
    /// No duration at all.
    Invalid,
}

impl BadDuration {
    /// The words that the kubelet prints for `text`.
    pub(crate) fn words(&self, text: &str) -> String {
        match self {
            Self::NoUnit => format!("time: missing unit in duration \"{text}\""),
            Self::UnknownUnit(unit) => format!("time: unknown unit \"{unit}\" in duration \"{text}\""),
            Self::Invalid => format!("time: invalid duration \"{text}\""),
        }
    }
}

/// Seconds of a Go duration (`1h30m`, `500ms`, `0`).
pub(crate) fn duration(text: &str) -> Result<f64, BadDuration> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0.0);
    }
    if rest.is_empty() {
        return Err(BadDuration::Invalid);
    }
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let (number, tail) = split_number(rest);
        let number: f64 = number.parse().map_err(|_| BadDuration::Invalid)?;
        let unit_end = tail.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit_end);
        if unit.is_empty() {
            return Err(BadDuration::NoUnit);
        }
        let unit = unit_seconds(unit).ok_or_else(|| BadDuration::UnknownUnit(unit.to_owned()))?;
        seconds += number * unit;
        rest = tail;
    }
    // A Go duration is an `int64` of nanoseconds.
    if seconds * 1e9 > i64::MAX as f64 { Err(BadDuration::Invalid) } else { Ok(sign * seconds) }
}

/// Digits with at most one point, and what follows them.
fn split_number(text: &str) -> (&str, &str) {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = rest.strip_prefix('.').map_or(rest, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    text.split_at(text.len() - rest.len())
}

fn unit_seconds(unit: &str) -> Option<f64> {
    Some(match unit {
        "ns" => 1e-9,
        "us" | "\u{b5}s" | "\u{3bc}s" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return None,
    })
}

/// The same time in Go's units, where words or a day leave no doubt.
pub(crate) fn meant(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, tail) = rest.split_at(end);
        let tail = tail.trim_start();
        let end = tail.find(|c: char| !c.is_alphabetic()).unwrap_or(tail.len());
        let (word, tail) = tail.split_at(end);
        let number: u64 = number.parse().ok()?;
        let (factor, unit) = unit(word)?;
        let _ = write!(out, "{}{unit}", number.checked_mul(factor)?);
        rest = tail.trim_start();
    }
    duration(&out).is_ok().then_some(out)
}

fn unit(word: &str) -> Option<(u64, &'static str)> {
    Some(match word.to_ascii_lowercase().as_str() {
        "w" | "week" | "weeks" => (168, "h"),
        "d" | "day" | "days" => (24, "h"),
        "h" | "hr" | "hrs" | "hour" | "hours" => (1, "h"),
        "m" | "min" | "mins" | "minute" | "minutes" => (1, "m"),
        "s" | "sec" | "secs" | "second" | "seconds" => (1, "s"),
        "ms" | "msec" | "millisecond" | "milliseconds" => (1, "ms"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_reads_them() {
        for (text, seconds) in [
            ("0", 0.0),
            ("+0", 0.0),
            ("-0", 0.0),
            ("0s", 0.0),
            ("1h30m", 5400.0),
            ("4h0m0s", 14400.0),
            ("30m1h", 5400.0),
            ("1h1h", 7200.0),
            ("1.5s", 1.5),
            (".5s", 0.5),
            ("1.s", 1.0),
            ("-1s", -1.0),
            ("+1s", 1.0),
            ("250ms", 0.25),
            ("1us", 1e-6),
            ("1\u{b5}s", 1e-6),
            ("1\u{3bc}s", 1e-6),
            ("2562047h47m", 9_223_372_020.0),
        ] {
            assert_eq!(duration(text), Ok(seconds), "{text}");
        }
        for text in ["60", "00", "1.5", "1.", "1h30", "1..5s", "1.5.5s"] {
            assert_eq!(duration(text), Err(BadDuration::NoUnit), "{text}");
        }
        for (text, unit) in
            [("1d", "d"), ("1H", "H"), ("5 s", " s"), ("5s ", "s "), ("1h 30m", "h "), ("1e3s", "e"), ("1m-1s", "m-")]
        {
            assert_eq!(duration(text), Err(BadDuration::UnknownUnit(unit.into())), "{text}");
        }
        for text in ["", "s", "abc", "-", "+", ".", ".s", "+-5s", " 5s", "2562047h48m", "99999999999999999999ns"] {
            assert_eq!(duration(text), Err(BadDuration::Invalid), "{text}");
        }
    }

    #[test]
    fn words_and_days_are_understood() {
        for (text, go) in [
            ("4 hours", Some("4h")),
            ("1d", Some("24h")),
            ("1d12h", Some("24h12h")),
            ("2 weeks", Some("336h")),
            ("1 min 30 sec", Some("1m30s")),
            (" 5 S ", Some("5s")),
            ("5", None),
            ("1.5d", None),
            ("1 month", None),
            ("999999999999999d", None),
        ] {
            assert_eq!(meant(text).as_deref(), go, "{text}");
        }
    }
}
