//! Properties of the terminal: colors, width, characters.

use std::env;
use std::io::{self, IsTerminal};

use crate::args::Color;

/// How to write for the one who reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    /// Whether standard output takes colours and links.
    pub(crate) color: bool,
    /// Whether standard error does.
    pub(crate) color_on_stderr: bool,
    /// Whether a user can answer a question.
    pub(crate) can_ask: bool,
    /// Columns to fill.
    pub(crate) width: usize,
    /// Whether lines can be drawn with characters beyond ASCII.
    pub(crate) unicode: bool,
}

/// Longer lines are hard to read.
const WIDEST: usize = 110;
/// Below this, wrapping does more harm than good.
const NARROWEST: usize = 40;

impl Terminal {
    /// Asks the environment.
    pub(crate) fn new(color: Color) -> Self {
        Self {
            color: colors(color, io::stdout().is_terminal()),
            color_on_stderr: colors(color, io::stderr().is_terminal()),
            can_ask: io::stdin().is_terminal() && io::stderr().is_terminal(),
            width: width().clamp(NARROWEST, WIDEST),
            unicode: unicode(),
        }
    }
}

/// <https://no-color.org> and <https://bixense.com/clicolors>; the option wins.
fn colors(wish: Color, is_terminal: bool) -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    let is = |name, text: &str| env::var_os(name).is_some_and(|value| value == text);
    match wish {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if set("NO_COLOR") => false,
        Color::Auto if set("CLICOLOR_FORCE") && !is("CLICOLOR_FORCE", "0") => true,
        Color::Auto => is_terminal && !is("TERM", "dumb"),
    }
}

fn width() -> usize {
    let columns = env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let measured = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    columns.or_else(measured).unwrap_or(WIDEST)
}

/// Whether the locale is not one that names another character set. Without a locale (containers, CI), UTF-8 is usual.
fn unicode() -> bool {
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| env::var(name).ok().filter(|v| !v.is_empty()));
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}
