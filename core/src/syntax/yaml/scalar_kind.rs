//! The types of scalars: YAML 1.1 as `sigs.k8s.io/yaml` (goyaml.v2, `resolve.go`) takes it.

use crate::syntax::tree::ScalarKind;

/// The type of a plain scalar without a tag.
pub(super) fn plain_kind(text: &str) -> ScalarKind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return ScalarKind::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "n" | "N" | "no" | "No" | "NO" | "true" | "True" | "TRUE" | "false"
        | "False" | "FALSE" | "on" | "On" | "ON" | "off" | "Off" | "OFF" => {
            return ScalarKind::Bool;
        }
        ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf"
        | "-.INF" => return ScalarKind::Float,
        _ => {}
    }
    if text.starts_with('.') {
        return if is_float(text) { ScalarKind::Float } else { ScalarKind::String };
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-')) {
        return ScalarKind::String;
    }
    // Underscores are dropped wherever they stand.
    let digits = text.replace('_', "");
    match int(&digits) {
        IntegerFit::Fits => ScalarKind::Integer,
        _ if is_float(&digits) => ScalarKind::Float,
        IntegerFit::TooBig => ScalarKind::Integer,
        IntegerFit::No => ScalarKind::String,
    }
}

/// The type of a scalar with an explicit tag of the core schema. `Err` if the loader refuses the pair.
pub(super) fn tagged_kind(tag: &str, text: &str) -> Result<ScalarKind, ScalarKind> {
    let found = plain_kind(text);
    let wanted = match tag {
        "int" => ScalarKind::Integer,
        "bool" => ScalarKind::Bool,
        "null" => ScalarKind::Null,
        "float" => ScalarKind::Float,
        _ => return Ok(ScalarKind::String),
    };
    let fits = found == wanted || (wanted, found) == (ScalarKind::Float, ScalarKind::Integer);
    if fits { Ok(wanted) } else { Err(wanted) }
}

enum IntegerFit {
    Fits,
    TooBig,
    No,
}

/// As Go's `strconv.ParseInt` with base 0, then `ParseUint`.
fn int(text: &str) -> IntegerFit {
    let signed = text.strip_prefix(['+', '-']);
    let rest = signed.unwrap_or(text);
    let (radix, digits) = match rest.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, rest.get(2..)),
        [b'0', b'o' | b'O', ..] => (8, rest.get(2..)),
        [b'0', b'b' | b'B', ..] => (2, rest.get(2..)),
        [b'0', _, ..] => (8, rest.get(1..)),
        _ => (10, Some(rest)),
    };
    let digits = digits.unwrap_or("");
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return IntegerFit::No;
    }
    let fits = match u64::from_str_radix(digits, radix) {
        Ok(n) if text.starts_with('-') => n <= 1 << 63,
        Ok(n) => signed.is_none() || i64::try_from(n).is_ok(),
        Err(_) => false,
    };
    if fits { IntegerFit::Fits } else { IntegerFit::TooBig }
}

/// `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`, and within the range of a float.
fn is_float(text: &str) -> bool {
    let skip = |t: &'_ str| t.len() - t.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    let whole = skip(rest);
    rest = rest.get(whole..).unwrap_or("");
    if let Some(tail) = rest.strip_prefix('.') {
        let fraction = skip(tail);
        if whole == 0 && fraction == 0 {
            return false;
        }
        rest = tail.get(fraction..).unwrap_or("");
    } else if whole == 0 {
        return false;
    }
    if let Some(tail) = rest.strip_prefix(['e', 'E']) {
        let tail = tail.strip_prefix(['+', '-']).unwrap_or(tail);
        let exponent = skip(tail);
        if exponent == 0 {
            return false;
        }
        rest = tail.get(exponent..).unwrap_or("");
    }
    rest.is_empty() && text.parse::<f64>().is_ok_and(f64::is_finite)
}
