//! Walks over values and stops at the cursor: JSON, and the brackets of TOML and YAML.

use std::ops::ControlFlow::{self, Break, Continue};

use super::{Cursor, Path, Role, unquoted};
use crate::syntax::MAX_DEPTH;
use crate::text::Span;

/// Goes on behind a thing, or stops with what is at the cursor, if anything.
pub(super) type ScanFlow<'a, T = ()> = ControlFlow<Option<Cursor<'a>>, T>;

/// The place at `offset` of a JSON text.
pub(super) fn json(text: &str, offset: usize) -> Option<Cursor<'_>> {
    let mut scan = Scan { text, at: 0, offset, dotted: false, depth: 0 };
    match scan.value(&Path::new(), Role::Value) {
        Break(found) => found.filter(|cursor| !cursor.path.is_empty() || cursor.role == Role::Key),
        Continue(()) => None,
    }
}

/// A walk over a text; the cursor at `offset` is never behind it.
pub(super) struct Scan<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) offset: usize,
    /// Whether keys are TOML's: dotted paths with `=` behind them.
    pub(super) dotted: bool,
    pub(super) depth: usize,
}

impl<'a> Scan<'a> {
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Over blanks, not line ends.
    pub(super) fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }

    /// Over everything up to the end of the line.
    pub(super) fn skip_line(&mut self) {
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
    }

    pub(super) fn stop_at<'p>(&self, path: &Path<'p>, role: Role, word: Span) -> ScanFlow<'p, ()> {
        let start = word.start as usize;
        let word = if self.offset < start { Span::empty(self.offset) } else { word };
        Break(Some(Cursor { path: path.clone(), role, word }))
    }

    /// Stops with nothing if the cursor has been passed.
    pub(super) fn not_passed(&self) -> ScanFlow<'a> {
        if self.offset < self.at { Break(None) } else { Continue(()) }
    }

    /// Over blanks, line ends, comments and commas between the things of a bracket.
    fn between(&mut self, path: &Path<'a>, role: Role) -> ScanFlow<'a> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r' | b'\n' | b',') => self.at += 1,
                Some(b'#') => {
                    self.skip_line();
                    self.not_passed()?;
                }
                _ => break,
            }
            if self.offset < self.at {
                return self.stop_at(path, role, Span::empty(self.offset));
            }
        }
        Continue(())
    }

    /// Over a value and the blanks before it.
    pub(super) fn value(&mut self, path: &Path<'a>, role: Role) -> ScanFlow<'a> {
        self.blanks();
        if self.offset < self.at {
            return self.stop_at(path, role, Span::empty(self.offset));
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Break(None);
        }
        match self.peek() {
            Some(b'[') => self.list(path)?,
            Some(b'{') => self.table(path)?,
            _ => {
                let word = self.word(false);
                if self.offset <= word.end as usize {
                    return self.stop_at(path, role, word);
                }
            }
        }
        self.depth -= 1;
        Continue(())
    }

    fn list(&mut self, path: &Path<'a>) -> ScanFlow<'a> {
        self.open()?;
        loop {
            self.between(path, Role::Item)?;
            match self.peek() {
                None => return self.stop_at(path, Role::Item, Span::empty(self.offset)),
                Some(b']') if self.offset == self.at => return self.stop_at(path, Role::Item, Span::empty(self.at)),
                Some(b']' | b'}') => {
                    self.at += 1;
                    return Continue(());
                }
                _ => {
                    let before = self.at;
                    self.value(path, Role::Item)?;
                    self.progress(before);
                }
            }
        }
    }

    fn table(&mut self, path: &Path<'a>) -> ScanFlow<'a> {
        self.open()?;
        loop {
            self.between(path, Role::Key)?;
            match self.peek() {
                None => return self.stop_at(path, Role::Key, Span::empty(self.offset)),
                Some(b'}') if self.offset == self.at => return self.stop_at(path, Role::Key, Span::empty(self.at)),
                Some(b'}' | b']') => {
                    self.at += 1;
                    return Continue(());
                }
                _ => {
                    let before = self.at;
                    let path = self.keys(path, Role::Key)?;
                    if self.peek() == Some(self.separator()) {
                        self.at += 1;
                        self.not_passed()?;
                        self.value(&path, Role::Value)?;
                    }
                    self.progress(before);
                }
            }
        }
    }

    /// Over the opening bracket; the cursor before it is nowhere.
    fn open(&mut self) -> ScanFlow<'a> {
        self.at += 1;
        self.not_passed()
    }

    /// Never stands still, whatever the text.
    fn progress(&mut self, before: usize) {
        if self.at == before {
            self.at += self.rest().chars().next().map_or(0, char::len_utf8);
        }
    }

    pub(super) fn separator(&self) -> u8 {
        if self.dotted { b'=' } else { b':' }
    }

    /// Over a key, or a dotted path of them; gives the whole path.
    pub(super) fn keys(&mut self, above: &Path<'a>, role: Role) -> ScanFlow<'a, Path<'a>> {
        let mut path = above.clone();
        loop {
            self.blanks();
            let word = self.word(true);
            if self.offset <= word.end as usize {
                self.stop_at(&path, role, word)?;
            }
            path.push(unquoted(word.of(self.text)).into());
            self.blanks();
            if !self.dotted || self.peek() != Some(b'.') {
                self.not_passed()?;
                return Continue(path);
            }
            self.at += 1;
            self.not_passed()?;
        }
    }

    /// Over a quoted or bare word.
    fn word(&mut self, key: bool) -> Span {
        let start = self.at;
        let rest = self.rest();
        let len = match rest.as_bytes() {
            [b'"', b'"', b'"', ..] => long_string(rest, "\"\"\""),
            [b'\'', b'\'', b'\'', ..] => long_string(rest, "'''"),
            [quote @ (b'"' | b'\''), ..] => string(rest, *quote),
            _ => {
                let separator = self.separator() as char;
                let stop = |c: char| match c {
                    '\n' | ',' | ']' | '}' | '#' => true,
                    '.' | ' ' | '\t' => key,
                    c => key && c == separator,
                };
                rest.get(..rest.find(stop).unwrap_or(rest.len())).unwrap_or("").trim_end().len()
            }
        };
        self.at += len;
        Span::new(start, self.at)
    }
}

/// The length of a string in quotes; an open one ends with its line.
fn string(text: &str, quote: u8) -> usize {
    let mut bytes = text.bytes().enumerate().skip(1);
    while let Some((i, byte)) = bytes.next() {
        match byte {
            b'\\' if quote == b'"' => {
                bytes.next();
            }
            b'\n' => return text.get(..i).unwrap_or("").trim_end().len(),
            byte if byte == quote => return i + 1,
            _ => {}
        }
    }
    text.trim_end().len()
}

fn long_string(text: &str, quotes: &str) -> usize {
    text.get(3..).and_then(|rest| rest.find(quotes)).map_or(text.len(), |i| i + 6)
}
