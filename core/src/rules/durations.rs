//! Times that people write and Go does not read.

use std::fmt::Write as _;

use crate::rules::kubelet_values::duration;

/// The same time in Go's units, where words or a day leave no doubt.
pub(in crate::rules) fn meant(text: &str) -> Option<String> {
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
    use super::meant;

    #[test]
    fn words_and_days_are_understood() {
        for (text, go) in [("4 hours", Some("4h")), ("1d", Some("24h")), ("1 min 30 sec", Some("1m30s")), ("5", None)] {
            assert_eq!(meant(text).as_deref(), go, "{text}");
        }
    }
}
