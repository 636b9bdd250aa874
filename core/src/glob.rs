//! Shell globs, matched without recursion and without a copy of the pattern.
//!
//! Two syntaxes share the matcher: Go's `filepath.Match`, by which containerd finds its imports, and the globs of
//! `crilint.toml`. Of all stars only the last one is tried again, and of all `**/` only the last one: what stands
//! before it has been matched as early as possible, which leaves the most text to the rest. The work is at most the
//! length of the pattern times the length of the path, and linear for patterns whose stars are followed by different
//! text.

use std::str::Chars;

/// The rules by which a pattern is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum GlobSyntax {
    /// Go's `filepath.Match`: `*` and `?` stop at `/`, `[^a-z]` negates, `\` escapes.
    Go,
    /// A glob of `crilint.toml`: the same, with `**/` for any folders, `**` at the end for anything below, `[!a-z]`,
    /// and a `]` that stands for itself right behind the opening bracket.
    Config,
}

/// One step of a pattern.
enum Step<'p> {
    /// Exactly this character.
    Exact(char),
    /// `?`: any character but `/`.
    Any,
    /// `*`: any characters but `/`.
    Star,
    /// `**/` as a whole part: any folders, or none.
    Folders,
    /// `**` as the last part: anything.
    Everything,
    /// `[...]`, with the text between the brackets.
    Class { negated: bool, set: &'p str },
}

impl Step<'_> {
    fn matches(&self, c: char) -> bool {
        match self {
            Self::Exact(exact) => *exact == c,
            Self::Any => c != '/',
            Self::Class { negated, set } => c != '/' && in_set(set, c) != *negated,
            Self::Star | Self::Folders | Self::Everything => false,
        }
    }
}

/// Whether a pattern matches a path. A pattern that its syntax refuses matches no path.
pub(crate) fn matches(syntax: GlobSyntax, pattern: &str, path: &str) -> bool {
    let Ok(steps) = Pattern::new(syntax, pattern) else { return false };
    let (mut pattern, mut path) = (steps, path.chars());
    let mut star: Option<(Pattern<'_>, Chars<'_>)> = None;
    let mut folders: Option<(Pattern<'_>, Chars<'_>)> = None;
    loop {
        let mut rest = pattern;
        let step = rest.next();
        match step {
            Some(Step::Star) => {
                pattern = rest;
                star = Some((rest, path.clone()));
                continue;
            }
            Some(Step::Folders) => {
                pattern = rest;
                folders = Some((rest, path.clone()));
                star = None;
                continue;
            }
            Some(Step::Everything) => return true,
            _ => {}
        }
        let mut ahead = path.clone();
        match (step, ahead.next()) {
            (None, None) => return true,
            // Every further try has less of the path left for at least as many steps.
            (Some(_), None) => return false,
            (Some(step), Some(c)) if step.matches(c) => (pattern, path) = (rest, ahead),
            _ => {
                let last_star = star.as_mut().filter(|(_, from)| !matches!(from.clone().next(), None | Some('/')));
                if let Some((behind, from)) = last_star {
                    from.next();
                    (pattern, path) = (*behind, from.clone());
                } else if let Some((behind, from)) = &mut folders {
                    // The next folder; without one, no place is left to try.
                    if !from.any(|c| c == '/') {
                        return false;
                    }
                    (pattern, path) = (*behind, from.clone());
                    star = None;
                } else {
                    return false;
                }
            }
        }
    }
}

/// Whether a syntax takes a pattern.
///
/// # Errors
/// What is wrong with the pattern.
pub(crate) fn check(syntax: GlobSyntax, pattern: &str) -> Result<(), &'static str> {
    Pattern::new(syntax, pattern).map(|_| ())
}

/// The text before the first character with a meaning of its own, which every path that the pattern matches begins
/// with.
pub(crate) fn literal_start(pattern: &str) -> &str {
    pattern.split(['*', '?', '[', '\\']).next().unwrap_or_default()
}

/// What is left of a pattern.
#[derive(Clone, Copy)]
struct Pattern<'p> {
    syntax: GlobSyntax,
    rest: &'p str,
    /// Whether a part of the path starts here.
    at_part: bool,
}

impl<'p> Pattern<'p> {
    /// A pattern whose brackets and escapes are in order.
    fn new(syntax: GlobSyntax, text: &'p str) -> Result<Self, &'static str> {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            rest = match c {
                '[' => class(syntax, rest).ok_or("an open bracket")?.1,
                '\\' => behind(rest, 2).ok_or("a `\\` at its end")?,
                c => rest.get(c.len_utf8()..).unwrap_or_default(),
            };
        }
        Ok(Self { syntax, rest: text, at_part: true })
    }

    fn next(&mut self) -> Option<Step<'p>> {
        let text = self.rest;
        let first = text.chars().next()?;
        let (step, rest) = match first {
            '*' => {
                let behind = text.trim_start_matches('*');
                let is_part = self.syntax == GlobSyntax::Config && self.at_part && text.len() - behind.len() == 2;
                match behind.strip_prefix('/') {
                    Some(behind) if is_part => (Step::Folders, behind),
                    None if is_part && behind.is_empty() => (Step::Everything, behind),
                    _ => (Step::Star, behind),
                }
            }
            '?' => (Step::Any, text.get(1..).unwrap_or_default()),
            '[' => class(self.syntax, text)?,
            '\\' => (Step::Exact(text.chars().nth(1)?), behind(text, 2)?),
            c => (Step::Exact(c), text.get(c.len_utf8()..).unwrap_or_default()),
        };
        self.rest = rest;
        self.at_part = first == '/' || matches!(step, Step::Folders);
        Some(step)
    }
}

/// The text behind so many characters; nothing if there are fewer.
fn behind(text: &str, count: usize) -> Option<&str> {
    let mut chars = text.chars();
    for _ in 0..count {
        chars.next()?;
    }
    Some(chars.as_str())
}

/// A `[...]` at the start of a text, and what follows it.
fn class(syntax: GlobSyntax, text: &str) -> Option<(Step<'_>, &str)> {
    let inside = text.strip_prefix('[')?;
    let negation = inside.chars().next().filter(|c| *c == '^' || (*c == '!' && syntax == GlobSyntax::Config));
    let inside = inside.get(negation.map_or(0, char::len_utf8)..)?;
    let mut chars = inside.char_indices();
    let close = loop {
        match chars.next()? {
            (_, '\\') => drop(chars.next()?),
            (0, ']') if syntax == GlobSyntax::Config => {}
            (at, ']') => break at,
            _ => {}
        }
    };
    let (set, rest) = (inside.get(..close)?, inside.get(close + 1..)?);
    let is_fine = !set.is_empty() && (syntax == GlobSyntax::Config || go_takes(set));
    is_fine.then_some((Step::Class { negated: negation.is_some(), set }, rest))
}

/// Whether Go takes the text between brackets: no `-` stands where a character or a range has to start or end.
fn go_takes(set: &str) -> bool {
    let mut chars = set.chars();
    let one = |chars: &mut Chars<'_>| match chars.next() {
        Some('\\') => chars.next().is_some(),
        other => other.is_some_and(|c| c != '-'),
    };
    while !chars.as_str().is_empty() {
        if !one(&mut chars) {
            return false;
        }
        if let Some(rest) = chars.as_str().strip_prefix('-') {
            chars = rest.chars();
            if !one(&mut chars) {
                return false;
            }
        }
    }
    true
}

/// Whether a character is one of those between brackets.
fn in_set(set: &str, c: char) -> bool {
    let mut chars = set.chars();
    let next = |chars: &mut Chars<'_>| match chars.next() {
        Some('\\') => chars.next(),
        other => other,
    };
    while let Some(low) = next(&mut chars) {
        let mut high = low;
        let mut ahead = chars.clone();
        if ahead.next() == Some('-')
            && let Some(end) = next(&mut ahead)
        {
            high = end;
            chars = ahead;
        }
        if (low..=high).contains(&c) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn go(pattern: &str, path: &str) -> bool {
        matches(GlobSyntax::Go, pattern, path)
    }

    /// Source: path/filepath/match_test.go of golang/go@go1.24.
    #[test]
    fn go_means_the_same_paths() {
        for (pattern, path, wanted) in [
            ("abc", "abc", true),
            ("*", "abc", true),
            ("*c", "abc", true),
            ("a*", "a", true),
            ("a*", "ab/c", false),
            ("a*/b", "abc/b", true),
            ("a*/b", "a/c/b", false),
            ("a*b*c*d*e*/f", "axbxcxdxe/f", true),
            ("a*b*c*d*e*/f", "axbxcxdxexxx/f", true),
            ("a*b*c*d*e*/f", "axbxcxdxe/xxx/f", false),
            ("a*b?c*x", "abxbbxdbxebxczzx", true),
            ("a*b?c*x", "abxbbxdbxebxczzy", false),
            ("ab[c]", "abc", true),
            ("ab[b-d]", "abc", true),
            ("ab[e-g]", "abc", false),
            ("ab[^c]", "abc", false),
            ("ab[^e-g]", "abc", true),
            ("a\\*b", "a*b", true),
            ("a\\*b", "ab", false),
            ("a?b", "a☺b", true),
            ("a[^a]b", "a☺b", true),
            ("a???b", "a☺b", false),
            ("[a-ζ]*", "α", true),
            ("a?b", "a/b", false),
            ("a*b", "a/b", false),
            ("[\\]a]", "]", true),
            ("[\\-x]", "x", true),
            ("[x\\-]", "-", true),
            ("*x", "xxx", true),
            ("", "", true),
            ("**", "ab", true),
            ("**/b", "a/c/b", false),
            // Patterns that Go refuses.
            ("[]a]", "]", false),
            ("[-]", "-", false),
            ("[x-]", "x", false),
            ("[a-b-c]", "a", false),
            ("[", "[", false),
            ("a[", "a", false),
            ("a\\", "a", false),
        ] {
            assert_eq!(go(pattern, path), wanted, "{pattern} {path}");
        }
    }

    /// The same as `*` and `?` by definition, which is exponential.
    fn simple(pattern: &[char], path: &[char]) -> bool {
        match (pattern, path) {
            ([], []) => true,
            (['*', '*', '/', rest @ ..], _) => {
                let folders = path.iter().enumerate().filter(|(_, c)| **c == '/').map(|(at, _)| at + 1);
                [0].into_iter().chain(folders).any(|at| simple(rest, &path[at..]))
            }
            (['*', rest @ ..], _) => {
                simple(rest, path) || matches!(path, [c, tail @ ..] if *c != '/' && simple(pattern, tail))
            }
            (['?', rest @ ..], [c, tail @ ..]) if *c != '/' => simple(rest, tail),
            ([p, rest @ ..], [c, tail @ ..]) if p == c => simple(rest, tail),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn the_last_star_alone_is_enough(pattern in "([ab?]|\\*|/(\\*\\*/)?){0,8}", path in "[ab/]{0,9}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            // Elsewhere `**` has a meaning of its own, or none.
            prop_assume!(!pattern.replace("/**/", "/").contains("**"));
            prop_assert_eq!(matches(GlobSyntax::Config, &pattern, &path), simple(&chars(&pattern), &chars(&path)));
        }
    }

    #[test]
    fn a_million_stars_are_one() {
        let stars = "*".repeat(1 << 20) + "b";
        assert!(go(&stars, "aaab"));
        assert!(!go(&stars, "aaac"));
        let many = "*a".repeat(1 << 19);
        assert!(!go(&many, &"a".repeat(200)));
        assert!(go(&"*a".repeat(30), &"a".repeat(200)));
        assert!(!go(&("*a".repeat(30) + "b"), &"a".repeat(200)));
    }
}
