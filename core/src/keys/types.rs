//! The types of values that keys take.

use crate::syntax::{Node, ScalarKind, Value};

/// What a value must be. Text formats such as durations are in `KeySpec::format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Anything.
    Any,
    /// A truth value.
    Bool,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// Text.
    String,
    /// A Go duration held in a real duration field: text with a unit.
    Duration,
    /// Text holding base64 bytes.
    Bytes,
    /// A table with known keys.
    Table,
    /// A list of any of these.
    List(Item),
    /// A table with free names and one type of value.
    Map(Item),
    /// Text or a whole number.
    StringOrInt,
    /// Text, or a list of text.
    StringOrList,
    /// Text, a list of text, or a list of lists of text.
    StringOrLists,
}

/// The type inside a list or map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// Anything.
    Any,
    /// Truth values.
    Bool,
    /// Whole numbers.
    Int,
    /// Text.
    String,
    /// Tables.
    Table,
    /// Lists of text.
    ListOfString,
    /// Maps of text.
    MapOfString,
    /// Text or whole numbers.
    StringOrInt,
    /// Text or lists of text.
    StringOrList,
}

impl Type {
    /// Whether `node` is of this type. A missing value is: its problem is another one.
    #[must_use]
    pub fn admits(self, node: &Node<'_>) -> bool {
        let Value::Scalar(scalar) = &node.value else {
            return match (&node.value, self) {
                (Value::Missing, _) | (_, Self::Any) => true,
                (Value::Seq(items), Self::List(item)) => items.iter().all(|i| item.admits(i)),
                (Value::Seq(items), Self::StringOrList) => items.iter().all(|i| Item::String.admits(i)),
                (Value::Seq(items), Self::StringOrLists) => items.iter().all(|i| Item::StringOrList.admits(i)),
                (Value::Map(_), Self::Table) => true,
                (Value::Map(map), Self::Map(item)) => map.entries.iter().all(|e| item.admits(&e.value)),
                _ => false,
            };
        };
        match self {
            Self::Any => true,
            Self::Bool => scalar.kind == ScalarKind::Bool,
            Self::Int => scalar.kind == ScalarKind::Integer,
            Self::Float => matches!(scalar.kind, ScalarKind::Float | ScalarKind::Integer),
            Self::String | Self::Duration | Self::Bytes | Self::StringOrList | Self::StringOrLists => {
                scalar.kind == ScalarKind::String
            }
            Self::StringOrInt => matches!(scalar.kind, ScalarKind::String | ScalarKind::Integer),
            Self::Table | Self::List(_) | Self::Map(_) => false,
        }
    }

    /// The name with its article, for a sentence: `a list of strings`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::Bool => "a boolean",
            Self::Int => "an integer",
            Self::Float => "a number",
            Self::String => "a string",
            Self::Duration => "a duration string",
            Self::Bytes => "a base64 string",
            Self::Table => "a table",
            Self::StringOrInt => "a string or an integer",
            Self::StringOrList | Self::StringOrLists => "a string or a list of strings",
            Self::List(item) => match item {
                Item::Table => "a list of tables",
                Item::Int => "a list of integers",
                Item::Any => "a list",
                _ => "a list of strings",
            },
            Self::Map(item) => match item {
                Item::String => "a table of strings",
                Item::Bool => "a table of booleans",
                Item::Table | Item::MapOfString => "a table of tables",
                _ => "a table",
            },
        }
    }
}

impl Item {
    /// The type of one item.
    #[must_use]
    pub fn ty(self) -> Type {
        match self {
            Self::Any => Type::Any,
            Self::Bool => Type::Bool,
            Self::Int => Type::Int,
            Self::String => Type::String,
            Self::Table => Type::Table,
            Self::ListOfString => Type::List(Self::String),
            Self::MapOfString => Type::Map(Self::String),
            Self::StringOrInt => Type::StringOrInt,
            Self::StringOrList => Type::StringOrList,
        }
    }

    fn admits(self, node: &Node<'_>) -> bool {
        self.ty().admits(node)
    }
}
