//! Command lines split into words, as systemd does it.

use super::super::{Node, Style};
use super::UnitReader;
use super::source_char::SourceChar;
use super::split::{SplitWord, Splitting, read_word};
use crate::fix::{Applicability, Fix};
use crate::text::Span;

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

/// Splits as systemd does. A template marker is never split.
fn split(chars: &[SourceChar], how: Splitting) -> SplitWords {
    let mut split = SplitWords::default();
    let mut at = 0;
    loop {
        let from = at;
        let word = read_word(chars, &mut at, how, true);
        let rest = chars.get(from..).unwrap_or_default();
        match word {
            Ok(None) => break,
            Ok(Some(word)) => {
                split.words.push(CommandWord::new(word, rest));
            }
            // What an open quote holds is one word.
            Err(fault) => {
                split.unclosed = fault.quote.or(rest.first().copied());
                let open = read_word(chars, &mut at, Splitting::Value, true).ok().flatten();
                split.words.extend(open.map(|word| CommandWord::new(word, rest)));
                at = chars.len();
            }
        }
        let word = split.words.last().map(|word| word.span).unwrap_or_default();
        let between = chars.get(from..at).unwrap_or_default().iter().filter(|char| !word.contains(char.span));
        split.invisible.extend(between.filter(|char| char.is_invisible()).map(|char| char.span));
    }
    split
}

impl CommandWord {
    /// `rest` begins before the word as written.
    fn new(word: SplitWord, rest: &[SourceChar]) -> Self {
        let at = |place: u32, of: fn(Span) -> u32| rest.iter().find(|char| of(char.span) == place).map(|char| char.c);
        let first = at(word.span.start, |span| span.start);
        let last = at(word.span.end, |span| span.end);
        let is_whole = word.quoted == 1 && word.span.end - word.span.start > 1 && first == last;
        let style = match first {
            Some('"') if is_whole => Style::Double,
            Some('\'') if is_whole => Style::Single,
            _ => Style::Plain,
        };
        Self { chars: word.chars, span: word.span, style }
    }
}

impl<'a> UnitReader<'a> {
    /// The words of a value at `span`; `unclosed` is a quote already known to be.
    pub(super) fn words(&mut self, chars: &[SourceChar], span: Span, unclosed: Option<SourceChar>) -> Vec<CommandWord> {
        let how = if self.env { Splitting::Value } else { Splitting::KeepUnknown };
        let split = split(chars, how);
        self.invisible.extend(split.invisible);
        if let Some(quote) = unclosed.or(split.unclosed) {
            self.unclosed_quote(quote, span);
        }
        split.words
    }

    /// The words in a part of a value whose faults were reported.
    pub(super) fn words_within(&self, chars: &[SourceChar]) -> Vec<Node<'a>> {
        self.nodes(&split(chars, Splitting::Value).words)
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
        let cases: [(&str, &[&str]); 17] = [
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
            (r"kubelet 'a\tb' 'c\\d'", &["kubelet", "a\tb", r"c\d"]),
            (r"kubelet \x41\101\u00e9", &["kubelet", "AA\u{e9}"]),
            (r"kubelet \xc3\xa9", &["kubelet", "\u{e9}"]),
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
        let cases: [(&str, &[&str]); 9] = [
            ("--a=1 --b", &["--a=1", "--b"]),
            (r#""--a=1 --b""#, &["--a=1", "--b"]),
            ("'--a=1 --b'", &["--a=1", "--b"]),
            ("  --a  ", &["--a"]),
            (r#""--a='x y'""#, &["--a=x y"]),
            ("--a=1 # b", &["--a=1", "#", "b"]),
            ("--a \\\n--b", &["--a", "--b"]),
            (r#"'--a=x\ty "b\c"'"#, &["--a=xty", "bc"]),
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
