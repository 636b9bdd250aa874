//! Cases in Markdown.
//!
//! A fenced block is a text in the language of its fence: `toml`, `json`, `yaml`, `ini` (units), `sh` (environment
//! files). Problems stand below the line where they start:
//!
//! ```toml
//! a = [1, 2
//!     ^ unclosed-bracket: the list opened here is never closed
//!     = help: put `]` behind its last item
//!     = see 2:1-2: the next entry
//!     = fix: Close it with `]` → `a = [1, 2]`
//! b = 3
//! ```
//!
//! - `^^^` marks the place, `|` an empty one, `^^^…4:2` one that ends before line 4, column 2. What releases read
//!   differently stands there as a `dialect`.
//! - `<TAB>`, `<CR>` and `<U+00A0>` are characters that are hard to see.
//! - `no-eol` in the fence: the text does not end with a line end. `at=data.kubelet`: read the block scalar there.
//!
//! The blocks that may follow a text describe more of it: `tree` what was read, `spans` where each thing stands, and
//! the language with the word `fixed` the text after all its fixes.

use std::fmt::Write as _;

use crilint_core::fix::{Applicability, apply};
use crilint_core::syntax::{Document, Format, Node, Problem, read, yaml};
use crilint_core::text::{Encoding, LineIndex, Span};

use crate::dump;

/// A text to be read.
pub(crate) struct Case {
    pub(crate) format: Format,
    pub(crate) text: String,
    /// The path to a block scalar that is read in place.
    at: Vec<String>,
    no_eol: bool,
}

impl Case {
    /// A text in a fenced block; nothing for a block in another language.
    fn parse(info: &str, body: &str) -> Option<Self> {
        let mut words = info.split_whitespace();
        let format = match words.next()? {
            "toml" => Format::Toml,
            "json" => Format::Json,
            "yaml" => Format::Yaml,
            "ini" => Format::Unit,
            "sh" => Format::Env,
            _ => return None,
        };
        let mut case = Self { format, text: source(body), at: vec![], no_eol: false };
        for word in words {
            match word.strip_prefix("at=") {
                Some(path) => case.at = path.split('.').map(str::to_owned).collect(),
                None if word == "no-eol" => case.no_eol = true,
                None => return None,
            }
        }
        if case.no_eol {
            case.text.pop();
        }
        Some(case)
    }

    pub(crate) fn read(&self) -> Document<'_> {
        let outer = read(&self.text, self.format);
        if self.at.is_empty() {
            return outer;
        }
        assert!(outer.problems.is_empty(), "the outer text is good: {:?}", outer.problems);
        let step = |node, part: &String| match part.parse::<usize>() {
            Ok(number) => Node::items(node).get(number),
            Err(_) => node.get(part),
        };
        let node = self.at.iter().try_fold(&outer.root, step).expect("the path leads to a block scalar");
        yaml::read_at(&self.text, yaml::block_content(&self.text, node).expect("a block scalar"))
    }

    /// The text after its fixes, the first one first.
    fn fixed(&self) -> String {
        let mut text = self.text.clone();
        while let Some(fix) = read(&text, self.format).problems.into_iter().find_map(|p| p.fix) {
            text = apply(&text, &fix.edits);
            assert!(text.len() < 4 * self.text.len() + 1000, "fixing does not end: {text}");
        }
        text
    }
}

/// All texts of a page.
pub(crate) fn cases(page: &str) -> Vec<Case> {
    let mut cases = vec![];
    expected(page, |case| cases.push(case));
    cases
}

/// The page with the expectations that hold.
pub(crate) fn expected_page(page: &str) -> String {
    expected(page, drop)
}

fn expected(page: &str, mut each: impl FnMut(Case)) -> String {
    let mut out = String::new();
    let mut last: Option<Case> = None;
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let _ = writeln!(out, "{line}");
        let ticks = line.len() - line.trim_start_matches('`').len();
        if ticks < 3 {
            continue;
        }
        let (fence, info) = line.split_at(ticks);
        let body: String = lines.by_ref().take_while(|line| *line != fence).map(|line| format!("{line}\n")).collect();
        out += &match (&last, info) {
            (Some(case), "tree") => dump::tree(&case.read()),
            (Some(case), "spans") => dump::spans(&case.read()),
            (Some(case), fixed) if fixed.ends_with(" fixed") => visible(&case.fixed()),
            _ => {
                let case = Case::parse(info, &body).unwrap_or_else(|| panic!("not a block of a case: ```{info}"));
                let marked = marked(&case);
                assert_eq!(source(&marked), source(&body), "the text can be written as a case");
                last.replace(case).map(&mut each);
                marked
            }
        };
        let _ = writeln!(out, "{fence}");
    }
    last.map(each);
    out
}

/// The text in a block: without what describes it.
fn source(body: &str) -> String {
    let mut text = String::new();
    let mut marked = false;
    for line in body.lines() {
        marked = is_mark(line) || marked && is_remark(line);
        if !marked {
            text += &hidden(line);
            text.push('\n');
        }
    }
    text
}

/// Whether a line of a block marks a place: `  ^^^ code: message`.
fn is_mark(line: &str) -> bool {
    let line = line.trim_start_matches(' ');
    let Some(rest) = line.strip_prefix(['^', '|']) else { return false };
    let rest = rest.trim_start_matches('^').trim_start_matches(|c: char| "…:".contains(c) || c.is_ascii_digit());
    let Some((code, _)) = rest.strip_prefix(' ').and_then(|rest| rest.split_once(": ")) else { return false };
    !code.is_empty() && code.bytes().all(|b| b == b'-' || b.is_ascii_lowercase())
}

fn is_remark(line: &str) -> bool {
    let remark = line.trim_start_matches(' ').strip_prefix("= ");
    remark.is_some_and(|rest| ["help: ", "see ", "fix: ", "unsafe fix: ", "hint: "].iter().any(|r| rest.starts_with(r)))
}

/// The text with its problems.
fn marked(case: &Case) -> String {
    let document = case.read();
    let text = &case.text;
    let lines = LineIndex::new(text);
    let mut marks: Vec<(Span, String)> = vec![];
    for (dialect, span) in &document.dialects {
        marks.push((*span, format!("{} dialect: {dialect:?}\n", carets(text, &lines, *span))));
    }
    for problem in &document.problems {
        marks.push((problem.span, mark(text, &lines, problem)));
    }
    marks.sort_by_key(|(span, _)| span.start);
    let mut marks = marks.into_iter().peekable();
    let mut out = String::new();
    for number in 0..lines.len() as u32 {
        let line = lines.line_span(text, number);
        let is_last = number as usize + 1 == lines.len();
        let end = if is_last { text.len() as u32 } else { lines.line_span(text, number + 1).start - 1 };
        if !is_last || line.start != end || case.no_eol {
            let _ = writeln!(out, "{}", visible_line(Span { start: line.start, end }.of(text)));
        }
        while let Some((_, mark)) = marks.next_if(|(span, _)| span.start <= end) {
            out += &mark;
        }
    }
    out
}

fn mark(text: &str, lines: &LineIndex, problem: &Problem) -> String {
    let mut out = format!("{} {}: {}\n", carets(text, lines, problem.span), problem.code, problem.message);
    let indent = " ".repeat(out.len() - out.trim_start().len());
    if let Some(help) = &problem.help {
        let _ = writeln!(out, "{indent}= help: {help}");
    }
    if let Some((span, what)) = problem.related {
        let _ = writeln!(out, "{indent}= see {}: {what}", dump::place(text, span));
    }
    if let Some(fix) = &problem.fix {
        let kind = match fix.applicability {
            Applicability::Safe => "fix",
            Applicability::Unsafe => "unsafe fix",
            Applicability::Display => "hint",
        };
        let _ = writeln!(out, "{indent}= {kind}: {} → {}", fix.title, changed(text, &apply(text, &fix.edits)));
    }
    out
}

/// `^^^` below the line where `span` starts.
fn carets(text: &str, lines: &LineIndex, span: Span) -> String {
    let start = lines.position(text, span.start, Encoding::Utf8);
    let from = lines.line_span(text, start.line).start;
    let width = |start, end| visible_line(&format!("{}|", Span { start, end }.of(text))).chars().count() - 1;
    let indent = " ".repeat(width(from, span.start));
    let end = lines.position(text, span.end, Encoding::Char);
    if span.start == span.end {
        return format!("{indent}|");
    }
    let written = span.of(text).split('\n').next().unwrap_or_default().len() as u32;
    let carets = "^".repeat(width(span.start, span.start + written).max(1));
    let end = if end.line == start.line { String::new() } else { format!("…{}:{}", end.line + 1, end.column + 1) };
    format!("{indent}{carets}{end}")
}

/// The lines that a fix makes.
fn changed(before: &str, after: &str) -> String {
    let (before, after): (Vec<_>, Vec<_>) = (before.split('\n').collect(), after.split('\n').collect());
    let start = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let most = before.len().min(after.len()) - start;
    let end = before.iter().rev().zip(after.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    match &after[start..after.len() - end] {
        [] => "(no line)".to_owned(),
        lines => lines.iter().map(|line| format!("`{}`", visible_line(line))).collect::<Vec<_>>().join(" ⏎ "),
    }
}

fn visible(text: &str) -> String {
    let lines = text.split('\n').map(|line| visible_line(line) + "\n").collect::<String>();
    if text.ends_with('\n') { lines[..lines.len() - 1].to_owned() } else { lines }
}

/// A line in which all characters can be seen.
fn visible_line(line: &str) -> String {
    let mut out = String::new();
    for (at, c) in line.char_indices() {
        let is_trailing = c == ' ' && at + 1 == line.len();
        match c {
            '\t' => out += "<TAB>",
            '\r' => out += "<CR>",
            ' ' if !is_trailing => out.push(' '),
            c if c.is_whitespace() || c.is_control() || is_zero_width(c) => {
                let _ = write!(out, "<U+{:04X}>", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

/// The reverse of [`visible_line`].
fn hidden(line: &str) -> String {
    let line = line.replace("<TAB>", "\t").replace("<CR>", "\r");
    let mut parts = line.split("<U+");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_once('>').expect("`<U+` is closed");
        out.extend(char::from_u32(u32::from_str_radix(code, 16).unwrap()));
        out += rest;
    }
    out
}
