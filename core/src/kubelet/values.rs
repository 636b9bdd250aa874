//! How the kubelet reads the texts in its configuration: Go durations, resource quantities, settings given in the file or
//! as a flag.

use std::borrow::Cow;

use crate::kind::View;
use crate::kubelet;
use crate::syntax::{Node, Value};
use crate::systemd::flags;
use crate::systemd::flags::Program;
use crate::text::Span;

/// A setting as the file or the command line gives it.
pub(crate) struct Setting<'t> {
    /// The value as text.
    pub(crate) text: Cow<'t, str>,
    /// The value.
    pub(crate) span: Span,
    /// The path of the field, or the flag with its dashes.
    pub(crate) key: String,
    /// The value's node, in a file.
    pub(crate) node: Option<&'t Node<'t>>,
}

/// The setting at `path` of a KubeletConfiguration, or every `--flag` of the kubelet's command lines.
pub(crate) fn settings<'t>(cx: &View<'_, 't, '_>, path: &[&str], flag: &str) -> Vec<Setting<'t>> {
    if *cx.file.kind == kubelet::KIND {
        let scalar = cx.root.at(path).and_then(|node| Some((node, node.as_scalar()?)));
        let found = scalar.filter(|(node, _)| !node.is_null());
        let setting = found.map(|(node, scalar)| Setting {
            text: Cow::Borrowed(scalar.text.as_ref()),
            span: node.span,
            key: crate::syntax::path::join(path),
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
pub(crate) fn is_absent(node: &Node<'_>) -> bool {
    matches!(node.value, Value::Missing) || node.is_null()
}

/// Whether a value is what dumps spell out for a setting that nobody made.
pub(crate) fn says_nothing(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Missing => true,
        Value::Scalar(scalar) => node.is_null() || matches!(scalar.text.as_ref(), "" | "0" | "false" | "0s"),
        Value::Seq(items) => items.is_empty(),
        Value::Map(map) => map.entries.iter().all(|e| says_nothing(&e.value)),
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

/// The quantity that somebody meant who wrote a size with another program's units: `10m`, `10MB`, `1g`, `512K`.
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
