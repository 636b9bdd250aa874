//! Secrets by the words around them, anywhere in a text: `password = x`, `"token": "x"`, `TOKEN=x`, `--token x`,
//! `Bearer x`, private keys. This is what finds them in comments, in command lines, and where a text does not read. One
//! pass.

use super::names::{self, Likeness};
use crate::keys::flags;
use crate::text::Span;

/// What is known of a text before it is scanned.
pub(super) struct TextScan<'s> {
    pub(super) text: &'s str,
    /// The comments, in order.
    pub(super) comments: &'s [Span],
    /// Where names begin that the tree has judged, in order.
    pub(super) judged: &'s [u32],
    /// Where to look; see [`names::hits`].
    pub(super) hits: &'s [u32],
}

impl TextScan<'_> {
    /// Adds what looks like a secret.
    pub(super) fn run(&self, out: &mut Vec<Span>) {
        let mut at = 0;
        // A search that found nothing is not made again.
        let mut key_ends = true;
        for hit in self.hits {
            let hit = *hit as usize;
            if hit < at {
                continue;
            }
            at = match self.byte(hit) {
                b'@' | b'\\' => continue,
                b'-' if key_ends => {
                    let end = self.private_key(hit, out);
                    key_ends = end.is_some();
                    end.unwrap_or(hit + 1)
                }
                b'-' => continue,
                b'e' if self.byte(hit + 2) == b'J' => self.web_token(hit, out),
                _ => self.name(hit, out),
            };
        }
    }

    fn from(&self, at: usize) -> &str {
        self.text.get(at..).unwrap_or_default()
    }

    /// The first place from `at` on that has such a byte; the end of the text if none has.
    fn until(&self, at: usize, stops: fn(u8) -> bool) -> usize {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        rest.iter().position(|b| stops(*b)).map_or(self.text.len(), |i| at + i)
    }

    fn skip_blanks(&self, at: usize) -> usize {
        self.until(at, |b| !matches!(b, b' ' | b'\t'))
    }

    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(b'\n')
    }

    /// The lines of a private key, given the last dash before `BEGIN`; where it ends.
    fn private_key(&self, at: usize, out: &mut Vec<Span>) -> Option<usize> {
        const HEAD: usize = 40;
        let bytes = self.text.as_bytes();
        let head = bytes.get(at..).unwrap_or_default();
        let head = head.get(..HEAD).unwrap_or(head);
        let find = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).position(|all| all == part);
        let Some(close) = find(head, b"PRIVATE KEY-----") else { return Some(at + 1) };
        let start = at + close + 16;
        let end = find(bytes.get(start..).unwrap_or_default(), b"-----END").map(|i| start + i);
        out.push(Span::new(start, end.unwrap_or(self.text.len())));
        end
    }

    /// A JSON web token: three parts with dots between them.
    fn web_token(&self, at: usize, out: &mut Vec<Span>) -> usize {
        let end = self.until(at, ends_token);
        let before = at.checked_sub(1).map_or(b' ', |i| self.byte(i));
        let token = self.text.get(at..end).unwrap_or_default();
        if token.len() >= 20 && token.contains('.') && !before.is_ascii_alphanumeric() {
            out.push(Span::new(at, end));
        }
        end
    }

    /// The name around a hint, and the secret behind it; where to go on.
    fn name(&self, hint: usize, out: &mut Vec<Span>) -> usize {
        let bytes = self.text.as_bytes();
        let before = bytes.get(..hint).unwrap_or_default();
        // Names are short: a longer run of letters is not a name.
        let back = before.iter().rev().take(64).take_while(|b| in_name(**b)).count();
        let start = hint - back;
        let end = self.until(hint, |b| !in_name(b));
        let name = self.text.get(start..end).unwrap_or_default();
        let next = self.judged.partition_point(|judged| (*judged as usize) < start);
        if self.judged.get(next).is_some_and(|judged| (*judged as usize) < end) {
            return end;
        }
        let is_flag = name.starts_with('-');
        let bare = name.trim_start_matches('-').trim_end_matches(['.', '-']);
        let likeness = match flags::kubelet(bare).filter(|_| is_flag) {
            Some(flag) => flag.is_secret().then_some(Likeness::Sure),
            None if is_flag && bare == "key" => Some(Likeness::Sure),
            None => names::likeness(bare),
        };
        let Some(likeness) = likeness else { return end };
        let previous = start.checked_sub(1).map_or(b'\n', |i| self.byte(i));
        // A reference to a variable.
        if previous == b'$' || previous == b'{' && start >= 2 && self.byte(start - 2) == b'$' {
            return end;
        }
        let found = NameHit { start, end, bare, likeness, is_flag, previous };
        self.value(&found, out).unwrap_or(end)
    }

    /// The value behind a name, if one is there; where it ends.
    fn value(&self, name: &NameHit<'_>, out: &mut Vec<Span>) -> Option<usize> {
        let mut at = self.behind_quote(name.end);
        at = self.skip_blanks(at);
        let sign = match self.byte(at) {
            b'=' => b'=',
            b':' => b':',
            _ => return self.unsigned(name, out),
        };
        at += 1;
        if sign == b':' && (self.byte(at) == b':' || self.is_address(name, at)) {
            return None;
        }
        at += usize::from(matches!(self.byte(at), b'=' | b'>'));
        if name.likeness == Likeness::Headers && !(name.is_flag && sign == b'=') {
            return None;
        }
        let gap = self.skip_blanks(at) - at;
        at += gap;
        let comment = self.comment(name.start);
        match self.byte(at) {
            b'"' | b'\'' | b'`' | b'\\' => self.quoted(name, at, out),
            b'[' if sign == b':' || sign == b'=' => Some(self.list(name, at, out)),
            b'{' => None,
            b'|' | b'>'
                if matches!(self.byte(self.until(at + 1, |b| !matches!(b, b'-' | b'+' | b' '))), b'\n' | b'\r') =>
            {
                Some(self.block(name, at, out))
            }
            b'\n' | b'\r' => None,
            // In a query or a list of words a value ends with the word.
            _ if sign == b'=' && gap == 0 && !self.opens_line(name, comment) => Some(self.word(name, at, out)),
            // `Authorization: Basic x`, within quotes or not.
            _ => Some(self.rest(name, at, comment, out)),
        }
    }

    /// `host:5000`, `registry/auth:1.2`: a colon that makes no pair.
    fn is_address(&self, name: &NameHit<'_>, at: usize) -> bool {
        let digits = self.from(at).bytes().take_while(u8::is_ascii_digit).count();
        let next = self.byte(at + digits);
        let port = (2..=5).contains(&digits) && !next.is_ascii_alphanumeric() && !name.bare.contains("pass");
        name.previous == b'/' || port || self.from(at).starts_with("//")
    }

    /// Behind the closing quote of a name.
    fn behind_quote(&self, at: usize) -> usize {
        let at = at + usize::from(self.byte(at) == b'\\' && self.byte(at + 1) == b'"');
        at + usize::from(matches!(self.byte(at), b'"' | b'\''))
    }

    /// A value without a sign before it: behind a flag, or behind a word in a comment.
    fn unsigned(&self, name: &NameHit<'_>, out: &mut Vec<Span>) -> Option<usize> {
        if name.is_flag {
            let mut at = self.behind_quote(name.end);
            let from = at;
            let skipped = |b: u8| matches!(b, b' ' | b'\t' | b',' | b'"' | b'\'' | b'\n' | b'\r' | b'\\');
            while at < self.text.len() && skipped(self.byte(at)) {
                at += 1;
                // The items of a YAML list.
                if self.byte(at) == b'-' && self.byte(at + 1) == b' ' && matches!(self.byte(at - 1), b' ' | b'\n') {
                    at += 2;
                }
            }
            let gap = self.text.get(from..at).unwrap_or_default();
            let goes_on = !gap.contains('\n') || gap.contains(['\\', '"', ',']) || gap.contains("- ");
            let is_value = at > from && goes_on && !matches!(self.byte(at), b'-' | b']' | b'}' | b')' | b'$' | b'#');
            return is_value.then(|| self.word(name, at, out));
        }
        let comment = self.comment(name.start);
        let introduces = ["bearer", "basic"].iter().any(|word| name.bare.eq_ignore_ascii_case(word));
        if comment.is_none() && !introduces {
            return None;
        }
        let mut at = self.skip_blanks(name.end);
        if at == name.end {
            return None;
        }
        if self.text.as_bytes().get(at..at + 3) == Some(b"is ") {
            at = self.skip_blanks(at + 3);
        }
        if matches!(self.byte(at), b'"' | b'\'') && name.likeness == Likeness::Sure {
            return self.quoted(name, at, out);
        }
        let end = self.until(at, ends_word);
        let word = self.text.get(at..end)?;
        let text = word.trim_end_matches(['.', ',', ';', ')']);
        let is_alone = comment.is_some_and(|comment| {
            let head = self.text.get(comment.start as usize..name.start).unwrap_or_default();
            head.trim_matches(|c: char| c.is_whitespace() || matches!(c, '#' | ';' | '/')).is_empty()
                && self.text.get(end..comment.end as usize).unwrap_or_default().trim().is_empty()
        });
        let is_secret = names::is_not_a_word(text) || is_alone && !text.is_empty();
        if !is_secret || names::is_plain_value(name.likeness, text) {
            return None;
        }
        out.push(Span::new(at, at + text.len()));
        Some(end)
    }

    /// A value in quotes, or to the end of the line where they are not closed.
    fn quoted(&self, name: &NameHit<'_>, at: usize, out: &mut Vec<Span>) -> Option<usize> {
        let escaped = self.byte(at) == b'\\';
        let quote = if escaped { self.byte(at + 1) } else { self.byte(at) };
        if escaped && quote != b'"' {
            return Some(self.word(name, at, out));
        }
        let mut start = at + 1 + usize::from(escaped);
        let triple = self.from(at).as_bytes().get(..3).is_some_and(|all| all.iter().all(|b| *b == quote));
        if triple {
            start += 2;
            let close = self.from(start).find(["\"\"\"", "'''"][usize::from(quote == b'\'')]);
            let end = close.map_or(self.text.len(), |i| start + i);
            self.push(name, start, end, out);
            return Some(end);
        }
        let mut end = start;
        loop {
            match self.byte(end) {
                b'\n' => break,
                b'\\' if escaped && self.byte(end + 1) == b'"' => break,
                b'\\' if quote == b'"' && self.byte(end + 1) != b'\n' => end += 1,
                b if b == quote && !escaped => break,
                _ => {}
            }
            end += 1;
        }
        let end = self.border(end);
        if self.byte(end) == b'\n' {
            return Some(self.to_line_end(name, start, out));
        }
        self.push(name, start, end, out);
        Some(end)
    }

    /// A list on one line; its items are the tree's.
    fn list(&self, name: &NameHit<'_>, at: usize, out: &mut Vec<Span>) -> usize {
        let end = self.until(at, |b| matches!(b, b']' | b'\n'));
        self.push(name, at + 1, end, out);
        end
    }

    /// The lines of a YAML block.
    fn block(&self, name: &NameHit<'_>, at: usize, out: &mut Vec<Span>) -> usize {
        let head = self.text.get(..name.start).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
        let indent = head.len() - head.trim_start_matches(' ').len();
        let start = self.line_end(at) + 1;
        let mut end = start;
        for line in self.from(start).split_inclusive('\n') {
            let own = line.len() - line.trim_start_matches(' ').len();
            if !line.trim().is_empty() && own <= indent {
                break;
            }
            end += line.len();
        }
        self.push(name, start, end, out);
        end
    }

    /// A value that ends with the word.
    fn word(&self, name: &NameHit<'_>, at: usize, out: &mut Vec<Span>) -> usize {
        let in_query = matches!(name.previous, b'?' | b'&');
        let mut end = at;
        loop {
            end = self.until(end, |b| ends_word(b) || matches!(b, b'\\' | b'&' | b'#'));
            let next = self.byte(end + 1);
            let goes_on = match self.byte(end) {
                b'&' | b'#' => !in_query,
                // Only before a quote or a line end it is not part of the value.
                b'\\' => !matches!(next, b'"' | b'\n' | b'\r'),
                b'"' | b'\'' | b'`' => next.is_ascii_alphanumeric(),
                _ => false,
            };
            if !goes_on || end >= self.text.len() {
                break;
            }
            end += 1;
        }
        self.push(name, at, end, out);
        end.max(at)
    }

    /// A value that goes on to the end of the line, of the comment, or to a quote.
    fn rest(&self, name: &NameHit<'_>, at: usize, comment: Option<Span>, out: &mut Vec<Span>) -> usize {
        if comment.is_none() && !self.opens_line(name, None) {
            let end = self.until(at, |b| matches!(b, b'"' | b'\'' | b'`' | b'\n'));
            if self.byte(end) != b'\n' {
                self.push(name, at, end, out);
                return end;
            }
        }
        self.to_line_end(name, at, out)
    }

    fn to_line_end(&self, name: &NameHit<'_>, at: usize, out: &mut Vec<Span>) -> usize {
        let line = self.line_end(at);
        let text = self.text.get(at..line).unwrap_or_default().trim_end().trim_end_matches(',');
        let text = text.trim_end_matches(['"', '\'']);
        // A sentence is not the value of a vague name.
        if name.likeness == Likeness::Vague && text.contains(' ') && self.comment(name.start).is_some() {
            return line;
        }
        self.push(name, at, at + text.len(), out);
        line
    }

    fn push(&self, name: &NameHit<'_>, start: usize, end: usize, out: &mut Vec<Span>) {
        let value = self.text.get(start..end).unwrap_or_default();
        if !names::is_plain_value(name.likeness, value) {
            out.push(Span::new(start, end));
        }
    }

    /// Whether a name is the first of its line.
    fn opens_line(&self, name: &NameHit<'_>, comment: Option<Span>) -> bool {
        let from = comment.map_or(0, |span| span.start as usize);
        let head = self.text.get(self.border(from.max(name.start.saturating_sub(80)))..name.start).unwrap_or_default();
        let head = head.rsplit('\n').next().unwrap_or_default();
        let head = head
            .trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '#' | ';' | '/' | '-' | '{' | ','));
        matches!(head, "" | "export")
    }

    fn comment(&self, at: usize) -> Option<Span> {
        let before = self.comments.partition_point(|span| span.start as usize <= at);
        let span = self.comments.get(before.checked_sub(1)?)?;
        ((span.end as usize) > at).then_some(*span)
    }

    fn line_end(&self, at: usize) -> usize {
        self.until(at, |b| b == b'\n')
    }

    /// The next border of a character.
    fn border(&self, at: usize) -> usize {
        let at = at.min(self.text.len());
        (at..=self.text.len()).find(|i| self.text.is_char_boundary(*i)).unwrap_or(at)
    }
}

/// A name that may be that of a secret.
struct NameHit<'s> {
    start: usize,
    end: usize,
    /// Without dashes.
    bare: &'s str,
    likeness: Likeness,
    is_flag: bool,
    /// The byte before it.
    previous: u8,
}

fn in_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')
}

fn ends_word(b: u8) -> bool {
    b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'`')
}

fn ends_token(b: u8) -> bool {
    !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'='))
}
