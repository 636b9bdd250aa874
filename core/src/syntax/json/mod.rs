//! JSON as Go's `encoding/json` takes it, which is strictly. Every deviation is a problem; the rest is read all the same.

mod blank;
pub mod go;
mod nest;
mod string;
mod word;

use std::cell::Cell;

use super::{Dialect, Document, Format, MAX_LEN, Map, MapStyle, Node, Problem, Value};
use crate::fix::{Applicability, Edit, Fix};
use crate::text::Span;

/// More problems than this help nobody and cost memory.
const MAX_PROBLEMS: usize = 500;

/// Reads JSON. Never fails: see [`Document::problems`].
#[must_use]
pub fn read(text: &str) -> Document<'_> {
    let mut reader = Reader::new(text);
    let root = if text.len() > MAX_LEN {
        reader.too_long();
        Node::missing(0)
    } else {
        reader.document()
    };
    reader.finish(root)
}

/// A bracket that waits for its closing one.
#[derive(Clone, Copy, Debug)]
struct Open {
    at: usize,
    close: u8,
    /// False for the object around members that stand without braces.
    written: bool,
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// The end of the last token.
    prev: usize,
    open: Vec<Open>,
    comments: Vec<Span>,
    problems: Vec<Problem>,
    dialects: Vec<(Dialect, Span)>,
    /// Characters outside strings that look like nothing.
    invisible: Vec<Span>,
    /// A template or conflict marker came since the last value: commas around it prove nothing.
    noise: bool,
    has_template: bool,
    has_conflict: bool,
    /// Why the text ends here has been said.
    ended: bool,
    /// The text ends behind a key without its value.
    half: bool,
    /// Bytes that may still be spent on looking ahead, so that no text takes quadratic time.
    budget: usize,
    /// The line last asked for, from where it was asked for.
    line: Cell<(usize, usize)>,
    /// Where the text ends but for blanks.
    end: usize,
}

fn problem(code: &'static str, span: Span, message: impl Into<String>) -> Problem {
    Problem { code, span, message: message.into(), help: None, related: None, fix: None }
}

/// The user's own text for a message: its first line, not too long.
fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or("").trim();
    let mut short: String = line.chars().take(40).collect();
    if short.len() < line.len() || line.len() < text.trim_end().len() {
        short.push('…');
    }
    short
}

/// `text` as a JSON string.
fn quoted(text: &str) -> String {
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

fn edits(applicability: Applicability, title: &str, edits: Vec<Edit>) -> Fix {
    Fix { title: title.into(), applicability, edits }
}

fn edit(span: Span, text: impl Into<String>) -> Edit {
    Edit { span, text: text.into() }
}

/// Faults of nesting, which a template explains better than we could.
fn is_structural(code: &str) -> bool {
    matches!(
        code,
        "unclosed-object"
            | "unclosed-array"
            | "mismatched-bracket"
            | "unopened-bracket"
            | "missing-value"
            | "missing-key"
            | "missing-braces"
            | "missing-colon"
            | "unexpected-colon"
            | "unexpected-text"
            | "leading-text"
            | "trailing-text"
            | "second-document"
            | "object-for-list"
            | "list-for-object"
            | "not-json"
            | "unclosed-string"
    )
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            prev: 0,
            open: Vec::new(),
            comments: Vec::new(),
            problems: Vec::new(),
            dialects: Vec::new(),
            invisible: Vec::new(),
            noise: false,
            has_template: false,
            has_conflict: false,
            ended: false,
            half: false,
            budget: 16 * text.len() + 4096,
            line: Cell::new((1, 0)),
            end: text.trim_end().len(),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.byte(self.at)
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or("")
    }

    fn at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// Goes on behind a token.
    fn token(&mut self, end: usize) {
        self.at = end;
        self.prev = end;
        self.noise = false;
    }

    /// Goes on behind a comma or colon, which leaves the doubt about commas as it is.
    fn mark(&mut self, end: usize) {
        self.at = end;
        self.prev = end;
    }

    fn report(&mut self, problem: Problem) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    /// The end of the line; remembered, since a file may be one long line.
    fn line_end(&self, from: usize) -> usize {
        let (start, end) = self.line.get();
        if (start..=end).contains(&from) {
            return end;
        }
        let rest = self.bytes.get(from..).unwrap_or(&[]);
        let end = from + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
        self.line.set((from, end));
        end
    }

    /// The first place from `from` on that is no blank of this line.
    fn past_spaces(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or(&[]);
        let blanks = |b: &u8| !matches!(b, b' ' | b'\t' | b'\r');
        from + rest.iter().position(blanks).unwrap_or(rest.len())
    }

    /// How far `at` is indented, if only blanks stand before it on its line.
    fn column(&self, at: usize) -> Option<usize> {
        let before = self.bytes.get(..at)?;
        let blanks = before.iter().rev().take_while(|b| matches!(b, b' ' | b'\t'));
        let column = blanks.count();
        let start = at - column;
        (start == 0 || self.byte(start - 1) == Some(b'\n')).then_some(column)
    }

    /// `needle` from `from` on, within the budget.
    fn find(&mut self, from: usize, needle: &str) -> Option<usize> {
        if self.budget == 0 {
            return None;
        }
        let rest = self.text.get(from..)?;
        let found = rest.find(needle);
        self.budget = self.budget.saturating_sub(found.unwrap_or(rest.len()));
        found.map(|n| from + n)
    }

    fn too_long(&mut self) {
        let message = format!("the text has more than {} MiB", MAX_LEN >> 20);
        self.report(problem("too-long", Span::empty(0), message));
    }

    fn finish(mut self, root: Node<'a>) -> Document<'a> {
        self.report_invisible();
        if self.has_template {
            self.problems.retain(|p| !is_structural(p.code));
        }
        self.problems.sort_by_key(|p| (p.span.start, p.span.end));
        Document {
            text: self.text,
            format: Format::Json,
            root,
            more: Vec::new(),
            comments: self.comments,
            problems: self.problems,
            dialects: self.dialects,
        }
    }

    fn document(&mut self) -> Node<'a> {
        if self.text.starts_with('\u{feff}') {
            self.dialects.push((Dialect::ByteOrderMark, Span::new(0, 3)));
            self.at = 3;
        }
        if self.html() {
            return Node::missing(self.at);
        }
        let fenced = self.fence();
        self.blanks();
        if self.at_end() {
            return Node::missing(self.at);
        }
        let root = self.root();
        self.blanks();
        if fenced && self.slice(self.at, self.text.len()).trim_end() == "```" {
            self.at = self.text.len();
        }
        if self.at_end() {
            return root;
        }
        self.trailing(root)
    }

    fn root(&mut self) -> Node<'a> {
        if let Some(what) = self.foreign() {
            return self.not_json(what);
        }
        if self.pair_at(self.at) {
            return self.members();
        }
        if matches!(self.peek(), Some(b'{' | b'[')) || self.at_quote() || self.at_literal() {
            return self.value();
        }
        self.leading_text()
    }

    fn html(&mut self) -> bool {
        let start = self.at + self.slice(self.at, self.text.len()).len()
            - self.slice(self.at, self.text.len()).trim_start().len();
        let is = |tag: &str| self.text.get(start..start + tag.len()).is_some_and(|t| t.eq_ignore_ascii_case(tag));
        if !is("<!doctype") && !is("<html") && !is("<?xml") {
            return false;
        }
        let line = self.line_end(start);
        let end = start + self.slice(start, line).trim_end().len();
        self.report(Problem {
            help: Some("this is what a download of the wrong address gives, such as the page of the file instead of its raw text".into()),
            ..problem("html", Span::new(start, end), "this is a web page, not JSON")
        });
        true
    }

    /// Skips the "```json" of a Markdown code block that was copied along.
    fn fence(&mut self) -> bool {
        let start = self.at + self.bytes.get(self.at..).unwrap_or(&[]).len()
            - self.slice(self.at, self.text.len()).trim_start().len();
        if !self.slice(start, self.text.len()).starts_with("```") {
            return false;
        }
        let end = self.line_end(start);
        let mut removed = vec![edit(Span::new(start, (end + 1).min(self.text.len())), "")];
        let kept = self.text.trim_end().len();
        if kept >= end + 3 && self.slice(kept - 3, kept) == "```" {
            removed.push(edit(Span::new(kept - 3, kept), ""));
        }
        let fix = edits(Applicability::Safe, "Remove the code fence", removed);
        self.report(Problem {
            help: Some("copy only what stands between the fences".into()),
            fix: Some(fix),
            ..problem(
                "markdown-fence",
                Span::new(start, start + 3),
                "the file starts with the code fence of a Markdown text",
            )
        });
        self.at = end;
        true
    }

    /// Which other format the text looks like.
    fn foreign(&self) -> Option<&'static str> {
        let line = self.slice(self.at, self.line_end(self.at)).trim_end();
        if line == "---" || line.starts_with("--- ") || line.starts_with("- ") {
            return Some("YAML");
        }
        let name = line.len() - line.trim_start_matches(|c: char| c.is_alphanumeric() || "_-./".contains(c)).len();
        let after = line.get(name..).unwrap_or("").trim_start();
        if name > 0 && (after == ":" || after.starts_with(": ")) {
            return Some("YAML");
        }
        if name > 0 && after.starts_with('=') && !line.ends_with('{') {
            return Some("TOML");
        }
        let header = line.strip_prefix('[')?.strip_suffix(']')?;
        let header = header.trim_start_matches('[').trim_end_matches(']');
        let bare = header.starts_with(|c: char| c.is_alphabetic())
            && !header.contains([',', '{'])
            && !word::is_literal(header);
        bare.then_some("TOML")
    }

    fn not_json(&mut self, what: &str) -> Node<'a> {
        let start = self.at;
        let line = self.slice(start, self.line_end(start)).trim_end();
        self.report(problem(
            "not-json",
            Span::new(start, start + line.len()),
            format!("this looks like {what}, not JSON"),
        ));
        self.at = self.text.len();
        Node::missing(start)
    }

    /// Text where the first value should be. A shell line such as `cat > daemon.json <<EOF` is skipped.
    fn leading_text(&mut self) -> Node<'a> {
        let start = self.at;
        let mut line = start;
        while line < self.text.len() {
            let next = self.line_end(line) + 1;
            let first = self.past_spaces(next);
            if matches!(self.byte(first), Some(b'{' | b'[')) {
                return self.after_leading_text(start, first);
            }
            line = next;
        }
        let line = self.slice(start, self.line_end(start)).trim_end();
        self.report(Problem {
            help: Some("JSON configuration starts with `{`".into()),
            ..problem("not-json", Span::new(start, start + line.len()), format!("`{}` is not JSON", shown(line)))
        });
        self.at = self.text.len();
        Node::missing(start)
    }

    fn after_leading_text(&mut self, start: usize, first: usize) -> Node<'a> {
        let text = self.slice(start, first).trim_end();
        self.at = first;
        let root = self.value();
        let mut removed = vec![edit(Span::new(start, first), "")];
        // The `EOF` below belongs to the same copied command.
        let below = self.slice(self.at, self.text.len()).trim_end().len();
        if below > 0 {
            removed.push(edit(Span::new(self.at, self.at + below), ""));
        }
        self.at = self.text.len();
        self.report(Problem {
            help: Some("the file must start with `{`".into()),
            fix: Some(edits(Applicability::Unsafe, "Remove the text around the object", removed)),
            ..problem(
                "leading-text",
                Span::new(start, start + text.len()),
                format!("`{}` stands before the first bracket", shown(text)),
            )
        });
        root
    }

    /// Members without the braces around them.
    fn members(&mut self) -> Node<'a> {
        let start = self.at;
        let body = self.body(Open { at: start, close: b'}', written: false });
        let first = body.entries.first().map_or(start..start, |e| e.key_span.range());
        let mut changes = vec![edit(Span::empty(start), "{\n")];
        let message = if body.close.is_some() {
            "the opening `{` is missing"
        } else {
            changes.extend(body.commas.iter().map(|c| edit(*c, "")));
            changes.push(edit(Span::empty(self.prev.max(start)), "\n}"));
            "the braces around the keys are missing"
        };
        self.report(Problem {
            help: Some("put `{` before the first key and `}` behind the last value".into()),
            fix: Some(edits(Applicability::Safe, "Add the braces", changes)),
            ..problem("missing-braces", Span::new(first.start, first.end), message)
        });
        let end = self.end_of(&body.entries, start);
        let end = body.close.map_or(end, |c| c + 1);
        Node {
            span: Span::new(start, end),
            value: Value::Map(Map { entries: body.entries, style: MapStyle::Root, headers: Vec::new() }),
        }
    }

    /// Text after the first value. Docker 20.10 ignores it; later releases and the kubelet do not.
    fn trailing(&mut self, mut root: Node<'a>) -> Node<'a> {
        let start = self.at;
        let text = self.slice(start, self.text.len()).trim_end();
        let span = Span::new(start, start + text.len());
        self.dialects.push((Dialect::TrailingText, span));
        let next = self.past_commas(start);
        if self.pair_at(next) && matches!(root.value, Value::Map(_)) {
            self.closed_too_early(span, next, &mut root);
            return root;
        }
        if text.starts_with(['{', '[']) {
            self.report(Problem {
                related: Some((root.span, "the first one")),
                help: Some("a file holds one value: merge the two".into()),
                ..problem("second-document", span, "a second value follows the first one")
            });
        } else {
            self.trailing_text(span, text);
        }
        self.at = self.text.len();
        root
    }

    fn trailing_text(&mut self, span: Span, text: &str) {
        let closers = text.chars().all(|c| "}]".contains(c) || c.is_whitespace());
        let noise = closers || matches!(text, "," | ";" | "EOF" | "EOL" | "END" | "```");
        // Brackets may be too many because of another fault.
        let trust = if closers && !self.problems.is_empty() { Applicability::Unsafe } else { Applicability::Safe };
        let message = if closers {
            format!("`{}` closes nothing", shown(text))
        } else {
            format!("`{}` stands after the end of the value", shown(text))
        };
        self.report(Problem {
            help: Some("nothing may follow the last bracket".into()),
            fix: noise.then(|| Fix::edit(trust, "Remove what follows the value", span, "")),
            ..problem("trailing-text", span, message)
        });
    }

    /// `{ "a": {} }, "b": 1 }`: one closing bracket too many, so the keys after it belong to the object too.
    fn closed_too_early(&mut self, rest: Span, next: usize, root: &mut Node<'a>) {
        let end = root.span.end as usize;
        let closed = matches!(self.byte(end.wrapping_sub(1)), Some(b'}' | b']'));
        let brace = if closed { Span::new(end - 1, end) } else { root.span };
        let key = self.slice(next, self.line_end(next));
        let key = key.split(':').next().unwrap_or("");
        self.report(Problem {
            related: Some((brace, "closed here")),
            help: Some("remove the bracket that is too many above, or merge the two objects".into()),
            ..problem("trailing-text", rest, format!("`{}` stands after the end of the object", shown(key)))
        });
        self.at = next;
        let body = self.body(Open { at: next, close: b'}', written: false });
        self.blanks();
        self.at = self.text.len();
        let end = self.end_of(&body.entries, next);
        if let Value::Map(map) = &mut root.value {
            map.entries.extend(body.entries);
            root.span.end = root.span.end.max(Span::empty(end).end);
        }
    }

    fn past_commas(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or(&[]);
        let skipped = |b: &u8| !matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b',');
        from + rest.iter().position(skipped).unwrap_or(rest.len())
    }
}
