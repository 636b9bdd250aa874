//! The source under a finding, drawn by miette. Nothing else of crilint uses miette.

use std::borrow::Cow;
use std::fmt;

use crilint_core::finding::Severity;
use crilint_core::secrets::Masked;
use crilint_core::text::is_unprintable;
use crilint_core::{Encoding, LineIndex, Span};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};
use owo_colors::Style;
use textwrap::{WordSeparator, WordSplitter};

use crate::terminal::Terminal;

/// Lines shown above and below.
const CONTEXT: usize = 1;
/// Longer lines, such as those of minified JSON, are shown in part.
const MAX_LINE: usize = 160;

/// A sentence with the place that it is about.
#[derive(Clone)]
pub(super) struct Snippet {
    /// The text before the sentence: `error[rule-id]:`.
    pub(super) head: String,
    /// The sentence.
    pub(super) message: String,
    /// The severity, which sets the color.
    pub(super) severity: Severity,
    /// The place that it is about.
    pub(super) span: Span,
    /// Other places in the same source, with what they have to do with it.
    pub(super) labels: Vec<(Span, String)>,
}

/// A text that can be shown in part.
pub(super) struct Excerpt<'a> {
    /// The path.
    pub(super) path: String,
    /// The text, safe to print; see [`printable`].
    pub(super) text: &'a str,
    /// The lines of the text.
    pub(super) lines: &'a LineIndex,
    /// Where the text stands in the original, if secrets are masked in it.
    pub(super) masked: Option<&'a Masked>,
}

impl Snippet {
    /// Draws it with its source.
    pub(super) fn draw(&self, source: &Excerpt<'_>, terminal: &Terminal) -> String {
        let handler = GraphicalReportHandler::new_themed(self.theme(terminal))
            .with_width(terminal.width)
            .with_context_lines(CONTEXT)
            .with_word_separator(WordSeparator::AsciiSpace)
            .with_word_splitter(WordSplitter::NoHyphenation)
            .with_urls(false);
        let mut out = String::new();
        // Writing to a string fails only where a span does not fit its text; then the sentence stands alone.
        let _ = handler.render_report(&mut out, &Drawn { snippet: self, source, labels: self.labeled(source) });
        flush_left(&out)
    }

    fn theme(&self, terminal: &Terminal) -> GraphicalTheme {
        let mut characters = if terminal.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
        for word in [&mut characters.error, &mut characters.warning, &mut characters.advice] {
            word.clone_from(&self.head);
        }
        let mut styles = ThemeStyles::none();
        if terminal.color {
            let style = severity_style(self.severity);
            styles = ThemeStyles {
                error: style,
                warning: style,
                advice: style,
                link: Style::new().cyan(),
                linum: Style::new().dimmed(),
                highlights: vec![style],
                ..ThemeStyles::ansi()
            };
        }
        GraphicalTheme { characters, styles }
    }

    fn labeled(&self, source: &Excerpt<'_>) -> Vec<LabeledSpan> {
        let at = |span: Span| {
            let span = source.shown(span).range();
            (span.start, span.len())
        };
        let (start, len) = at(self.span);
        let primary = LabeledSpan::new_primary_with_span(None, SourceSpan::from((start, len)));
        let others = self.labels.iter().map(|(span, text)| {
            let (start, len) = at(*span);
            LabeledSpan::new(Some(text.clone()), start, len)
        });
        std::iter::once(primary).chain(others).collect()
    }
}

/// Miette indents the sentence; at the border it is found sooner.
fn flush_left(drawn: &str) -> String {
    let mut out = String::with_capacity(drawn.len());
    let mut lines = drawn.split_inclusive('\n').peekable();
    // The indented lines end where the frame begins, which stands further in.
    while let Some(rest) = lines.peek().and_then(|line| line.strip_prefix("  ")).filter(|rest| !rest.starts_with(' ')) {
        out.push_str(rest);
        lines.next();
    }
    out.extend(lines);
    out
}

/// The colour of a severity.
pub(super) fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::Error => Style::new().red().bold(),
        Severity::Warning => Style::new().yellow().bold(),
        Severity::Info => Style::new().blue().bold(),
    }
}

impl Excerpt<'_> {
    /// Whether two places can be drawn together: they are lines apart, which are drawn in pieces, or the lines that
    /// hold both are not too long.
    pub(super) fn is_near(&self, one: Span, other: Span) -> bool {
        const APART: u32 = 2 * CONTEXT as u32 + 2;
        let line = |span: Span| self.lines.position(self.text, span.start, Encoding::Utf8).line;
        let (first, last) = (line(one).min(line(other)), line(one).max(line(other)));
        let is_short = |line: u32| self.lines.line_span(self.text, line).range().len() <= 2 * MAX_LINE;
        let distance = one.start.abs_diff(other.start) as usize;
        last - first > APART || distance <= MAX_LINE || (first..=last).all(is_short)
    }

    /// The part of a span that is drawn: on its first line, not too long, and never behind the last line.
    fn shown(&self, span: Span) -> Span {
        let text = self.text;
        let ended = text.trim_end_matches(['\n', '\r']).len() as u32;
        if span.start >= ended {
            return Span::empty(ended as usize);
        }
        let line = self.lines.position(text, span.start, Encoding::Utf8).line;
        let line = self.lines.line_span(text, line);
        let longest = floor(text, span.start as usize + MAX_LINE);
        Span { start: span.start, end: span.end.min(line.end).min(longest).max(span.start) }
    }

    /// The column of an offset in the original. A mask may be shorter or longer than what it hides.
    fn column(&self, offset: u32) -> u32 {
        let column = self.lines.position(self.text, offset, Encoding::Char).column;
        self.masked.map_or(column, |masked| masked.column(offset, column))
    }

    /// The whole lines around a span, or a part of the line if that is too long to show.
    fn lines_around(&self, span: Span, context: usize) -> (Span, u32) {
        let (text, lines) = (self.text, self.lines);
        let context = context as u32;
        let first = lines.position(text, span.start, Encoding::Utf8).line;
        let last = lines.position(text, span.end, Encoding::Utf8).line;
        let end = (lines.len() as u32).saturating_sub(1);
        let (from, to) = (first.saturating_sub(context), (last + context).min(end));
        let is_long = |line: u32| lines.line_span(text, line).range().len() > MAX_LINE;
        if !(from..=to).any(is_long) {
            return (lines.line_span(text, from).to(lines.line_span(text, to)), from);
        }
        let all = lines.line_span(text, first).to(lines.line_span(text, last));
        let margin = MAX_LINE as u32 / 2;
        let start = floor(text, span.start.saturating_sub(margin) as usize).max(all.start);
        let end = floor(text, (span.end + margin) as usize).min(all.end).max(span.end);
        (Span { start, end }, first)
    }
}

/// The character border at or before `at`.
fn floor(text: &str, at: usize) -> u32 {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0) as u32
}

impl SourceCode for Excerpt<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let span = Span::new(span.offset(), span.offset() + span.len());
        let (shown, line) = self.lines_around(span, before);
        let column = self.column(span.start);
        let data = shown.of(self.text);
        let count = data.bytes().filter(|b| *b == b'\n').count() + 1;
        let range = SourceSpan::from((shown.start as usize, data.len()));
        let contents = MietteSpanContents::new_named(
            self.path.clone(),
            data.as_bytes(),
            range,
            line as usize,
            column as usize,
            count,
        );
        Ok(Box::new(contents))
    }
}

/// A snippet as miette wants it.
struct Drawn<'a> {
    snippet: &'a Snippet,
    source: &'a Excerpt<'a>,
    labels: Vec<LabeledSpan>,
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.snippet.message)
    }
}

impl fmt::Debug for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.snippet.message)
    }
}

impl std::error::Error for Drawn<'_> {}

impl Diagnostic for Drawn<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.snippet.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// The text without characters that would control the terminal or turn the order of the text around. Each is replaced
/// by one of the same length, so that spans stay right.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unprintable) && !has_lone_return(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() != Some(&'\n') => out.push(' '),
            c if is_unprintable(c) => out.push(match c.len_utf8() {
                1 => '?',
                2 => '¿',
                _ => '\u{fffd}',
            }),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn has_lone_return(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().any(|(i, b)| *b == b'\r' && bytes.get(i + 1) != Some(&b'\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_controls_the_terminal_is_not_printed() {
        let text = "a = \"\u{1b}[31m\u{85}\u{202e}\"\r\nb\rc\n";
        let safe = printable(text);
        assert_eq!(safe, "a = \"?[31m¿\u{fffd}\"\r\nb c\n");
        assert_eq!(safe.len(), text.len());
        assert!(matches!(printable("a\tb\r\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn any_span_of_any_text_is_drawn() {
        let long = format!("{{\"a\": \"{}\", \"é\": [{}]}}", "x".repeat(500), "\"😀\", ".repeat(300));
        for text in ["", "\n", "\u{feff}a = 1\r\n\r\nb = \"日本\"", "a = 1\n\n\n", "é", &long, "x\ry\n"] {
            let text = printable(text);
            let lines = LineIndex::new(&text);
            let source = Excerpt { path: "config.toml".to_owned(), text: &text, lines: &lines, masked: None };
            let borders: Vec<_> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
            let step = borders.len() / 40 + 1;
            for (from, to) in
                borders.iter().step_by(step).flat_map(|a| borders.iter().step_by(step).map(move |b| (*a, *b)))
            {
                let span = Span::new(from.min(to), from.max(to));
                let label = (Span::empty(to), "here".to_owned());
                let terminal =
                    Terminal { color: false, color_on_stderr: false, can_ask: false, width: 60, unicode: true };
                let snippet = Snippet {
                    head: "error:".to_owned(),
                    message: "wrong".to_owned(),
                    severity: Severity::Error,
                    span,
                    labels: vec![label],
                };
                let drawn = snippet.draw(&source, &terminal);
                assert!(
                    drawn.starts_with("error: wrong") && drawn.contains("config.toml:"),
                    "{span:?} of {text:?}: {drawn}"
                );
            }
        }
    }
}
