//! A setting as a file or a command line writes it, whichever daemon reads it.

use std::borrow::Cow;

use crate::fix::{Applicability, Fix};
use crate::go::boolean::parse_bool;
use crate::releases::Releases;
use crate::syntax::{Entry, Node};
use crate::text::Span;

/// A setting as a file or a command line writes it.
pub(crate) struct WrittenSetting<'t> {
    /// The name that people see there: `maxPods`, or `--max-pods`.
    pub(crate) name: Cow<'t, str>,
    /// The path of the key, or the flag with its dashes.
    pub(crate) path: String,
    /// The key, or the flag.
    pub(crate) key_span: Span,
    /// The value.
    pub(crate) value_span: Span,
    /// The value as text; empty for tables and lists.
    pub(crate) text: Cow<'t, str>,
    /// The value's node; nothing for a flag.
    pub(crate) node: Option<&'t Node<'t>>,
    /// The releases that read the setting at this place.
    pub(crate) releases: Releases,
}

impl<'t> WrittenSetting<'t> {
    /// The setting of an entry in a file.
    pub(crate) fn of_entry(entry: &'t Entry<'t>, path: String, releases: Releases) -> Self {
        Self {
            name: Cow::Borrowed(entry.key.as_ref()),
            path,
            key_span: entry.key_span,
            value_span: entry.value.span,
            text: text_of(&entry.value),
            node: Some(&entry.value),
            releases,
        }
    }

    /// The items of a list, each at its own place.
    pub(crate) fn items(&self) -> Vec<Self> {
        let items = self.node.map(Node::items).unwrap_or_default();
        let item = |node: &'t Node<'t>| Self {
            name: self.name.clone(),
            path: self.path.clone(),
            key_span: node.span,
            value_span: node.span,
            text: text_of(node),
            node: Some(node),
            releases: self.releases,
        };
        items.iter().map(item).collect()
    }

    /// The value as text, the texts of a list with "and" between them.
    pub(crate) fn joined_text(&self) -> Cow<'_, str> {
        match self.texts().as_slice() {
            [] => Cow::Borrowed(&self.text),
            texts => Cow::Owned(texts.join(" and ")),
        }
    }

    /// The texts of a list.
    pub(crate) fn texts(&self) -> Vec<&str> {
        let items = self.node.map(Node::items).unwrap_or_default();
        items.iter().filter_map(Node::as_str).collect()
    }

    /// Another text for the value.
    pub(crate) fn replaced_by(&self, applicability: Applicability, text: &str) -> Option<Fix> {
        self.node.map(|node| Fix::string(applicability, node.span, text))
    }

    /// The whole number, if the value is one.
    pub(crate) fn as_int(&self) -> Option<i64> {
        self.node.map_or_else(|| self.text.parse().ok(), Node::as_int)
    }

    /// The switch, if the value is one.
    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self.node {
            Some(node) => node.as_bool(),
            None => parse_bool(&self.text),
        }
    }

    /// The text, if the value is one; every value of a flag is.
    pub(crate) fn as_str(&self) -> Option<&str> {
        self.node.map_or(Some(self.text.as_ref()), Node::as_str)
    }
}

fn text_of<'t>(node: &'t Node<'t>) -> Cow<'t, str> {
    node.as_scalar().map_or(Cow::Borrowed(""), |scalar| Cow::Borrowed(scalar.text.as_ref()))
}
