//! Values as rules compare them: with the default, with nothing, as text.

use crate::keys::{KeySpec, defaults};
use crate::releases::{Product, ReleaseSet};
use crate::syntax::{Entry, Node, ScalarKind, Value};

/// Whether a value is what leaving the key out means: dumps spell out empty and false values.
pub(crate) fn is_zero_value(value: &Value) -> bool {
    match value {
        Value::Missing => true,
        Value::Scalar(scalar) => matches!(scalar.text.as_ref(), "" | "0" | "false" | "0s"),
        Value::Seq(items) => items.is_empty(),
        Value::Map(map) => map.entries.iter().all(|entry| is_zero_value(&entry.value.value)),
    }
}

/// A string that is not empty.
pub(crate) fn text<'t>(entry: Option<&'t Entry>) -> Option<&'t str> {
    entry?.value.as_str().filter(|text| !text.is_empty())
}

/// Whether an entry spells out the default that its key has in every release.
pub(crate) fn is_default(key: &KeySpec, node: &Node) -> bool {
    let mut defaults = key.defaults();
    match (defaults.next(), defaults.next()) {
        (Some((_, default)), None) => toml(node).as_deref() == Some(default),
        _ => false,
    }
}

/// Whether a release has the value too where the setting is left out: its default, or what stands for nothing.
pub(crate) fn is_default_in(key: Option<&'static KeySpec>, node: &Node, release: ReleaseSet) -> bool {
    match key.and_then(|key| defaults::in_release(key, Product::Containerd, release)) {
        Some(default) => toml(node).as_deref() == Some(default),
        None => is_zero_value(&node.value),
    }
}

/// A value as the data writes defaults.
pub(crate) fn toml(node: &Node) -> Option<String> {
    match &node.value {
        Value::Scalar(scalar) if scalar.kind == ScalarKind::String => Some(format!("\"{}\"", scalar.text)),
        Value::Scalar(scalar) => Some(scalar.text.as_ref().to_owned()),
        Value::Seq(items) => {
            let items: Option<Vec<String>> = items.iter().map(toml).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        _ => None,
    }
}

/// `1 more setting`, `2 more settings`.
pub(crate) fn more_settings(count: usize) -> String {
    format!("{count} more setting{}", if count == 1 { "" } else { "s" })
}
