//! Keys: with and without quotes, template markers, and what stands where a key should.

use std::borrow::Cow;

use super::super::problems::shown;
use super::super::recover::characters::is_invisible;
use super::JsonReader;
use super::bracket::{AfterItem, OpenCollection};
use super::escape::quoted;
use super::object::JsonKey;
use super::string::StringRole;
use crate::fix::Fix;
use crate::text::Span;

impl<'a> JsonReader<'a> {
    pub(super) fn quoted_key(&mut self, frame: &mut OpenCollection) -> Option<JsonKey<'a>> {
        let start = self.at;
        let pair = self.pair_at(start) || !frame.need || !frame.commas.is_empty();
        if !pair && self.column(start).is_none() && frame.open.close == b'}' {
            let string = self.string(StringRole::Value);
            self.unexpected_text(start, string.span.end as usize);
            frame.need = true;
            return None;
        }
        self.commas_before(frame, true);
        let string = self.string(StringRole::Key);
        Some(JsonKey { text: string.text, span: string.span })
    }

    /// A template marker, which is a key if a colon follows.
    pub(super) fn marker_key(&mut self, frame: &mut OpenCollection, end: usize) -> Option<JsonKey<'a>> {
        let span = Span::new(self.at, end);
        self.template(span);
        self.at = end;
        self.separator_len(self.past_spaces(end))?;
        frame.commas.clear();
        Some(JsonKey { text: Cow::Borrowed(span.of(self.text)), span })
    }

    /// A key without quotes, or text that is not a key at all.
    pub(super) fn bare_key(&mut self, frame: &mut OpenCollection) -> Option<JsonKey<'a>> {
        let start = self.at;
        let stop = self.key_end(start);
        let text = self.slice(start, stop).trim_end();
        let end = start + text.len();
        let one_word = !text.is_empty() && !text.contains(char::is_whitespace);
        let quote = self.byte(stop) == Some(b'"') && stop == end;
        let span = if one_word && self.separator_len(stop).is_some() {
            self.commas_before(frame, true);
            self.unquoted_key(start, text)
        } else if one_word && quote && self.separator_len(self.past_spaces(stop + 1)).is_some() {
            self.commas_before(frame, true);
            self.missing_opening_quote(start, stop)
        } else {
            self.junk(start, end);
            frame.commas.clear();
            return None;
        };
        Some(JsonKey { text: Cow::Borrowed(text), span })
    }

    /// The end of bare text where a key should be.
    fn key_end(&self, start: usize) -> usize {
        let line = self.slice(start, self.line_end(start));
        for (i, c) in line.char_indices() {
            let at = start + i;
            let stop = matches!(c, ',' | '{' | '}' | '[' | ']' | '"' | ':' | '=' | '：' | '，' | '#')
                || is_invisible(c)
                || c == '/' && matches!(self.byte(at + 1), Some(b'/' | b'*'));
            if stop {
                return at;
            }
        }
        self.line_end(start)
    }

    fn unquoted_key(&mut self, start: usize, text: &str) -> Span {
        let span = Span::new(start, start + text.len());
        self.report("unquoted-key", span, format!("the key `{text}` has no quotes")).fix(Fix::safe(
            "Quote the key",
            span,
            quoted(text),
        ));
        self.token(start + text.len());
        span
    }

    pub(super) fn missing_opening_quote(&mut self, start: usize, close: usize) -> Span {
        let span = Span::new(start, close + 1);
        self.report("missing-quote", span, format!("{} lacks its opening quote", shown(span.of(self.text))))
            .fix(Fix::safe("Insert the quote", Span::empty(start), "\""));
        self.token(close + 1);
        span
    }

    fn junk(&mut self, start: usize, end: usize) {
        let first = self.char_at(start).map_or(1, char::len_utf8);
        let end = end.max(start + first);
        self.token(end);
        self.unexpected_text(start, end);
    }

    pub(super) fn unexpected_text(&mut self, start: usize, end: usize) {
        let text = shown(self.slice(start, end));
        self.report("unexpected-text", Span::new(start, end), format!("{text} is neither a key nor a value here"))
            .help("remove it, or make it a `\"key\": value`");
        self.noise = true;
    }

    pub(super) fn colon_without_key(&mut self, frame: &mut OpenCollection) {
        self.missing_key(Span::empty(self.at), "a colon stands here, but no key before it");
        self.separator(None);
        self.skip_value();
        frame.commas.clear();
        frame.need = true;
    }

    /// `{` or `[` where a key should be.
    pub(super) fn value_without_key(&mut self, frame: &mut OpenCollection) -> AfterItem {
        let is_list = self.peek() == Some(b'[');
        let in_list = self.open.iter().rev().nth(1).is_some_and(|o| o.close == b']');
        if !is_list && frame.need && in_list && self.lacks_closers() {
            self.unclosed_here(frame);
            return AfterItem::Done;
        }
        let bracket = Span::new(self.at, self.at + 1);
        let message =
            if is_list { "this list has no key in front of it" } else { "this object has no key in front of it" };
        self.missing_key(bracket, message);
        frame.commas.clear();
        frame.need = true;
        self.value();
        AfterItem::Next
    }

    fn missing_key(&mut self, span: Span, message: &str) {
        self.report("missing-key", span, message).help("an object holds `\"key\": value`");
    }
}
