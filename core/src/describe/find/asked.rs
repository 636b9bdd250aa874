//! A word as people write it, and how well names fit it.

use crate::containerd::plugin_uri;
use crate::keys::KeySpec;
use crate::keys::suggest::fold;

/// How well a name fits a word; better first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// Letter by letter.
    Exact,
    /// The end of its path.
    End,
    /// But for letter case, hyphens, underscores.
    Folded,
    /// The flag for the same setting.
    Flag,
    /// The word is in the name.
    Within,
}

/// A word as people write it.
pub(super) struct Asked<'w> {
    word: &'w str,
    parts: Vec<&'w str>,
    folded: String,
}

impl<'w> Asked<'w> {
    pub(super) fn new(word: &'w str) -> Self {
        let word = word.trim().trim_matches(['[', ']', '`', '\'', '=']).trim();
        let name = word.trim_start_matches('-');
        Self { word, parts: parts(name).collect(), folded: fold(name) }
    }

    pub(super) fn fit_key(&self, key: &'static KeySpec) -> Option<Fit> {
        let path = key.path();
        if path == self.word || self.fit(key.leaf()) == Some(Fit::Exact) {
            return Some(Fit::Exact);
        }
        if self.parts.len() > 1 && ends_with(path, &self.parts) {
            return Some(Fit::End);
        }
        let flag = key.flag().unwrap_or_default();
        if self.word.starts_with("--") && flag.split([',', ' ']).any(|f| f == self.word) {
            return Some(Fit::Flag);
        }
        self.fit(key.leaf())
    }

    pub(super) fn fit_flag(&self, name: &str) -> Option<Fit> {
        if self.word.strip_prefix("--") == Some(name) {
            return Some(Fit::Exact);
        }
        self.fit(name)
    }

    /// A plugin goes by its URI, by the end of it, and by its place in a file.
    pub(super) fn fit_plugin(&self, uri: &str) -> Option<Fit> {
        let name = self.word.strip_prefix("plugins.").unwrap_or(self.word).trim_matches(['"', '\'']);
        match self.fit(uri) {
            _ if name == uri => Some(Fit::Exact),
            _ if name == plugin_uri::short(uri) => Some(Fit::End),
            fit => fit,
        }
    }

    pub(super) fn fit(&self, name: &str) -> Option<Fit> {
        let folded = fold(name);
        if name == self.word {
            Some(Fit::Exact)
        } else if self.word.starts_with('-') {
            None
        } else if folded == self.folded {
            Some(Fit::Folded)
        } else if self.folded.len() > 2 && folded.contains(&self.folded) {
            Some(Fit::Within)
        } else {
            None
        }
    }
}

/// The parts of a path, whether or not names with dots are quoted.
fn parts(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.split('.').map(|part| part.trim_matches('"').trim_end_matches("[]"))
}

/// Whether a path ends with these parts. A free name on the way fits any name.
fn ends_with(path: &str, end: &[&str]) -> bool {
    let mut all = parts(path).rev();
    let mut wanted = end.iter().rev();
    all.next() == wanted.next().copied()
        && wanted.all(|want| all.next().is_some_and(|part| part == *want || part == "*"))
}
