//! What rules on values of a wrong type share: the node that does not fit, and the same value in the right type.

use crate::fix::Fix;
use crate::keys::{Bound, Item, KeySpec, Type};
use crate::syntax::edit;
use crate::syntax::path::join;
use crate::syntax::{Document, Entry, Node, ScalarKind};

/// A value that is not of its key's type.
pub(crate) struct TypeFault<'t, 'a> {
    /// The innermost name that it belongs to: the key, or a free name below it.
    pub(crate) name: &'t str,
    /// What it should be.
    pub(crate) ty: Type,
    /// The value; an item of a list rather than the list.
    pub(crate) node: &'t Node<'a>,
}

impl<'t, 'a> TypeFault<'t, 'a> {
    /// What does not fit in the value of a known key. Whole numbers fit where a fraction may be.
    pub(crate) fn of(bound: &Bound<'t, 'a>, key: &KeySpec) -> Option<Self> {
        Self::of_entry(bound.entry, key)
    }

    /// The same for an entry that a daemon decodes as that key, whatever its name.
    pub(crate) fn of_entry(entry: &'t Entry<'a>, key: &KeySpec) -> Option<Self> {
        let (node, ty) = (&entry.value, key.ty());
        if ty.admits(node) {
            return None;
        }
        let item = |item: Item| node.items().iter().find(|i| !item.ty().admits(i)).unwrap_or(node);
        let own = |node| Self { name: &entry.key, ty, node };
        Some(match ty {
            Type::List(of) => own(item(of)),
            Type::StringOrList => own(item(Item::String)),
            Type::StringOrLists => own(item(Item::StringOrList)),
            Type::Map(of) => {
                let wrong = node.entries().iter().find(|e| !of.ty().admits(&e.value));
                wrong.map_or(own(node), |e| Self { name: &e.key, ty: of.ty(), node: &e.value })
            }
            _ => own(node),
        })
    }

    /// What is wrong, with the value.
    pub(crate) fn message(&self, text: &str) -> String {
        let written = short(self.node.span.of(text));
        format!("`{}` must be {}, not {} ({written})", self.name, self.ty.name(), self.node.type_name())
    }

    /// The path of the name, given that of the key.
    pub(crate) fn key(&self, path: &str, entry: &Entry<'_>) -> String {
        match self.name {
            name if name == entry.key => path.to_owned(),
            name => format!("{path}.{}", join(&[name])),
        }
    }

    /// The same value in the right type, where that is beyond doubt.
    pub(crate) fn convert(&self, doc: &Document<'_>) -> Option<Fix> {
        let scalar = self.node.as_scalar()?;
        let text = scalar.text.trim();
        let written = self.node.span.of(doc.text);
        let new = match (self.ty, scalar.kind) {
            (Type::Bool, ScalarKind::String) => match text.to_ascii_lowercase().as_str() {
                "true" => "true".to_owned(),
                "false" => "false".to_owned(),
                _ => return None,
            },
            (Type::Int, ScalarKind::String) => text.parse::<i64>().ok()?.to_string(),
            (Type::Float, ScalarKind::Integer) => format!("{text}.0"),
            (Type::String | Type::StringOrList, ScalarKind::Integer | ScalarKind::Float | ScalarKind::Bool) => {
                edit::string(written)
            }
            (Type::List(Item::String), ScalarKind::String) => format!("[{written}]"),
            _ => return None,
        };
        Some(Fix::safe(format!("Write {new}"), self.node.span, new))
    }
}

fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(40) {
        Some((at, _)) => format!("{}...", line.get(..at).unwrap_or_default()),
        None => line.to_owned(),
    }
}
