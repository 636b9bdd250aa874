//! Numbers: the grammar of JSON, and how other languages write them.

use super::super::ScalarKind;

fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| b.is_ascii_digit()).count()
}

/// The kind of a number after the grammar of JSON.
pub(super) fn number(text: &str) -> Option<ScalarKind> {
    let text = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let whole = digits(text);
    if whole == 0 || whole > 1 && text.first() == Some(&b'0') {
        return None;
    }
    let mut rest = text.get(whole..)?;
    let mut kind = ScalarKind::Integer;
    if let Some((b'.', fraction)) = rest.split_first() {
        let n = digits(fraction);
        rest = fraction.get(n..).filter(|_| n > 0)?;
        kind = ScalarKind::Float;
    }
    if let Some((b'e' | b'E', exponent)) = rest.split_first() {
        let unsigned = match exponent.split_first() {
            Some((b'+' | b'-', unsigned)) => unsigned,
            _ => exponent,
        };
        let n = digits(unsigned);
        rest = unsigned.get(n..).filter(|_| n > 0)?;
        kind = ScalarKind::Float;
    }
    rest.is_empty().then_some(kind)
}

/// A number that another language takes.
pub(super) struct ForeignNumber {
    pub(super) why: &'static str,
    /// The number in JSON, and whether it certainly means the same.
    pub(super) right: Option<(String, bool)>,
}

pub(super) fn odd_number(text: &str) -> Option<ForeignNumber> {
    let odd = |why, right: String, sure| {
        let right = number(&right).is_some().then_some((right, sure));
        right.map(|r| ForeignNumber { why, right: Some(r) })
    };
    let (sign, rest) = match text.split_at_checked(1) {
        Some(("-", rest)) => ("-", rest),
        Some(("+", rest)) => ("", rest),
        _ => ("", text),
    };
    let lower = rest.trim_start_matches('.').to_ascii_lowercase();
    if matches!(lower.as_str(), "nan" | "inf" | "infinity") {
        return Some(ForeignNumber { why: "JSON has no such number", right: None });
    }
    if let Some(value) = radix(rest) {
        return odd("JSON takes decimal numbers only", format!("{sign}{value}"), true);
    }
    let plain = rest.replace('_', "");
    if plain.len() < rest.len() && digits(rest.as_bytes()) > 0 {
        return odd("JSON takes no underscores in numbers", format!("{sign}{plain}"), true);
    }
    if let Some(fraction) = rest.strip_prefix('.') {
        return odd("JSON needs a digit before the point", format!("{sign}0.{fraction}"), true);
    }
    if let Some(whole) = rest.strip_suffix('.') {
        return odd("JSON needs a digit behind the point", format!("{sign}{whole}"), true);
    }
    if text.starts_with('+') {
        return odd("JSON takes no plus sign", rest.into(), true);
    }
    let stripped = rest.trim_start_matches('0');
    if stripped.len() < rest.len() {
        let zero = if stripped.starts_with(|c: char| c.is_ascii_digit()) { "" } else { "0" };
        return odd("JSON takes no leading zero, and has no octal numbers", format!("{sign}{zero}{stripped}"), false);
    }
    None
}

fn radix(text: &str) -> Option<u64> {
    let (prefix, digits) = text.split_at_checked(2)?;
    let radix = match prefix {
        "0x" | "0X" => 16,
        "0o" | "0O" => 8,
        "0b" | "0B" => 2,
        _ => return None,
    };
    let unsigned = !digits.starts_with('+');
    u64::from_str_radix(digits, radix).ok().filter(|_| unsigned)
}
