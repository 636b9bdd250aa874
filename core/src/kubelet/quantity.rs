//! Kubernetes resource quantities, read as `resource.ParseQuantity` reads them.
//!
//! Source: kubernetes/apimachinery@v0.31.13:pkg/api/resource/quantity.go, suffix.go, amount.go.

/// A quantity: `10Mi`, `0.5`, `1e3`, `100m`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Quantity {
    /// What it stands for.
    pub(crate) value: f64,
    /// The number if Kubernetes holds it as a whole one (`Quantity.AsInt64`): nothing for `10m`, and nothing for
    /// `0.5Gi` either, which it holds as a fraction.
    pub(crate) whole: Option<i64>,
}

/// Why a text is not a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadQuantity {
    /// Its shape.
    Format,
    /// A suffix that Kubernetes does not have.
    Suffix,
    /// The number.
    Number,
}

impl BadQuantity {
    /// The words that the kubelet prints.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Format => {
                "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
            }
            Self::Suffix => "unable to parse quantity's suffix",
            Self::Number => "unable to parse numeric part of quantity",
        }
    }
}

/// How a suffix counts.
#[derive(Clone, Copy)]
enum Scale {
    Decimal(i32),
    Binary(u32),
}

/// Digits of an `int64` that the fast path never overflows.
const INT64_DIGITS: i32 = 18;

/// Reads a quantity.
pub(crate) fn parse(text: &str) -> Result<Quantity, BadQuantity> {
    if text.is_empty() {
        return Err(BadQuantity::Format);
    }
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let rest = rest.trim_start_matches('0');
    let (whole, rest) = split_digits(rest);
    let (fraction, suffix) = match rest.strip_prefix('.') {
        Some(rest) => split_digits(rest),
        None => ("", rest),
    };
    check_suffix(suffix)?;
    let scale = scale(suffix).ok_or(BadQuantity::Suffix)?;
    let number: f64 = format!("0{whole}.{fraction}0").parse().map_err(|_| BadQuantity::Number)?;
    let factor = match scale {
        Scale::Decimal(exponent) => 10f64.powi(exponent),
        Scale::Binary(exponent) => 2f64.powi(i32::try_from(exponent).unwrap_or(i32::MAX)),
    };
    let (value, whole) = (number * factor, as_int64(whole, fraction, scale));
    Ok(if negative { Quantity { value: -value, whole: whole.map(|n| -n) } } else { Quantity { value, whole } })
}

fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// Letters of suffixes, then perhaps a sign and digits.
fn check_suffix(suffix: &str) -> Result<(), BadQuantity> {
    let rest = suffix.trim_start_matches(|c| "eEinumkKMGTP".contains(c));
    let rest = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    if rest.bytes().all(|b| b.is_ascii_digit()) { Ok(()) } else { Err(BadQuantity::Format) }
}

fn scale(suffix: &str) -> Option<Scale> {
    Some(match suffix {
        "" => Scale::Decimal(0),
        "n" => Scale::Decimal(-9),
        "u" => Scale::Decimal(-6),
        "m" => Scale::Decimal(-3),
        "k" => Scale::Decimal(3),
        "M" => Scale::Decimal(6),
        "G" => Scale::Decimal(9),
        "T" => Scale::Decimal(12),
        "P" => Scale::Decimal(15),
        "E" => Scale::Decimal(18),
        "Ki" => Scale::Binary(10),
        "Mi" => Scale::Binary(20),
        "Gi" => Scale::Binary(30),
        "Ti" => Scale::Binary(40),
        "Pi" => Scale::Binary(50),
        "Ei" => Scale::Binary(60),
        _ => Scale::Decimal(suffix.strip_prefix(['e', 'E'])?.parse().ok()?),
    })
}

/// The number where the fast path of `ParseQuantity` keeps it, as `int64Amount` gives it back.
fn as_int64(whole: &str, fraction: &str, scale: Scale) -> Option<i64> {
    let whole = if whole.is_empty() { "0" } else { whole };
    let digits = i32::try_from(whole.len() + fraction.len()).ok()?;
    let shifted: i64 = format!("{whole}{fraction}").parse().ok()?;
    match scale {
        Scale::Decimal(exponent) => {
            let exponent = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
            if digits > INT64_DIGITS || exponent < 0 {
                return None;
            }
            if shifted == 0 {
                return Some(0);
            }
            shifted.checked_mul(10i64.checked_pow(u32::try_from(exponent).ok()?)?)
        }
        Scale::Binary(exponent) => {
            let precision = 15 - digits - i32::try_from(exponent * 3 / 10).ok()? - 1;
            (fraction.is_empty() && precision >= 0).then(|| shifted << exponent)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_as_kubernetes_reads_them() {
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * b.abs();
        for (text, value, whole) in [
            ("10Mi", 10_485_760.0, Some(10_485_760)),
            ("10M", 1e7, Some(10_000_000)),
            ("1.5G", 1.5e9, Some(1_500_000_000)),
            ("1e3", 1e3, Some(1000)),
            ("-5", -5.0, Some(-5)),
            ("1E", 1e18, Some(1_000_000_000_000_000_000)),
            ("-9E", -9e18, Some(-9_000_000_000_000_000_000)),
            ("10E", 1e19, None),
            ("0e30", 0.0, Some(0)),
            ("0", 0.0, Some(0)),
            ("007", 7.0, Some(7)),
            ("5.", 5.0, Some(5)),
            ("+5", 5.0, Some(5)),
            ("00", 0.0, Some(0)),
            ("1E+3", 1e3, Some(1000)),
            ("1.5e3", 1500.0, Some(1500)),
            ("9223372036854775807", 9_223_372_036_854_775_807.0, None),
            ("999999999999999999", 999_999_999_999_999_999.0, Some(999_999_999_999_999_999)),
            ("1.Mi", 1_048_576.0, Some(1_048_576)),
            ("1Ti", 1_099_511_627_776.0, Some(1_099_511_627_776)),
            // Held as fractions, whatever they come to.
            ("10m", 0.01, None),
            ("1000m", 1.0, None),
            ("0.5Gi", 536_870_912.0, None),
            ("1.0Mi", 1_048_576.0, None),
            ("0.5", 0.5, None),
            (".5", 0.5, None),
            ("1e-3", 0.001, None),
            ("5n", 5e-9, None),
            ("5u", 5e-6, None),
            ("100Ti", 109_951_162_777_600.0, None),
            // Nothing is needed but one sign of the form.
            ("Mi", 0.0, Some(0)),
            ("-", 0.0, Some(0)),
            ("+", 0.0, Some(0)),
            (".", 0.0, Some(0)),
        ] {
            let read = parse(text);
            assert!(read.is_ok_and(|q| near(q.value, value) && q.whole == whole), "{text}: {read:?}");
        }
        for (text, bad) in [
            ("10MB", BadQuantity::Format),
            ("", BadQuantity::Format),
            ("10 Mi", BadQuantity::Format),
            ("nil", BadQuantity::Format),
            ("<5Mi", BadQuantity::Format),
            ("1.2.3", BadQuantity::Format),
            ("1,5", BadQuantity::Format),
            ("1g", BadQuantity::Format),
            (" 1", BadQuantity::Format),
            ("0x10", BadQuantity::Format),
            ("10%", BadQuantity::Format),
            ("1kB", BadQuantity::Format),
            ("10K", BadQuantity::Suffix),
            ("1KiM", BadQuantity::Suffix),
            ("1e", BadQuantity::Suffix),
            ("1mi", BadQuantity::Suffix),
            ("1m5", BadQuantity::Suffix),
            ("1e+", BadQuantity::Suffix),
            ("--1", BadQuantity::Suffix),
            ("1ki", BadQuantity::Suffix),
        ] {
            assert_eq!(parse(text), Err(bad), "{text}");
        }
    }
}
