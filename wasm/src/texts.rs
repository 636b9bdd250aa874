//! The texts of a workspace by path.

use crate::arguments::{Answer, AnswerState, Text};

/// Paths with their texts, in the order of the paths.
#[derive(Debug, Default)]
pub(crate) struct Texts(Vec<(String, Text)>);

impl Texts {
    /// Adds a text, or puts it in the place of the one that the path has.
    pub(crate) fn set(&mut self, path: String, text: Text) {
        match self.find(&path) {
            Ok(at) => {
                if let Some((_, old)) = self.0.get_mut(at) {
                    // A file that was looked up stays on the node of the one that names it.
                    let by = old.answer.take().map(|answer| Answer { state: AnswerState::Text, ..answer });
                    *old = text;
                    old.answer = old.answer.take().or(by);
                }
            }
            Err(at) => self.0.insert(at, (path, text)),
        }
    }

    pub(crate) fn remove(&mut self, path: &str) {
        if let Ok(at) = self.find(path) {
            self.0.remove(at);
        }
    }

    pub(crate) fn get(&self, path: &str) -> Option<(&str, &Text)> {
        let (path, text) = self.0.get(self.find(path).ok()?)?;
        Some((path, text))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Text)> {
        self.0.iter().map(|(path, text)| (path.as_str(), text))
    }

    /// Where a path is, or where it belongs.
    fn find(&self, path: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_str().cmp(path))
    }
}
