//! The error of Go's `encoding/json` for a text that is not JSON. Go stops at the first byte that does not fit and
//! names that byte alone, so that its message differs from crilint's; users search for Go's.
//!
//! Source: golang/go@go1.24.0:src/encoding/json/scanner.go.

/// The error for a text; nothing if it is JSON.
#[must_use]
pub fn first_error(text: &str) -> Option<String> {
    GoScanner::new(text).document().err()
}

/// Where the first value of a text ends, behind which a decoder of streams does not look; or its error.
pub(crate) fn first_value(text: &str) -> Result<usize, String> {
    let mut scanner = GoScanner::new(text);
    scanner.value()?;
    Ok(scanner.at)
}

/// How deep brackets nest before Go gives up: `maxNestingDepth`, since Go 1.15.
pub const MAX_NESTING: usize = 10_000;

const DEPTH: &str = "exceeded max depth";

/// Whether Go's words are about brackets that nest too deep.
#[must_use]
pub fn is_depth(words: &str) -> bool {
    words.ends_with(DEPTH)
}

struct GoScanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// The tokens that may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    Value,
    FirstItem,
    FirstKey,
    Key,
    AfterValue,
}

impl<'a> GoScanner<'a> {
    fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), at: 0 }
    }

    fn document(mut self) -> Result<(), String> {
        self.value()?;
        match self.past_blanks() {
            Some(b) => Err(invalid(b, "after top-level value")),
            None => Ok(()),
        }
    }

    fn value(&mut self) -> Result<(), String> {
        // True for an object, false for an array.
        let mut open: Vec<bool> = vec![];
        let mut want = Expected::Value;
        loop {
            if want == Expected::AfterValue && open.is_empty() {
                return Ok(());
            }
            let b = self.past_blanks().ok_or_else(|| END.to_owned())?;
            want = match (want, b) {
                (Expected::AfterValue, _) => self.after_value(b, &mut open)?,
                (Expected::FirstItem, b']') | (Expected::FirstKey, b'}') => {
                    open.pop();
                    self.at += 1;
                    Expected::AfterValue
                }
                (Expected::Value | Expected::FirstItem, b'{' | b'[') if open.len() >= MAX_NESTING => {
                    return Err(invalid(b, DEPTH));
                }
                (Expected::Value | Expected::FirstItem, b'{') => {
                    open.push(true);
                    self.at += 1;
                    Expected::FirstKey
                }
                (Expected::Value | Expected::FirstItem, b'[') => {
                    open.push(false);
                    self.at += 1;
                    Expected::FirstItem
                }
                (Expected::Value | Expected::FirstItem, _) => {
                    self.scalar(b)?;
                    Expected::AfterValue
                }
                (Expected::FirstKey | Expected::Key, b'"') => {
                    self.string()?;
                    match self.past_blanks() {
                        None => return Err(END.to_owned()),
                        Some(b':') => self.at += 1,
                        Some(b) => return Err(invalid(b, "after object key")),
                    }
                    Expected::Value
                }
                (Expected::FirstKey | Expected::Key, _) => {
                    return Err(invalid(b, "looking for beginning of object key string"));
                }
            };
        }
    }

    fn after_value(&mut self, b: u8, open: &mut Vec<bool>) -> Result<Expected, String> {
        let next = match (open.last(), b) {
            (Some(true), b',') => Expected::Key,
            (Some(false), b',') => Expected::Value,
            (Some(true), b'}') | (Some(false), b']') => {
                open.pop();
                Expected::AfterValue
            }
            (Some(true) | None, _) => return Err(invalid(b, "after object key:value pair")),
            (Some(false), _) => return Err(invalid(b, "after array element")),
        };
        self.at += 1;
        Ok(next)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn past_blanks(&mut self) -> Option<u8> {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
        self.peek()
    }

    fn scalar(&mut self, b: u8) -> Result<(), String> {
        match b {
            b'"' => self.string(),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => Err(invalid(b, "looking for beginning of value")),
        }
    }

    fn word(&mut self, word: &str) -> Result<(), String> {
        for wanted in word.bytes() {
            match self.peek() {
                None => return Err(END.to_owned()),
                Some(b) if b == wanted => self.at += 1,
                Some(b) => return Err(invalid(b, &format!("in literal {word} (expecting '{}')", char::from(wanted)))),
            }
        }
        Ok(())
    }

    fn string(&mut self) -> Result<(), String> {
        self.at += 1;
        loop {
            let b = self.take()?;
            match b {
                b'"' => return Ok(()),
                b'\\' => self.escape()?,
                0..0x20 => return Err(invalid(b, "in string literal")),
                _ => {}
            }
        }
    }

    fn escape(&mut self) -> Result<(), String> {
        match self.take()? {
            b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"' => Ok(()),
            b'u' => (0..4).try_for_each(|_| match self.take()? {
                b if b.is_ascii_hexdigit() => Ok(()),
                b => Err(invalid(b, "in \\u hexadecimal character escape")),
            }),
            b => Err(invalid(b, "in string escape code")),
        }
    }

    fn take(&mut self) -> Result<u8, String> {
        let b = self.peek().ok_or_else(|| END.to_owned())?;
        self.at += 1;
        Ok(b)
    }

    fn number(&mut self) -> Result<(), String> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits("in numeric literal")?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        Ok(())
    }

    fn digits(&mut self, place: &str) -> Result<(), String> {
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        match self.peek() {
            _ if self.at > start => Ok(()),
            Some(b) => Err(invalid(b, place)),
            None => Err(END.to_owned()),
        }
    }
}

const END: &str = "unexpected end of JSON input";

/// Go shows the one byte, not the character that it belongs to.
fn invalid(b: u8, place: &str) -> String {
    let shown = match b {
        b'\'' => r"'\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        b'\\' => r"'\\'".to_owned(),
        b'\n' => r"'\n'".to_owned(),
        b'\r' => r"'\r'".to_owned(),
        b'\t' => r"'\t'".to_owned(),
        0..0x20 | 0x7f => format!("'\\x{b:02x}'"),
        0x80..0xa0 | 0xad => format!("'\\u{b:04x}'"),
        0xa0 => r"'\u00a0'".to_owned(),
        _ => format!("'{}'", char::from(b)),
    };
    format!("invalid character {shown} {place}")
}

#[cfg(test)]
mod tests {
    use super::{first_error, first_value};

    #[test]
    fn the_words_are_those_of_go() {
        for (text, words) in [
            (r#"{"debug": true,}"#, "invalid character '}' looking for beginning of object key string"),
            ("{\n  // note\n}", "invalid character '/' looking for beginning of object key string"),
            ("# note\n{}", "invalid character '#' looking for beginning of value"),
            ("{'debug': true}", r"invalid character '\'' looking for beginning of object key string"),
            (r#"{"debug": true "icc": false}"#, "invalid character '\"' after object key:value pair"),
            (r#"{"debug": true"#, "unexpected end of JSON input"),
            (r#"{"debug": true} x"#, "invalid character 'x' after top-level value"),
            ("{\u{a0}\"debug\": true}", "invalid character 'Â' looking for beginning of object key string"),
            ("{\0\"\0}", r"invalid character '\x00' looking for beginning of object key string"),
            ("debug: true\n", "invalid character 'd' looking for beginning of value"),
            (r#"{"a" 1}"#, "invalid character '1' after object key"),
            (r#"["a" "b"]"#, "invalid character '\"' after array element"),
            (r#"{"a": True}"#, "invalid character 'T' looking for beginning of value"),
            (r#"{"a": tru}"#, "invalid character '}' in literal true (expecting 'e')"),
            ("{\"a\": \"x\ny\"}", r"invalid character '\n' in string literal"),
            (r#"{"a": "C:\x"}"#, "invalid character 'x' in string escape code"),
            (r#"{"a": "\u12g4"}"#, r"invalid character 'g' in \u hexadecimal character escape"),
            (r#"{"a": 01}"#, "invalid character '1' after object key:value pair"),
            (r#"{"a": 1.}"#, "invalid character '}' after decimal point in numeric literal"),
            (r#"{"a": -x}"#, "invalid character 'x' in numeric literal"),
            (r#"{"a": 1e}"#, "invalid character '}' in exponent of numeric literal"),
        ] {
            assert_eq!(first_error(text).as_deref(), Some(words), "{text}");
        }
        for text in [r#"{"a": [1, -0.5e+3, true, null, "x\u00e9"], "b": {}}"#, "[]", " 1 "] {
            assert_eq!(first_error(text), None, "{text}");
        }
    }
    #[test]
    fn a_stream_ends_behind_its_first_value() {
        for (text, end) in [("{}]", 2), (" [1] {}", 4), ("null x", 4), ("{\"a\": 1}\0", 8)] {
            assert_eq!(first_value(text), Ok(end), "{text}");
        }
        for text in ["", "{", "{\"a\": 1", "]"] {
            assert!(first_value(text).is_err(), "{text}");
        }
    }
}
