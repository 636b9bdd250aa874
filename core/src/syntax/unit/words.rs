//! Command lines split into words, as systemd does it.

use super::super::{Node, Style};
use super::UnitReader;
use super::source_char::{SourceChar, span_of};
use crate::fix::{Applicability, Fix};
use crate::text::Span;

/// Markers are short; without this bound many open ones would take quadratic time.
const MAX_MARKER: usize = 200;

/// A word of a command line.
#[derive(Debug)]
pub(super) struct CommandWord {
    /// Its text, without the quotes.
    pub(super) chars: Vec<SourceChar>,
    /// As written, with the quotes.
    pub(super) span: Span,
    style: Style,
}

/// Words, and what is wrong with them.
#[derive(Default)]
struct SplitWords {
    words: Vec<CommandWord>,
    /// The first quote that is never closed.
    unclosed: Option<SourceChar>,
    /// Blanks that systemd does not take for blanks.
    invisible: Vec<Span>,
}

/// Splits as systemd does: at blanks outside quotes; quotes may stand anywhere in a word. A template marker is never
/// split.
fn split(chars: &[SourceChar]) -> SplitWords {
    let mut split = SplitWords::default();
    let mut i = 0;
    while let Some(char) = chars.get(i).copied() {
        if char.is_blank() {
            if char.is_invisible() {
                split.invisible.push(char.span);
            }
            i += 1;
            continue;
        }
        let (word, next, open) = one_word(chars, i);
        split.unclosed = split.unclosed.or(open);
        split.words.push(word);
        i = next.max(i + 1);
    }
    split
}

/// The word at `start`, where the next one may start, and the quote that it leaves open.
fn one_word(chars: &[SourceChar], start: usize) -> (CommandWord, usize, Option<SourceChar>) {
    let mut text = Vec::new();
    let mut quote: Option<SourceChar> = None;
    let mut quoted = 0;
    let mut i = start;
    while let Some(char) = chars.get(i).copied() {
        if let Some(end) = marker_end(chars, i) {
            text.extend_from_slice(chars.get(i..end).unwrap_or(&[]));
            i = end;
            continue;
        }
        let single = quote.is_some_and(|q| q.c == '\'');
        match (char.c, quote) {
            ('\\', _) if !single && i + 1 < chars.len() => {
                i += unescape(chars, i, &mut text);
                continue;
            }
            (c, Some(open)) if c == open.c => quote = None,
            ('"' | '\'', None) => {
                quote = Some(char);
                quoted += 1;
            }
            (_, None) if char.is_blank() => break,
            _ => text.push(char),
        }
        i += 1;
    }
    let written = chars.get(start..i).unwrap_or(&[]);
    let first = written.first().map(|g| g.c);
    let whole = quoted == 1 && written.len() > 1 && first == written.last().map(|g| g.c);
    let style = match first {
        Some('"') if whole => Style::Double,
        Some('\'') if whole => Style::Single,
        _ => Style::Plain,
    };
    let word = CommandWord { chars: text, span: span_of(written).unwrap_or_default(), style };
    (word, i, quote)
}

/// Resolves the escape at `at`; an unknown one stays as it is. Returns how many glyphs it takes.
fn unescape(chars: &[SourceChar], at: usize, text: &mut Vec<SourceChar>) -> usize {
    let (Some(backslash), Some(next)) = (chars.get(at), chars.get(at + 1)) else {
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
    text.push(SourceChar { c, span: backslash.span.to(next.span) });
    2
}

/// The end of the template marker that starts at glyph `at`.
fn marker_end(chars: &[SourceChar], at: usize) -> Option<usize> {
    let pair = |i: usize| Some((chars.get(i)?.c, chars.get(i + 1)?.c));
    let close = match pair(at)? {
        ('{', '{') => ('}', '}'),
        ('{', '%') => ('%', '}'),
        ('<', '%') => ('%', '>'),
        _ => return None,
    };
    let last = chars.len().min(at + MAX_MARKER);
    (at + 2..last).find(|i| pair(*i) == Some(close)).map(|i| i + 2)
}

impl<'a> UnitReader<'a> {
    /// The words of a value at `span`; `unclosed` is a quote already known to be.
    pub(super) fn words(&mut self, chars: &[SourceChar], span: Span, unclosed: Option<SourceChar>) -> Vec<CommandWord> {
        let split = split(chars);
        self.invisible.extend(split.invisible);
        if let Some(quote) = unclosed.or(split.unclosed) {
            self.unclosed_quote(quote, span);
        }
        split.words
    }

    /// The words in a part of a value whose faults were reported.
    pub(super) fn words_within(&self, chars: &[SourceChar]) -> Vec<Node<'a>> {
        self.nodes(&split(chars).words)
    }

    pub(super) fn nodes(&self, words: &[CommandWord]) -> Vec<Node<'a>> {
        words.iter().map(|word| self.scalar(&word.chars, word.span, word.style)).collect()
    }

    fn unclosed_quote(&mut self, quote: SourceChar, value: Span) {
        let span = Span { start: quote.span.start, ..value };
        let text = span.of(self.text);
        let end = value.end as usize;
        // A quote inside other quotes cannot be closed behind them.
        let plain = text.matches(['"', '\'']).count() == 1 && !text.ends_with('\\');
        // In an environment file systemd reads on up to the next quote.
        let sure = !self.env || self.rest(end).trim().is_empty();
        let trust = if sure { Applicability::Safe } else { Applicability::Unsafe };
        self.report("unclosed-quote", span, format!("`{}` is never closed", quote.c))
            .related(quote.span, "opened here")
            .help("add the closing quote")
            .maybe_fix(plain.then(|| Fix::edit(trust, "Close the quote", Span::empty(end), quote.c)));
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::{Format, read};

    /// The words of an `ExecStart` line, as systemd 252 gives them to the program.
    #[test]
    fn command_lines_are_split_as_systemd_splits_them() {
        let cases: [(&str, &[&str]); 14] = [
            ("kubelet --a=1 --b 2", &["kubelet", "--a=1", "--b", "2"]),
            ("kubelet  \t --a", &["kubelet", "--a"]),
            (r#"kubelet --a="x y" z"#, &["kubelet", "--a=x y", "z"]),
            (r#"kubelet "--a=x y"z"#, &["kubelet", "--a=x yz"]),
            ("kubelet '--a=\"x\"'", &["kubelet", "--a=\"x\""]),
            (r#"kubelet "--a='x'""#, &["kubelet", "--a='x'"]),
            (r#"kubelet "" --a"#, &["kubelet", "", "--a"]),
            (r#"kubelet "a\"b" a\'b a\\b"#, &["kubelet", "a\"b", "a'b", "a\\b"]),
            (r"kubelet a\sb\tc", &["kubelet", "a b\tc"]),
            (r"kubelet a\qb", &["kubelet", r"a\qb"]),
            ("kubelet \\\n  --a \\\n  --b", &["kubelet", "--a", "--b"]),
            ("kubelet \\\n# no word\n  --a", &["kubelet", "--a"]),
            ("kubelet --a # b", &["kubelet", "--a", "#", "b"]),
            ("kubelet --a=$B ${C}", &["kubelet", "--a=$B", "${C}"]),
        ];
        for (line, words) in cases {
            let text = format!("[Service]\nExecStart={line}\n");
            let document = read(&text, Format::Unit);
            let start = document.root.at(&["Service", "ExecStart"]).unwrap();
            let found: Vec<&str> = start.items().iter().map(|word| word.as_str().unwrap()).collect();
            assert_eq!(found, words, "{line}");
        }
    }

    /// The words of a variable in an environment file, once a command line splits them.
    #[test]
    fn variables_are_split_as_systemd_splits_them() {
        let cases: [(&str, &[&str]); 8] = [
            ("--a=1 --b", &["--a=1", "--b"]),
            (r#""--a=1 --b""#, &["--a=1", "--b"]),
            ("'--a=1 --b'", &["--a=1", "--b"]),
            ("  --a  ", &["--a"]),
            (r#""--a='x y'""#, &["--a=x y"]),
            ("--a=1 # b", &["--a=1", "#", "b"]),
            ("--a \\\n--b", &["--a", "--b"]),
            ("", &[]),
        ];
        for (value, words) in cases {
            let text = format!("ARGS={value}\n");
            let document = read(&text, Format::Env);
            let found: Vec<&str> =
                document.root.get("ARGS").unwrap().items().iter().map(|word| word.as_str().unwrap()).collect();
            assert_eq!(found, words, "{value}");
        }
    }
}
