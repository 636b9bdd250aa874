//! The texts of the tables: indices into one string, so that they cost nothing at start-up and little in the browser.

use super::tables;

/// A text of the tables, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text(pub(crate) u16);

impl Text {
    /// The text; empty for nothing.
    #[must_use]
    pub fn get(self) -> &'static str {
        tables::TEXT.get(self.range()).unwrap_or("")
    }

    #[inline]
    pub(super) fn bytes(self) -> &'static [u8] {
        tables::TEXT.as_bytes().get(self.range()).unwrap_or_default()
    }

    #[inline]
    fn range(self) -> std::ops::Range<usize> {
        // One line end lies between two texts.
        let next = tables::TEXT_STARTS.get(self.0 as usize + 1).copied().unwrap_or(0) as usize;
        self.start()..next.saturating_sub(1)
    }

    #[inline]
    fn start(self) -> usize {
        tables::TEXT_STARTS.get(self.0 as usize).copied().unwrap_or(0) as usize
    }

    /// The first letter; a line end for an empty text.
    #[inline]
    pub(super) fn first(self) -> u8 {
        tables::TEXT.as_bytes().get(self.start()).copied().unwrap_or(b'\n')
    }

    /// The text, if there is one.
    #[must_use]
    pub fn some(self) -> Option<&'static str> {
        Some(self.get()).filter(|text| !text.is_empty())
    }
}
