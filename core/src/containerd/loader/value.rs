//! Values on their way through the loader.

use crate::syntax::path::join;
use crate::syntax::{Entry, Node, ScalarKind, Value, edit};

/// A value.
#[derive(Clone, Debug)]
pub enum LeafValue<'t, 'a> {
    /// As written.
    Node(&'t Node<'a>),
    /// A list of one.
    ListOf(&'t Node<'a>),
    /// Text that the daemon made of a written one.
    Text(String),
    /// A list of texts that the daemon made.
    Texts(Vec<String>),
}

impl<'t, 'a> LeafValue<'t, 'a> {
    /// The node, if the value is as written.
    #[must_use]
    pub fn node(&self) -> Option<&'t Node<'a>> {
        match self {
            Self::Node(node) => Some(node),
            _ => None,
        }
    }

    /// The node that was written, also where the daemon made a list of it.
    #[must_use]
    pub fn written(&self) -> Option<&'t Node<'a>> {
        match self {
            Self::Node(node) | Self::ListOf(node) => Some(node),
            _ => None,
        }
    }

    /// The text, if this is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Node(node) => node.as_str(),
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The texts, if this is a list of such.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        match self {
            Self::Texts(texts) => texts.clone(),
            Self::Node(node) => node.items().iter().filter_map(|i| i.as_str().map(str::to_owned)).collect(),
            Self::ListOf(node) => node.as_str().map(str::to_owned).into_iter().collect(),
            Self::Text(_) => vec![],
        }
    }

    /// The same, of a value that is not needed any more.
    pub(super) fn into_texts(self) -> Vec<String> {
        match self {
            Self::Texts(texts) => texts,
            other => other.texts(),
        }
    }

    /// Whether a text is among the texts.
    pub(crate) fn lists(&self, text: &str) -> bool {
        match self {
            Self::Texts(texts) => texts.iter().any(|one| one == text),
            Self::Node(node) => node.items().iter().any(|item| item.as_str() == Some(text)),
            Self::ListOf(node) => node.as_str() == Some(text),
            Self::Text(_) => false,
        }
    }

    /// Whether Go takes it for the zero of its type: to the merge it equals nothing.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        match self {
            Self::Node(node) => is_zero(node),
            Self::Text(text) => text.is_empty(),
            _ => false,
        }
    }

    /// The value as TOML.
    #[must_use]
    pub fn toml(&self) -> String {
        match self {
            Self::Node(node) => toml(node),
            Self::ListOf(node) => format!("[{}]", toml(node)),
            Self::Text(text) => edit::string(text),
            Self::Texts(texts) => format!("[{}]", texts.iter().map(|t| edit::string(t)).collect::<Vec<_>>().join(", ")),
        }
    }
}

fn is_zero(node: &Node) -> bool {
    match &node.value {
        Value::Missing => true,
        Value::Seq(items) => items.is_empty(),
        Value::Map(map) => map.entries.is_empty(),
        Value::Scalar(scalar) => match scalar.kind {
            ScalarKind::String => scalar.text.is_empty(),
            ScalarKind::Integer => node.as_int() == Some(0),
            ScalarKind::Float => scalar.text.parse::<f64>() == Ok(0.0),
            ScalarKind::Bool => node.as_bool() == Some(false),
            _ => false,
        },
    }
}

fn toml(node: &Node) -> String {
    match &node.value {
        Value::Missing => "\"\"".to_owned(),
        Value::Scalar(scalar) => match scalar.kind {
            ScalarKind::String => edit::string(&scalar.text),
            ScalarKind::Integer => node.as_int().map_or_else(|| scalar.text.to_string(), |n| n.to_string()),
            _ => scalar.text.to_string(),
        },
        Value::Seq(items) => format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", ")),
        Value::Map(map) => {
            let entry = |e: &Entry| format!("{} = {}", join(&[&e.key]), toml(&e.value));
            format!("{{{}}}", map.entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}
