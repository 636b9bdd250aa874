//! The commands of a directive such as `ExecStart=`.
//!
//! Source: systemd v252:src/core/load-fragment.c (`config_parse_exec`).

use super::place::UnitPlace;
use super::specifiers::Specifiers;
use crate::syntax::unit::{SourceChar, SplitWord, Splitting, Unsplittable, first_word, is_blank, skip_blanks, text_of};
use crate::text::Span;

/// A word of a command line as the program gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgvWord {
    /// The word; nothing if it depends on the machine.
    pub text: Option<String>,
    /// Why it is not known.
    pub unknown: Option<String>,
    /// Where it is written: in the command, or in the value of the variable that it comes from.
    pub place: UnitPlace,
}

/// A command before its variables are filled in.
#[derive(Clone, Debug, Default)]
pub(crate) struct ParsedCommand {
    /// The program, without prefixes.
    pub(crate) program: String,
    /// The words, with the first as the program gets it.
    pub(crate) words: Vec<ParsedWord>,
    /// Whether variables are filled in.
    pub(crate) expands: bool,
    /// Whether it may fail.
    pub(crate) ignores_failure: bool,
}

/// A word of a command before variables are filled in.
#[derive(Clone, Debug, Default)]
pub(crate) struct ParsedWord {
    pub(crate) chars: Vec<SourceChar>,
    /// Why it is not known.
    pub(crate) unknown: Option<String>,
    pub(crate) span: Span,
}

/// A fault for which systemd does not load the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FatalFault;

/// The prefixes of a program.
#[derive(Clone, Copy, Default)]
struct Prefixes {
    ignores_failure: bool,
    own_first_word: bool,
    no_variables: bool,
    is_privileged: bool,
    keeps_user: bool,
    is_ambient: bool,
}

impl Prefixes {
    /// Takes a prefix; false if the character is not one here.
    fn take(&mut self, c: char) -> bool {
        let has_rights = self.is_privileged || self.is_ambient;
        let flag = match c {
            '-' => &mut self.ignores_failure,
            '@' => &mut self.own_first_word,
            ':' => &mut self.no_variables,
            '+' if !has_rights && !self.keeps_user => &mut self.is_privileged,
            '!' if !has_rights && !self.keeps_user => &mut self.keeps_user,
            '!' if !has_rights => {
                self.keeps_user = false;
                &mut self.is_ambient
            }
            _ => return false,
        };
        !std::mem::replace(flag, true)
    }
}

/// Reads the commands of a value that is not empty. `warn` gets messages of systemd.
pub(crate) fn parse(
    value: &[SourceChar],
    specifiers: &Specifiers<'_>,
    out: &mut Vec<ParsedCommand>,
    warn: &mut dyn FnMut(String),
) -> Result<(), FatalFault> {
    let mut at = 0;
    loop {
        let start = at;
        // Of a line with many commands, only messages need the text.
        let whole = || text_of(value.get(start..).unwrap_or_default());
        let Ok(Some(first)) = next_word(value, &mut at, &whole, warn) else { return Ok(()) };
        if text_of(&first.chars) == ";" {
            continue;
        }
        let mut prefixes = Prefixes::default();
        let count = first.chars.iter().take_while(|char| prefixes.take(char.c)).count();
        let ignores = prefixes.ignores_failure;
        let fault = |text: String, warn: &mut dyn FnMut(String)| {
            warn(text);
            if ignores { Ok(()) } else { Err(FatalFault) }
        };
        let ignoring = if ignores { ", ignoring" } else { "" };
        let written = first.chars.get(count..).unwrap_or_default();
        let Ok(program) = specifiers.fill(written) else {
            let written = text_of(written);
            return fault(format!("Failed to resolve unit specifiers in '{written}'{ignoring}: Invalid slot"), warn);
        };
        let path = text_of(&program.chars);
        if let Some(what) = path_fault(&path, program.unknown.is_some()) {
            let shown = if path.is_empty() { format!("'{}'", whole()) } else { path };
            return fault(format!("{what}{ignoring}: {shown}"), warn);
        }
        let mut command =
            ParsedCommand { program: path, words: vec![], expands: !prefixes.no_variables, ignores_failure: ignores };
        if !prefixes.own_first_word {
            command.words.push(ParsedWord { chars: program.chars, unknown: program.unknown, span: first.span });
        }
        let mut is_separated = false;
        while let Some(char) = value.get(at).copied() {
            if let Some(behind) = lone_semicolon(value, at) {
                at = behind;
                is_separated = true;
                break;
            }
            if let Some(behind) = lone_semicolon(value, at + 1).filter(|_| char.c == '\\') {
                let semicolon = value.get(at + 1).copied().unwrap_or(char);
                command.words.push(ParsedWord {
                    chars: vec![semicolon],
                    unknown: None,
                    span: char.span.to(semicolon.span),
                });
                at = behind;
                continue;
            }
            match next_word(value, &mut at, &whole, warn) {
                Ok(None) => break,
                Err(_) => return if ignores { Ok(()) } else { Err(FatalFault) },
                Ok(Some(word)) => {
                    let Ok(filled) = specifiers.fill(&word.chars) else {
                        let word = text_of(&word.chars);
                        let text = format!("Failed to resolve unit specifiers in {word}{ignoring}: Invalid slot");
                        return fault(text, warn);
                    };
                    let word = ParsedWord { chars: filled.chars, unknown: filled.unknown, span: word.span };
                    command.words.push(word);
                }
            }
        }
        if command.words.is_empty() {
            return fault(format!("Empty executable name or zeroeth argument{ignoring}: {}", whole()), warn);
        }
        out.push(command);
        if !is_separated {
            return Ok(());
        }
    }
}

/// The next word; an unknown escape in it is kept, with a warning.
fn next_word(
    value: &[SourceChar],
    at: &mut usize,
    whole: &dyn Fn() -> String,
    warn: &mut dyn FnMut(String),
) -> Result<Option<SplitWord>, Unsplittable> {
    let start = *at;
    if let Ok(word) = first_word(value, at, Splitting::Strict) {
        return Ok(word);
    }
    *at = start;
    let word = first_word(value, at, Splitting::KeepUnknown);
    match &word {
        Ok(word) => {
            let text = word.as_ref().map(|word| text_of(&word.chars)).unwrap_or_default();
            warn(format!("Ignoring unknown escape sequences: \"{text}\""));
        }
        Err(_) => warn(format!("Unbalanced quoting, ignoring: \"{}\"", whole())),
    }
    word
}

/// Where the text goes on behind a semicolon that stands alone at `at`.
fn lone_semicolon(value: &[SourceChar], at: usize) -> Option<usize> {
    let is_alone = value.get(at)?.c == ';' && value.get(at + 1).is_none_or(|next| is_blank(next.c));
    is_alone.then(|| skip_blanks(value, at + 1))
}

fn path_fault(path: &str, is_unknown: bool) -> Option<&'static str> {
    let is_name = !path.contains('/') && path.len() <= 255 && path != "." && path != "..";
    if path.is_empty() {
        (!is_unknown).then_some("Empty path in command line")
    } else if !is_safe(path) {
        Some("Executable name contains special characters")
    } else if path.ends_with('/') {
        Some("Executable path specifies a directory")
    } else if !path.starts_with('/') && !is_name {
        Some("Neither a valid executable name nor an absolute path")
    } else {
        None
    }
}

/// Whether a text has no quotes, backslashes and control characters.
pub(crate) fn is_safe(text: &str) -> bool {
    !text.chars().any(|c| c < ' ' || matches!(c, '"' | '\'' | '\\' | '\x7f'))
}
