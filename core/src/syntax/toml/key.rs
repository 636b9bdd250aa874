//! Keys: parts joined by dots, in entries, headers and inline tables.

use std::borrow::Cow;

use super::lexer::{TomlToken, TomlTokenKind};
use super::parser::TomlParser;
use super::quotes::quote_for;
use super::scalar::is_bare;
use super::string::string;
use super::tree::KeyPart;
use super::word::clean;
use crate::fix::{Applicability, Fix};
use crate::syntax::problems::shown;
use crate::syntax::{Dialect, MAX_DEPTH};
use crate::text::{Span, line_of};

impl<'a> TomlParser<'a> {
    /// The first token from `at` on that does not belong to a key which starts there.
    pub(super) fn path_end(&self, mut at: usize) -> usize {
        loop {
            if self.kind(at).is_key() {
                at = self.part_end(at);
            }
            if self.kind(at) != TomlTokenKind::Dot {
                return at;
            }
            at += 1;
        }
    }

    /// Words and template markers without a blank between them make one part.
    fn part_end(&self, at: usize) -> usize {
        let is_word = |at| matches!(self.kind(at), TomlTokenKind::Atom | TomlTokenKind::Template);
        let mut end = at + 1;
        while is_word(at) && is_word(end) && self.is_tight(end) {
            end += 1;
        }
        end
    }

    /// The key of an entry.
    pub(super) fn key_path(&mut self) -> Vec<KeyPart<'a>> {
        let first = self.at;
        let path = self.path(false);
        if let [one, .., last] = path.as_slice() {
            self.dialects.push((Dialect::DottedKey, one.1.to(last.1)));
        }
        if path.is_empty() && self.at == first {
            let place = Span::empty(self.token(first).span.start as usize);
            self.report("missing-key", place, "there is no key before `=`");
        }
        path
    }

    /// The key of a header.
    pub(super) fn header_path(&mut self) -> Vec<KeyPart<'a>> {
        self.path(true)
    }

    fn path(&mut self, header: bool) -> Vec<KeyPart<'a>> {
        let mut out = Vec::new();
        loop {
            if self.next().is_key() {
                self.part(&mut out, header);
            } else if self.next() == TomlTokenKind::Dot || !out.is_empty() {
                self.empty_part();
            }
            if self.eat(TomlTokenKind::Dot).is_none() {
                break;
            }
        }
        if out.len() > MAX_DEPTH {
            let span = out.first().map_or(Span::default(), |part| part.1);
            self.report_too_deep(span);
            out.clear();
        }
        out
    }

    fn empty_part(&mut self) {
        let before = self.at.checked_sub(1).map(|at| self.token(at)).filter(|t| t.kind == TomlTokenKind::Dot);
        let dot = before.map_or(self.token(self.at).span, |t| t.span);
        self.report("empty-key", dot, "a name is missing beside this dot")
            .help("remove the dot, or write `\"\"` if the name really is empty");
    }

    /// One part of a key, put behind the others; it may turn out to be the end of a part that began before.
    fn part(&mut self, out: &mut Vec<KeyPart<'a>>, header: bool) {
        let first = self.at;
        let token = self.token(first);
        self.at = self.part_end(first);
        if token.kind.is_string() {
            let text = self.quoted_part(token);
            out.push((text, token.span));
            return;
        }
        let span = self.span(first, self.at);
        let written = span.of(self.text);
        if is_bare(written) {
            out.push((Cow::Borrowed(written), span));
            return;
        }
        self.odd_part(out, span, header);
    }

    fn quoted_part(&mut self, token: TomlToken) -> Cow<'a, str> {
        let (text, _) = string(self.text, token, &mut self.problems, &mut self.dialects);
        let delimiter = match token.kind {
            TomlTokenKind::MlBasic | TomlTokenKind::MlLiteral => 3,
            _ => return text,
        };
        let written = token.span.of(self.text);
        let inner = written.get(delimiter..written.len().saturating_sub(delimiter)).unwrap_or("");
        let quote = quote_for(inner, '"').filter(|_| !inner.contains('\n'));
        let fix = quote.map(|quote| Fix::safe("Use single ones", token.span, format!("{quote}{inner}{quote}")));
        self.report("block-key", token.span, "a key cannot stand in triple quotes")
            .dialect(Dialect::BlockKey)
            .maybe_fix(fix);
        text
    }

    /// A part without quotes that holds what only quoted ones may hold.
    fn odd_part(&mut self, out: &mut Vec<KeyPart<'a>>, span: Span, header: bool) {
        let written = span.of(self.text);
        let text = clean(written);
        let is_reported = self.problems.is_known(span);
        if is_reported && is_bare(&text) {
            out.push((text, span));
        } else if let Some(quote) = text.chars().last().filter(|c| matches!(c, '"' | '\'')) {
            self.missing_quote(out, span, quote);
        } else if header && matches!(written.as_bytes().last(), Some(b'"' | b'\'')) {
            out.push((text, span));
        } else if let Some(sign) = written.strip_suffix([':', '+', '?']).filter(|s| is_bare(s) && !header) {
            self.compound_equals(span, sign.len());
            out.push((Cow::Borrowed(sign), Span::new(span.start as usize, span.start as usize + sign.len())));
        } else if written.contains(['/', ':']) {
            self.address(out, span, header);
        } else {
            self.needs_quotes(span, &text);
            out.push((text, span));
        }
    }

    /// `a:= 1` or `a+= 1`.
    fn compound_equals(&mut self, span: Span, length: usize) {
        let sign = Span::new(span.start as usize + length, span.end as usize);
        let written = sign.of(self.text);
        self.report("wrong-equals", sign, format!("`{written}=` is written `=` in TOML")).fix(Fix::safe(
            "Write `=`",
            sign,
            "",
        ));
    }

    fn needs_quotes(&mut self, span: Span, text: &str) {
        let bad = text.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '.'));
        let message = match bad {
            Some(c) => format!("{} has a `{c}` in it, so it needs quotes", shown(text)),
            None => format!("{} needs quotes", shown(text)),
        };
        let fix = quote_for(text, '"').map(|q| Fix::safe("Quote it", span, format!("{q}{text}{q}")));
        self.report("invalid-key", span, message).maybe_fix(fix);
    }

    /// A part that ends with a quote and has none at its start: the quote belongs before a plugin id, or before the
    /// part.
    fn missing_quote(&mut self, out: &mut Vec<KeyPart<'a>>, span: Span, quote: char) {
        let id = out.iter().rposition(|(text, _)| text == "io");
        let start = id.and_then(|at| out.get(at)).map_or(span, |part| part.1);
        out.truncate(id.unwrap_or(out.len()));
        let all = start.to(span);
        let inner = all.of(self.text).strip_suffix(quote).unwrap_or("");
        out.push((clean(inner), all));
        if self.problems.is_known(all) {
            return;
        }
        let line = line_of(self.text, all.start as usize);
        let before = Span { start: line.start, end: all.start }.of(self.text);
        let after = Span { start: all.start, end: line.end }.of(self.text);
        let message = format!("{} has a closing quote but no opening one", shown(all.of(self.text)));
        let help = format!("write `{}`", format!("{before}{quote}{after}").trim());
        let problem = self.report("missing-quote", all, message).help(help);
        if !inner.contains(quote) {
            problem.fix(Fix::safe("Put a quote before it", Span::empty(all.start as usize), quote));
        }
    }

    /// A host or path without quotes. It goes on over the dots, back to the name of what it is put under.
    fn address(&mut self, out: &mut Vec<KeyPart<'a>>, span: Span, header: bool) {
        if !header {
            let text = clean(span.of(self.text));
            self.needs_quotes(span, &text);
            out.push((text, span));
            return;
        }
        let owner = out.iter().rposition(|(text, _)| matches!(&**text, "host" | "mirrors" | "configs" | "auths"));
        let url = span.of(self.text).contains("://");
        let from = owner.map(|at| at + 1).filter(|_| !url).unwrap_or(out.len());
        let start = out.get(from).map_or(span, |part| part.1);
        out.truncate(from);
        let mut end = span;
        while self.next() == TomlTokenKind::Dot && self.kind(self.at + 1) == TomlTokenKind::Atom {
            let next = self.token(self.at + 1).span;
            if matches!(next.of(self.text), "tls" | "auth" | "header") {
                break;
            }
            self.at = self.part_end(self.at + 1);
            end = self.span(self.at - 1, self.at);
        }
        let all = start.to(end);
        let text = clean(all.of(self.text));
        self.needs_quotes(all, &text);
        out.push((text, all));
    }

    /// A key of several words before `=`, which ends before token `equals`.
    pub(super) fn key_of_words(&mut self, equals: usize) -> Vec<KeyPart<'a>> {
        let last = self.token(equals - 1).span.of(self.text);
        let end = match equals > self.at + 1 && matches!(last, ":" | "+" | "?") {
            true => equals - 1,
            false => equals,
        };
        let span = self.span(self.at, end);
        let text = clean(span.of(self.text));
        if end < equals {
            let sign = self.token(end).span;
            let whole = sign.to(self.token(equals).span);
            self.report("wrong-equals", whole, format!("{} is written `=` in TOML", shown(whole.of(self.text))))
                .fix(Fix::safe("Write `=`", whole, "="));
            if self.path_end(self.at) == end {
                let path = self.key_path();
                self.at = equals;
                return path;
            }
        }
        let words = text.split_whitespace().count();
        let message = match words {
            0 | 1 => format!("{} is not a valid key", shown(&text)),
            _ => format!("{} is not a valid key: with blanks in it, it needs quotes", shown(&text)),
        };
        let quoted = quote_for(&text, '"').map(|q| format!("{q}{text}{q}"));
        let fix = quoted.map(|q| Fix::edit(Applicability::Unsafe, "Quote it", span, q));
        self.report("invalid-key", span, message).maybe_fix(fix);
        self.at = equals;
        vec![(text, span)]
    }

    /// Reports brackets or names that nest deeper than the reader goes.
    pub(super) fn report_too_deep(&mut self, span: Span) {
        self.report("too-deep", span, format!("nested more than {MAX_DEPTH} levels deep"))
            .help("what is inside was not read");
    }
}
