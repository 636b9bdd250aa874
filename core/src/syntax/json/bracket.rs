//! Brackets that are missing, too many, or of the wrong kind.

use super::super::{Node, Value};
use super::JsonReader;
use super::object::{ObjectBody, key_as_item};
use super::value::node;
use crate::fix::{Applicability, Edit, Fix};
use crate::text::Span;

/// A bracket that waits for its closing one.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenBracket {
    pub(super) at: usize,
    pub(super) close: u8,
    /// False for the object around members that stand without braces.
    pub(super) written: bool,
}

impl OpenBracket {
    pub(super) fn span(self) -> Span {
        Span::new(self.at, self.at + 1)
    }

    /// The name of what the bracket opens.
    fn name(self) -> &'static str {
        if self.close == b']' { "list" } else { "object" }
    }

    /// The code of the fault that the bracket is never closed.
    fn unclosed(self) -> &'static str {
        if self.close == b']' { "unclosed-array" } else { "unclosed-object" }
    }
}

/// An object or list while it is read.
pub(super) struct OpenCollection {
    pub(super) open: OpenBracket,
    /// Commas since the last member or item.
    pub(super) commas: Vec<Span>,
    /// Whether a member or item came, so that a comma must come next.
    pub(super) need: bool,
    /// Where the closing bracket is.
    pub(super) close: Option<usize>,
}

impl OpenCollection {
    pub(super) fn new(open: OpenBracket) -> Self {
        Self { open, commas: Vec::new(), need: false, close: None }
    }
}

/// How reading goes on after one member or item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AfterItem {
    Next,
    Done,
    /// The list holds `"key": value`: it is an object in the wrong brackets.
    Pairs,
}

/// The meaning of a closing bracket of the wrong kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WrongBracket {
    /// The right one is missing before the wrong one.
    Unclosed,
    /// The wrong one stands for the right one; beyond doubt if the rest comes out even.
    Mismatched { sure: bool },
    /// The wrong one closes nothing.
    Unopened,
}

/// Writes a pair of brackets instead of another; only if both are there.
pub(super) fn other_brackets(title: &str, open: Span, close: Option<usize>, pair: [&str; 2]) -> Option<Fix> {
    let close = close.map(|at| Span::new(at, at + 1))?;
    let [left, right] = pair;
    Some(Fix::new(Applicability::Safe, title, vec![Edit::new(open, left), Edit::new(close, right)]))
}

impl<'a> JsonReader<'a> {
    /// Takes the closing bracket.
    pub(super) fn close(&mut self, frame: &mut OpenCollection) {
        self.trailing_commas(frame);
        frame.close = Some(self.at);
        self.token(self.at + 1);
    }

    pub(super) fn indentation(&self, at: usize) -> usize {
        let before = self.bytes.get(..at).unwrap_or(&[]);
        let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |n| n + 1);
        self.past_spaces(start) - start
    }

    pub(super) fn lacks_closers(&mut self) -> bool {
        let open = self.open.iter().filter(|o| o.written).count();
        self.closers(self.at).is_some_and(|c| c.len() < open)
    }

    pub(super) fn unclosed_here(&mut self, frame: &OpenCollection) {
        let OpenCollection { open, commas, .. } = frame;
        let at = Span::empty(commas.first().map_or(self.prev, |c| c.start as usize));
        let bracket = char::from(open.close);
        let more = commas.is_empty() && !matches!(self.peek(), Some(b'}' | b']'));
        let text = format!("{bracket}{}", if more { "," } else { "" });
        self.report(open.unclosed(), at, format!("this {} is never closed", open.name()))
            .related(open.span(), "opened here")
            .help(format!("add `{bracket}` here"))
            .fix(Fix::edit(Applicability::Unsafe, format!("Insert `{bracket}`"), at, text));
        self.noise = true;
    }

    pub(super) fn wrong_closer_in_object(&mut self, found: u8, body: &mut ObjectBody<'a>) -> AfterItem {
        // Members without braces end where something else ends.
        let outer = !body.frame.open.written && found == b']' && self.open.len() == 1;
        if !outer && self.wrong_closer(found, &mut body.frame) {
            return AfterItem::Done;
        }
        self.unopened(found, body);
        AfterItem::Next
    }

    /// Whether a closing bracket of the wrong kind ends the object or list; else it closes nothing.
    pub(super) fn wrong_closer(&mut self, found: u8, frame: &mut OpenCollection) -> bool {
        match self.guess(found) {
            WrongBracket::Unclosed => self.unclosed_here(frame),
            WrongBracket::Mismatched { sure } => {
                frame.close = Some(self.at);
                self.mismatched(found, frame.open, sure);
            }
            WrongBracket::Unopened => return false,
        }
        true
    }

    fn mismatched(&mut self, found: u8, open: OpenBracket, sure: bool) {
        let trust = if sure { Applicability::Safe } else { Applicability::Unsafe };
        let span = Span::new(self.at, self.at + 1);
        let (found, right) = (char::from(found), char::from(open.close));
        let message = format!("`{found}` closes this {}, which needs `{right}`", open.name());
        self.report("mismatched-bracket", span, message).related(open.span(), "opened here").fix(Fix::edit(
            trust,
            format!("Write `{right}`"),
            span,
            right,
        ));
        self.token(self.at + 1);
    }

    /// `"key": "a", "b"]`: the opening bracket is missing; the tree gets the list that was meant.
    fn unopened(&mut self, found: u8, body: &mut ObjectBody<'a>) {
        let mut items = Vec::new();
        while let Some(last) = body.entries.pop_if(|e| body.lone.contains(&e.key_span)) {
            body.lone.pop();
            items.push(key_as_item(&last));
        }
        let first = body.entries.last_mut().filter(|_| found == b']');
        let Some(entry) = first.filter(|e| matches!(e.value.value, Value::Scalar(_))) else {
            return self.unopened_bracket(found, None);
        };
        let start = entry.value.span.start as usize;
        let first = std::mem::replace(&mut entry.value, Node::missing(start));
        items.push(first);
        items.reverse();
        entry.value = node(start, self.at + 1, Value::Seq(items));
        self.unopened_bracket(found, Some(start));
        self.noise = false;
    }

    /// A bracket that closes nothing; if that is known, its opening one belongs at `start`.
    pub(super) fn unopened_bracket(&mut self, found: u8, start: Option<usize>) {
        let span = Span::new(self.at, self.at + 1);
        let open = if found == b']' { "[" } else { "{" };
        let fix = match start {
            Some(at) => Fix::edit(Applicability::Unsafe, format!("Insert `{open}`"), Span::empty(at), open),
            None => Fix::edit(Applicability::Unsafe, "Remove it", span, ""),
        };
        self.report("unopened-bracket", span, format!("`{}` closes nothing that was opened", char::from(found)))
            .help(format!("add the `{open}` that is missing, or remove this one"))
            .fix(fix);
        self.token(self.at + 1);
        self.noise = start.is_none();
    }

    /// Whether the brackets in the rest of the text come out even if the right one is missing, is meant by this, or
    /// if this is too many.
    fn guess(&mut self, found: u8) -> WrongBracket {
        let rest = self.closers(self.at + 1);
        let waiting: Vec<u8> = self.open.iter().rev().filter(|o| o.written).map(|o| o.close).collect();
        let (outer, has_outer) = match waiting.split_first() {
            Some((_, outer)) => (outer, outer.contains(&found)),
            None => (waiting.as_slice(), false),
        };
        let Some(rest) = rest else {
            return if has_outer { WrongBracket::Unclosed } else { WrongBracket::Mismatched { sure: false } };
        };
        let closes_outer = outer.split_first().is_some_and(|(c, more)| *c == found && *more == *rest);
        if closes_outer {
            WrongBracket::Unclosed
        } else if rest == outer {
            WrongBracket::Mismatched { sure: true }
        } else if rest == waiting {
            WrongBracket::Unopened
        } else if outer.first() == Some(&found) {
            WrongBracket::Unclosed
        } else if rest.len() >= waiting.len() {
            WrongBracket::Unopened
        } else {
            WrongBracket::Mismatched { sure: false }
        }
    }

    /// The closing brackets from `from` on whose opening ones stand before it.
    pub(super) fn closers(&mut self, from: usize) -> Option<Vec<u8>> {
        if self.budget == 0 {
            return None;
        }
        let rest = self.bytes.get(from..)?;
        self.budget = self.budget.saturating_sub(rest.len());
        let (mut found, mut depth, mut i) = (Vec::new(), 0_usize, from);
        while let Some(b) = self.byte(i) {
            i = match b {
                b'"' => self.past_string(i),
                b'#' => self.line_end(i),
                b'/' if self.byte(i + 1) == Some(b'/') => self.line_end(i),
                _ => i + 1,
            };
            match b {
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth > 0 => depth -= 1,
                b'}' | b']' => found.push(b),
                _ => {}
            }
        }
        Some(found)
    }

    /// The end of the text inside brackets.
    pub(super) fn text_ends(&mut self, frame: &OpenCollection) {
        let waiting: Vec<OpenBracket> = self.open.iter().rev().filter(|o| o.written).copied().collect();
        let Some(inner) = waiting.first().copied().filter(|_| !self.ended) else {
            return;
        };
        self.ended = true;
        let at = self.prev;
        let message = match waiting.len() {
            1 => format!("the text ends before this {} is closed", inner.name()),
            n => format!("the text ends with {n} brackets still open"),
        };
        let closing: String = waiting.iter().map(|o| self.closing_text(*o)).collect();
        let help = format!("add `{}` at the end", closing.replace([' ', '\n'], ""));
        let complete = !self.half && !matches!(self.byte(at.saturating_sub(1)), Some(b':' | b'='));
        let trust = if waiting.len() == 1 { Applicability::Safe } else { Applicability::Unsafe };
        let mut changes: Vec<Edit> = frame.commas.iter().map(|c| Edit::removal(*c)).collect();
        changes.push(Edit::new(Span::empty(at), closing));
        self.report(inner.unclosed(), Span::empty(at), message)
            .related(inner.span(), "opened here")
            .help(help)
            .maybe_fix(complete.then(|| Fix::new(trust, "Close what is open", changes)));
    }

    /// The closing bracket, on a line of its own if the opening one is on an earlier line.
    fn closing_text(&self, open: OpenBracket) -> String {
        let bracket = char::from(open.close);
        if self.slice(open.at, self.prev).contains('\n') {
            let blanks = " ".repeat(self.indentation(open.at).min(80));
            format!("\n{blanks}{bracket}")
        } else {
            bracket.to_string()
        }
    }
}
