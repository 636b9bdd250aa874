//! systemd units with their drop-ins, and files of `NAME="words"`: sections, directives, and command lines split into words.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{
    Dialect, Document, Entry, Format, MAX_LEN, Map, MapStyle, Node, Problem, Scalar, ScalarKind, Style, Value,
};
use crate::fix::{Applicability, Edit, Fix};
use crate::text::Span;

/// More problems than this help nobody and cost memory.
const MAX_PROBLEMS: usize = 500;

/// Reads a unit file or an environment file. Never fails: see [`Document::problems`].
#[must_use]
pub fn read(text: &str, format: Format) -> Document<'_> {
    let mut reader = Reader {
        text,
        env: format == Format::Env,
        at: 0,
        sections: Vec::new(),
        known: HashMap::new(),
        comments: Vec::new(),
        problems: Vec::new(),
        invisible: Vec::new(),
        has_template: false,
        has_conflict: false,
        no_other_side: false,
        before: None,
    };
    let mut dialects = Vec::new();
    if text.starts_with('\u{feff}') {
        dialects.push((Dialect::ByteOrderMark, Span::new(0, 3)));
        reader.at = 3;
    }
    if text.len() > MAX_LEN {
        let message = format!("the text has more than {} MiB", MAX_LEN >> 20);
        reader.report(problem("too-long", Span::empty(0), message));
    } else {
        reader.lines();
    }
    reader.problems.sort_by_key(|p| (p.span.start, p.span.end));
    Document {
        text,
        format,
        root: root(reader.sections, reader.env),
        more: Vec::new(),
        comments: reader.comments,
        problems: reader.problems,
        dialects,
    }
}

/// The root of all sections; an environment file has one section without a name.
fn root(sections: Vec<Entry<'_>>, env: bool) -> Node<'_> {
    let entries = if env {
        let values = sections.into_iter().map(|s| s.value.value);
        values.flat_map(entries_of).collect()
    } else {
        sections
    };
    let spans = entries.iter().map(|e| e.key_span.to(e.value.span));
    let headers = entries.iter().filter_map(|e| e.value.as_map());
    let headers = headers.flat_map(|m| m.headers.iter().copied());
    match spans.chain(headers).reduce(Span::to) {
        None => Node::missing(0),
        Some(span) => Node { span, value: Value::Map(Map { entries, style: MapStyle::Root, headers: Vec::new() }) },
    }
}

fn entries_of(value: Value<'_>) -> Vec<Entry<'_>> {
    match value {
        Value::Map(map) => map.entries,
        _ => Vec::new(),
    }
}

fn problem(code: &'static str, span: Span, message: impl Into<String>) -> Problem {
    Problem { code, span, message: message.into(), help: None, related: None, fix: None }
}

/// The user's own text for a message: not too long.
fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or("").trim();
    let mut short: String = line.chars().take(40).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}

/// A character of a value together with the place it was read from: an escape stands for one character.
#[derive(Clone, Copy, Debug)]
struct Glyph {
    c: char,
    start: u32,
    end: u32,
}

impl Glyph {
    fn span(self) -> Span {
        Span { start: self.start, end: self.end }
    }
}

fn span_of(glyphs: &[Glyph]) -> Option<Span> {
    Some(glyphs.first()?.span().to(glyphs.last()?.span()))
}

/// A word of a command line.
#[derive(Debug)]
struct Word {
    /// Its text, without the quotes.
    glyphs: Vec<Glyph>,
    /// As written, with the quotes.
    span: Span,
    style: Style,
}

/// Words, and what is wrong with them.
struct Split {
    words: Vec<Word>,
    /// The quote that is never closed.
    unclosed: Option<Glyph>,
    /// Blanks that systemd does not take for blanks.
    invisible: Vec<Glyph>,
}

fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

fn is_invisible(c: char) -> bool {
    !c.is_ascii() && (c.is_whitespace() || is_zero_width(c))
}

/// Splits as systemd does: at blanks outside quotes; quotes may stand anywhere in a word. A template marker is never split.
fn split(glyphs: &[Glyph], escapes: bool) -> Split {
    let mut words = Vec::new();
    let mut unclosed = None;
    let mut invisible = Vec::new();
    let mut i = 0;
    while let Some(glyph) = glyphs.get(i).copied() {
        if glyph.c.is_whitespace() || is_zero_width(glyph.c) {
            if is_invisible(glyph.c) {
                invisible.push(glyph);
            }
            i += 1;
            continue;
        }
        let (word, next, open) = one_word(glyphs, i, escapes);
        unclosed = unclosed.or(open);
        words.push(word);
        i = next.max(i + 1);
    }
    Split { words, unclosed, invisible }
}

/// The word at `start`, where the next one may start, and the quote that it leaves open.
fn one_word(glyphs: &[Glyph], start: usize, escapes: bool) -> (Word, usize, Option<Glyph>) {
    let mut text = Vec::new();
    let mut quote: Option<Glyph> = None;
    let mut quoted = 0;
    let mut i = start;
    while let Some(glyph) = glyphs.get(i).copied() {
        if let Some(end) = marker_end(glyphs, i) {
            text.extend_from_slice(glyphs.get(i..end).unwrap_or(&[]));
            i = end;
            continue;
        }
        let single = quote.is_some_and(|q| q.c == '\'');
        match (glyph.c, quote) {
            ('\\', _) if escapes && !single && i + 1 < glyphs.len() => {
                i += unescape(glyphs, i, &mut text);
                continue;
            }
            (c, Some(open)) if c == open.c => quote = None,
            ('"' | '\'', None) => {
                quote = Some(glyph);
                quoted += 1;
            }
            (c, None) if c.is_whitespace() || is_zero_width(c) => break,
            _ => text.push(glyph),
        }
        i += 1;
    }
    let written = glyphs.get(start..i).unwrap_or(&[]);
    let first = written.first().map(|g| g.c);
    let whole = quoted == 1 && written.len() > 1 && first == written.last().map(|g| g.c);
    let style = match first {
        Some('"') if whole => Style::Double,
        Some('\'') if whole => Style::Single,
        _ => Style::Plain,
    };
    let word = Word { glyphs: text, span: span_of(written).unwrap_or_default(), style };
    (word, i, quote)
}

/// Resolves the escape at `at`; an unknown one stays as it is. Returns how many glyphs it takes.
fn unescape(glyphs: &[Glyph], at: usize, text: &mut Vec<Glyph>) -> usize {
    let (Some(backslash), Some(next)) = (glyphs.get(at), glyphs.get(at + 1)) else {
        return 1;
    };
    let c = match next.c {
        c @ ('"' | '\'' | '\\') => c,
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        's' => ' ',
        _ => {
            text.extend([*backslash, *next]);
            return 2;
        }
    };
    text.push(Glyph { c, start: backslash.start, end: next.end });
    2
}

/// The end of the template marker that starts at glyph `at`.
fn marker_end(glyphs: &[Glyph], at: usize) -> Option<usize> {
    let pair = |i: usize| Some((glyphs.get(i)?.c, glyphs.get(i + 1)?.c));
    let close = match pair(at)? {
        ('{', '{') => ('}', '}'),
        ('{', '%') => ('%', '}'),
        ('<', '%') => ('%', '>'),
        _ => return None,
    };
    // Markers are short; without this bound many open ones would take quadratic time.
    let last = glyphs.len().min(at + 200);
    (at + 2..last).find(|i| pair(*i) == Some(close)).map(|i| i + 2)
}

struct Reader<'a> {
    text: &'a str,
    env: bool,
    at: usize,
    sections: Vec<Entry<'a>>,
    /// Which section has which name.
    known: HashMap<Cow<'a, str>, usize>,
    comments: Vec<Span>,
    problems: Vec<Problem>,
    /// Blanks in command lines that systemd does not take for blanks.
    invisible: Vec<Span>,
    has_template: bool,
    has_conflict: bool,
    /// No conflict marker comes any more that ends a side.
    no_other_side: bool,
    /// Text before the first section.
    before: Option<Span>,
}

impl<'a> Reader<'a> {
    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or("")
    }

    fn report(&mut self, problem: Problem) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = self.slice(from, self.text.len());
        from + rest.find('\n').unwrap_or(rest.len())
    }

    /// The line at `from` without the blanks around it.
    fn trimmed(&self, from: usize) -> Span {
        let line = self.slice(from, self.line_end(from));
        let start = from + line.len() - line.trim_start().len();
        let end = from + line.trim_end().len();
        Span::new(start.min(end), end)
    }

    fn lines(&mut self) {
        // An environment file is one section.
        let mut section = if self.env { Some(self.section("", Span::default())) } else { None };
        while self.at < self.text.len() {
            let line = self.trimmed(self.at);
            let text = line.of(self.text);
            if text.is_empty() || self.comment(line) || self.conflict(line) || self.marker(line) {
                self.at = self.line_end(self.at.max(line.end as usize)) + 1;
            } else if let Some(name) = self.header(line) {
                section = Some(self.section(name, line));
                self.at = self.line_end(self.at) + 1;
            } else {
                self.assignment(line, section);
            }
        }
        self.report_before();
        self.report_invisible();
    }

    /// One problem for all of them: who has one has them on every line.
    fn report_invisible(&mut self) {
        let all = std::mem::take(&mut self.invisible);
        let Some(first) = all.first().copied() else {
            return;
        };
        let c = first.of(self.text).chars().next().unwrap_or(' ');
        let more = match all.len() {
            1 => String::new(),
            n => format!(", and {} more in this file", n - 1),
        };
        let replaced = |span: Span| Edit {
            span,
            text: if span.of(self.text).starts_with(is_zero_width) { "" } else { " " }.into(),
        };
        let fix = Fix {
            title: "Replace invisible characters".into(),
            applicability: Applicability::Unsafe,
            edits: all.iter().map(|s| replaced(*s)).collect(),
        };
        self.report(Problem {
            help: Some(
                "such characters come with text copied from web pages; systemd makes them part of the words".into(),
            ),
            fix: Some(fix),
            ..problem(
                "invisible-character",
                first,
                format!("the character U+{:04X} stands between words{more}", u32::from(c)),
            )
        });
    }

    fn comment(&mut self, line: Span) -> bool {
        let comment = line.of(self.text).starts_with(['#', ';']);
        if comment {
            self.comments.push(line);
        }
        comment
    }

    /// Notes a Git conflict marker; of the two sides the second is skipped.
    fn conflict(&mut self, line: Span) -> bool {
        let text = line.of(self.text);
        let sign = text.chars().next().unwrap_or(' ');
        let signs = text.chars().take_while(|c| *c == sign).count();
        let rest = text.get(7..).unwrap_or("");
        if !"<=>|".contains(sign) || signs != 7 || !(rest.is_empty() || rest.starts_with(' ')) {
            return false;
        }
        if sign == '<' || !self.has_conflict {
            self.has_conflict = true;
            self.report(Problem {
                help: Some("keep one side, and remove the lines with the markers".into()),
                ..problem("conflict-marker", line, "a merge conflict of Git is left in the file")
            });
        }
        if sign == '=' {
            self.skip_other_side(line);
        }
        true
    }

    fn skip_other_side(&mut self, line: Span) {
        if self.no_other_side {
            return;
        }
        let from = line.end as usize;
        let rest = self.slice(from, self.text.len());
        // The caller goes on behind the line at `self.at`.
        match rest.find("\n>>>>>>>") {
            Some(n) => self.at = from + n + 1,
            None => self.no_other_side = true,
        }
    }

    /// Notes the template markers of a line; true if it holds nothing else.
    fn marker(&mut self, line: Span) -> bool {
        let text = line.of(self.text);
        let Some(start) = marker_start(text) else {
            return false;
        };
        self.template(line.start as usize + start, line.end as usize);
        only_markers(text)
    }

    fn template(&mut self, start: usize, line_end: usize) {
        if std::mem::replace(&mut self.has_template, true) {
            return;
        }
        let text = self.slice(start, line_end);
        let len = marker_len(text).unwrap_or(text.len());
        let span = Span::new(start, start + len);
        self.report(Problem {
            help: Some("this is a template: render it first, then check what comes out of it".into()),
            ..problem("template", span, format!("`{}` is a template marker", shown(span.of(self.text))))
        });
    }

    /// The name in a section header.
    fn header(&self, line: Span) -> Option<&'a str> {
        if self.env {
            return None;
        }
        let name = line.of(self.text).strip_prefix('[')?.strip_suffix(']')?;
        (!name.contains(['[', ']', '"'])).then_some(name)
    }

    /// The index of the section; its header is added to those it has.
    fn section(&mut self, name: &'a str, header: Span) -> usize {
        if let Some(i) = self.known.get(name).copied() {
            if let Some(section) = self.sections.get_mut(i) {
                section.value.span = section.value.span.to(header);
                if let Value::Map(map) = &mut section.value.value {
                    map.headers.push(header);
                }
            }
            return i;
        }
        let start = header.start as usize + usize::from(!self.env);
        self.known.insert(Cow::Borrowed(name), self.sections.len());
        self.sections.push(Entry {
            key: Cow::Borrowed(name),
            key_span: Span::new(start, start + name.len()),
            value: Node {
                span: header,
                value: Value::Map(Map { entries: Vec::new(), style: MapStyle::Block, headers: vec![header] }),
            },
        });
        self.sections.len() - 1
    }

    fn report_before(&mut self) {
        let Some(span) = self.before else { return };
        let first = shown(span.of(self.text));
        let message = if self.sections.is_empty() {
            format!("`{first}` stands in no section")
        } else {
            format!("`{first}` stands before the first section")
        };
        self.report(Problem {
            help: Some("systemd ignores what stands before a header such as `[Service]`".into()),
            ..problem("text-before-section", span, message)
        });
    }

    /// Reads one directive or assignment, over all its lines.
    fn assignment(&mut self, line: Span, section: Option<usize>) {
        let start = line.start as usize;
        let text = line.of(self.text);
        let key_len = text.find('=');
        let Some(section) = section else {
            let (_, end) = self.logical(start, false);
            let span = Span::new(start, self.slice(start, end).trim_end().len() + start);
            self.before = Some(self.before.map_or(span, |b| b.to(span)));
            self.at = self.line_end(end) + 1;
            return;
        };
        let Some(key_len) = key_len else {
            self.missing_equals(line);
            let (_, end) = self.logical(start, false);
            self.at = self.line_end(end) + 1;
            return;
        };
        let mut key = text.get(..key_len).unwrap_or("").trim_end();
        let mut key_start = start;
        if let Some(name) = key.strip_prefix("export ").filter(|_| self.env) {
            key_start += key.len() - name.trim_start().len();
            key = name.trim_start();
        }
        let value = start + key_len + 1;
        let key_span = Span::new(key_start, key_start + key.len());
        self.check_name(key, key_span);
        let (node, end) = if self.env { self.env_value(value) } else { self.directive(key, value) };
        self.at = self.line_end(end) + 1;
        let entry = Entry { key: Cow::Borrowed(key), key_span, value: node };
        self.add(section, entry);
    }

    /// A flag at the start of a line has lost the line that it continued.
    fn check_name(&mut self, key: &str, span: Span) {
        let good = if self.env { is_plain_name(key) } else { !key.is_empty() && !key.starts_with(['-', '$']) };
        if good || marker_start(key).is_some() || self.has_template {
            return;
        }
        let what = if self.env { "a variable" } else { "a directive" };
        let (message, help) = if key.is_empty() {
            (format!("`=` stands without the name of {what}"), "write `NAME=value`")
        } else if key.starts_with('-') {
            (
                format!("`{}` cannot be the name of {what}", shown(key)),
                "if it continues the line above, that line must end with a backslash",
            )
        } else {
            (
                format!("`{}` cannot be the name of {what}", shown(key)),
                "names hold letters, digits and underscores, and start with no digit",
            )
        };
        self.report(Problem { help: Some(help.into()), ..problem("bad-name", span, message) });
    }

    fn add(&mut self, section: usize, entry: Entry<'a>) {
        let Some(section) = self.sections.get_mut(section) else {
            return;
        };
        let span = entry.key_span.to(entry.value.span);
        section.value.span = section.value.span.to(span);
        if let Value::Map(map) = &mut section.value.value {
            map.entries.push(entry);
        }
    }

    fn missing_equals(&mut self, line: Span) {
        let text = line.of(self.text);
        if marker_start(text).is_some() || self.problems.len() >= MAX_PROBLEMS {
            return;
        }
        let (message, help) = if self.env && text.starts_with('[') {
            (
                format!("`{}` is a section header, which this file has none of", shown(text)),
                "write `NAME=value`; sections belong into a unit file",
            )
        } else if text.starts_with('-') && !self.env {
            (
                format!("`{}` belongs to no directive", shown(text)),
                "if it continues the line above, that line must end with a backslash",
            )
        } else {
            (
                format!("`{}` has no `=`", shown(text)),
                if self.env { "write `NAME=value`" } else { "write `Name=value`; systemd ignores this line" },
            )
        };
        self.report(Problem { help: Some(help.into()), ..problem("missing-equals", line, message) });
    }

    /// The value of a directive, and where it ends.
    fn directive(&mut self, key: &str, start: usize) -> (Node<'a>, usize) {
        let command = is_command(key);
        let (glyphs, end) = self.logical(start, command);
        let glyphs = trim(&glyphs);
        let empty = self.trimmed(start).start as usize;
        let Some(span) = span_of(glyphs) else {
            let value = if command {
                Value::Seq(Vec::new())
            } else if key == "Environment" {
                Value::Map(Map { style: MapStyle::Inline, ..Map::default() })
            } else {
                Value::Scalar(self.scalar(glyphs, Span::empty(empty), Style::Plain))
            };
            let span = Span::empty(empty);
            return (Node { span, value }, end);
        };
        if !command && key != "Environment" {
            let value = Value::Scalar(self.scalar(glyphs, span, Style::Plain));
            return (Node { span, value }, end);
        }
        let split = split(glyphs, true);
        self.invisible.extend(split.invisible.iter().map(|g| g.span()));
        self.unclosed_quote(split.unclosed, span);
        let value = if command { Value::Seq(self.nodes(split.words)) } else { self.environment(split.words, span) };
        (Node { span, value }, end)
    }

    /// `Environment="A=--x --y" B=1`
    fn environment(&mut self, words: Vec<Word>, span: Span) -> Value<'a> {
        let mut entries: Vec<Entry<'a>> = Vec::new();
        let mut stray: Option<Span> = None;
        for word in words {
            let equals = word.glyphs.iter().position(|g| g.c == '=');
            let equals = equals.filter(|n| is_name(word.glyphs.get(..*n).unwrap_or(&[])));
            match equals {
                Some(n) => entries.push(self.variable(&word, n)),
                None => stray = stray.or(Some(word.span)),
            }
        }
        if let Some(stray) = stray {
            self.stray_word(stray, entries.last(), span);
        }
        Value::Map(Map { entries, style: MapStyle::Inline, headers: Vec::new() })
    }

    fn variable(&self, word: &Word, equals: usize) -> Entry<'a> {
        let name = word.glyphs.get(..equals).unwrap_or(&[]);
        let value = word.glyphs.get(equals + 1..).unwrap_or(&[]);
        let key_span = span_of(name).unwrap_or(word.span);
        let after = word.glyphs.get(equals).map_or(key_span.end, |g| g.end);
        let span = span_of(value).unwrap_or(Span::empty(after as usize));
        Entry {
            key: self.cow(name, key_span),
            key_span,
            value: Node { span, value: Value::Seq(self.nodes(split(value, true).words)) },
        }
    }

    /// A word of `Environment=` that assigns nothing, most often because the quotes are missing.
    fn stray_word(&mut self, stray: Span, before: Option<&Entry<'a>>, value: Span) {
        let word = shown(stray.of(self.text));
        let whole = value.of(self.text);
        let Some(name) = before.map(|e| e.key.to_string()) else {
            self.report(problem(
                "missing-equals",
                stray,
                format!("`{word}` assigns nothing: no `NAME=` in front of it"),
            ));
            return;
        };
        let quotable = !whole.contains(['"', '\'', '\\', '\n']);
        let fix = quotable.then(|| {
            let text = format!("\"{whole}\"");
            Fix::edit(Applicability::Unsafe, "Quote the assignment", value, text)
        });
        self.report(Problem {
            help: Some(format!("put quotes around the whole of `{name}=…`: systemd ends the value at the first blank")),
            fix,
            ..problem(
                "missing-quotes",
                stray,
                format!("`{word}` is not part of `{name}`, which ends at the blank before it"),
            )
        });
    }

    /// The words of `NAME="words"`, and where the assignment ends.
    fn env_value(&mut self, start: usize) -> (Node<'a>, usize) {
        let raw = self.env_glyphs(start);
        let glyphs = trim(&raw.glyphs);
        let empty = self.trimmed(start).start as usize;
        let span = raw.span.unwrap_or(Span::empty(empty));
        let split = split(glyphs, true);
        self.invisible.extend(split.invisible.iter().map(|g| g.span()));
        match raw.unclosed {
            Some(quote) => self.unclosed_quote(Some(quote), span),
            None => self.unclosed_quote(split.unclosed, span),
        }
        let value = Value::Seq(self.nodes(split.words));
        (Node { span, value }, raw.end)
    }

    fn unclosed_quote(&mut self, quote: Option<Glyph>, value: Span) {
        let Some(quote) = quote else { return };
        let span = Span { start: quote.start, ..value };
        let fix = Fix::edit(Applicability::Safe, "Close the quote", Span::empty(value.end as usize), quote.c);
        // A quote inside other quotes cannot be closed behind them.
        let plain = span.of(self.text).matches(['"', '\'']).count() == 1 && !span.of(self.text).ends_with('\\');
        let last = self.slice(value.end as usize, self.text.len()).trim().is_empty();
        let fix = Some(fix).filter(|_| plain).map(|mut fix| {
            if self.env && !last {
                // systemd reads on up to the next quote.
                fix.applicability = Applicability::Unsafe;
            }
            fix
        });
        self.report(Problem {
            related: Some((quote.span(), "opened here")),
            help: Some("add the closing quote".into()),
            fix,
            ..problem("unclosed-quote", span, format!("`{}` is never closed", quote.c))
        });
    }

    fn nodes(&self, words: Vec<Word>) -> Vec<Node<'a>> {
        let node = |word: Word| Node {
            span: word.span,
            value: Value::Scalar(self.scalar(&word.glyphs, word.span, word.style)),
        };
        words.into_iter().map(node).collect()
    }

    fn scalar(&self, glyphs: &[Glyph], span: Span, style: Style) -> Scalar<'a> {
        Scalar { text: self.cow(glyphs, span), kind: ScalarKind::String, style }
    }

    /// The text of the glyphs, borrowed if they stand side by side.
    fn cow(&self, glyphs: &[Glyph], span: Span) -> Cow<'a, str> {
        let written = span_of(glyphs).unwrap_or(span);
        let written = self.slice(written.start as usize, written.end as usize);
        if written.chars().eq(glyphs.iter().map(|g| g.c)) {
            Cow::Borrowed(written)
        } else {
            Cow::Owned(glyphs.iter().map(|g| g.c).collect())
        }
    }

    fn glyphs(&self, start: usize, end: usize, out: &mut Vec<Glyph>) {
        for (i, c) in self.slice(start, end).char_indices() {
            let at = start + i;
            let span = Span::new(at, at + c.len_utf8());
            let (start, end) = (span.start, span.end);
            out.push(Glyph { c, start, end });
        }
    }

    /// The characters from `start` to the end of the logical line, a backslash at a line's end being a blank.
    fn logical(&mut self, start: usize, command: bool) -> (Vec<Glyph>, usize) {
        let mut out = Vec::new();
        let mut from = start;
        loop {
            let end = self.line_end(from);
            let Some(backslash) = self.continuation(from, end, command) else {
                let text = self.slice(from, end).trim_end();
                self.glyphs(from, from + text.len(), &mut out);
                return (out, from + text.len());
            };
            self.glyphs(from, backslash, &mut out);
            let span = Span::new(backslash, end);
            let (start, stop) = (span.start, span.end);
            out.push(Glyph { c: ' ', start, end: stop });
            from = self.past_comments(end + 1);
            if from >= self.text.len() || command && self.swallowed(from, backslash) {
                // The comments in between have been read.
                return (out, from.saturating_sub(1));
            }
            self.note_markers(from);
        }
    }

    fn note_markers(&mut self, from: usize) {
        let line = self.trimmed(from);
        self.marker(line);
    }

    /// Where the backslash is that continues the line. Blanks behind it undo it, which nobody means.
    fn continuation(&mut self, from: usize, end: usize, command: bool) -> Option<usize> {
        let line = self.slice(from, end);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let text = line.trim_end();
        let backslash = text.strip_suffix('\\')?;
        let odd = backslash.len() - backslash.trim_end_matches('\\').len();
        if odd % 2 == 1 {
            return None;
        }
        let at = from + backslash.len();
        if text.len() < line.len() {
            let next = self.trimmed(end + 1).of(self.text);
            if !(command || self.env) || !next.starts_with(['-', '$']) {
                return None;
            }
            self.blanks_after_backslash(Span::new(at + 1, from + line.len()));
        }
        Some(at)
    }

    fn blanks_after_backslash(&mut self, blanks: Span) {
        self.report(Problem {
            help: Some("remove the blanks: only a backslash at the very end continues the line".into()),
            fix: Some(Fix::edit(Applicability::Unsafe, "Remove the blanks", blanks, "")),
            ..problem("blanks-after-backslash", blanks, "blanks behind the backslash end the command here")
        });
    }

    /// Skips comments, and lines of template markers, between the lines of one directive.
    fn past_comments(&mut self, mut from: usize) -> usize {
        while from < self.text.len() {
            let line = self.trimmed(from);
            let text = line.of(self.text);
            if text.is_empty() || !(self.comment(line) || only_markers(text) && self.marker(line)) {
                break;
            }
            from = self.line_end(from) + 1;
        }
        from.min(self.text.len())
    }

    /// A header or directive below a backslash, which systemd takes for a part of the command.
    fn swallowed(&mut self, from: usize, backslash: usize) -> bool {
        let line = self.trimmed(from);
        let text = line.of(self.text);
        let header = text.starts_with('[') && self.header(line).is_some();
        if !header && !is_directive(text) {
            return false;
        }
        let mark = Span::new(backslash, backslash + 1);
        self.report(Problem {
            related: Some((mark, "this backslash")),
            help: Some("remove the backslash at the end of the line above".into()),
            fix: Some(Fix::edit(Applicability::Unsafe, "Remove the backslash", mark, "")),
            ..problem(
                "continued-line",
                line,
                format!("the backslash above makes `{}` a part of the command", shown(text)),
            )
        });
        true
    }

    /// The value of an assignment as systemd reads environment files: quotes only at the start of the value or behind another quoted part.
    fn env_glyphs(&mut self, start: usize) -> EnvValue {
        let mut value = EnvValue { glyphs: Vec::new(), span: None, end: start, unclosed: None };
        let mut quote: Option<Glyph> = None;
        let mut fresh = true;
        let mut at = start;
        while let Some(c) = self.text.get(at..).and_then(|t| t.chars().next()) {
            let span = Span::new(at, at + c.len_utf8());
            let (first, last) = (span.start, span.end);
            let glyph = Glyph { c, start: first, end: last };
            let next = at + c.len_utf8();
            let single = quote.is_some_and(|q| q.c == '\'');
            let skipped =
                if c == '\\' && !single { self.env_escape(at, quote.is_some(), &mut value.glyphs) } else { None };
            if let Some(len) = skipped {
                let escaped = value.glyphs.last().filter(|g| g.start == span.start);
                value.cover(escaped.map_or(span, |g| g.span()));
                at += len;
                fresh = false;
                continue;
            }
            match (c, quote) {
                ('\n', None) => break,
                ('\n', Some(_)) if !self.closes_below(next, quote) => break,
                (_, Some(open)) if open.c == c => {
                    quote = None;
                    fresh = true;
                    value.cover(span);
                }
                ('"' | '\'', None) if fresh => {
                    quote = Some(glyph);
                    value.cover(span);
                }
                _ => {
                    value.glyphs.push(glyph);
                    if !c.is_whitespace() {
                        value.cover(span);
                        fresh = false;
                    }
                }
            }
            at = next;
        }
        value.unclosed = quote;
        value.end = at;
        value
    }

    /// An escape in an environment file: how long it is, if it is one.
    fn env_escape(&mut self, at: usize, quoted: bool, out: &mut Vec<Glyph>) -> Option<usize> {
        let end = self.line_end(at);
        let rest = self.slice(at + 1, end);
        if rest.trim().is_empty() {
            let blanks = rest.strip_suffix('\r').unwrap_or(rest);
            if !blanks.is_empty() {
                let next = self.trimmed(end + 1).of(self.text);
                if !next.starts_with(['-', '$']) {
                    return None;
                }
                self.blanks_after_backslash(Span::new(at + 1, at + 1 + blanks.len()));
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
        let span = Span::new(at, at + 1 + c.len_utf8());
        out.push(Glyph { c, start: span.start, end: span.end });
        Some(1 + c.len_utf8())
    }

    /// Whether a quoted value goes on below: the quote is closed there, before another assignment starts.
    fn closes_below(&self, from: usize, quote: Option<Glyph>) -> bool {
        let Some(quote) = quote else { return false };
        let mut from = from;
        // More lines than this are no value.
        for _ in 0..100 {
            let line = self.slice(from, self.line_end(from));
            let text = line.trim_start();
            let name = text.split('=').next().unwrap_or("");
            let name = name.strip_prefix("export ").unwrap_or(name);
            let assigns = text.contains('=') && is_plain_name(name);
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

/// The value of an assignment in an environment file.
struct EnvValue {
    glyphs: Vec<Glyph>,
    /// From its first to its last character that is no blank, quotes included.
    span: Option<Span>,
    end: usize,
    unclosed: Option<Glyph>,
}

impl EnvValue {
    fn cover(&mut self, span: Span) {
        self.span = Some(self.span.map_or(span, |s| s.to(span)));
    }
}

fn trim(glyphs: &[Glyph]) -> &[Glyph] {
    let blank = |g: &Glyph| g.c.is_whitespace();
    let start = glyphs.iter().position(|g| !blank(g)).unwrap_or(glyphs.len());
    let end = glyphs.iter().rposition(|g| !blank(g)).map_or(start, |n| n + 1);
    glyphs.get(start..end).unwrap_or(&[])
}

/// Whether the directive holds a command line.
fn is_command(key: &str) -> bool {
    key.starts_with("Exec") && !matches!(key, "ExecPaths" | "ExecSearchPath")
}

/// `Restart=always`: what looks like a directive and like no argument.
fn is_directive(text: &str) -> bool {
    let Some((name, _)) = text.split_once('=') else {
        return false;
    };
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_uppercase())
        && chars.next().is_some_and(|c| c.is_ascii_lowercase())
        && chars.all(|c| c.is_ascii_alphanumeric())
}

fn is_name(glyphs: &[Glyph]) -> bool {
    let name: String = glyphs.iter().map(|g| g.c).collect();
    is_plain_name(&name)
}

fn is_plain_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Where the first template marker of a line starts. The `--format '{{ .ID }}'` of a command is none.
fn marker_start(line: &str) -> Option<usize> {
    let starts = ["{{", "{%", "{#", "<%"].iter().filter_map(|m| line.find(m));
    let start = starts.min()?;
    marker_len(line.get(start..)?)?;
    let format = line.get(..start)?;
    (!format.contains("--format") && !format.contains(" -f ")).then_some(start)
}

/// The length of the marker at the start of `text`.
fn marker_len(text: &str) -> Option<usize> {
    let close = match text.get(..2)? {
        "{{" => "}}",
        "{%" => "%}",
        "{#" => "#}",
        "<%" => "%>",
        _ => return None,
    };
    let inner = text.get(2..)?;
    Some(inner.find(close)? + 4)
}

/// Whether a line holds template markers and nothing else.
fn only_markers(line: &str) -> bool {
    let mut rest = line.trim();
    let any = !rest.is_empty();
    while let Some(len) = marker_len(rest) {
        rest = rest.get(len..).unwrap_or("").trim_start();
    }
    any && rest.is_empty()
}
