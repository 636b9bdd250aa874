//! Text of files, names and arguments made safe to print: nothing controls the terminal, turns the order of the text
//! around, or makes a line of its own where a format has lines.

use std::borrow::Cow;
use std::fmt::Write as _;

use crilint_core::text::is_unprintable;

/// Text on one line, for sentences: a blank replaces what cannot be seen.
pub(crate) fn one_line(text: &str) -> String {
    text.replace(|c: char| c.is_whitespace() || is_unprintable(c), " ")
}

/// Text of several lines, with `?` for what cannot be seen.
pub(crate) fn lines(text: &str) -> Cow<'_, str> {
    if text.contains(is_unprintable) { text.replace(is_unprintable, "?").into() } else { text.into() }
}

/// A path or the like on one line, where each character counts: what cannot be seen is written as `\\u{1b}`.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    let is_odd = |c: char| is_unprintable(c) || matches!(c, '\n' | '\r' | '\t');
    if !text.contains(is_odd) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            c if is_odd(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out.into()
}

/// JSON in which the strings hold no character that cannot be seen; outside strings there is none.
pub(crate) fn json(text: String) -> String {
    if !text.contains(is_unprintable) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            c if is_unprintable(c) => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// JSON without blanks as JSON with a line for each field and item.
pub(crate) fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut depth = 0;
    let mut chars = json.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                out.push(c);
                while let Some(c) = chars.next() {
                    out.push(c);
                    match c {
                        '"' => break,
                        '\\' => out.extend(chars.next()),
                        _ => {}
                    }
                }
            }
            '{' | '[' => {
                out.push(c);
                if let Some(end) = chars.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    new_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth -= 1;
                new_line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c => out.push(c),
        }
    }
    out
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    (0..depth).for_each(|_| out.push_str("  "));
}

/// A path for the head of a patch: as it is, or in quotes with escapes as GNU diff writes it and GNU patch reads it.
pub(crate) fn in_patch(path: &str) -> Cow<'_, str> {
    let is_odd = |c: char| is_unprintable(c) || matches!(c, '\n' | '\r' | '\t' | '"' | '\\');
    if !path.contains(is_odd) {
        // Behind a tab, a blank is part of the name.
        return if path.contains(' ') { format!("{path}\t").into() } else { path.into() };
    }
    let mut out = String::from("\"");
    for c in path.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if is_odd(c) => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    let _ = write!(out, "\\{byte:03o}");
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_controls_the_terminal_or_makes_a_line() {
        let text = "a\u{1b}[2J\u{9b}31m\u{202e}b\u{2028}c\nd\re";
        for safe in [one_line(text), escaped(text).into_owned(), in_patch(text).into_owned()] {
            assert!(!safe.contains(|c: char| c.is_control() || is_unprintable(c)), "{safe:?}");
        }
        assert!(!lines(text).contains(is_unprintable));
        assert_eq!(escaped("a\u{1b}\n"), "a\\u{1b}\\u{a}");
        assert_eq!(in_patch("a \"\u{e9}\u{9b}\n"), "\"a \\\"\u{e9}\\302\\233\\012\"");
        assert!(matches!(escaped("a/b \"c\""), Cow::Borrowed(_)) && matches!(in_patch("a/b"), Cow::Borrowed(_)));
        assert_eq!(in_patch("a/b c"), "a/b c\t", "behind a tab, as GNU diff writes it");
        let value: serde_json::Value =
            serde_json::from_str(&json("{\n\"a\": \"\u{9b}\u{202e}\"\n}".to_owned())).unwrap();
        assert_eq!(value["a"], "\u{9b}\u{202e}");
    }

    #[test]
    fn json_is_indented_as_by_serde() {
        let value = serde_json::json!({"a": [], "b": {}, "c": [1, [true, null], {"d": "x\\\"{[,:]}"}], "e": -1.5});
        assert_eq!(indented(&value.to_string()), serde_json::to_string_pretty(&value).unwrap());
    }
}
