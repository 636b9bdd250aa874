//! How the kubelet reads single values, and what people mean who write other forms.

use crate::go::integer::integer;
use crate::syntax::{Node, ScalarKind, Value};

/// The number of a value in a file.
pub(crate) fn number_of(node: &Node<'_>) -> Option<f64> {
    let scalar = node.as_scalar()?;
    match scalar.kind {
        ScalarKind::Integer => node.as_int().map(|number| number as f64),
        ScalarKind::Float => scalar.text.replace('_', "").parse().ok(),
        _ => None,
    }
}

/// The number of a flag, as pflag reads it: an integer, or a decimal fraction.
pub(crate) fn number_of_flag(text: &str) -> Option<f64> {
    let fraction = || text.parse().ok().filter(|_| text.contains('.'));
    integer(text).map(|number| number as f64).or_else(fraction)
}

/// Whether a value is null or missing.
pub(crate) fn is_absent(node: &Node<'_>) -> bool {
    matches!(node.value, Value::Missing) || node.is_null()
}

/// Whether a value is what dumps write for a setting that is not set.
pub(crate) fn is_zero_value(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Missing => true,
        Value::Scalar(scalar) => node.is_null() || matches!(scalar.text.as_ref(), "" | "0" | "false" | "0s"),
        Value::Seq(items) => items.is_empty(),
        Value::Map(map) => map.entries.iter().all(|e| is_zero_value(&e.value)),
    }
}

/// A name as the kubelet's flags would spell it: `podManifestPath` as `pod-manifest-path`.
pub(crate) fn as_flag(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut before_is_lower = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && before_is_lower {
            out.push('-');
        }
        before_is_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        out.push(if c == '_' { '-' } else { c.to_ascii_lowercase() });
    }
    out
}

/// A Go integer type with the smallest and largest number that it holds.
pub(crate) fn int_range(format: &str) -> (&'static str, i64, i64) {
    match format {
        "int64" => ("int64", i64::MIN, i64::MAX),
        "uint32" => ("uint32", 0, u32::MAX.into()),
        _ => ("int32", i32::MIN.into(), i32::MAX.into()),
    }
}

/// The quantity that is meant by a size with the units of another program: `10m`, `10MB`, `1g`, `512K`.
pub(crate) fn meant_size(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    if number.is_empty() || number.len() > 12 {
        return None;
    }
    let unit = match unit.trim_start().to_ascii_lowercase().as_str() {
        "k" | "kb" | "kib" => "Ki",
        "m" | "mb" | "mib" => "Mi",
        "g" | "gb" | "gib" => "Gi",
        _ => return None,
    };
    Some(format!("{number}{unit}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_other_programs_are_understood() {
        assert_eq!(meant_size("10m").as_deref(), Some("10Mi"));
        assert_eq!(meant_size("1g").as_deref(), Some("1Gi"));
        assert_eq!(meant_size("ten"), None);
    }
}
