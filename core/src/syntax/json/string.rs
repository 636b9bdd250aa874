//! Strings: escapes, wrong quotes, missing quotes.

use std::borrow::Cow;

use super::super::{Node, Problem, Scalar, ScalarKind, Style, Value};
use super::{Reader, edit, edits, problem, push_escaped, quoted, shown};
use crate::fix::{Applicability, Edit, Fix};
use crate::text::Span;

/// What a string is for; a key that is never closed ends at its colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Key,
    Value,
}

/// A string as read.
pub(super) struct Quoted<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) span: Span,
    style: Style,
}

/// Where the search for the closing quote ended.
enum End {
    /// At the quote.
    Closed(usize),
    /// At the end of the line or of the text.
    Broken(usize),
}

/// Where a damaged string ends.
struct Repair {
    /// The end of its text.
    text: usize,
    /// Where to go on.
    next: usize,
    problem: Problem,
}

fn is_curly(c: char) -> bool {
    matches!(c, '“' | '”' | '„' | '‟' | '″' | '＂' | '«' | '»' | '‘' | '’' | '‚' | '‛' | '′' | '＇')
}

/// Whether a string may start with `c`, be it JSON or not.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`') || is_curly(c)
}

/// Whether `c` may close a string that `open` opened.
fn closes(open: char, c: char) -> bool {
    c == open || is_curly(open) && is_curly(c)
}

/// A string's text without its escapes, and what is wrong with them.
struct Unescaped {
    text: String,
    /// Raw control characters.
    controls: Vec<Span>,
    /// Raw line ends.
    breaks: Vec<Span>,
    /// A backslash before a sign that needs none.
    needless: Vec<Span>,
    /// A backslash before a letter that makes no escape.
    unknown: Vec<Span>,
    /// `\u` without four digits.
    short: Vec<Span>,
}

/// Resolves the escapes of `raw`, which stands at `base`.
fn unescape(raw: &str, base: usize) -> Unescaped {
    let mut out = Unescaped {
        text: String::with_capacity(raw.len()),
        controls: Vec::new(),
        breaks: Vec::new(),
        needless: Vec::new(),
        unknown: Vec::new(),
        short: Vec::new(),
    };
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        let at = base + raw.len() - rest.len();
        let used = if c == '\\' {
            out.escape(rest, at)
        } else {
            out.plain(c, at);
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
    fn plain(&mut self, c: char, at: usize) {
        let span = Span::new(at, at + c.len_utf8());
        match c {
            '\n' => self.breaks.push(span),
            c if c < ' ' => self.controls.push(span),
            _ => {}
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

impl<'a> Reader<'a> {
    pub(super) fn at_quote(&self) -> bool {
        self.at_quote_at(self.at)
    }

    pub(super) fn at_quote_at(&self, at: usize) -> bool {
        self.char_at(at).is_some_and(is_quote)
    }

    pub(super) fn string_value(&mut self) -> Node<'a> {
        let string = self.string(Role::Value);
        Node {
            span: string.span,
            value: Value::Scalar(Scalar { text: string.text, kind: ScalarKind::String, style: string.style }),
        }
    }

    /// Reads the string that starts here, in whatever quotes.
    pub(super) fn string(&mut self, role: Role) -> Quoted<'a> {
        match self.char_at(self.at) {
            Some('"') => self.double(role),
            Some(open) => self.other_quotes(open, role),
            None => Quoted { text: Cow::Borrowed(""), span: Span::empty(self.at), style: Style::Double },
        }
    }

    fn double(&mut self, role: Role) -> Quoted<'a> {
        let open = self.at;
        let (end, plain) = self.scan(open);
        let repair = match end {
            End::Closed(close) if !self.sticks(close + 1) => {
                return self.clean(open, close, plain);
            }
            End::Closed(close) => self.mend_closed(open, close, role),
            End::Broken(line) => Some(self.mend_broken(open, line, role)),
        };
        match (repair, end) {
            (Some(repair), _) => {
                self.report(repair.problem);
                let text = self.decode(open + 1, repair.text);
                self.token(repair.next);
                let span = Span::new(open, repair.next);
                Quoted { text, span, style: Style::Double }
            }
            (None, End::Closed(close) | End::Broken(close)) => self.clean(open, close, plain),
        }
    }

    fn clean(&mut self, open: usize, close: usize, plain: bool) -> Quoted<'a> {
        let text = if plain { Cow::Borrowed(self.slice(open + 1, close)) } else { self.decode(open + 1, close) };
        let end = (close + 1).min(self.text.len());
        self.token(end);
        Quoted { text, span: Span::new(open, end), style: Style::Double }
    }

    /// Looks for the closing quote; also tells whether the text needs no decoding.
    fn scan(&self, open: usize) -> (End, bool) {
        let mut i = open + 1;
        let mut plain = true;
        loop {
            match self.byte(i) {
                Some(b'"') => return (End::Closed(i), plain),
                None | Some(b'\n') => return (End::Broken(i.min(self.text.len())), plain),
                Some(b'\\') => {
                    plain = false;
                    i += if self.byte(i + 1) == Some(b'\n') { 1 } else { 2 };
                }
                Some(b) => {
                    plain &= b >= b' ';
                    i += 1;
                }
            }
        }
    }

    /// The end of a string for those who only look ahead.
    pub(super) fn past_string(&self, open: usize) -> usize {
        match self.scan(open).0 {
            End::Closed(close) => close + 1,
            End::Broken(line) => line,
        }
    }

    /// The string at `at` as written, for messages.
    pub(super) fn quoted_prefix(&self, at: usize) -> &'a str {
        self.slice(at, self.quoted_end(at).unwrap_or_else(|| self.line_end(at)))
    }

    fn quoted_end(&self, at: usize) -> Option<usize> {
        let open = self.char_at(at).filter(|c| is_quote(*c))?;
        if open == '"' {
            return match self.scan(at).0 {
                End::Closed(close) => Some(close + 1),
                End::Broken(_) => None,
            };
        }
        let start = at + open.len_utf8();
        let line = self.slice(start, self.line_end(start));
        let (i, c) = line.char_indices().find(|(_, c)| closes(open, *c))?;
        Some(start + i + c.len_utf8())
    }

    /// Whether a string and a colon stand at `at`.
    pub(super) fn pair_at(&self, at: usize) -> bool {
        let Some(end) = self.quoted_end(at) else {
            return false;
        };
        let next = self.past_spaces(end);
        matches!(self.char_at(next), Some(':' | '：'))
    }

    /// Whether something stands at `at` that cannot follow a string, so that the quote before it may not be the closing one.
    fn sticks(&self, at: usize) -> bool {
        match self.char_at(at) {
            None => false,
            Some('/') => !matches!(self.byte(at + 1), Some(b'/' | b'*')),
            Some(c) if c.is_ascii() => c.is_ascii_alphanumeric() || "_-.$%@*\\'`+&?!~|^()<>".contains(c),
            Some(c) => c.is_alphanumeric() || is_curly(c),
        }
    }

    /// Whether a string may end before `at`.
    pub(super) fn delimiter_follows(&self, at: usize) -> bool {
        matches!(self.char_at(self.past_spaces(at)), None | Some('\n' | ',' | ':' | ']' | '}' | '，' | '：'))
    }

    /// A string whose closing quote has text right behind it.
    fn mend_closed(&mut self, open: usize, close: usize, role: Role) -> Option<Repair> {
        if let Some(repair) = self.wrong_closing_quote(open, close) {
            return Some(repair);
        }
        if let Some(repair) = self.template_string(open, close) {
            return Some(repair);
        }
        if let Some(repair) = self.escaped_closing_quote(open, close, role) {
            return Some(repair);
        }
        if let Some(repair) = self.unclosed_key(open, close).filter(|_| role == Role::Key) {
            return Some(repair);
        }
        let text = self.slice(open + 1, close);
        if text.trim_end().ends_with([',', '[', '{', ':', ']', '}']) && text.ends_with([' ', ',', '[']) {
            return Some(self.unclosed_at(open, close));
        }
        self.inner_quotes(open, close)
    }

    /// A string that its line does not close.
    fn mend_broken(&mut self, open: usize, line: usize, role: Role) -> Repair {
        if let Some(close) = self.close_below(line, role) {
            return self.line_break(open, close, line);
        }
        if let Some(repair) = self.wrong_closing_quote(open, line) {
            return repair;
        }
        if let Some(repair) = self.escaped_closing_quote(open, line, role) {
            return repair;
        }
        if let Some(repair) = self.unclosed_key(open, line).filter(|_| role == Role::Key) {
            return repair;
        }
        let repair = self.unclosed_at(open, line);
        self.ended |= repair.next >= self.end;
        repair
    }

    /// `"text”`
    fn wrong_closing_quote(&self, open: usize, end: usize) -> Option<Repair> {
        let text = self.slice(open + 1, end);
        let (i, c) = text.char_indices().find(|(i, c)| {
            (is_curly(*c) || matches!(c, '\'' | '`')) && self.delimiter_follows(open + 1 + i + c.len_utf8())
        })?;
        let at = open + 1 + i;
        let span = Span::new(at, at + c.len_utf8());
        let code = if is_curly(c) { "smart-quotes" } else { "single-quotes" };
        Some(Repair {
            text: at,
            next: at + c.len_utf8(),
            problem: Problem {
                related: Some((Span::new(open, open + 1), "opened here")),
                fix: Some(Fix::safe("Write a straight double quote", span, "\"")),
                ..problem(code, span, format!("`{c}` does not close a string that `\"` opened"))
            },
        })
    }

    /// `"{{ default "x" .Name }}"`: quotes inside a template marker.
    fn template_string(&mut self, open: usize, close: usize) -> Option<Repair> {
        let text = self.slice(open + 1, close);
        let start = text.rfind("{{")?;
        let marker = open + 1 + start;
        let end = self.marker_end(marker).filter(|end| *end > close)?;
        let line = self.line_end(end);
        let last = end + self.slice(end, line).find('"')?;
        let span = Span::new(marker, end);
        self.template(span);
        self.noise = false;
        Some(Repair {
            text: last,
            next: last + 1,
            // Thrown away with the other faults of nesting; the marker itself is reported.
            problem: problem("unexpected-text", span, ""),
        })
    }

    /// `"key: value`: the quote behind the key is missing.
    fn unclosed_key(&self, open: usize, end: usize) -> Option<Repair> {
        let text = self.slice(open + 1, end);
        let colon = text.find([':', '='])?;
        let key = text.get(..colon)?;
        // What stands before the colon may stand for the quote.
        let key = key.trim_end_matches(|c: char| c.is_whitespace() || ",;[{".contains(c));
        if key.is_empty() || key.contains(['{', '[', '"']) {
            return None;
        }
        let at = open + 1 + key.len();
        let mut repair = self.unclosed(open, at, Applicability::Safe);
        let damaged = Span::new(at, open + 1 + colon);
        if !damaged.of(self.text).trim().is_empty()
            && let Some(edit) = repair.problem.fix.iter_mut().flat_map(|f| &mut f.edits).next()
        {
            edit.span.end = damaged.end;
            repair.next = open + 1 + colon;
            repair.problem.span.end = damaged.end;
        }
        Some(repair)
    }

    fn unclosed(&self, open: usize, at: usize, trust: Applicability) -> Repair {
        let text = self.slice(open, at);
        let backslashes = text.bytes().rev().take_while(|b| *b == b'\\').count();
        // A last backslash would escape the new quote.
        let end = at - backslashes % 2;
        Repair {
            text: end,
            next: at,
            problem: Problem {
                related: Some((Span::new(open, open + 1), "opened here")),
                help: Some("add the closing quote".into()),
                fix: Some(Fix::edit(trust, "Insert the quote", Span::new(end, at), "\"")),
                ..problem("unclosed-string", Span::new(open, at), format!("`{}` has no closing quote", shown(text)))
            },
        }
    }

    /// The string ends before the commas and brackets that end its line.
    fn unclosed_at(&self, open: usize, end: usize) -> Repair {
        let text = self.slice(open + 1, end);
        let kept = text.trim_end_matches(|c: char| c.is_whitespace() || ",]}".contains(c));
        let cut = text.get(kept.len()..).unwrap_or("");
        let trust =
            if cut.contains([']', '}']) || kept.contains('"') { Applicability::Unsafe } else { Applicability::Safe };
        self.unclosed(open, open + 1 + kept.len(), trust)
    }

    /// `"say "hi" there"`
    fn inner_quotes(&mut self, open: usize, close: usize) -> Option<Repair> {
        if self.budget == 0 {
            return None;
        }
        let line = self.slice(close + 1, self.line_end(close));
        let mut quotes = line.match_indices('"').map(|(i, _)| close + 1 + i);
        let last = quotes.find(|at| self.delimiter_follows(at + 1));
        let paid = last.map_or(line.len(), |last| last - close);
        self.budget = self.budget.saturating_sub(paid);
        let last = last?;
        let span = Span::new(open, last + 1);
        let escaped = self
            .slice(close, last)
            .char_indices()
            .filter(|(_, c)| *c == '"')
            .map(|(i, _)| edit(Span::empty(close + i), "\\"));
        let fix = edits(Applicability::Unsafe, "Escape the quotes inside", escaped.collect());
        Some(Repair {
            text: last,
            next: last + 1,
            problem: Problem {
                help: Some("write `\\\"` for a quote inside a string".into()),
                fix: Some(fix),
                ..problem("inner-quote", span, format!("`{}` has quotes inside", shown(span.of(self.text))))
            },
        })
    }

    /// The closing quote on a later line, if what stands between looks like text and not like JSON.
    fn close_below(&self, line: usize, role: Role) -> Option<usize> {
        let below = self.slice(line, self.text.len());
        let close = line + below.find('"')?;
        let between = self.slice(line + 1, close);
        let own_line = between.rsplit('\n').next().unwrap_or("").trim().is_empty();
        let json = between
            .lines()
            .any(|l| l.trim_start().starts_with(['{', '}', '[', ']', '\'', '“']) || l.contains(['{', '}']));
        let next = self.past_spaces(close + 1);
        let colon = self.byte(next) == Some(b':');
        let closing = self.delimiter_follows(close + 1) && colon == (role == Role::Key);
        let quiet = !own_line || self.byte(next) != Some(b'\n') || between.trim().is_empty();
        (closing && !json && quiet).then_some(close)
    }

    fn line_break(&self, open: usize, close: usize, line: usize) -> Repair {
        Repair {
            text: close,
            next: close + 1,
            problem: Problem {
                related: Some((Span::new(open, open + 1), "opened here")),
                help: Some("put the string on one line; a line end inside it is written `\\n`".into()),
                ..problem(
                    "line-break-in-string",
                    Span::new(line, (line + 1).min(self.text.len())),
                    "a string runs over the end of its line",
                )
            },
        }
    }

    /// `"C:\data\"`: the closing quote is escaped.
    fn escaped_closing_quote(&self, open: usize, end: usize, role: Role) -> Option<Repair> {
        let text = self.slice(open + 1, end);
        let (i, _) = text.match_indices("\\\"").find(|(i, _)| {
            let after = open + 1 + i + 2;
            let colon = self.byte(self.past_spaces(after)) == Some(b':');
            self.delimiter_follows(after) && colon == (role == Role::Key)
        })?;
        let at = open + 1 + i;
        let path = self.slice(open + 1, at).contains('\\');
        let (kept, title, span, text) = if path {
            (at + 1, "Double the backslash", Span::empty(at), "\\")
        } else {
            (at, "Remove the backslash", Span::new(at, at + 1), "")
        };
        Some(Repair {
            text: kept,
            next: at + 2,
            problem: Problem {
                help: Some("write `\\\\` for a backslash".into()),
                fix: Some(Fix::edit(Applicability::Unsafe, title, span, text)),
                ..problem(
                    "bad-escape",
                    Span::new(at, at + 2),
                    "the backslash makes the closing quote part of the string",
                )
            },
        })
    }

    fn decode(&mut self, start: usize, end: usize) -> Cow<'a, str> {
        let raw = self.slice(start, end);
        if !raw.bytes().any(|b| b == b'\\' || b < b' ') {
            return Cow::Borrowed(raw);
        }
        let out = unescape(raw, start);
        self.report_controls(&out.controls);
        self.report_needless(&out.needless);
        self.report_unknown(&out.unknown);
        for span in &out.short {
            self.report(Problem {
                help: Some("write four hexadecimal digits, or `\\\\` for a backslash".into()),
                ..problem("bad-escape", *span, "`\\u` without four hexadecimal digits")
            });
        }
        Cow::Owned(out.text)
    }

    fn report_controls(&mut self, controls: &[Span]) {
        let Some(first) = controls.first().copied() else {
            return;
        };
        let escaped = |span: &Span| {
            let mut text = String::new();
            span.of(self.text).chars().for_each(|c| push_escaped(&mut text, c));
            text
        };
        let changes: Vec<Edit> = controls.iter().map(|s| edit(*s, escaped(s))).collect();
        let name = match first.of(self.text).chars().next() {
            Some('\t') => "a raw tab".to_owned(),
            Some(c) => format!("the control character U+{:04X}", u32::from(c)),
            None => String::new(),
        };
        let help = format!("write it as `{}`", escaped(&first));
        self.report(Problem {
            help: Some(help),
            fix: Some(edits(Applicability::Safe, "Escape it", changes)),
            ..problem("control-character", first, format!("{name} stands in a string"))
        });
    }

    /// `\_`: Markdown escapes that stayed in the text.
    fn report_needless(&mut self, needless: &[Span]) {
        let Some(first) = needless.first().copied() else {
            return;
        };
        let removed = |s: &Span| edit(Span::new(s.start as usize, s.start as usize + 1), "");
        let changes: Vec<Edit> = needless.iter().map(removed).collect();
        let sign = first.of(self.text);
        let message = if sign.len() == 1 {
            "a backslash ends the line, which JSON has no use for".into()
        } else {
            format!("`{sign}` is no escape in JSON")
        };
        self.report(Problem {
            help: Some("remove the backslash".into()),
            fix: Some(edits(Applicability::Safe, "Remove the backslash", changes)),
            ..problem("bad-escape", first, message)
        });
    }

    /// `\d`: most likely a backslash that was meant.
    fn report_unknown(&mut self, unknown: &[Span]) {
        let Some(first) = unknown.first().copied() else {
            return;
        };
        let doubled = |s: &Span| edit(Span::empty(s.start as usize), "\\");
        let changes: Vec<Edit> = unknown.iter().map(doubled).collect();
        self.report(Problem {
            help: Some("write `\\\\` for a backslash".into()),
            fix: Some(edits(Applicability::Unsafe, "Double the backslash", changes)),
            ..problem("bad-escape", first, format!("`{}` is no escape in JSON", first.of(self.text)))
        });
    }

    /// A string in other quotes than JSON's. Its escapes are the other language's: the fix writes them anew.
    fn other_quotes(&mut self, open: char, role: Role) -> Quoted<'a> {
        let start = self.at;
        let inner = start + open.len_utf8();
        let style = if matches!(open, '\'' | '`') { Style::Single } else { Style::Double };
        let Some((end, next)) = self.other_close(open, inner) else {
            if self.byte(self.past_spaces(inner)) == Some(b'"') {
                return self.stray_quote(start, inner, role);
            }
            return self.other_unclosed(start, inner, style, role);
        };
        let raw = self.slice(inner, end);
        let text: Cow<'a, str> =
            if raw.contains('\\') { Cow::Owned(unescape(raw, inner).text) } else { Cow::Borrowed(raw) };
        let span = Span::new(start, next);
        let (code, what) = match open {
            '\'' => ("single-quotes", "single quotes"),
            '`' => ("single-quotes", "backticks"),
            _ => ("smart-quotes", "typographic quotes"),
        };
        self.report(Problem {
            help: Some("JSON takes straight double quotes only".into()),
            fix: Some(Fix::safe("Use double quotes", span, quoted(&text))),
            ..problem(code, span, format!("`{}` stands in {what}", shown(span.of(self.text))))
        });
        self.token(next);
        Quoted { text, span, style }
    }

    /// The closing quote: one that something can follow, else the first one.
    fn other_close(&mut self, open: char, inner: usize) -> Option<(usize, usize)> {
        let line = self.slice(inner, self.line_end(inner));
        let mut first = None;
        let mut escaped = false;
        for (i, c) in line.char_indices() {
            let after = inner + i + c.len_utf8();
            if first.is_some() {
                self.budget = self.budget.saturating_sub(1);
                if self.budget == 0 {
                    return first;
                }
            }
            let other = c == '"' && is_curly(open);
            if !escaped && (closes(open, c) || other) {
                if self.delimiter_follows(after) {
                    return Some((inner + i, after));
                }
                first = first.or(Some((inner + i, after)));
            }
            escaped = c == '\\' && !escaped;
        }
        first
    }

    /// `'"text"`
    fn stray_quote(&mut self, start: usize, inner: usize, role: Role) -> Quoted<'a> {
        let span = Span::new(start, inner);
        self.report(Problem {
            fix: Some(Fix::safe("Remove the quote", span, "")),
            ..problem("unexpected-text", span, format!("`{}` stands in front of a string", span.of(self.text)))
        });
        self.at = self.past_spaces(inner);
        self.double(role)
    }

    fn other_unclosed(&mut self, start: usize, inner: usize, style: Style, role: Role) -> Quoted<'a> {
        let line = self.line_end(inner);
        let text = self.slice(inner, line);
        let colon = text.find(':').filter(|_| role == Role::Key);
        let text = text.get(..colon.unwrap_or(text.len())).unwrap_or("");
        let stop = text.find('"').filter(|i| self.delimiter_follows(inner + i + 1));
        let (end, next) = match stop {
            Some(i) => (inner + i, inner + i + 1),
            None => {
                let cut = |c: char| c.is_whitespace() || ",]}".contains(c);
                let end = inner + text.trim_end_matches(cut).len();
                (end, end)
            }
        };
        let text = self.slice(inner, end);
        let span = Span::new(start, next);
        let trust = if stop.is_some() { Applicability::Safe } else { Applicability::Unsafe };
        self.report(Problem {
            help: Some("JSON takes straight double quotes, one on either side".into()),
            fix: Some(Fix::edit(trust, "Use double quotes", span, quoted(text))),
            ..problem(
                if stop.is_some() { "single-quotes" } else { "unclosed-string" },
                span,
                format!("`{}` has no closing quote", shown(span.of(self.text))),
            )
        });
        self.ended |= next >= self.end;
        self.token(next);
        Quoted { text: Cow::Borrowed(text), span, style }
    }
}
