//! Globs over paths with `/`: `*` and `?` stop at a slash, `**` does not, `{a,b}` is either, `[a-z]` one of these, and
//! `\` takes the meaning from what follows.

use std::ops::Range;

use crate::glob::{self, GlobSyntax};

/// A glob. Without a slash it means names in any folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    /// The alternatives that braces make.
    patterns: Vec<String>,
}

/// How many alternatives the braces of a glob may make, and how many bytes all of them together.
const MAX_ALTERNATIVES: usize = 256;
const MAX_BYTES: usize = 64 << 10;

impl Glob {
    /// Reads a glob.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let pattern = text.strip_prefix("./").unwrap_or(text);
        let wrong = |what: &str| format!("`{}` has {what}", start_of(text));
        let patterns = alternatives(pattern).map_err(wrong)?;
        for pattern in &patterns {
            glob::check(GlobSyntax::Config, pattern).map_err(wrong)?;
        }
        Ok(Self { patterns })
    }

    /// Whether it means a path.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        let path = path.strip_prefix("./").unwrap_or(path);
        let name = path.rsplit('/').next().unwrap_or(path);
        self.patterns.iter().any(|pattern| {
            let subject = if pattern.contains('/') { path } else { name };
            glob::matches(GlobSyntax::Config, pattern, subject)
        })
    }
}

/// A glob for a message, which quotes no more than a line of it.
fn start_of(text: &str) -> String {
    const SHOWN: usize = 60;
    let mut start: String = text.chars().take(SHOWN).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}

/// The patterns that the braces stand for. Their number and size are known, and bounded, before any is made.
fn alternatives(pattern: &str) -> Result<Vec<String>, &'static str> {
    const TOO_MANY: &str = "too many braces";
    let braces = braces(pattern)?;
    let choices: Vec<Vec<&str>> =
        braces.iter().map(|inside| pattern.get(inside.clone()).unwrap_or_default().split(',').collect()).collect();
    let count = choices.iter().try_fold(1, |count: usize, these| count.checked_mul(these.len())).ok_or(TOO_MANY)?;
    let bytes = count.checked_mul(pattern.len()).ok_or(TOO_MANY)?;
    if count > 1 && (count > MAX_ALTERNATIVES || bytes > MAX_BYTES) {
        return Err(TOO_MANY);
    }
    let made = (0..count).map(|mut number| {
        let mut made = String::new();
        let mut at = 0;
        for (inside, these) in braces.iter().zip(&choices) {
            made.push_str(pattern.get(at..inside.start - 1).unwrap_or_default());
            made.push_str(these.get(number % these.len()).unwrap_or(&""));
            number /= these.len();
            at = inside.end + 1;
        }
        made + pattern.get(at..).unwrap_or_default()
    });
    Ok(made.collect())
}

/// What stands inside each pair of braces; those behind a backslash or in brackets are characters.
fn braces(pattern: &str) -> Result<Vec<Range<usize>>, &'static str> {
    let mut found = vec![];
    let mut open: Option<usize> = None;
    let mut chars = pattern.char_indices();
    let mut in_brackets = false;
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '[' => in_brackets = true,
            ']' => in_brackets = false,
            '{' if !in_brackets => match open {
                None => open = Some(at + 1),
                Some(_) => return Err("braces in braces"),
            },
            '}' if !in_brackets => {
                if let Some(start) = open.take() {
                    found.push(start..at);
                }
            }
            _ => {}
        }
    }
    open.map_or(Ok(found), |_| Err("an open brace"))
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn globs_mean_what_gitignore_means() {
        for (glob, path, wanted) in [
            ("*.toml", "a/b/c.toml", true),
            ("a/*.toml", "a/b/c.toml", false),
            ("a/**/*.toml", "a/b/c.toml", true),
            ("a/**/*.toml", "a/c.toml", true),
            ("**/conf.d/*", "x/y/conf.d/z", true),
            ("**/conf.d/*", "conf.d/z", true),
            ("a/**", "a/b/c", true),
            ("./files/config.toml", "files/config.toml", true),
            ("config.{toml,json}", "x/config.json", true),
            ("config.{toml,json}", "x/config.yaml", false),
            ("c?nfig", "config", true),
            ("x/c?d", "x/c/d", false),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[]]x", "]x", true),
            ("", "a", false),
        ] {
            assert_eq!(Glob::parse(glob).unwrap().matches(path), wanted, "{glob} {path}");
        }
    }

    #[test]
    fn a_wrong_glob_is_an_error() {
        let deep = "{a,".repeat(125) + "b" + &"}".repeat(125);
        let many = "{a,b}".repeat(100_000);
        let long = "a".repeat(1000) + &"{a,b}".repeat(8);
        for (wrong, what) in [
            ("a{b", "`a{b` has an open brace"),
            ("{a,{b,c}}", "`{a,{b,c}}` has braces in braces"),
            ("a[b", "`a[b` has an open bracket"),
            ("a\\", "`a\\` has a `\\` at its end"),
            (&deep, "braces in braces"),
            (&many, "too many braces"),
            (&long, "too many braces"),
        ] {
            let error = Glob::parse(wrong).unwrap_err();
            assert!(error.contains(what) && error.len() < 300, "{error}");
        }
    }

    #[test]
    fn braces_behind_a_backslash_or_in_brackets_are_characters() {
        for (glob, path) in [("a\\{b", "a{b"), ("a[{]b", "a{b"), ("{a,b}{c,d}", "bc"), ("{a}{b}{c}", "abc")] {
            assert!(Glob::parse(glob).unwrap().matches(path), "{glob}");
        }
        let ones = Glob::parse(&"{a}".repeat(20_000)).unwrap();
        assert!(ones.matches(&"a".repeat(20_000)));
    }

    #[test]
    fn thousands_of_stars_are_matched_at_once() {
        let stars = Glob::parse(&("*".repeat(20_000) + "b")).unwrap();
        assert!(stars.matches("aaab") && !stars.matches(&"a".repeat(200)));
        let folders = Glob::parse(&("**/*a".repeat(2000) + "b")).unwrap();
        assert!(!folders.matches(&"a/".repeat(2000)));
    }
}
