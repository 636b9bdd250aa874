//! Directives and assignments: their names, and what their values are.

use std::borrow::Cow;

use super::super::problems::shown;
use super::super::{Entry, Map, MapStyle, Node, Style, Value};
use super::source_char::{SourceChar, span_of, trim};
use super::trivia::marker_start;
use super::words::CommandWord;
use super::{UnitReader, cover};
use crate::fix::{Applicability, Fix};
use crate::text::Span;

const LOST_LINE: &str = "if it continues the line above, that line must end with a backslash";

impl<'a> UnitReader<'a> {
    /// Reads one directive or assignment, over all its lines; returns where it ends.
    pub(super) fn directive(&mut self, line: Span, section: Option<&str>) -> usize {
        let start = line.start as usize;
        let Some(section) = section else {
            let (_, end) = self.logical(start, false);
            let span = Span::new(start, start + self.slice(start, end).trim_end().len());
            cover(&mut self.before, span);
            return end;
        };
        if self.env && is_shell_code(line.of(self.text)) {
            // Files that shells read too; systemd ignores such lines.
            return line.end as usize;
        }
        let Some((key, _)) = line.of(self.text).split_once('=') else {
            self.missing_equals(line);
            return self.logical(start, false).1;
        };
        let value = start + key.len() + 1;
        let key = key.trim_end();
        let key_span = Span::new(start, start + key.len());
        let exported = key.strip_prefix("export ").map(str::trim_start).filter(|name| self.env && is_plain_name(name));
        match exported {
            Some(name) => self.exported(key_span, name),
            None => self.check_name(key, key_span),
        }
        let (value, end) = if self.env { self.env_value(value) } else { self.value(key, value) };
        if exported.is_some() {
            return end;
        }
        self.add(section, Entry { key: Cow::Borrowed(key), key_span, value });
        end
    }

    /// A flag at the start of a line has lost the line that it continued.
    fn check_name(&mut self, key: &str, span: Span) {
        let good = if self.env { is_plain_name(key) } else { !key.is_empty() && !key.starts_with(['-', '$']) };
        if good || marker_start(key).is_some() || self.problems.has_template() {
            return;
        }
        let what = if self.env { "a variable" } else { "a directive" };
        let message = if key.is_empty() {
            format!("`=` stands without the name of {what}")
        } else {
            format!("{} cannot be the name of {what}", shown(key))
        };
        self.report("bad-name", span, message).help(match key.chars().next() {
            None => "write `NAME=value`",
            Some('-') => LOST_LINE,
            Some(_) => "names hold letters, digits and underscores, and start with no digit",
        });
    }

    /// `export NAME=value` of a shell: to systemd, the name has a blank in it.
    fn exported(&mut self, span: Span, name: &str) {
        if self.problems.has_template() {
            return;
        }
        let export = Span { end: span.end - name.len() as u32, ..span };
        self.report("exported-name", export, format!("systemd ignores `{name}` because of the `export` before it"))
            .help("write `NAME=value` without `export`")
            .fix(Fix::edit(Applicability::Unsafe, "Remove `export`", export, ""));
    }

    fn missing_equals(&mut self, line: Span) {
        let text = line.of(self.text);
        if marker_start(text).is_some() || self.problems.is_full() {
            return;
        }
        let (what, help) = match text.chars().next() {
            Some('[') if self.env => (
                "is a section header, which this file has none of",
                "write `NAME=value`; sections belong into a unit file",
            ),
            Some('-') if !self.env => ("belongs to no directive", LOST_LINE),
            _ if self.env => ("has no `=`", "write `NAME=value`"),
            _ => ("has no `=`", "write `Name=value`; systemd ignores this line"),
        };
        self.report("missing-equals", line, format!("{} {what}", shown(text))).help(help);
    }

    /// Where an empty value stands.
    pub(super) fn empty_value(&self, start: usize) -> Span {
        let start = self.trimmed(start).start;
        Span { start, end: start }
    }

    /// The value of a directive, and where it ends.
    fn value(&mut self, key: &str, start: usize) -> (Node<'a>, usize) {
        let command = is_command(key);
        let (chars, end) = self.logical(start, command);
        let chars = trim(&chars);
        let span = span_of(chars).unwrap_or(self.empty_value(start));
        let value = if command {
            let words = self.words(chars, span, None);
            Value::Seq(self.nodes(&words))
        } else if key == "Environment" {
            let words = self.words(chars, span, None);
            self.environment(&words, span)
        } else {
            return (self.scalar(chars, span, Style::Plain), end);
        };
        (Node { span, value }, end)
    }

    /// `Environment="A=--x --y" B=1`
    fn environment(&mut self, words: &[CommandWord], span: Span) -> Value<'a> {
        let mut entries: Vec<Entry<'a>> = Vec::new();
        let mut stray: Option<Span> = None;
        for word in words {
            match self.variable(word) {
                Some(entry) => entries.push(entry),
                None => stray = stray.or(Some(word.span)),
            }
        }
        if let Some(stray) = stray {
            self.stray_word(stray, entries.last(), span);
        }
        Value::Map(Map::new(entries, MapStyle::Inline, Vec::new()))
    }

    /// `NAME=words`, if a word is that.
    fn variable(&self, word: &CommandWord) -> Option<Entry<'a>> {
        let equals = word.chars.iter().position(|g| g.c == '=')?;
        let (name, rest) = word.chars.split_at_checked(equals)?;
        let (sign, value) = rest.split_first()?;
        if !is_name(name) {
            return None;
        }
        let key_span = span_of(name).unwrap_or(word.span);
        let span = span_of(value).unwrap_or(Span { start: sign.span.end, ..sign.span });
        let value = Value::Seq(self.words_within(value));
        Some(Entry { key: self.string(name, key_span), key_span, value: Node { span, value } })
    }

    /// A word of `Environment=` that assigns nothing, most often because the quotes are missing.
    fn stray_word(&mut self, stray: Span, before: Option<&Entry<'a>>, value: Span) {
        let word = shown(stray.of(self.text));
        let Some(name) = before.map(|e| &e.key) else {
            let message = format!("{word} assigns nothing: no `NAME=` in front of it");
            self.report("missing-equals", stray, message);
            return;
        };
        let whole = value.of(self.text);
        let quotable = !whole.contains(['"', '\'', '\\', '\n']);
        let quoted = || Fix::edit(Applicability::Unsafe, "Quote the assignment", value, format!("\"{whole}\""));
        let message = format!("{word} is not part of `{name}`, which ends at the blank before it");
        self.report("missing-quotes", stray, message)
            .help(format!("put quotes around the whole of `{name}=…`: systemd ends the value at the first blank"))
            .maybe_fix(quotable.then(quoted));
    }
}

/// Whether a line begins as a statement of a shell does that assigns nothing.
fn is_shell_code(line: &str) -> bool {
    const WORDS: [&str; 16] = [
        "if", "then", "else", "elif", "fi", "for", "do", "done", "case", "esac", "while", "[", "[[", ".", "source",
        "unset",
    ];
    let word = line.split([' ', '\t', ';']).next().unwrap_or_default();
    WORDS.contains(&word) || matches!(line, "{" | "}") || line.ends_with("() {")
}

/// Whether the directive holds a command line.
fn is_command(key: &str) -> bool {
    key.starts_with("Exec") && !matches!(key, "ExecPaths" | "ExecSearchPath")
}

fn is_name(chars: &[SourceChar]) -> bool {
    let name: String = chars.iter().map(|g| g.c).collect();
    is_plain_name(&name)
}

pub(super) fn is_plain_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
