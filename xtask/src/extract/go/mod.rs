//! As much of Go as configurations are declared with: types with tags, constants, composite literals, function bodies.

mod read;

pub use read::parse;

use std::collections::BTreeMap;

/// A source file.
#[derive(Debug, Default)]
pub struct File {
    /// Import paths by the name they have in the file.
    pub imports: BTreeMap<String, String>,
    pub types: BTreeMap<String, Type>,
    /// Constants and package variables.
    pub values: BTreeMap<String, Expr>,
    /// The bodies of functions and methods; a method has its receiver's type before a dot.
    pub functions: BTreeMap<String, Body>,
    /// The first result of functions, by name.
    pub results: BTreeMap<String, Type>,
}

/// What a function body holds, those of functions inside of it included, in the order of the text.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// The first value of each `return`.
    pub returned: Vec<Expr>,
    /// Names with the values that they get by `:=`, `=` or `var`.
    pub assigned: Vec<(String, Expr)>,
    /// Calls and composite literals, the outer ones first.
    pub expressions: Vec<Expr>,
    /// What each `switch` looks at, and the labels of its cases.
    pub switches: Vec<(String, Vec<Expr>)>,
    /// What is indexed: `names` in `names[key]`.
    pub indexed: Vec<String>,
}

/// A type.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// A name, with its package's name in the file.
    Named(Option<String>, String),
    Pointer(Box<Self>),
    List(Box<Self>),
    Map(Box<Self>, Box<Self>),
    Struct(Vec<Field>),
    /// Functions, channels, interfaces.
    Other,
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Empty for an embedded type.
    pub name: String,
    pub ty: Type,
    pub tag: String,
    /// The comment above.
    pub doc: String,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    Text(String),
    Number(String),
    /// A name, with the name before its dot.
    Name(Option<String>, String),
    Call(Box<Self>, Vec<Self>),
    /// `T{...}`; without a type inside of another one.
    Composite(Option<Type>, Vec<(Option<Self>, Self)>),
    Address(Box<Self>),
    Binary(String, Box<Self>, Box<Self>),
    Other,
}

impl Type {
    /// The name of the type, or of the one that it points to.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Named(_, name) => Some(name),
            Self::Pointer(inner) => inner.name(),
            _ => None,
        }
    }
}

impl Expr {
    /// The value of a field of a composite literal.
    pub fn field(&self, name: &str) -> Option<&Self> {
        let Self::Composite(_, elements) = self else { return None };
        let is = |key: &Option<Self>| *key == Some(Self::Name(None, name.to_owned()));
        elements.iter().find(|(key, _)| is(key)).map(|(_, value)| value)
    }
}

impl Body {
    /// The value that a name gets first.
    pub fn assigned(&self, name: &str) -> Option<&Expr> {
        self.assigned.iter().find(|(assigned, _)| assigned == name).map(|(_, value)| value)
    }

    /// The calls of functions by name: the package or value before the dot, the name, and the arguments.
    pub fn calls(&self) -> impl Iterator<Item = (&str, &str, &[Expr])> {
        self.expressions.iter().filter_map(|expr| {
            let Expr::Call(function, arguments) = expr else { return None };
            let Expr::Name(before, name) = &**function else { return None };
            Some((before.as_deref().unwrap_or_default(), name.as_str(), arguments.as_slice()))
        })
    }
}

impl Field {
    /// The value of a key of the tag, without its options; nothing if the tag has no such key.
    pub fn tagged(&self, key: &str) -> Option<&str> {
        let (_, rest) = self.tag.split_once(&format!("{key}:\""))?;
        let (value, _) = rest.split_once('"')?;
        Some(value.split(',').next().unwrap_or(value))
    }
}
