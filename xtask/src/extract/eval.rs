//! Values of expressions: literals, constants, durations, composite literals, and functions that return one.

use std::collections::BTreeMap;

use super::go::{Body, Expr, Type};
use super::packages::{Packages, Scope};

/// A value as a configuration has it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    /// Nanoseconds.
    Duration(i64),
    List(Vec<Self>),
    /// Fields by their Go names, or entries by their keys; with the type where the literal names it.
    Fields(Option<(Type, Scope)>, BTreeMap<String, Self>),
    /// A value that only the running program has.
    Unknown,
}

/// How deep functions may call functions.
const DEPTH: usize = 12;

/// Evaluates an expression of a function body (or of a package, without a body).
pub fn eval(packages: &mut Packages<'_>, scope: &Scope, body: Option<&Body>, expr: &Expr) -> Value {
    Eval { packages, depth: 0 }.expr(scope, body, expr)
}

struct Eval<'p, 's> {
    packages: &'p mut Packages<'s>,
    depth: usize,
}

impl Eval<'_, '_> {
    fn expr(&mut self, scope: &Scope, body: Option<&Body>, expr: &Expr) -> Value {
        if self.depth > DEPTH {
            return Value::Unknown;
        }
        self.depth += 1;
        let value = self.deeper(scope, body, expr);
        self.depth -= 1;
        value
    }

    fn deeper(&mut self, scope: &Scope, body: Option<&Body>, expr: &Expr) -> Value {
        match expr {
            Expr::Text(text) => Value::Text(text.clone()),
            Expr::Number(number) => self::number(number),
            Expr::Name(None, name) if name == "true" || name == "false" => Value::Bool(name == "true"),
            Expr::Name(package, name) => self.name(scope, body, package.as_deref(), name),
            Expr::Address(inner) => self.expr(scope, body, inner),
            Expr::Call(function, arguments) => self.call(scope, body, function, arguments),
            Expr::Composite(ty, elements) => self.composite(scope, body, ty.as_ref(), elements),
            Expr::Binary(operator, left, right) => {
                let (left, right) = (self.expr(scope, body, left), self.expr(scope, body, right));
                binary(operator, left, right)
            }
            Expr::Other => Value::Unknown,
        }
    }

    fn name(&mut self, scope: &Scope, body: Option<&Body>, package: Option<&str>, name: &str) -> Value {
        const SECOND: i64 = 1_000_000_000;
        if package == Some("time") {
            return match name {
                "Nanosecond" => Value::Duration(1),
                "Microsecond" => Value::Duration(1_000),
                "Millisecond" => Value::Duration(1_000_000),
                "Second" => Value::Duration(SECOND),
                "Minute" => Value::Duration(60 * SECOND),
                "Hour" => Value::Duration(3600 * SECOND),
                _ => Value::Unknown,
            };
        }
        if package.is_none()
            && let Some(local) = body.and_then(|body| body.assigned(name))
        {
            return self.expr(scope, body, local);
        }
        match self.packages.value(scope, package, name) {
            Some(found) => self.expr(&found.scope, None, &found.item),
            None => Value::Unknown,
        }
    }

    fn call(&mut self, scope: &Scope, body: Option<&Body>, function: &Expr, arguments: &[Expr]) -> Value {
        let Expr::Name(package, name) = function else { return Value::Unknown };
        if package.as_deref() == Some("filepath") && name == "Join" {
            let parts: Option<Vec<String>> = arguments
                .iter()
                .map(|a| match self.expr(scope, body, a) {
                    Value::Text(text) => Some(text),
                    _ => None,
                })
                .collect();
            return parts.map_or(Value::Unknown, |parts| Value::Text(parts.join("/").replace("//", "/")));
        }
        if let Some(found) = self.packages.function(scope, package.as_deref(), name) {
            return self.last_return(&found.scope, &found.item);
        }
        // A conversion: `tomlext.FromStdTime(5 * time.Second)`, `duration(0)`.
        let is_conversion = arguments.len() == 1 && !matches!(name.as_str(), "Getenv" | "New" | "len" | "make");
        match arguments.first() {
            Some(argument) if is_conversion => self.expr(scope, body, argument),
            _ => Value::Unknown,
        }
    }

    /// The value that a function returns at its end; early returns are other cases.
    fn last_return(&mut self, scope: &Scope, body: &Body) -> Value {
        match body.returned.last() {
            Some(expr) => self.expr(scope, Some(body), expr),
            None => Value::Unknown,
        }
    }

    fn composite(
        &mut self,
        scope: &Scope,
        body: Option<&Body>,
        ty: Option<&Type>,
        elements: &[(Option<Expr>, Expr)],
    ) -> Value {
        let is_list = matches!(ty, Some(Type::List(_)))
            || (!elements.is_empty() && elements.iter().all(|(key, _)| key.is_none()));
        if is_list {
            return Value::List(elements.iter().map(|(_, item)| self.expr(scope, body, item)).collect());
        }
        let mut fields = BTreeMap::new();
        for (key, value) in elements {
            let name = match key {
                Some(Expr::Name(None, name)) if !matches!(ty, Some(Type::Map(..))) => name.clone(),
                Some(key) => match self.expr(scope, body, key) {
                    Value::Text(text) => text,
                    _ => continue,
                },
                None => continue,
            };
            fields.insert(name, self.expr(scope, body, value));
        }
        Value::Fields(ty.map(|ty| (ty.clone(), scope.clone())), fields)
    }
}

fn number(text: &str) -> Value {
    let hex = text.strip_prefix("0x").and_then(|digits| i64::from_str_radix(digits, 16).ok());
    let octal = text.strip_prefix("0o").and_then(|digits| i64::from_str_radix(digits, 8).ok());
    match hex.or(octal).or_else(|| text.parse().ok()) {
        Some(int) => Value::Int(int),
        None => text.parse().map_or(Value::Unknown, Value::Float),
    }
}

fn binary(operator: &str, left: Value, right: Value) -> Value {
    match (operator, left, right) {
        ("+", Value::Text(a), Value::Text(b)) => Value::Text(a + &b),
        (_, Value::Int(a), Value::Int(b)) => arithmetic(operator, a, b).map_or(Value::Unknown, Value::Int),
        ("*", Value::Int(a), Value::Duration(b)) | ("*", Value::Duration(b), Value::Int(a)) => Value::Duration(a * b),
        ("-", Value::Int(0), Value::Float(b)) => Value::Float(-b),
        _ => Value::Unknown,
    }
}

fn arithmetic(operator: &str, a: i64, b: i64) -> Option<i64> {
    match operator {
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        "*" => a.checked_mul(b),
        "/" => a.checked_div(b),
        "<<" => a.checked_shl(u32::try_from(b).ok()?),
        _ => None,
    }
}

/// A duration as Go prints it: `4h0m0s`, `100ms`, `0s`.
pub fn duration(nanoseconds: i64) -> String {
    const UNITS: [(i64, &str); 3] = [(1_000_000, "ms"), (1_000, "us"), (1, "ns")];
    if nanoseconds == 0 {
        return "0s".to_owned();
    }
    if nanoseconds < 1_000_000_000 {
        let (size, unit) = UNITS.into_iter().find(|(size, _)| nanoseconds % size == 0).unwrap_or((1, "ns"));
        return format!("{}{unit}", nanoseconds / size);
    }
    let seconds = nanoseconds / 1_000_000_000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds}s"),
        (0, _) => format!("{minutes}m{seconds}s"),
        _ => format!("{hours}h{minutes}m{seconds}s"),
    }
}
