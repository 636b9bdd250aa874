//! What is wrong with a `crilint.toml`, and how that is reported.

use crate::secrets::mask_about;
use crate::text::{Encoding, LineIndex, Span};

/// The first fault of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The place.
    pub span: Span,
    /// What is wrong, without full stop.
    pub message: String,
}

impl Fault {
    /// The fault with its file, line and column, both from 1, as in `crilint.toml:3:1: ...`. `text` is the file's.
    #[must_use]
    pub fn located(&self, path: &str, text: &str) -> String {
        let at = LineIndex::new(text).position(text, self.span.start, Encoding::Char);
        format!("{path}:{}:{}: {}", at.line + 1, at.column + 1, self.message)
    }

    /// The fault without the secrets of the text.
    pub(super) fn masked(self, text: &str) -> Self {
        Self { message: mask_about(text, &self.message), ..self }
    }
}
