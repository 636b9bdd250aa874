//! Strings whose quotes are of another kind, or left open. Each function returns the byte at which to lex on.

use super::lexer::{TomlLexer, TomlTokenKind};
use crate::fix::{Applicability, Edit, Fix};
use crate::syntax::problems::shown;
use crate::syntax::recover::characters::{is_double_quote, is_single_quote};
use crate::text::Span;

/// Quotes of another kind around a key or value.
struct OtherQuotes {
    code: &'static str,
    open: usize,
    /// The quote to write instead.
    plain: char,
    is_close: fn(char) -> bool,
    /// Whether a backslash must stand before the closing one too.
    escaped: bool,
}

impl OtherQuotes {
    /// The quotes that `text` starts with, unless they are those of TOML.
    fn at(text: &str) -> Option<Self> {
        let mut chars = text.chars();
        let first = chars.next()?;
        let smart =
            |plain, is_close| Self { code: "smart-quotes", open: first.len_utf8(), plain, is_close, escaped: false };
        let found = match first {
            c if is_double_quote(c) => smart('"', |c| is_double_quote(c) || c == '"'),
            c if is_single_quote(c) => smart('\'', |c| is_single_quote(c) || c == '\''),
            '`' if !text.starts_with("```") => smart('"', |c| c == '`'),
            '\\' => match chars.next()? {
                '"' => Self { code: "escaped-quotes", open: 2, escaped: true, ..smart('"', |c| c == '"') },
                '\'' => Self { code: "escaped-quotes", open: 2, escaped: true, ..smart('\'', |c| c == '\'') },
                _ => return None,
            },
            _ => return None,
        };
        Some(found)
    }

    /// Where the text between the quotes ends, and the length of the closing quote.
    fn close(&self, body: &str) -> Option<(usize, usize)> {
        let mut before = '\0';
        for (at, c) in body.char_indices() {
            if (self.is_close)(c) && (before == '\\') == self.escaped {
                let slash = usize::from(self.escaped);
                return Some((at - slash, c.len_utf8() + slash));
            }
            before = c;
        }
        None
    }
}

/// The quote in which `inner` keeps its meaning: `first` if it can.
pub(super) fn quote_for(inner: &str, first: char) -> Option<char> {
    let fits = |quote: char| match quote {
        '"' => !inner.contains(['"', '\\']),
        _ => !inner.contains('\''),
    };
    let other = if first == '"' { '\'' } else { '"' };
    [first, other].into_iter().find(|q| fits(*q))
}

/// A key or value in quotes of another kind.
pub(super) fn quoted(lexer: &mut TomlLexer<'_, '_>, start: usize, word: &str) -> Option<usize> {
    let quotes = OtherQuotes::at(word)?;
    let body = start + quotes.open;
    let line = lexer.text.get(body..lexer.line_end(start))?;
    let (length, close) = quotes.close(line)?;
    let inner = line.get(..length)?;
    let span = Span::new(start, body + length + close);
    let message = match quotes.code {
        "escaped-quotes" => "quotes around a key or value take no backslash".to_owned(),
        _ if word.starts_with('`') => "backticks are not quotes in TOML".to_owned(),
        _ => format!("{} has typographic quotes, which are not quotes in TOML", shown(span.of(lexer.text))),
    };
    let fix = quote_for(inner, quotes.plain).map(|quote| {
        let text = quote.to_string();
        Fix::new(
            Applicability::Safe,
            format!("Use plain quotes `{quote}`"),
            vec![
                Edit::new(Span::new(start, body), text.clone()),
                Edit::new(Span::new(body + length, body + length + close), text),
            ],
        )
    });
    lexer.report(quotes.code, span, message).maybe_fix(fix);
    lexer.push_quoted(TomlTokenKind::Repaired, span, (quotes.open as u8, close as u8));
    Some(span.end as usize)
}

/// A string on one line without its closing quote.
pub(super) fn string(lexer: &mut TomlLexer<'_, '_>, start: usize, end: usize) -> usize {
    let text = lexer.text.get(start..end).unwrap_or("").trim_end();
    let quote = if text.starts_with('"') { '"' } else { '\'' };
    if let Some(end) = closed_by_other(lexer, start, text, quote).or_else(|| over_lines(lexer, start, end, quote)) {
        return end;
    }
    let before = lexer.text.get(lexer.line..start).unwrap_or("");
    let header = before.trim_start().starts_with('[');
    if is_doubled(lexer, start, quote) {
        let span = Span::new(start, start + 1);
        lexer.report("doubled-quote", span, "a quote too many behind the end of this string").fix(Fix::safe(
            "Remove the quote",
            span,
            "",
        ));
        return span.end as usize;
    }
    let (kept, comment) = kept_part(text, header, lexer.open > 0);
    let span = Span::new(start, start + kept.len());
    let end = span.end as usize;
    lexer.push_quoted(TomlTokenKind::Repaired, span, (1, 0));
    let (message, help) = match header {
        true => {
            let after = lexer.text.get(end..lexer.line_end(end)).unwrap_or("");
            let whole = format!("{before}{kept}{quote}{after}");
            ("a quote is opened in this header and never closed".to_owned(), format!("write `{}`", whole.trim()))
        }
        false => (format!("the string {} is never closed", shown(kept)), format!("put `{quote}` at its end")),
    };
    let trust = if comment { Applicability::Unsafe } else { Applicability::Safe };
    let fix = Fix::edit(trust, "Close the string", Span::empty(end), quote);
    lexer.report("unclosed-string", span, message).help(help).fix(fix);
    lexer.problems.silence(span);
    end
}

/// Whether a quote stands right behind the end of a string in the same quotes, and none follows on the line.
fn is_doubled(lexer: &mut TomlLexer<'_, '_>, start: usize, quote: char) -> bool {
    let line_end = lexer.line_end(start);
    let rest = lexer.text.get(start + 1..line_end).unwrap_or("");
    let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
    let ends_here = rest.trim_start_matches([']', '}', ',', ' ', '\t', '\r']).is_empty();
    let head = lexer.text.get(lexer.line..start).unwrap_or("");
    // Two quotes alone are an empty string.
    ends_here
        && head.ends_with(quote)
        && !head.strip_suffix(quote).is_some_and(|head| head.ends_with([quote, '=', '[', '.', ' ', ',']))
}

/// A string that goes on below, to a line which only ends it.
fn over_lines(lexer: &mut TomlLexer<'_, '_>, start: usize, end: usize, quote: char) -> Option<usize> {
    const MOST: usize = 20;
    let mut at = end + 1;
    let mut lines = lexer.text.get(at..)?.split_inclusive('\n').take(MOST);
    let last = lines.find(|line| {
        let goes_on = !line.contains(quote) && !line.trim().is_empty() && !is_statement(line);
        at += if goes_on { line.len() } else { 0 };
        !goes_on
    })?;
    let length = last.trim_end().strip_suffix(quote)?.len();
    if last.get(..length)?.contains(quote) || is_statement(last) || start == lexer.line {
        return None;
    }
    let span = Span::new(start, at + length + 1);
    let block = quote.to_string().repeat(3);
    let edit = |start, end| Edit::new(Span::new(start, end), block.clone());
    let fix = Fix::new(
        Applicability::Safe,
        format!("Use {block}"),
        vec![edit(start, start + 1), edit(at + length, at + length + 1)],
    );
    lexer.report("multiline-string", span, "a string over several lines needs triple quotes").fix(fix);
    lexer.push_quoted(TomlTokenKind::Repaired, span, (1, 1));
    lexer.line = at;
    Some(span.end as usize)
}

/// A string whose last quote is of another kind, or taken as escaped.
fn closed_by_other(lexer: &mut TomlLexer<'_, '_>, start: usize, text: &str, quote: char) -> Option<usize> {
    let body = text.get(1..)?;
    let (length, close) = other_close(body, quote)?;
    let inner = body.get(..length)?;
    let span = Span::new(start, start + 1 + length + close);
    let closing = Span::new(start + 1 + length, span.end as usize);
    let last = closing.of(lexer.text);
    let replaced = |quote: char| {
        let edits = [Span::new(start, start + 1), closing].map(|span| Edit::new(span, quote.to_string()));
        Fix::new(Applicability::Safe, format!("Use `{quote}` on both sides"), edits.into())
    };
    match last {
        "\"" if quote == '"' => {
            let fix = (!inner.contains('\'')).then(|| replaced('\''));
            lexer
                .report("unclosed-string", span, r#"`\"` is an escaped quote, so this string has no end"#)
                .help("in single quotes, backslashes mean themselves")
                .maybe_fix(fix)
        }
        "\"" | "'" => lexer
            .report("mismatched-quotes", span, format!("the string opens with `{quote}` and closes with `{last}`"))
            .maybe_fix(quote_for(inner, quote).map(replaced)),
        _ => lexer
            .report(
                "smart-quotes",
                span,
                format!("the closing quote `{last}` is typographic, which is not a quote in TOML"),
            )
            .maybe_fix(quote_for(inner, quote).map(replaced)),
    };
    lexer.push_quoted(TomlTokenKind::Repaired, span, (1, close as u8));
    Some(span.end as usize)
}

/// Where a string ends that has its own quote not at all; with the length of what closes it instead.
fn other_close(body: &str, quote: char) -> Option<(usize, usize)> {
    let is_smart = if quote == '"' { is_double_quote } else { is_single_quote };
    if let Some((at, c)) = body.char_indices().find(|(_, c)| is_smart(*c)) {
        return Some((at, c.len_utf8()));
    }
    // In front of what may follow a value; `"\"` alone is just an open string.
    let tail = body.trim_end_matches([',', ']', '}', ' ', '\t']);
    let other = if quote == '"' { '\'' } else { '"' };
    let escaped = quote == '"' && tail.len() > 2 && tail.ends_with("\\\"");
    let mixed = tail.ends_with(other) && tail.matches(other).count() == 1 && tail.len() > 1;
    (escaped || mixed).then(|| (tail.len() - 1, 1))
}

/// How far an open string goes most likely, and whether a comment was cut off, which may have been part of it.
fn kept_part(text: &str, header: bool, inside: bool) -> (&str, bool) {
    let kept = match text.find(" #") {
        Some(comment) if comment > 0 => text.get(..comment).unwrap_or(text).trim_end(),
        _ => text,
    };
    let comment = kept.len() < text.len();
    if let Some(id) = kept.get(1..).and_then(plugin_id).filter(|_| header) {
        return (kept.get(..1 + id.len()).unwrap_or(kept), comment);
    }
    match header || inside {
        true => (kept.trim_end_matches([',', ']', '}', ' ', '\t']), comment),
        false => (kept, comment),
    }
}

/// The plugin id at the start of `text`: `io.containerd.`, a kind, `v` with a number, a name.
fn plugin_id(text: &str) -> Option<&str> {
    text.strip_prefix("io.containerd.")?;
    let mut end = 0;
    let mut last_is_version = false;
    for part in text.split(['.', ']']) {
        end += part.len();
        if last_is_version {
            return text.get(..end);
        }
        let digits = part.strip_prefix('v').unwrap_or("");
        last_is_version = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        end += 1;
    }
    None
}

/// Where a text in triple quotes ends that should have been closed: before the first line that looks like TOML.
pub(super) fn block_end(text: &str, start: usize, end: usize) -> usize {
    let mut at = start;
    let lines = text.get(start..end).unwrap_or("").split_inclusive('\n');
    for (number, line) in lines.enumerate() {
        if number > 0 && is_statement(line) {
            return at;
        }
        at += line.len();
    }
    end
}

fn is_statement(line: &str) -> bool {
    let line = line.trim();
    let name = line.trim_start_matches('[');
    let is_header = line.starts_with('[') && line.ends_with(']') && name.starts_with(|c: char| c.is_ascii_alphabetic());
    is_header || is_entry(line)
}

/// Whether a line reads `key = …`.
pub(super) fn is_entry(line: &str) -> bool {
    let key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\'' | '/' | ':');
    let line = line.trim_start();
    let rest = line.trim_start_matches(key);
    rest.len() < line.len() && rest.trim_start().starts_with('=')
}
