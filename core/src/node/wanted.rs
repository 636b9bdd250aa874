//! What a front end is still to look up: the files that those of a node name, and that are neither among them nor known
//! to be absent.

use std::collections::HashSet;

use super::named::{NamedFile, NamedRole, named_files};
use crate::glob::{self, GlobSyntax};
use crate::kind::NodeFiles;
use crate::kinds::formats_of;
use crate::syntax::Format;

/// Whether a file may name others, by its path: those in JSON and YAML do not.
pub(crate) fn may_name_files(path: &str) -> bool {
    !matches!(formats_of(path).first(), Some(Format::Json | Format::Yaml))
}

/// The files and patterns that the files of a node name and of which nothing is known, each once, in order.
pub(crate) fn wanted(node: &NodeFiles<'_, '_>) -> Vec<NamedFile> {
    let mut seen: HashSet<&str> = HashSet::new();
    let named = named_files(node);
    let mut kept = vec![];
    for (number, file) in named.iter().enumerate() {
        if node.known.at(&file.path).is_none() && seen.insert(&file.path) {
            kept.push(number);
        }
    }
    kept.into_iter().filter_map(|number| named.get(number).cloned()).collect()
}

impl NamedFile {
    /// The paths that a pattern means, in order, as its daemon expands it: folder by folder, of which `names` gives the
    /// names. A path that is not a pattern means itself; none of the paths need exist.
    pub fn expand(&self, names: impl FnMut(&str) -> Vec<String>) -> Vec<String> {
        if !self.is_pattern() {
            return vec![self.path.clone()];
        }
        // glob(3) skips hidden files, Go does not.
        expand(&self.path, matches!(self.role, NamedRole::Environment { .. }), names)
    }
}

/// The paths that a pattern means; parts without a wildcard need not exist.
pub(super) fn expand(pattern: &str, skips_hidden: bool, mut names: impl FnMut(&str) -> Vec<String>) -> Vec<String> {
    let mut found = vec![String::new()];
    for (number, part) in pattern.split('/').enumerate() {
        let joint = if number == 0 { "" } else { "/" };
        let mut next = vec![];
        for folder in found {
            if !part.contains(['*', '?', '[', '\\']) {
                next.push(format!("{folder}{joint}{part}"));
                continue;
            }
            let place = if folder.is_empty() && number > 0 { "/" } else { folder.as_str() };
            let fits = |name: &String| {
                let is_hidden = skips_hidden && name.starts_with('.') && !part.starts_with('.');
                !is_hidden && glob::matches(GlobSyntax::Go, part, name)
            };
            next.extend(names(place).into_iter().filter(fits).map(|name| format!("{folder}{joint}{name}")));
        }
        found = next;
    }
    found
}
