//! The look of a single line, read without the parser: enough to name a fault.

use std::ops::Range;

use crate::syntax::recover::characters::is_wide_blank;

/// A `key: value` line, with or without dashes before the key. Ranges are bytes of the line's content.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct KeyLine {
    pub(super) key: Range<usize>,
    pub(super) colon: usize,
    /// Without blanks and comment around it.
    pub(super) value: Range<usize>,
}

/// Characters that end a line in YAML 1.1 alone. Source: `is_break` in go-yaml/yaml@v2.4.0:yamlprivateh.go.
pub(super) const WIDE_BREAKS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// A text of the same length whose lines end with `\n`.
pub(super) fn with_plain_breaks(text: &str) -> String {
    text.replace('\u{85}', " \n").replace(['\u{2028}', '\u{2029}'], "  \n")
}

/// Whether a line is `---` or `...`.
pub(super) fn is_marker(line: &str) -> bool {
    ["---", "..."]
        .iter()
        .any(|m| line.strip_prefix(m).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r'])))
}

/// The length of the `- ` that `content` starts with.
pub(super) fn dashes(content: &str) -> usize {
    let mut at = 0;
    while let Some(rest) = content.get(at..).and_then(|t| t.strip_prefix('-')) {
        if rest.is_empty() {
            return at + 1;
        }
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        if blanks == 0 {
            return at;
        }
        at += 1 + blanks;
    }
    at
}

/// Whether `content` is an item of a list.
pub(super) fn is_item(content: &str) -> bool {
    content == "-" || content.starts_with("- ")
}

/// The length of the quoted text that `text` starts with; `None` if it is not quoted or not closed.
pub(super) fn quoted(text: &str) -> Option<usize> {
    let quote = text.bytes().next().filter(|b| matches!(b, b'"' | b'\''))?;
    let mut bytes = text.bytes().enumerate().skip(1).peekable();
    while let Some((i, b)) = bytes.next() {
        if b == b'\\' && quote == b'"' {
            bytes.next();
        } else if b == quote {
            let doubled = quote == b'\'' && bytes.peek().is_some_and(|(_, b)| *b == quote);
            if !doubled {
                return Some(i + 1);
            }
            bytes.next();
        }
    }
    None
}

/// How long `text` is without a comment at its end and the blanks before it.
pub(super) fn uncommented(text: &str) -> usize {
    let bytes = text.as_bytes();
    let blank = |i: usize| matches!(bytes.get(i), None | Some(b' ' | b'\t'));
    // Whether a value may start here: only then a quote opens one.
    let mut fresh = true;
    let mut at = 0;
    while let Some(b) = bytes.get(at) {
        if fresh && let Some(len) = text.get(at..).and_then(quoted) {
            at += len;
            fresh = false;
            continue;
        }
        match b {
            b'#' if at == 0 || blank(at - 1) => break,
            b' ' | b'\t' => {}
            b'[' | b'{' | b',' => fresh = true,
            b':' => fresh = blank(at + 1),
            b'-' => fresh = fresh && blank(at + 1),
            _ => fresh = false,
        }
        at += 1;
    }
    let kept = text.get(..at).unwrap_or(text);
    kept.trim_end_matches([' ', '\t']).len()
}

/// Reads `content` as `key: value`.
pub(super) fn key_line(content: &str) -> Option<KeyLine> {
    let start = dashes(content);
    let rest = content.get(start..)?;
    let end = uncommented(rest);
    let colon = match quoted(rest) {
        Some(len) => {
            let after = rest.get(len..)?;
            let blanks = after.len() - after.trim_start_matches([' ', '\t']).len();
            after.get(blanks..)?.starts_with(':').then_some(len + blanks)?
        }
        None => separator(rest.get(..end)?)?,
    };
    let key_end = rest.get(..colon)?.trim_end_matches([' ', '\t']).len();
    let tail = rest.get(colon + 1..end).unwrap_or("");
    let value = end - tail.trim_start_matches([' ', '\t']).len();
    Some(KeyLine {
        key: start..start + key_end,
        colon: start + colon,
        value: start + value.max(colon + 1)..start + end.max(colon + 1),
    })
}

/// Where the first colon with a blank or nothing behind it stands.
pub(super) fn separator(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (0..bytes.len())
        .find(|i| bytes.get(*i) == Some(&b':') && matches!(bytes.get(*i + 1), None | Some(b' ' | b'\t' | b'\r')))
}

/// Whether `text` looks like a key that people write: `maxPods`, `memory.available`, `node-role.kubernetes.io/x`.
pub(super) fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'))
}

/// Whether a value is the header of a block scalar: `|`, `>-`, `|2`.
pub(super) fn is_block_header(value: &str) -> bool {
    let word = value.rsplit(' ').next().unwrap_or(value);
    word.starts_with(['|', '>']) && word.chars().skip(1).all(|c| matches!(c, '+' | '-' | '1'..='9'))
}

/// Whether deeper lines may follow this one: it ends with a colon, a dash or a block scalar's header.
pub(super) fn opens_block(content: &str) -> bool {
    let text = content.get(..uncommented(content)).unwrap_or(content);
    text.ends_with(':') || text == "-" || text.ends_with(" -") || is_block_header(text)
}

/// Characters that look like a blank, and that YAML takes for text.
pub(super) fn is_odd_space(c: char) -> bool {
    is_wide_blank(c) && !WIDE_BREAKS.contains(&c) || matches!(c, '\u{200b}' | '\u{2060}')
}

/// `text` in quotes, so that YAML reads it as that very string.
pub(super) fn quote(text: &str) -> String {
    if text.contains(['"', '\\']) { format!("'{}'", text.replace('\'', "''")) } else { format!("\"{text}\"") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_apart() {
        let parts = |s: &'static str| key_line(s).map(|k| (&s[k.key.clone()], &s[k.value.clone()]));
        assert_eq!(parts("a: 1 # c"), Some(("a", "1")));
        assert_eq!(parts("- - a :  x#y"), Some(("a", "x#y")));
        assert_eq!(parts("\"a: b\": 'c # d' # e"), Some(("\"a: b\"", "'c # d'")));
        assert_eq!(parts("a:"), Some(("a", "")));
        assert_eq!(parts("a: # c"), Some(("a", "")));
        assert_eq!(parts("a:b"), None);
        assert_eq!(parts("http://x"), None);
        assert_eq!(parts("a: [1, 'x # y'] # z"), Some(("a", "[1, 'x # y']")));
        assert_eq!(parts("# a: b"), None);
    }

    #[test]
    fn quotes_end_where_they_are_closed() {
        assert_eq!(quoted("'it''s' x"), Some(7));
        assert_eq!(quoted(r#""a\"b" x"#), Some(6));
        assert_eq!(quoted("'a"), None);
        assert_eq!(quoted("a"), None);
    }
}
