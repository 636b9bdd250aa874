//! Characters that look like others: odd blanks, characters without width, typographic quotes.

use crate::fix::{Applicability, Edit, Fix};
use crate::syntax::problems::{Problems, and_more};
use crate::text::Span;

/// Where such characters come from, as help for all of them.
pub(in crate::syntax) const COPIED: &str = "such characters come with text copied from web pages, documents or chats";

/// Whether `c` looks like a blank, and is not a blank to a daemon.
pub(in crate::syntax) fn is_wide_blank(c: char) -> bool {
    !c.is_ascii() && c.is_whitespace()
}

/// Whether `c` is without width: soft hyphens, joiners, marks of direction, byte order marks.
pub(in crate::syntax) fn is_zero_width(c: char) -> bool {
    // Most characters are ASCII.
    !c.is_ascii()
        && matches!(c,
            '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Whether `c` cannot be seen, and is not a tab, a line end or the blank of ASCII.
pub(in crate::syntax) fn is_invisible(c: char) -> bool {
    is_wide_blank(c) || is_zero_width(c) || c.is_control() && !matches!(c, '\t' | '\n' | '\r')
}

/// The text to write in place of an invisible character.
pub(in crate::syntax) fn replacement(c: char) -> &'static str {
    if c.is_whitespace() { " " } else { "" }
}

/// An invisible character by name and number: `a no-break space (U+00A0)`.
pub(in crate::syntax) fn name_of(c: char) -> String {
    let name = match c {
        '\u{a0}' => "a no-break space",
        '\u{3000}' => "a full-width space",
        '\u{200b}' => "a zero-width space",
        '\u{feff}' => "a byte order mark",
        _ => return format!("the invisible character {}", code_point(c)),
    };
    format!("{name} ({})", code_point(c))
}

/// `U+00A0`
pub(in crate::syntax) fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// Whether `c` is a typographic double quote.
pub(in crate::syntax) fn is_double_quote(c: char) -> bool {
    matches!(c, '“' | '”' | '„' | '‟' | '″' | '＂' | '«' | '»')
}

/// Whether `c` is a typographic single quote.
pub(in crate::syntax) fn is_single_quote(c: char) -> bool {
    matches!(c, '‘' | '’' | '‚' | '‛' | '′' | '＇')
}

/// Whether `c` is a typographic quote.
pub(in crate::syntax) fn is_typographic_quote(c: char) -> bool {
    is_double_quote(c) || is_single_quote(c)
}

/// Reports the invisible characters of a text as one problem: a text that has one has them on every line. `stand` is a
/// phrase for where they are.
pub(in crate::syntax) fn report(
    problems: &mut Problems,
    text: &str,
    places: &[Span],
    stand: &str,
    trust: Applicability,
) {
    let char_at = |span: Span| span.of(text).chars().find(|c| is_invisible(*c)).unwrap_or(' ');
    let Some(first) = places.first() else { return };
    let message = format!("{} stands {stand}{}", name_of(char_at(*first)), and_more(places.len()));
    let edits = places.iter().map(|span| Edit::new(*span, replacement(char_at(*span)))).collect();
    problems.report("invisible-character", *first, message).help(COPIED).fix(Fix::new(
        trust,
        "Replace invisible characters",
        edits,
    ));
}
