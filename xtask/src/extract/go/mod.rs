//! As much of Go as configurations are declared with: types with tags, constants, composite literals, function bodies.

mod expr;
mod lexer;
pub mod parser;

pub use lexer::Token;
pub use parser::parse;

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
    pub functions: BTreeMap<String, Vec<Token>>,
    /// What functions give back first, by name.
    pub results: BTreeMap<String, Type>,
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
    Binary(&'static str, Box<Self>, Box<Self>),
    Other,
}

impl Field {
    /// The value of a key of the tag, without its options; nothing if the tag has no such key.
    pub fn tagged(&self, key: &str) -> Option<&str> {
        let (_, rest) = self.tag.split_once(&format!("{key}:\""))?;
        let (value, _) = rest.split_once('"')?;
        Some(value.split(',').next().unwrap_or(value))
    }
}
