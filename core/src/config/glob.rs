//! Globs over paths with `/`: `*` and `?` stop at a slash, `**` does not, `{a,b}` is either, `[a-z]` one of these.

/// A glob. Without a slash it meets names in any folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    /// The alternatives that braces make.
    patterns: Vec<String>,
}

impl Glob {
    /// Reads a glob.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        const MANY: usize = 256;
        let mut patterns = vec![];
        let mut open = vec![text.strip_prefix("./").unwrap_or(text).to_owned()];
        while let Some(pattern) = open.pop() {
            match alternatives(&pattern)? {
                Some(more) if open.len() + more.len() > MANY => return Err(format!("`{text}` has too many braces")),
                Some(more) => open.extend(more.into_iter().rev()),
                None if pattern.matches('[').count() > pattern.matches(']').count() => {
                    return Err(format!("`{text}` has an open bracket"));
                }
                None => patterns.push(pattern),
            }
        }
        Ok(Self { patterns })
    }

    /// Whether it means a path.
    #[must_use]
    pub fn meets(&self, path: &str) -> bool {
        let path = path.strip_prefix("./").unwrap_or(path);
        let name = path.rsplit('/').next().unwrap_or(path);
        self.patterns.iter().any(|pattern| {
            let subject = if pattern.contains('/') { path } else { name };
            matches(pattern.as_bytes(), subject.as_bytes())
        })
    }
}

/// The patterns that the first braces stand for.
fn alternatives(pattern: &str) -> Result<Option<Vec<String>>, String> {
    let Some(open) = pattern.find('{') else { return Ok(None) };
    let inside = pattern.get(open + 1..).unwrap_or("");
    let close = inside.find('}').ok_or_else(|| format!("`{pattern}` has an open brace"))?;
    let (choices, tail) = inside.split_at(close);
    if choices.contains('{') {
        return Err(format!("`{pattern}` has braces in braces"));
    }
    let (head, tail) = (pattern.get(..open).unwrap_or(""), tail.get(1..).unwrap_or(""));
    Ok(Some(choices.split(',').map(|choice| format!("{head}{choice}{tail}")).collect()))
}

fn matches(pattern: &[u8], path: &[u8]) -> bool {
    match (pattern, path) {
        ([], []) => true,
        // Folders in between, or none.
        ([b'*', b'*', b'/', rest @ ..], _) => {
            matches(rest, path)
                || path
                    .iter()
                    .enumerate()
                    .filter(|(_, b)| **b == b'/')
                    .any(|(i, _)| matches(rest, path.get(i + 1..).unwrap_or_default()))
        }
        ([b'*', b'*'], _) => true,
        ([b'*', rest @ ..], _) => {
            matches(rest, path) || matches!(path, [c, tail @ ..] if *c != b'/' && matches(pattern, tail))
        }
        ([b'?', rest @ ..], [c, tail @ ..]) if *c != b'/' => matches(rest, tail),
        ([b'[', ..], [c, tail @ ..]) => class(pattern, *c).is_some_and(|rest| matches(rest, tail)),
        ([p, rest @ ..], [c, tail @ ..]) if p == c => matches(rest, tail),
        _ => false,
    }
}

/// What follows a `[...]` that admits the byte.
fn class(pattern: &[u8], byte: u8) -> Option<&[u8]> {
    let inside = pattern.get(1..)?;
    let (negated, inside) = match inside {
        [b'!' | b'^', rest @ ..] => (true, rest),
        _ => (false, inside),
    };
    // A bracket right at the start is one of the bytes meant.
    let close = 1 + inside.get(1..)?.iter().position(|b| *b == b']')?;
    let mut set = inside.get(..close)?;
    let mut found = false;
    loop {
        match set {
            [low, b'-', high, rest @ ..] => {
                found |= (*low..=*high).contains(&byte);
                set = rest;
            }
            [one, rest @ ..] => {
                found |= *one == byte;
                set = rest;
            }
            [] => break,
        }
    }
    (found != negated && byte != b'/').then(|| inside.get(close + 1..).unwrap_or_default())
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
            assert_eq!(Glob::parse(glob).unwrap().meets(path), wanted, "{glob} {path}");
        }
        for wrong in ["a{b", "a[b", "{a,{b,c}}"] {
            assert!(Glob::parse(wrong).is_err(), "{wrong}");
        }
    }
}
