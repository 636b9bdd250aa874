//! Settings from JavaScript: the text of a `crilint.toml`, or an object. Faults name their place.

use crilint_core::Span;
use crilint_core::config::Config;
use crilint_core::syntax::{self, Node, Value};
use wasm_bindgen::JsError;

/// The text of a `crilint.toml`.
pub(crate) fn toml(text: &str) -> Result<Config, JsError> {
    Config::parse(text).map_err(|fault| JsError::new(&fault.located("crilint.toml", text)))
}

/// An object, as JSON.
pub(crate) fn object(json: &str) -> Result<Config, JsError> {
    let doc = syntax::json::read(json);
    Config::of(&doc).map_err(|fault| {
        let mut path = String::new();
        path_to(&doc.root, fault.span, &mut path);
        let place = if path.is_empty() { path } else { format!("`{path}`: ") };
        JsError::new(&format!("{place}{}", fault.message))
    })
}

/// Writes the path of the value that contains a span, as in `files[0].kind`.
fn path_to(node: &Node<'_>, span: Span, path: &mut String) {
    let holds = |node: &Node<'_>| node.span.start <= span.start && span.end <= node.span.end;
    match &node.value {
        Value::Map(map) => {
            if let Some(entry) = map.entries.iter().find(|entry| holds(&entry.value)) {
                let dot = if path.is_empty() { "" } else { "." };
                path.push_str(&format!("{dot}{}", entry.key));
                path_to(&entry.value, span, path);
            }
        }
        Value::Seq(items) => {
            if let Some((i, item)) = items.iter().enumerate().find(|(_, item)| holds(item)) {
                path.push_str(&format!("[{i}]"));
                path_to(item, span, path);
            }
        }
        Value::Scalar(_) | Value::Missing => {}
    }
}
