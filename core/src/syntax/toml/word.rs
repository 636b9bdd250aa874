//! Words that the lexer would misread: they hold invisible characters, escapes, comments or template markers. Each
//! function returns the byte at which to lex on.

use std::borrow::Cow;

use super::lexer::{TomlLexer, TomlTokenKind, is_control};
use super::quotes::{is_entry, quoted};
use crate::fix::{Applicability, Edit, Fix};
use crate::syntax::Problem;
use crate::syntax::recover::characters::{COPIED, code_point, is_wide_blank, is_zero_width, name_of, replacement};
use crate::syntax::recover::{foreign, template};
use crate::text::Span;

/// Whether a word needs a closer look. A long one is not configuration, and looking again and again takes time.
pub(super) fn is_odd(atom: &[u8]) -> bool {
    const LONG: usize = 1024;
    let odd = |b: &u8| !b.is_ascii() || is_control(*b) || matches!(b, b'\\' | b'$' | b'%' | b'/' | b';' | b'<' | b'`');
    atom.len() < LONG && atom.iter().any(odd)
}

/// Lexes a word with something odd in it.
pub(super) fn odd_word(lexer: &mut TomlLexer<'_, '_>, start: usize, end: usize) -> usize {
    let word = lexer.text.get(start..end).unwrap_or("");
    if word.starts_with("<%") {
        return lexer.template(start, start, "%>");
    }
    if word == "%" && lexer.text.as_bytes().get(end) == Some(&b'{') {
        return lexer.template(start, start, template::TERRAFORM.close);
    }
    if template::is_verb(word) {
        let span = Span::new(start, end);
        lexer.push(TomlTokenKind::Template, span);
        lexer.problems.template(lexer.text, span);
        return end;
    }
    comment(lexer, start, word)
        .or_else(|| semicolon(lexer, start, word))
        .or_else(|| quoted(lexer, start, word))
        .unwrap_or_else(|| letters(lexer, start, end))
}

/// `// comment`, `; comment` and `/* comment */`.
fn comment(lexer: &mut TomlLexer<'_, '_>, start: usize, word: &str) -> Option<usize> {
    let marker = ["//", "/*", ";"].into_iter().find(|m| word.starts_with(m))?;
    let stop = lexer.line_end(start);
    let text = lexer.text.get(start..stop)?.trim_end();
    let rest = text.get(marker.len()..)?;
    let last = lexer.last_on_line();
    let is_value = last == Some(TomlTokenKind::Equals);
    let in_list = lexer.open > 0 && !matches!(last, Some(TomlTokenKind::Comma | TomlTokenKind::Open));
    let goes_on = marker == ";" && last.is_some() && (in_list || rest.is_empty() || is_entry(rest));
    if is_value || goes_on {
        return None;
    }
    let span = Span::new(start, start + text.len());
    let sign = Span::new(start, start + marker.len());
    let mut edits = vec![Edit::new(sign, "#")];
    if marker == "/*" && rest.ends_with("*/") {
        let end = span.end as usize;
        edits.push(Edit::removal(Span::new(end - 2, end)));
    }
    lexer.comments.push(span);
    let fix = Fix::new(Applicability::Safe, foreign::START_WITH_HASH, edits);
    lexer.problems.add_once(lexer.text, foreign::comment_marker(sign, marker, "TOML")).fix(fix);
    Some(span.end as usize)
}

/// `;` behind a value, as other languages end a line or separate items.
fn semicolon(lexer: &mut TomlLexer<'_, '_>, start: usize, word: &str) -> Option<usize> {
    if !word.starts_with(';') || lexer.last_on_line().is_none() {
        return None;
    }
    let span = Span::new(start, start + 1);
    let end = lexer.line_end(start);
    let last = lexer.text.get(start + 1..end)?.trim().is_empty();
    let in_list = lexer.open > 0;
    let (kind, title, text) = match () {
        () if in_list => (TomlTokenKind::Comma, "Put a comma", ","),
        () if last => (TomlTokenKind::Newline, "Remove it", ""),
        () => (TomlTokenKind::Newline, "Start a new line", "\n"),
    };
    let message = if in_list { "items are separated by `,`" } else { "a line of TOML does not end with `;`" };
    lexer.push(kind, span);
    lexer.report("stray-semicolon", span, message).fix(Fix::safe(title, span, text));
    Some(start + 1)
}

/// Goes through an atom letter by letter. It ends where something inside does not belong to any word.
fn letters(lexer: &mut TomlLexer<'_, '_>, start: usize, end: usize) -> usize {
    let word = lexer.text.get(start..end).unwrap_or("");
    let visible = word.trim_end_matches(is_zero_width).len();
    for (offset, c) in word.char_indices() {
        let at = start + offset;
        let rest = word.get(offset + c.len_utf8()..).unwrap_or("");
        let resume = match c {
            '\\' => escape(lexer, at, rest),
            '$' => shell(lexer, start, at, rest),
            // Behind a value; what it means there is looked at as if it stood alone.
            ';' if offset > 0 && rest.is_empty() && lexer.last_on_line().is_some() => Some(at),
            c if is_blank(c) => Some(invisible(lexer, at, c)),
            c if is_zero_width(c) => {
                let resume = invisible(lexer, at, c);
                // Inside a word it is dropped when the word is decoded.
                (offset == 0 || offset >= visible).then_some(resume)
            }
            _ => None,
        };
        if let Some(resume) = resume {
            let cut_word = !matches!(lexer.tokens.last(), Some(t) if t.span.start as usize == start);
            if cut_word && at > start {
                lexer.push(TomlTokenKind::Atom, Span::new(start, at));
            }
            return resume;
        }
    }
    lexer.push(TomlTokenKind::Atom, Span::new(start, end));
    end
}

/// Whether `c` ends a word and must not stand there.
fn is_blank(c: char) -> bool {
    is_wide_blank(c) || u8::try_from(c).is_ok_and(is_control)
}

/// An invisible character.
fn invisible(lexer: &mut TomlLexer<'_, '_>, at: usize, c: char) -> usize {
    let span = Span::new(at, at + c.len_utf8());
    let (code, message, text) = match c {
        c if c.is_ascii() => {
            ("control-character", format!("the control character {} stands outside a string", code_point(c)), "")
        }
        c => ("invisible-character", format!("{} stands outside a string", name_of(c)), replacement(c)),
    };
    let title = if text.is_empty() { "Remove it" } else { "Put a plain blank" };
    let mut problem = Problem::new(code, span, message);
    problem.help(COPIED);
    lexer.problems.add_by_line(lexer.text, lexer.line, problem, title, Edit::new(span, text));
    span.end as usize
}

/// A backslash outside strings: Markdown writes one before `_`, `*`, `[` and the like.
fn escape(lexer: &mut TomlLexer<'_, '_>, at: usize, rest: &str) -> Option<usize> {
    let next = lexer.text.as_bytes().get(at + 1)?;
    let splits = rest.is_empty() && matches!(next, b'[' | b']' | b'{' | b'}' | b'=' | b'#');
    if !splits && !rest.starts_with(|c: char| is_escapable(c)) {
        return None;
    }
    let message = format!("the backslash before `{}` comes from Markdown and has no place here", char::from(*next));
    let problem = Problem::new("markdown-escape", Span::new(at, at + 2), message);
    let edit = Edit::removal(Span::new(at, at + 1));
    lexer.problems.add_by_line(lexer.text, lexer.line, problem, "Remove the backslash", edit);
    splits.then_some(at + 1)
}

fn is_escapable(c: char) -> bool {
    c.is_ascii_punctuation() && c != '\\'
}

/// `${VAR}`, `$(command)` and `$VAR`.
fn shell(lexer: &mut TomlLexer<'_, '_>, start: usize, at: usize, rest: &str) -> Option<usize> {
    match lexer.text.as_bytes().get(at + 1)? {
        b'{' => Some(lexer.template(start, at, template::SHELL.close)),
        b'(' => Some(lexer.template(start, at, template::COMMAND.close)),
        b'A'..=b'Z' | b'a'..=b'z' | b'_' => {
            let span = Span::new(start, at + 1 + rest.len());
            lexer.push(TomlTokenKind::Template, span);
            lexer.problems.template(lexer.text, Span::new(at, span.end as usize));
            Some(span.end as usize)
        }
        _ => None,
    }
}

/// A word without the characters that do not belong into it, which were reported before.
pub(super) fn clean(word: &str) -> Cow<'_, str> {
    if word.is_ascii() && !word.contains('\\') {
        return Cow::Borrowed(word);
    }
    let mut chars = word.chars().peekable();
    let mut out = String::with_capacity(word.len());
    while let Some(c) = chars.next() {
        let escapes = c == '\\' && chars.peek().is_some_and(|next| is_escapable(*next));
        if !escapes && !is_zero_width(c) {
            out.push(c);
        }
    }
    Cow::Owned(out)
}
