//! Values in environment files. To systemd, quotes are quotes only at the start of a value, or right behind another
//! quoted part.

use super::super::{Node, Value};
use super::directive::is_plain_name;
use super::source_char::{SourceChar, trim};
use super::{UnitReader, cover};
use crate::text::Span;

/// A value has at most so many lines.
const MAX_LINES: usize = 100;

/// The value of an assignment in an environment file.
struct EnvValue {
    chars: Vec<SourceChar>,
    /// From its first to its last character that is not a blank, quotes included.
    span: Option<Span>,
    end: usize,
    unclosed: Option<SourceChar>,
}

impl<'a> UnitReader<'a> {
    /// The words of `NAME="words"`, and where the assignment ends.
    pub(super) fn env_value(&mut self, start: usize) -> (Node<'a>, usize) {
        let value = self.env_chars(start);
        let span = value.span.unwrap_or(self.empty_value(start));
        let words = self.words(trim(&value.chars), span, value.unclosed);
        (Node { span, value: Value::Seq(self.nodes(&words)) }, value.end)
    }

    fn env_chars(&mut self, start: usize) -> EnvValue {
        let mut chars: Vec<SourceChar> = Vec::new();
        let mut covered = None;
        let mut quote: Option<SourceChar> = None;
        let mut fresh = true;
        let mut at = start;
        while let Some(c) = self.rest(at).chars().next() {
            let next = at + c.len_utf8();
            let span = Span::new(at, next);
            let single = quote.is_some_and(|q| q.c == '\'');
            let escape = if c == '\\' && !single { self.env_escape(at, quote.is_some(), &mut chars) } else { None };
            if let Some(len) = escape {
                let escaped = chars.last().filter(|g| g.span.start == span.start);
                cover(&mut covered, escaped.map_or(span, |g| g.span));
                at += len;
                fresh = false;
                continue;
            }
            match (c, quote) {
                ('\n', None) => break,
                ('\n', Some(open)) if !self.closes_below(next, open) => break,
                (_, Some(open)) if open.c == c => {
                    quote = None;
                    fresh = true;
                    cover(&mut covered, span);
                }
                ('"' | '\'', None) if fresh => {
                    quote = Some(SourceChar { c, span });
                    cover(&mut covered, span);
                }
                _ => {
                    chars.push(SourceChar { c, span });
                    if !c.is_whitespace() {
                        cover(&mut covered, span);
                        fresh = false;
                    }
                }
            }
            at = next;
        }
        EnvValue { chars, span: covered, end: at, unclosed: quote }
    }

    /// An escape in an environment file: how long it is, if it is one.
    fn env_escape(&mut self, at: usize, quoted: bool, out: &mut Vec<SourceChar>) -> Option<usize> {
        let end = self.line_end(at);
        let rest = self.slice(at + 1, end);
        if rest.trim().is_empty() {
            let blanks = rest.strip_suffix('\r').unwrap_or(rest).len();
            if blanks > 0 && !self.blanks_after_backslash(Span::new(at + 1, at + 1 + blanks), end) {
                return None;
            }
            self.note_markers(end + 1);
            return Some((end + 1).min(self.text.len()) - at);
        }
        let c = rest.chars().next()?;
        let escaped = if quoted { "\"\\`$".contains(c) } else { c != ' ' };
        if !escaped {
            return None;
        }
        // Quotes and backslashes have a meaning again when the words are split.
        let len = 1 + c.len_utf8();
        out.push(SourceChar { c, span: Span::new(at, at + len) });
        Some(len)
    }

    /// Whether a quoted value goes on below: the quote is closed there, before another assignment starts.
    fn closes_below(&self, mut from: usize, quote: SourceChar) -> bool {
        for _ in 0..MAX_LINES {
            let line = self.slice(from, self.line_end(from));
            let text = line.trim_start();
            let name = text.split_once('=').map(|(name, _)| name.strip_prefix("export ").unwrap_or(name));
            let assigns = name.is_some_and(is_plain_name);
            if assigns || text.starts_with('#') || from >= self.text.len() {
                return false;
            }
            if line.contains(quote.c) {
                return true;
            }
            from = self.line_end(from) + 1;
        }
        false
    }
}
