//! Structs with tags -> keys with types and defaults.

use std::collections::BTreeMap;

use super::eval::{Value, duration};
use super::go::{Field, Type};
use super::packages::{Packages, Scope};

/// A key as the sources declare it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Parts of the path; `*` for free names, `[]` for items.
    pub path: Vec<String>,
    /// As the data writes types; empty for a type that is read by code of its own.
    pub ty: String,
    /// As the data writes defaults; nothing if the daemon computes it when it starts.
    pub default: Option<toml::Value>,
    /// The comment above.
    pub doc: String,
    pub file: String,
}

/// Reads structs.
pub struct Reader<'p, 's> {
    pub packages: &'p mut Packages<'s>,
    /// `toml` or `json`.
    pub tag: &'static str,
    /// The types of places whose declared type is open, such as the options of a shim.
    pub inside: Vec<(Vec<&'static str>, Type, Scope)>,
    pub found: Vec<Found>,
}

/// The form of a Go type in a file.
enum Shape {
    /// A plain value, by its name in the data.
    Plain(&'static str),
    /// Text that a type of its own reads.
    Custom,
    Struct(Vec<Field>, Scope),
    List(Box<Self>),
    Map(Box<Self>),
}

/// Deeper than any configuration, for types that hold themselves.
const DEPTH: usize = 16;

impl Reader<'_, '_> {
    /// The fields of a struct below a path; `value` holds their defaults.
    pub fn fields(&mut self, ty: &Type, scope: &Scope, path: &[String], value: &Value) {
        match self.shape(ty, scope) {
            Shape::Struct(fields, scope) => self.each(&fields, &scope, path, value),
            Shape::Custom | Shape::Plain(_) | Shape::List(_) | Shape::Map(_) => {}
        }
    }

    fn each(&mut self, fields: &[Field], scope: &Scope, path: &[String], value: &Value) {
        for field in fields {
            let Some(name) = self.name(field) else { continue };
            let go_name = if field.name.is_empty() { type_name(&field.ty) } else { field.name.clone() };
            let default = member(value, &go_name);
            match name {
                // The fields of an embedded struct belong to the struct around it.
                None => {
                    let default = if default == Value::Unknown { value.clone() } else { default };
                    self.fields(&field.ty, scope, path, &default);
                }
                Some(name) => {
                    let mut path = path.to_vec();
                    path.push(name);
                    self.key(field, scope, path, &default);
                }
            }
        }
    }

    fn key(&mut self, field: &Field, scope: &Scope, path: Vec<String>, value: &Value) {
        if path.len() > DEPTH {
            return;
        }
        let shape = self.shape(&field.ty, scope);
        let ty = type_text(&shape);
        let default = default_of(&shape, value);
        self.found.push(Found { path: path.clone(), ty, default, doc: field.doc.clone(), file: scope.file.clone() });
        self.below(shape, path, value);
    }

    fn below(&mut self, shape: Shape, mut path: Vec<String>, value: &Value) {
        let is_end = |place: &[&str]| {
            path.len() >= place.len() && path.iter().rev().zip(place.iter().rev()).all(|(a, b)| a == b)
        };
        let inside: Vec<_> = self.inside.iter().filter(|(place, ..)| is_end(place)).cloned().collect();
        if !inside.is_empty() {
            for (_, ty, scope) in inside {
                self.fields(&ty, &scope, &path, &Value::Fields(None, BTreeMap::new()));
            }
            return;
        }
        match shape {
            Shape::Struct(fields, scope) => self.each(&fields, &scope, &path, value),
            Shape::List(item) | Shape::Map(item) if matches!(*item, Shape::Custom | Shape::Plain(_)) => drop(item),
            Shape::List(item) => {
                path.push("[]".into());
                self.below(*item, path, &Value::Unknown);
            }
            Shape::Map(item) => {
                path.push("*".into());
                self.below(*item, path, &Value::Unknown);
            }
            Shape::Custom | Shape::Plain(_) => {}
        }
    }

    /// The name of a field in the file: nothing for one that is not read, `None` inside for one that is embedded.
    #[allow(clippy::option_option, reason = "three cases, each its own")]
    fn name(&self, field: &Field) -> Option<Option<String>> {
        match field.tagged(self.tag) {
            Some("-") => None,
            Some("") | None if field.name.is_empty() => Some(None),
            // Fields that protoc adds are not options.
            Some("") | None if field.name.starts_with("XXX_") => None,
            Some("") | None => field.name.starts_with(char::is_uppercase).then(|| Some(field.name.clone())),
            Some(name) => Some(Some(name.to_owned())),
        }
    }

    fn shape(&mut self, ty: &Type, scope: &Scope) -> Shape {
        match ty {
            Type::Pointer(inner) => self.shape(inner, scope),
            Type::List(inner) => match &**inner {
                Type::Named(None, byte) if byte == "byte" => Shape::Plain("bytes"),
                inner => Shape::List(Box::new(self.shape(inner, scope))),
            },
            Type::Map(_, value) => Shape::Map(Box::new(self.shape(value, scope))),
            Type::Struct(fields) => Shape::Struct(fields.clone(), scope.clone()),
            Type::Other => Shape::Plain("any"),
            Type::Named(package, name) => self.named(scope, package.as_deref(), name),
        }
    }

    fn named(&mut self, scope: &Scope, package: Option<&str>, name: &str) -> Shape {
        if package.is_none()
            && let Some(plain) = built_in(name)
        {
            return Shape::Plain(plain);
        }
        if name.eq_ignore_ascii_case("duration") {
            return Shape::Plain("duration");
        }
        match (package, name) {
            (Some("toml"), "Tree" | "Primitive") => return Shape::Plain("any"),
            (Some("netip"), "Addr" | "Prefix") | (Some("net"), "IP") => return Shape::Plain("string"),
            _ => {}
        }
        let Some(found) = self.packages.ty(scope, package, name) else { return Shape::Custom };
        // A type with its own `UnmarshalJSON` may read something else than its declaration.
        let own = format!("{name}.UnmarshalJSON");
        if self.packages.function(&found.scope, None, &own).is_some() && self.tag == "json" {
            return Shape::Custom;
        }
        self.shape(&found.item, &found.scope)
    }
}

fn built_in(name: &str) -> Option<&'static str> {
    Some(match name {
        "bool" => "bool",
        "int" | "int8" | "int16" | "int32" | "int64" | "uint" | "uint8" | "uint16" | "uint32" | "uint64" => "int",
        "float32" | "float64" => "float",
        "string" => "string",
        "any" | "interface" => "any",
        _ => return None,
    })
}

fn type_name(ty: &Type) -> String {
    match ty {
        Type::Named(_, name) => name.clone(),
        Type::Pointer(inner) => type_name(inner),
        _ => String::new(),
    }
}

/// As the data writes types.
fn type_text(shape: &Shape) -> String {
    match shape {
        Shape::Plain(name) => (*name).to_owned(),
        Shape::Custom => String::new(),
        Shape::Struct(..) => "table".to_owned(),
        Shape::List(item) => wrapped("list", item),
        Shape::Map(item) => wrapped("map", item),
    }
}

fn wrapped(outer: &str, item: &Shape) -> String {
    match type_text(item).as_str() {
        "" => String::new(),
        "bytes" => format!("{outer}<any>"),
        item => format!("{outer}<{item}>"),
    }
}

fn member(value: &Value, name: &str) -> Value {
    match value {
        // Go sets what a literal leaves out to zero.
        Value::Fields(_, fields) => fields.get(name).cloned().unwrap_or(Value::Fields(None, BTreeMap::new())),
        _ => Value::Unknown,
    }
}

fn default_of(shape: &Shape, value: &Value) -> Option<toml::Value> {
    let is_zero = matches!(value, Value::Fields(None, fields) if fields.is_empty());
    Some(match (shape, value) {
        (Shape::Plain("bool"), Value::Bool(on)) => (*on).into(),
        (Shape::Plain("int"), Value::Int(n)) => (*n).into(),
        (Shape::Plain("float"), Value::Float(n)) => (*n).into(),
        (Shape::Plain("float"), Value::Int(n)) => (*n as f64).into(),
        (Shape::Plain("string"), Value::Text(text)) => text.as_str().into(),
        (Shape::Plain("duration"), Value::Duration(n) | Value::Int(n)) => duration(*n).into(),
        (Shape::Plain("string"), Value::Duration(n)) => duration(*n).into(),
        (Shape::Plain("bool"), _) if is_zero => false.into(),
        (Shape::Plain("int"), _) if is_zero => 0.into(),
        (Shape::Plain("float"), _) if is_zero => 0.0.into(),
        (Shape::Plain("string"), _) if is_zero => "".into(),
        (Shape::Plain("duration"), _) if is_zero => "0s".into(),
        (Shape::List(item), Value::List(items)) => {
            let items: Option<Vec<_>> = items.iter().map(|i| default_of(item, i)).collect();
            toml::Value::Array(items?)
        }
        (Shape::List(_), _) if is_zero => toml::Value::Array(vec![]),
        _ => return None,
    })
}
