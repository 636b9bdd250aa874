//! Go source text -> tokens, with the semicolons that Go puts at line ends.

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// A name or a keyword.
    Word(String),
    /// A string, without its quotes and escapes.
    Text(String),
    /// A number as written, or a rune as its number.
    Number(String),
    /// Punctuation: `{`, `:=`, `...`.
    Mark(&'static str),
    /// The end of a statement, written or not.
    End,
    /// A comment that stands in lines of its own, without its slashes.
    Comment(String),
}

/// Longer ones first.
const MARKS: [&str; 46] = [
    "<<=", ">>=", "&^=", "...", "&&", "||", "<-", "++", "--", "==", "!=", "<=", ">=", ":=", "+=", "-=", "*=", "/=",
    "%=", "&=", "|=", "^=", "<<", ">>", "&^", "+", "-", "*", "/", "%", "&", "|", "^", "<", ">", "=", "!", "(", ")",
    "[", "]", "{", "}", ",", ".", ":",
];

/// The tokens of a source file. What is not Go is skipped: whoever reads a released source has no use for errors.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer { rest: text, out: vec![] };
    while !lexer.rest.is_empty() {
        lexer.step();
    }
    lexer.end_line();
    lexer.out
}

struct Lexer<'t> {
    rest: &'t str,
    out: Vec<Token>,
}

impl Lexer<'_> {
    fn step(&mut self) {
        let Some(first) = self.rest.chars().next() else { return };
        match first {
            '\n' => {
                self.end_line();
                self.skip(1);
            }
            _ if first.is_whitespace() => self.skip(first.len_utf8()),
            _ if self.rest.starts_with("//") => self.comment(),
            _ if self.rest.starts_with("/*") => {
                let length = self.rest.find("*/").map_or(self.rest.len(), |at| at + 2);
                if self.rest.get(..length).is_some_and(|text| text.contains('\n')) {
                    self.end_line();
                }
                self.skip(length);
            }
            '"' => self.text(),
            '`' => {
                let length = self.rest.get(1..).and_then(|t| t.find('`')).unwrap_or(self.rest.len().saturating_sub(2));
                let raw = self.rest.get(1..=length).unwrap_or_default().to_owned();
                self.out.push(Token::Text(raw));
                self.skip(length + 2);
            }
            '\'' => self.rune(),
            '0'..='9' => self.number(),
            _ if is_word(first) => {
                let length = self.rest.find(|c| !is_word(c)).unwrap_or(self.rest.len());
                let (word, rest) = self.rest.split_at(length);
                self.out.push(Token::Word(word.to_owned()));
                self.rest = rest;
            }
            ';' => {
                self.out.push(Token::End);
                self.skip(1);
            }
            _ => self.mark(first),
        }
    }

    fn skip(&mut self, length: usize) {
        self.rest = self.rest.get(length..).unwrap_or_default();
    }

    /// Go ends a statement at a line's end behind a name, a value or a closing mark.
    fn end_line(&mut self) {
        const GO_ON: [&str; 9] = ["import", "package", "type", "var", "const", "func", "case", "else", "range"];
        let ends = match self.out.last() {
            Some(Token::Word(word)) => !GO_ON.contains(&word.as_str()),
            Some(Token::Text(_) | Token::Number(_)) => true,
            Some(Token::Mark(mark)) => matches!(*mark, ")" | "]" | "}" | "++" | "--"),
            _ => false,
        };
        if ends {
            self.out.push(Token::End);
        }
    }

    fn comment(&mut self) {
        let length = self.rest.find('\n').unwrap_or(self.rest.len());
        let (line, rest) = self.rest.split_at(length);
        // One behind code belongs to the code; the line's end is still to come.
        let alone =
            matches!(self.out.last(), None | Some(Token::End | Token::Comment(_) | Token::Mark("{" | "(" | ",")));
        if alone {
            self.out.push(Token::Comment(line.trim_start_matches('/').trim().to_owned()));
        }
        self.rest = rest;
    }

    fn text(&mut self) {
        let mut out = String::new();
        let mut chars = self.rest.char_indices().skip(1);
        let mut end = self.rest.len();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    end = at + 1;
                    break;
                }
                '\\' => match chars.next() {
                    Some((_, 'n')) => out.push('\n'),
                    Some((_, 't')) => out.push('\t'),
                    Some((_, other)) => out.push(other),
                    None => {}
                },
                _ => out.push(c),
            }
        }
        self.out.push(Token::Text(out));
        self.skip(end);
    }

    fn rune(&mut self) {
        let mut chars = self.rest.char_indices().skip(1);
        let mut end = self.rest.len();
        while let Some((at, c)) = chars.next() {
            match c {
                '\'' => {
                    end = at + 1;
                    break;
                }
                '\\' => drop(chars.next()),
                _ => {}
            }
        }
        self.out.push(Token::Number("0".to_owned()));
        self.skip(end);
    }

    fn number(&mut self) {
        let length = self.rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_')));
        let (number, rest) = self.rest.split_at(length.unwrap_or(self.rest.len()));
        self.out.push(Token::Number(number.replace('_', "")));
        self.rest = rest;
    }

    fn mark(&mut self, first: char) {
        match MARKS.iter().find(|mark| self.rest.starts_with(**mark)) {
            Some(mark) => {
                self.out.push(Token::Mark(mark));
                self.skip(mark.len());
            }
            None => self.skip(first.len_utf8()),
        }
    }
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::{Token, tokens};

    #[test]
    fn lines_end_statements_where_go_says() {
        let tokens = tokens("type A struct {\n\tB\n\tC int `json:\"c\"` // says\n}\n");
        let ends = tokens.iter().filter(|t| **t == Token::End).count();
        assert_eq!(ends, 3, "{tokens:?}");
        assert!(tokens.contains(&Token::Text("json:\"c\"".into())));
        assert!(!tokens.iter().any(|t| matches!(t, Token::Comment(_))));
    }

    #[test]
    fn literals_are_read() {
        assert_eq!(
            tokens("\"a\\\"b\" 'x' 0x10 1_000"),
            [
                Token::Text("a\"b".into()),
                Token::Number("0".into()),
                Token::Number("0x10".into()),
                Token::Number("1000".into()),
                Token::End
            ]
        );
    }
}
