//! Expressions, as far as defaults and registrations are written with them.

use super::lexer::Token;
use super::parser::Cursor;
use super::{Expr, Type};

impl Cursor {
    /// An expression.
    pub fn expr(&mut self) -> Expr {
        self.sum()
    }

    fn sum(&mut self) -> Expr {
        let mut left = self.product();
        loop {
            let operator = match self.peek() {
                Some(Token::Mark(mark @ ("+" | "-" | "|"))) => *mark,
                _ => return left,
            };
            self.next();
            left = Expr::Binary(operator, Box::new(left), Box::new(self.product()));
        }
    }

    fn product(&mut self) -> Expr {
        let mut left = self.unary();
        loop {
            let operator = match self.peek() {
                Some(Token::Mark(mark @ ("*" | "/" | "<<" | ">>" | "&"))) => *mark,
                _ => return left,
            };
            self.next();
            left = Expr::Binary(operator, Box::new(left), Box::new(self.unary()));
        }
    }

    fn unary(&mut self) -> Expr {
        match self.peek() {
            Some(Token::Mark("&")) => {
                self.next();
                Expr::Address(Box::new(self.unary()))
            }
            Some(Token::Mark("-")) => {
                self.next();
                Expr::Binary("-", Box::new(Expr::Number("0".into())), Box::new(self.unary()))
            }
            Some(Token::Mark("!" | "*" | "^")) => {
                self.next();
                let _ = self.unary();
                Expr::Other
            }
            _ => self.postfix(),
        }
    }

    fn postfix(&mut self) -> Expr {
        let mut left = self.primary();
        loop {
            if self.take("(") {
                left = Expr::Call(Box::new(left), self.arguments());
            } else if self.is("{") && is_type_name(&left) {
                self.take("{");
                left = Expr::Composite(as_type(&left), self.elements());
            } else if self.take(".") {
                let name = self.word().unwrap_or_default();
                if self.take("(") {
                    // A type assertion has no name, a method call some.
                    let arguments = self.arguments();
                    left = if name.is_empty() { Expr::Other } else { call(left, &name, arguments) };
                } else {
                    left = match left {
                        Expr::Name(None, package) => Expr::Name(Some(package), name),
                        _ => Expr::Other,
                    };
                }
            } else if self.take("[") {
                let _ = self.inside("[", "]");
                left = Expr::Other;
            } else {
                return left;
            }
        }
    }

    fn primary(&mut self) -> Expr {
        match self.peek().cloned() {
            Some(Token::Text(text)) => {
                self.next();
                Expr::Text(text)
            }
            Some(Token::Number(number)) => {
                self.next();
                Expr::Number(number)
            }
            Some(Token::Word(word)) if word == "func" => {
                self.next();
                if self.take("(") {
                    let _ = self.inside("(", ")");
                }
                while !self.is("{") && !matches!(self.peek(), None | Some(Token::End | Token::Mark(","))) {
                    self.next();
                }
                if self.take("{") {
                    let _ = self.inside("{", "}");
                }
                Expr::Other
            }
            Some(Token::Word(word)) if matches!(word.as_str(), "map" | "struct" | "interface") => {
                self.composite_of_type()
            }
            Some(Token::Word(word)) => {
                self.next();
                Expr::Name(None, word)
            }
            Some(Token::Mark("[")) => self.composite_of_type(),
            Some(Token::Mark("(")) => {
                self.next();
                let inner = self.expr();
                self.take(")");
                inner
            }
            _ => Expr::Other,
        }
    }

    /// `[]string{...}`, `map[string]T{...}`, or a conversion.
    fn composite_of_type(&mut self) -> Expr {
        let ty = self.ty();
        if self.take("{") {
            return Expr::Composite(Some(ty), self.elements());
        }
        if self.take("(") {
            let mut arguments = self.arguments();
            return if arguments.len() == 1 { arguments.remove(0) } else { Expr::Other };
        }
        Expr::Other
    }

    fn arguments(&mut self) -> Vec<Expr> {
        let mut inner = Self::new(self.inside("(", ")"));
        let mut out = vec![];
        while inner.peek().is_some() {
            out.push(inner.expr());
            inner.skip_to_comma();
        }
        out
    }

    fn elements(&mut self) -> Vec<(Option<Expr>, Expr)> {
        let mut inner = Self::new(self.inside("{", "}"));
        let mut out = vec![];
        while inner.peek().is_some() {
            let first = inner.element();
            let pair = if inner.take(":") { (Some(first), inner.element()) } else { (None, first) };
            out.push(pair);
            inner.skip_to_comma();
        }
        out
    }

    /// An element of a composite literal, whose type may be left out.
    fn element(&mut self) -> Expr {
        if self.take("{") { Expr::Composite(None, self.elements()) } else { self.expr() }
    }

    fn skip_to_comma(&mut self) {
        loop {
            match self.next() {
                None | Some(Token::Mark(",")) => return,
                Some(Token::Mark("{")) => drop(self.inside("{", "}")),
                Some(Token::Mark("(")) => drop(self.inside("(", ")")),
                Some(Token::Mark("[")) => drop(self.inside("[", "]")),
                _ => {}
            }
        }
    }
}

/// A method call: the value it is called on comes first among the arguments.
fn call(receiver: Expr, method: &str, arguments: Vec<Expr>) -> Expr {
    match receiver {
        Expr::Name(None, package) => Expr::Call(Box::new(Expr::Name(Some(package), method.to_owned())), arguments),
        other => {
            let all = std::iter::once(other).chain(arguments).collect();
            Expr::Call(Box::new(Expr::Name(None, format!(".{method}"))), all)
        }
    }
}

fn is_type_name(expr: &Expr) -> bool {
    matches!(expr, Expr::Name(..))
}

fn as_type(expr: &Expr) -> Option<Type> {
    match expr {
        Expr::Name(package, name) => Some(Type::Named(package.clone(), name.clone())),
        _ => None,
    }
}
