//! Tokens -> declarations.

use super::lexer::{Token, tokens};
use super::{Expr, Field, File, Type};

/// Reads a source file.
pub fn parse(text: &str) -> File {
    let mut cursor = Cursor::new(tokens(text));
    let mut file = File::default();
    while let Some(token) = cursor.next() {
        match token {
            Token::Word(word) if word == "import" => cursor.group(|c| import(c, &mut file)),
            Token::Word(word) if word == "type" => cursor.group(|c| type_declaration(c, &mut file)),
            Token::Word(word) if matches!(word.as_str(), "const" | "var") => cursor.group(|c| values(c, &mut file)),
            Token::Word(word) if word == "func" => function(&mut cursor, &mut file),
            _ => {}
        }
    }
    file
}

/// The tokens that are still to read.
pub struct Cursor {
    tokens: Vec<Token>,
    at: usize,
    /// The comment that stands before the token in hand.
    doc: Vec<String>,
}

impl Cursor {
    pub fn new(tokens: Vec<Token>) -> Self {
        Self { tokens, at: 0, doc: vec![] }
    }

    pub fn next(&mut self) -> Option<Token> {
        while let Some(Token::Comment(line)) = self.tokens.get(self.at) {
            self.doc.push(line.clone());
            self.at += 1;
        }
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    pub fn peek(&mut self) -> Option<&Token> {
        while let Some(Token::Comment(line)) = self.tokens.get(self.at) {
            self.doc.push(line.clone());
            self.at += 1;
        }
        self.tokens.get(self.at)
    }

    pub fn is(&mut self, mark: &str) -> bool {
        matches!(self.peek(), Some(Token::Mark(m)) if *m == mark)
    }

    /// Takes a mark if it comes next.
    pub fn take(&mut self, mark: &str) -> bool {
        let is = self.is(mark);
        self.at += usize::from(is);
        is
    }

    pub fn word(&mut self) -> Option<String> {
        match self.peek() {
            Some(Token::Word(word)) => {
                let word = word.clone();
                self.at += 1;
                Some(word)
            }
            _ => None,
        }
    }

    /// What stands up to the mark that closes an open one, which was just taken.
    pub fn inside(&mut self, open: &str, close: &str) -> Vec<Token> {
        let mut depth = 1;
        let mut out = vec![];
        while let Some(token) = self.next() {
            match &token {
                Token::Mark(mark) if *mark == open => depth += 1,
                Token::Mark(mark) if *mark == close => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            out.push(token);
        }
        out
    }

    /// One declaration, or several in parentheses.
    fn group(&mut self, mut read: impl FnMut(&mut Self)) {
        if !self.take("(") {
            read(self);
            return;
        }
        let mut inner = Self::new(self.raw_inside());
        while inner.peek().is_some() {
            let before = inner.at;
            read(&mut inner);
            // What cannot be read is left behind, one token a time.
            if inner.at == before {
                inner.at += 1;
            }
        }
    }

    /// As [`Cursor::inside`] for parentheses, with comments.
    fn raw_inside(&mut self) -> Vec<Token> {
        let mut depth = 1;
        let start = self.at;
        while let Some(token) = self.tokens.get(self.at) {
            match token {
                Token::Mark("(") => depth += 1,
                Token::Mark(")") => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
        self.tokens.get(start..self.at.saturating_sub(1)).unwrap_or_default().to_vec()
    }

    fn skip_statement(&mut self) {
        while !matches!(self.peek(), None | Some(Token::End)) {
            match self.next() {
                Some(Token::Mark("{")) => drop(self.inside("{", "}")),
                Some(Token::Mark("(")) => drop(self.inside("(", ")")),
                _ => {}
            }
        }
        self.next();
        self.doc.clear();
    }

    /// A type, wherever one stands.
    pub fn ty(&mut self) -> Type {
        if self.take("*") {
            return Type::Pointer(Box::new(self.ty()));
        }
        if self.take("[") {
            let length = self.inside("[", "]");
            let item = Box::new(self.ty());
            return if length.len() > 1 { Type::Other } else { Type::List(item) };
        }
        if self.take("(") {
            let _ = self.inside("(", ")");
            return Type::Other;
        }
        match self.word().as_deref() {
            Some("map") if self.take("[") => {
                let key = Self::new(self.inside("[", "]")).ty();
                Type::Map(Box::new(key), Box::new(self.ty()))
            }
            Some("struct") if self.take("{") => self.fields(),
            Some("interface") if self.take("{") => {
                let _ = self.inside("{", "}");
                Type::Other
            }
            Some("func") => {
                if self.take("(") {
                    let _ = self.inside("(", ")");
                }
                Type::Other
            }
            Some("chan") => {
                let _ = self.ty();
                Type::Other
            }
            Some(name) => {
                let name = name.to_owned();
                let named = match self.take(".") {
                    true => Type::Named(Some(name), self.word().unwrap_or_default()),
                    false => Type::Named(None, name),
                };
                // Type arguments.
                if self.is("[") && matches!(self.tokens.get(self.at + 1), Some(Token::Word(_) | Token::Mark("*"))) {
                    self.take("[");
                    let _ = self.inside("[", "]");
                }
                named
            }
            None => Type::Other,
        }
    }

    fn fields(&mut self) -> Type {
        let mut fields = vec![];
        self.doc.clear();
        while !matches!(self.peek(), None | Some(Token::Mark("}"))) {
            if matches!(self.peek(), Some(Token::End)) {
                self.at += 1;
                self.doc.clear();
                continue;
            }
            let doc = std::mem::take(&mut self.doc).join(" ");
            let before = self.at;
            let mut names = vec![];
            // Names with commas between them and a type, or a type alone.
            while let Some(name) = self.word() {
                names.push(name);
                if !self.take(",") {
                    break;
                }
            }
            let embedded = names.is_empty()
                || matches!(self.peek(), Some(Token::End | Token::Text(_) | Token::Mark("." | "}")) | None);
            if embedded {
                self.at = before;
                names = vec![String::new()];
            }
            let ty = self.ty();
            let tag = match self.peek() {
                Some(Token::Text(tag)) => tag.clone(),
                _ => String::new(),
            };
            for name in names {
                fields.push(Field { name, ty: ty.clone(), tag: tag.clone(), doc: doc.clone() });
            }
            while !matches!(self.peek(), None | Some(Token::End | Token::Mark("}"))) {
                self.at += 1;
            }
        }
        self.take("}");
        Type::Struct(fields)
    }
}

fn import(cursor: &mut Cursor, file: &mut File) {
    let mut name = None;
    while let Some(token) = cursor.next() {
        match token {
            Token::Word(word) => name = Some(word),
            Token::Text(path) => {
                // The last part that is no version: `github.com/moby/moby/v2` is `moby`.
                let is_version = |p: &&str| p.starts_with('v') && p.get(1..).is_some_and(|n| n.parse::<u32>().is_ok());
                let last = path.rsplit('/').find(|p| !is_version(p)).unwrap_or(&path);
                let last = last.strip_prefix("go-").unwrap_or(last);
                file.imports.insert(name.take().unwrap_or_else(|| last.to_owned()), path.clone());
            }
            Token::End => return,
            _ => {}
        }
    }
}

fn type_declaration(cursor: &mut Cursor, file: &mut File) {
    let Some(name) = cursor.word() else { return cursor.skip_statement() };
    cursor.take("=");
    let ty = cursor.ty();
    file.types.insert(name, ty);
    cursor.skip_statement();
}

fn values(cursor: &mut Cursor, file: &mut File) {
    let mut names = vec![];
    while let Some(name) = cursor.word() {
        names.push(name);
        if !cursor.take(",") {
            break;
        }
    }
    if !cursor.is("=") && !matches!(cursor.peek(), None | Some(Token::End)) {
        let _ = cursor.ty();
    }
    if cursor.take("=") {
        for name in names {
            let value = cursor.expr();
            file.values.insert(name, value);
            cursor.take(",");
        }
    }
    cursor.skip_statement();
}

fn function(cursor: &mut Cursor, file: &mut File) {
    let mut receiver = None;
    if cursor.take("(") {
        let inside = cursor.inside("(", ")");
        receiver = inside.iter().rev().find_map(|t| if let Token::Word(word) = t { Some(word.clone()) } else { None });
    }
    let Some(name) = cursor.word() else { return };
    if cursor.take("[") {
        let _ = cursor.inside("[", "]");
    }
    if cursor.take("(") {
        let _ = cursor.inside("(", ")");
    }
    let name = receiver.map_or_else(|| name.clone(), |receiver| format!("{receiver}.{name}"));
    if !cursor.is("{") {
        let result = if cursor.take("(") { Cursor::new(cursor.inside("(", ")")).ty() } else { cursor.ty() };
        file.results.insert(name.clone(), result);
    }
    if cursor.take("{") {
        let body = cursor.inside("{", "}");
        file.functions.insert(name, body);
    }
    cursor.doc.clear();
}

/// The expressions that a function gives back first, in the order of its `return` statements.
pub fn returned(body: &[Token]) -> Vec<Expr> {
    let mut out = vec![];
    for (i, token) in body.iter().enumerate() {
        if matches!(token, Token::Word(word) if word == "return") {
            out.push(Cursor::new(body.get(i + 1..).unwrap_or_default().to_vec()).expr());
        }
    }
    out
}

/// What `name := ...` or `name = ...` says in a function body, the first time.
pub fn assigned(body: &[Token], name: &str) -> Option<Expr> {
    let at = body
        .windows(2)
        .position(|pair| matches!(pair, [Token::Word(word), Token::Mark(":=" | "=")] if word == name))?;
    Some(Cursor::new(body.get(at + 2..)?.to_vec()).expr())
}
