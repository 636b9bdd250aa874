//! How the kubelet reads the texts in its configuration: Go durations, resource quantities, settings given in the file or
//! as a flag.

use std::borrow::Cow;

use crate::host::View;
use crate::kind::flags::{self, Program};
use crate::kind::kubelet;
use crate::syntax::{Node, Value};
use crate::text::Span;

/// A setting as the file or the command line gives it.
pub(in crate::rules) struct Setting<'t> {
    /// The value as text.
    pub(in crate::rules) text: Cow<'t, str>,
    /// The value.
    pub(in crate::rules) span: Span,
    /// The path of the field, or the flag with its dashes.
    pub(in crate::rules) key: String,
    /// The value's node, in a file.
    pub(in crate::rules) node: Option<&'t Node<'t>>,
}

/// The setting at `path` of a KubeletConfiguration, or every `--flag` of the kubelet's command lines.
pub(in crate::rules) fn settings<'t>(cx: &View<'_, 't, '_>, path: &[&str], flag: &str) -> Vec<Setting<'t>> {
    if *cx.file.kind == kubelet::KIND {
        let scalar = cx.root.at(path).and_then(|node| Some((node, node.as_scalar()?)));
        let found = scalar.filter(|(node, _)| !node.is_null());
        let setting = found.map(|(node, scalar)| Setting {
            text: Cow::Borrowed(scalar.text.as_ref()),
            span: node.span,
            key: crate::keys::path::join(path),
            node: Some(node),
        });
        return setting.into_iter().collect();
    }
    let all = flags::flags(cx.file).into_iter();
    all.filter(|f| f.program == Program::Kubelet && f.name == flag)
        .filter_map(|f| {
            Some(Setting { text: Cow::Borrowed(f.value?), span: f.value_span, key: format!("--{flag}"), node: None })
        })
        .collect()
}

/// Whether a value says nothing: null, or nothing at all.
pub(in crate::rules) fn is_absent(node: &Node<'_>) -> bool {
    matches!(node.value, Value::Missing) || node.is_null()
}

/// Whether a value is what dumps spell out for a setting that nobody made.
pub(in crate::rules) fn says_nothing(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Missing => true,
        Value::Scalar(scalar) => node.is_null() || matches!(scalar.text.as_ref(), "" | "0" | "false" | "0s"),
        Value::Seq(items) => items.is_empty(),
        Value::Map(map) => map.entries.iter().all(|e| says_nothing(&e.value)),
    }
}

/// A name as the kubelet's flags would spell it: `podManifestPath` as `pod-manifest-path`.
pub(in crate::rules) fn as_flag(name: &str) -> String {
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

/// Why Go's `time.ParseDuration` refuses a text, in its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) enum BadDuration {
    /// A number without a unit.
    NoUnit,
    /// A unit that Go does not have, such as `d`.
    UnknownUnit(String),
    /// No duration at all.
    Invalid,
}

impl BadDuration {
    /// The words that the kubelet prints for `text`.
    pub(in crate::rules) fn words(&self, text: &str) -> String {
        match self {
            Self::NoUnit => format!("time: missing unit in duration \"{text}\""),
            Self::UnknownUnit(unit) => format!("time: unknown unit \"{unit}\" in duration \"{text}\""),
            Self::Invalid => format!("time: invalid duration \"{text}\""),
        }
    }
}

/// Seconds of a Go duration (`1h30m`, `500ms`, `0`).
pub(in crate::rules) fn duration(text: &str) -> Result<f64, BadDuration> {
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
        let number_end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, tail) = rest.split_at(number_end);
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

/// A Go integer type with the smallest and largest number that it holds.
pub(in crate::rules) fn int_range(format: &str) -> (&'static str, i64, i64) {
    match format {
        "int64" => ("int64", i64::MIN, i64::MAX),
        "uint32" => ("uint32", 0, u32::MAX.into()),
        _ => ("int32", i32::MIN.into(), i32::MAX.into()),
    }
}

/// The quantity that somebody meant who wrote a size with another program's units: `10m`, `10MB`, `1g`, `512K`.
pub(in crate::rules) fn meant_size(text: &str) -> Option<String> {
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
    fn durations_are_read_as_go_reads_them() {
        for (text, seconds) in
            [("1h30m", 5400.0), ("0", 0.0), ("1.5s", 1.5), ("-1s", -1.0), (".5s", 0.5), ("4h0m0s", 14400.0)]
        {
            assert_eq!(duration(text), Ok(seconds), "{text}");
        }
        assert_eq!(duration("60"), Err(BadDuration::NoUnit));
        assert_eq!(duration("1d"), Err(BadDuration::UnknownUnit("d".into())));
        for text in ["", "s", "abc", "-", "1..5s", "3000000h"] {
            assert_eq!(duration(text), Err(BadDuration::Invalid), "{text}");
        }
    }

    #[test]
    fn sizes_of_other_programs_are_understood() {
        assert_eq!(meant_size("10m").as_deref(), Some("10Mi"));
        assert_eq!(meant_size("1g").as_deref(), Some("1Gi"));
        assert_eq!(meant_size("ten"), None);
    }
}
