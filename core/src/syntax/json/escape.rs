//! Escapes: resolved, checked, and written.

use std::borrow::Cow;

use super::JsonReader;
use crate::fix::{Applicability, Edit, Fix};
use crate::text::Span;

/// `text` as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        push_escaped(&mut out, c);
    }
    out.push('"');
    out
}

fn push_escaped(out: &mut String, c: char) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\t' => out.push_str("\\t"),
        '\r' => out.push_str("\\r"),
        c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        c => out.push(c),
    }
}

/// A string's text without its escapes, and what is wrong with them.
#[derive(Default)]
pub(super) struct Unescaped {
    pub(super) text: String,
    /// Raw control characters but for line ends.
    controls: Vec<Span>,
    /// A backslash before a sign that needs none.
    needless: Vec<Span>,
    /// A backslash before a letter, which is not an escape.
    unknown: Vec<Span>,
    /// `\u` without four digits.
    short: Vec<Span>,
}

/// Resolves the escapes of `raw`, which stands at `base`.
pub(super) fn unescape(raw: &str, base: usize) -> Unescaped {
    let mut out = Unescaped { text: String::with_capacity(raw.len()), ..Unescaped::default() };
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        let at = base + raw.len() - rest.len();
        let used = if c == '\\' {
            out.escape(rest, at)
        } else {
            out.plain(c, rest, at);
            c.len_utf8()
        };
        rest = rest.get(used..).unwrap_or("");
    }
    out
}

/// The number that `\uXXXX` at the start of `text` names.
fn code_unit(text: &str) -> Option<u16> {
    let hex = text.strip_prefix("\\u")?.get(..4)?;
    let valid = hex.bytes().all(|b| b.is_ascii_hexdigit());
    u16::from_str_radix(hex, 16).ok().filter(|_| valid)
}

impl Unescaped {
    fn plain(&mut self, c: char, rest: &str, at: usize) {
        // A line end is a fault of the whole string. Escaping its CR alone would split it.
        let is_line_end = c == '\n' || rest.starts_with("\r\n");
        if c < ' ' && !is_line_end {
            self.controls.push(Span::new(at, at + 1));
        }
        self.text.push(c);
    }

    /// Resolves the escape at the start of `rest`; returns its length.
    fn escape(&mut self, rest: &str, at: usize) -> usize {
        let Some(c) = rest.chars().nth(1) else {
            self.text.push('\\');
            return 1;
        };
        let span = Span::new(at, at + 1 + c.len_utf8());
        match c {
            '"' | '\\' | '/' => self.text.push(c),
            'n' => self.text.push('\n'),
            't' => self.text.push('\t'),
            'r' => self.text.push('\r'),
            'b' => self.text.push('\u{8}'),
            'f' => self.text.push('\u{c}'),
            'u' => return self.unicode(rest, span),
            '\n' | '\r' => {
                // The line end is looked at next.
                self.text.push('\\');
                self.needless.push(Span::new(at, at + 1));
                return 1;
            }
            c if c.is_alphanumeric() => {
                self.unknown.push(span);
                self.text.push('\\');
                self.text.push(c);
            }
            c => {
                self.needless.push(span);
                self.text.push(c);
            }
        }
        1 + c.len_utf8()
    }

    /// As Go does it: half a surrogate pair becomes U+FFFD.
    fn unicode(&mut self, rest: &str, span: Span) -> usize {
        let Some(first) = code_unit(rest) else {
            self.short.push(span);
            self.text.push_str("\\u");
            return 2;
        };
        let second = rest.get(6..).and_then(code_unit);
        let pair = second.map(|second| char::decode_utf16([first, second]).next());
        if let (0xd800..0xdc00, Some(Some(Ok(c)))) = (first, pair) {
            self.text.push(c);
            return 12;
        }
        self.text.push(char::from_u32(first.into()).unwrap_or('\u{fffd}'));
        6
    }
}

impl<'a> JsonReader<'a> {
    /// The text of a string without its escapes.
    pub(super) fn decode(&mut self, start: usize, end: usize) -> Cow<'a, str> {
        let raw = self.slice(start, end);
        if !raw.bytes().any(|b| b == b'\\' || b < b' ') {
            return Cow::Borrowed(raw);
        }
        let out = unescape(raw, start);
        self.report_controls(&out.controls);
        self.report_needless(&out.needless);
        self.report_unknown(&out.unknown);
        for span in &out.short {
            self.report("bad-escape", *span, "`\\u` without four hexadecimal digits")
                .help("write four hexadecimal digits, or `\\\\` for a backslash");
        }
        Cow::Owned(out.text)
    }

    fn report_controls(&mut self, controls: &[Span]) {
        let Some(first) = controls.first().copied() else {
            return;
        };
        let escaped = |span: Span| {
            let mut text = String::new();
            span.of(self.text).chars().for_each(|c| push_escaped(&mut text, c));
            text
        };
        let changes = controls.iter().map(|s| Edit::new(*s, escaped(*s))).collect();
        let help = format!("write it as `{}`", escaped(first));
        let message = match first.of(self.text).chars().next().unwrap_or_default() {
            '\t' => "a raw tab stands in a string".to_owned(),
            c => format!("the control character U+{:04X} stands in a string", u32::from(c)),
        };
        self.report("control-character", first, message).help(help).fix(Fix::new(
            Applicability::Safe,
            "Escape it",
            changes,
        ));
    }

    /// `\_`: Markdown escapes that stayed in the text.
    fn report_needless(&mut self, needless: &[Span]) {
        let Some(first) = needless.first().copied() else {
            return;
        };
        let backslash = |s: &Span| Edit::removal(Span { start: s.start, end: s.start + 1 });
        let changes = needless.iter().map(backslash).collect();
        let sign = first.of(self.text);
        let message = if sign.len() == 1 {
            "a backslash ends the line, which means nothing in JSON".to_owned()
        } else {
            format!("`{sign}` is not an escape in JSON")
        };
        self.report("bad-escape", first, message).help("remove the backslash").fix(Fix::new(
            Applicability::Safe,
            "Remove the backslash",
            changes,
        ));
    }

    /// `\d`: most likely a backslash was meant.
    fn report_unknown(&mut self, unknown: &[Span]) {
        let Some(first) = unknown.first().copied() else {
            return;
        };
        let doubled = |s: &Span| Edit::new(Span::empty(s.start as usize), "\\");
        let changes = unknown.iter().map(doubled).collect();
        self.report("bad-escape", first, format!("`{}` is not an escape in JSON", first.of(self.text)))
            .help("write `\\\\` for a backslash")
            .fix(Fix::new(Applicability::Unsafe, "Double the backslash", changes));
    }
}
