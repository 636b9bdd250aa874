//! What containerd checks in the values of its settings when the daemon or a plugin starts. The rows are generated from
//! `core/data/containerd-checks.toml`.

use super::loader::Effective;
use super::plugin_tables::VALUE_CHECKS;
use crate::finding::Effect;
use crate::kind::SettingPlace;
use crate::releases::{Bits, ReleaseSet};

/// A check of one setting.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ValueCheck {
    /// The path, as [`super::settings`] describes it, with `*` for any name and `[]` for the items of a list.
    pub(crate) path: &'static str,
    /// A setting without which nothing reads this one; empty if the value is always read.
    pub(crate) only_with: &'static str,
    pub(crate) releases: Bits,
    /// The values that it is about; all if empty.
    pub(crate) only: &'static [&'static str],
    /// The values that it takes.
    pub(crate) takes: Takes,
    /// What another value does.
    pub(crate) effect: Effect,
    /// What the daemon does and prints; `{value}` stands for the value.
    pub(crate) why: &'static str,
}

/// The values that a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    Words {
        words: &'static [&'static str],
        ignore_case: bool,
    },
    AbsolutePath,
    /// At most [`MAX_PATH`] bytes.
    ShortPath,
    Platform,
    /// Without U+0000, which ends a path to the kernel.
    Path,
}

/// The longest path, in bytes, to which containerd can add the name of a shim's socket.
pub(crate) const MAX_PATH: usize = 42;

/// A value that a release does not take.
#[derive(PartialEq)]
pub(crate) struct RefusedValue {
    pub(crate) place: SettingPlace,
    pub(crate) text: String,
    pub(crate) check: &'static ValueCheck,
}

/// The values that a release does not take in these settings.
pub(crate) fn refused(effective: &Effective) -> Vec<RefusedValue> {
    let mut found = vec![];
    for check in VALUE_CHECKS {
        let is_read = check.only_with.is_empty() || effective.text(check.only_with).is_some();
        if !is_read || !effective.release.is_among(ReleaseSet(check.releases)) {
            continue;
        }
        for (place, text) in effective.texts(check.path) {
            if check.is_about(text) && !check.takes.has(text) {
                found.push(RefusedValue { place, text: text.to_owned(), check });
            }
        }
    }
    found
}

impl ValueCheck {
    fn is_about(&self, text: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|value| value.eq_ignore_ascii_case(text))
    }
}

impl Takes {
    fn has(self, text: &str) -> bool {
        match self {
            Self::Words { words, ignore_case: false } => words.contains(&text),
            Self::Words { words, ignore_case: true } => words.iter().any(|word| word.eq_ignore_ascii_case(text)),
            Self::AbsolutePath => text.starts_with('/'),
            // A path that is not absolute is another fault.
            Self::ShortPath => text.len() <= MAX_PATH || !text.starts_with('/'),
            Self::Platform => is_platform(text),
            Self::Path => !text.contains('\0'),
        }
    }
}

/// Whether a text has the form of a platform: `linux`, `linux/amd64`, `linux/arm/v7`, an OS with features in
/// parentheses; no `*`. Source: `Parse` of
/// containerd/containerd@v2.3.4:vendor/github.com/containerd/platforms/platforms.go.
fn is_platform(text: &str) -> bool {
    let is_word =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b));
    let is_os = |part: &str| match part.split_once('(') {
        Some((os, _)) if part.ends_with(')') => is_word(os),
        _ => is_word(part),
    };
    let mut parts = text.split('/');
    text.split('/').count() <= 3 && parts.next().is_some_and(is_os) && parts.all(is_word)
}

#[cfg(test)]
mod tests {
    use super::is_platform;

    #[test]
    fn platforms_have_up_to_three_parts() {
        for text in ["linux", "linux/amd64", "linux/arm/v7", "windows(10.0.17763)/amd64"] {
            assert!(is_platform(text), "{text}");
        }
        for text in ["", "*", "linux/*", "linux/", "linux/arm/v7/x", "linux amd64", "linux/amd(64)"] {
            assert!(!is_platform(text), "{text}");
        }
    }
}
