//! Text into tokens: the lexer of `toml_parser`, started anew behind whatever it would misread.
//!
//! Blanks and comments have no tokens; where they matter, spans show them.

use toml_parser::Source;
use toml_parser::lexer::TokenKind;

use super::{quotes, word};
use crate::fix::Edit;
use crate::fix::Fix;
use crate::syntax::problems::{Problems, shown};
use crate::syntax::recover::characters::code_point;
use crate::syntax::recover::conflict;
use crate::syntax::recover::template::{self, TemplateMarker};
use crate::syntax::{Dialect, Problem};
use crate::text::{Span, line_end};

/// The kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TomlTokenKind {
    Dot,
    Equals,
    Comma,
    /// `[`
    Open,
    /// `]`
    Close,
    /// `{`
    BraceOpen,
    /// `}`
    BraceClose,
    Newline,
    /// `"…"`
    Basic,
    /// `'…'`
    Literal,
    /// `"""…"""`
    MlBasic,
    /// `'''…'''`
    MlLiteral,
    /// A string whose quotes are wrong in some way, which was reported.
    Repaired,
    /// A template marker with all that belongs to it.
    Template,
    /// Anything else up to the next of the above: bare keys, numbers, words.
    Atom,
    Eof,
}

impl TomlTokenKind {
    pub(super) fn is_string(self) -> bool {
        use TomlTokenKind::{Basic, Literal, MlBasic, MlLiteral, Repaired};
        matches!(self, Basic | Literal | MlBasic | MlLiteral | Repaired)
    }

    /// Whether a key can consist of this.
    pub(super) fn is_key(self) -> bool {
        self.is_string() || matches!(self, Self::Atom | Self::Template)
    }

    pub(super) fn ends_line(self) -> bool {
        matches!(self, Self::Newline | Self::Eof)
    }
}

/// A piece of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct TomlToken {
    pub(super) kind: TomlTokenKind,
    pub(super) span: Span,
    /// [`TomlTokenKind::Repaired`]: how many bytes its opening and closing quotes have; zero where one is missing.
    pub(super) quotes: (u8, u8),
}

/// Reads tokens; see [`lex`].
pub(super) struct TomlLexer<'a, 'f> {
    pub(super) text: &'a str,
    pub(super) problems: &'f mut Problems,
    pub(super) tokens: Vec<TomlToken>,
    pub(super) comments: Vec<Span>,
    /// Where the current line starts.
    pub(super) line: usize,
    /// A line end, found for some byte from which there is none before it.
    end: Span,
    /// Brackets and braces now open; a guess, for texts with faults.
    pub(super) open: usize,
}

/// The tokens of `text` from byte `from` on, with [`TomlTokenKind::Eof`] as the last, and the comments.
pub(super) fn lex(text: &str, from: usize, problems: &mut Problems) -> (Vec<TomlToken>, Vec<Span>) {
    let mut lexer = TomlLexer {
        text,
        problems,
        tokens: Vec::with_capacity(text.len() / 5 + 1),
        comments: Vec::new(),
        line: 0,
        end: Span::new(0, line_end(text, 0)),
        open: 0,
    };
    let mut at = lexer.skip_marker_lines(from);
    while let Some(resume) = lexer.run(at) {
        at = resume.max(at + 1);
    }
    let end = Span::empty(text.len());
    lexer.push(TomlTokenKind::Eof, end);
    (lexer.tokens, lexer.comments)
}

impl TomlLexer<'_, '_> {
    /// Adds a problem, unless something else explains it.
    pub(super) fn report(&mut self, code: &'static str, span: Span, message: impl Into<String>) -> &mut Problem {
        self.problems.report_once(self.text, code, span, message)
    }

    /// Lexes from byte `base` on. Gives a byte to start anew from, if what follows must be cut another way.
    fn run(&mut self, base: usize) -> Option<usize> {
        let rest = self.text.get(base..)?;
        if rest.starts_with('\u{feff}') {
            // The lexer would skip it in silence, as it does at the start of a text.
            return Some(word::odd_word(self, base, base + '\u{feff}'.len_utf8()));
        }
        for token in Source::new(rest).lex() {
            let (start, end) = (base + token.span().start(), base + token.span().end());
            let resume = match token.kind() {
                TokenKind::Eof => return None,
                TokenKind::Whitespace => None,
                TokenKind::Comment => self.comment(start, end),
                TokenKind::Newline => self.newline(start, end),
                TokenKind::LeftCurlyBracket => self.brace(start, end),
                TokenKind::Atom if word::is_odd(self.bytes(start, end)) => Some(word::odd_word(self, start, end)),
                TokenKind::BasicString if !is_closed(self.bytes(start, end), b"\"") => {
                    Some(quotes::string(self, start, end))
                }
                TokenKind::LiteralString if !is_closed(self.bytes(start, end), b"'") => {
                    Some(quotes::string(self, start, end))
                }
                kind @ (TokenKind::MlBasicString | TokenKind::MlLiteralString) => self.block(kind, start, end),
                kind => self.plain(kind, start, end),
            };
            if resume.is_some() {
                return resume;
            }
        }
        None
    }

    pub(super) fn push(&mut self, kind: TomlTokenKind, span: Span) {
        self.push_quoted(kind, span, (0, 0));
    }

    pub(super) fn push_quoted(&mut self, kind: TomlTokenKind, span: Span, quotes: (u8, u8)) {
        self.tokens.push(TomlToken { kind, span, quotes });
    }

    /// Where the line of byte `at` ends. Looks for each line end once, however many ask.
    pub(super) fn line_end(&mut self, at: usize) -> usize {
        if !self.end.contains(Span::empty(at)) {
            self.end = Span::new(at, line_end(self.text, at));
        }
        self.end.end as usize
    }

    fn bytes(&self, start: usize, end: usize) -> &[u8] {
        self.text.as_bytes().get(start..end).unwrap_or_default()
    }

    /// The last token, if it stands on the current line.
    pub(super) fn last_on_line(&self) -> Option<TomlTokenKind> {
        let last = self.tokens.last().map(|t| t.kind);
        last.filter(|kind| *kind != TomlTokenKind::Newline)
    }

    fn plain(&mut self, kind: TokenKind, start: usize, end: usize) -> Option<usize> {
        let kind = match kind {
            TokenKind::Dot => TomlTokenKind::Dot,
            TokenKind::Equals => TomlTokenKind::Equals,
            TokenKind::Comma => TomlTokenKind::Comma,
            TokenKind::LeftSquareBracket => TomlTokenKind::Open,
            TokenKind::RightSquareBracket => TomlTokenKind::Close,
            TokenKind::RightCurlyBracket => TomlTokenKind::BraceClose,
            TokenKind::BasicString => TomlTokenKind::Basic,
            TokenKind::LiteralString => TomlTokenKind::Literal,
            _ => TomlTokenKind::Atom,
        };
        match kind {
            TomlTokenKind::Open => self.open += 1,
            TomlTokenKind::Close | TomlTokenKind::BraceClose => self.open = self.open.saturating_sub(1),
            _ => {}
        }
        self.push(kind, Span::new(start, end));
        None
    }

    fn newline(&mut self, start: usize, end: usize) -> Option<usize> {
        if self.text.get(start..end) == Some("\r") {
            self.lone_return(Span::new(start, end));
            return None;
        }
        self.push(TomlTokenKind::Newline, Span::new(start, end));
        self.line = end;
        let next = self.skip_marker_lines(end);
        (next != end).then_some(next)
    }

    /// A `\r` without `\n`: taken for a line end, as old Macs wrote it.
    fn lone_return(&mut self, span: Span) {
        self.push(TomlTokenKind::Newline, span);
        let message = "a carriage return without a line feed does not end a line";
        let mut problem = Problem::new("carriage-return", span, message);
        problem.dialect(Dialect::LoneReturn);
        let edit = Edit::new(span, "\n");
        // Line 0, wherever it is: such a file has them everywhere, and one problem is enough.
        self.problems.add_by_line(self.text, 0, problem, "Use Unix line ends", edit);
    }

    /// Skips lines that Git left in a merge.
    fn skip_marker_lines(&mut self, mut at: usize) -> usize {
        while let Some(end) = self.marker_line(at) {
            let written = self.text.get(at..end).unwrap_or("").trim_end().len();
            self.conflict(Span::new(at, at + written));
            at = (end + 1).min(self.text.len());
            self.line = at;
        }
        at
    }

    fn marker_line(&self, at: usize) -> Option<usize> {
        conflict::marker(self.text.get(at..)?).map(|_| line_end(self.text, at))
    }

    /// A line that Git left: the first one is a problem, which goes up to the last.
    fn conflict(&mut self, line: Span) {
        if !self.problems.has_conflict() {
            self.problems.conflict(line);
        } else if let Some(problem) = self.problems.find_mut("conflict-marker") {
            problem.related(line, "the conflict ends here");
        }
    }

    fn comment(&mut self, start: usize, end: usize) -> Option<usize> {
        let span = Span::new(start, end);
        self.comments.push(span);
        let control = self.bytes(start, end).iter().position(|b| is_control(*b))?;
        let at = Span::new(start + control, start + control + 1);
        let has_nul = span.of(self.text).contains('\0');
        let c = at.of(self.text).chars().next().unwrap_or_default();
        let clean = span.of(self.text).replace(|c: char| u8::try_from(c).is_ok_and(is_control), "");
        self.report("control-character", at, format!("the control character {} stands in a comment", code_point(c)))
            .dialect(if has_nul { Dialect::NulCharacter } else { Dialect::ControlCharacter })
            .fix(Fix::safe("Remove it", span, clean));
        None
    }

    fn brace(&mut self, start: usize, end: usize) -> Option<usize> {
        let rest = self.text.get(start..).unwrap_or("");
        if let Some(marker) = template_at(rest) {
            return Some(self.template(start, start, marker.close));
        }
        self.open += 1;
        self.push(TomlTokenKind::BraceOpen, Span::new(start, end));
        None
    }

    /// Takes all of a template marker at byte `at` as one token that starts at byte `start`.
    pub(super) fn template(&mut self, start: usize, at: usize, close: &str) -> usize {
        let line = self.line_end(at);
        let body = at + 2;
        let found = self.text.get(body..line).and_then(|s| s.find(close));
        let end = found.map_or_else(
            || start + self.text.get(start..line).unwrap_or("").trim_end().len(),
            |c| body + c + close.len(),
        );
        let span = Span::new(start, end.max(start + 1));
        self.push(TomlTokenKind::Template, span);
        self.problems.template(self.text, Span::new(at, span.end as usize));
        span.end as usize
    }

    /// A string in triple quotes. One that is not closed ends before the next line that looks like TOML.
    fn block(&mut self, kind: TokenKind, start: usize, end: usize) -> Option<usize> {
        let (kind, quotes) = match kind {
            TokenKind::MlBasicString => (TomlTokenKind::MlBasic, "\"\"\""),
            _ => (TomlTokenKind::MlLiteral, "'''"),
        };
        let closed = is_closed(self.bytes(start, end), quotes.as_bytes());
        let next = self.text.as_bytes().get(end);
        let stuck =
            !matches!(next, None | Some(b' ' | b'\t' | b'\r' | b'\n' | b',' | b']' | b'}' | b'#' | b'.' | b'='));
        let cut = (!closed || stuck).then(|| quotes::block_end(self.text, start, end));
        match cut {
            Some(cut) if !closed || cut < end => {
                let kept = self.text.get(start..cut).unwrap_or("").trim_end().len();
                self.unclosed_block(Span::new(start, start + kept), quotes);
                Some(start + kept)
            }
            _ => {
                self.push(kind, Span::new(start, end));
                None
            }
        }
    }

    fn unclosed_block(&mut self, span: Span, quotes: &str) {
        let text = span.of(self.text);
        let message = format!("the text that starts with {} is never closed", shown(text));
        let problem = self.report("unclosed-string", span, message).help(format!("put {quotes} at its end"));
        if !text.contains('\n') {
            problem.fix(Fix::safe(format!("Close it with {quotes}"), Span::empty(span.end as usize), quotes));
        }
        self.problems.silence(span);
        self.push_quoted(TomlTokenKind::Repaired, span, (3, 0));
    }
}

/// The template marker that `rest` starts with. TOML may have a comment right behind a brace, so Jinja's `{# … #}`
/// counts only if it is closed on its line.
fn template_at(rest: &str) -> Option<TemplateMarker> {
    const NEAR: usize = 200;
    let marker = template::at(rest)?;
    let near = rest.bytes().take(NEAR).take_while(|b| !matches!(b, b'\r' | b'\n'));
    let is_closed = || near.clone().zip(near.clone().skip(1)).any(|pair| pair == (b'#', b'}'));
    (marker.open != "{#" || is_closed()).then_some(marker)
}

/// Whether a string token, quotes and all, ends with quotes that close it.
fn is_closed(token: &[u8], quotes: &[u8]) -> bool {
    let Some(body) = token.strip_suffix(quotes) else {
        return false;
    };
    let slashes = body.iter().rev().take_while(|b| **b == b'\\').count();
    body.len() >= quotes.len() && (quotes.first() == Some(&b'\'') || slashes % 2 == 0)
}

/// Whether TOML forbids this byte everywhere; line ends count as forbidden too.
pub(super) fn is_control(byte: u8) -> bool {
    matches!(byte, 0..=8 | 10..=31 | 127)
}
