//! The settings that a record or a forecast names as without effect, in a form that can be compared: a table stands for
//! all settings below it.

use std::collections::BTreeSet;

use crilint_core::syntax::path::join;
use crilint_core::syntax::{self, Format, Node, Value};

/// A setting: the number of its file, and its path.
type Setting = (usize, String);

/// The settings that the files of a case write.
pub struct Settings<'c> {
    files: &'c [(String, String)],
    written: Vec<Setting>,
}

impl<'c> Settings<'c> {
    pub fn of(files: &'c [(String, String)]) -> Self {
        let mut written = vec![];
        for (file, (path, text)) in files.iter().enumerate() {
            let format = match path.rsplit('.').next() {
                Some("toml") => Format::Toml,
                Some("json") => Format::Json,
                Some("yaml" | "conf") => Format::Yaml,
                _ => continue,
            };
            collect(&syntax::read(text, format).root, file, &mut vec![], &mut written);
        }
        Self { files, written }
    }

    /// The settings that a record names: a path, in a file other than the first with the end of its path and `: `
    /// before it.
    pub fn recorded(&self, keys: &[String]) -> BTreeSet<Setting> {
        let place = |key: &'_ String| -> Setting {
            let named = key.split_once(": ").and_then(|(name, path)| {
                let file = self.files.iter().position(|(path, _)| path.ends_with(name))?;
                Some((file, path.to_owned()))
            });
            named.unwrap_or((0, key.clone()))
        };
        self.meant(keys.iter().map(place))
    }

    /// The settings that a forecast names.
    pub fn of_forecast(&self, keys: &[(usize, &str)]) -> BTreeSet<Setting> {
        self.meant(keys.iter().map(|(file, path)| (*file, (*path).to_owned())))
    }

    fn meant(&self, keys: impl Iterator<Item = Setting>) -> BTreeSet<Setting> {
        let mut all = BTreeSet::new();
        for key in keys {
            let is_meant = |(file, path): &&Setting| {
                let rest = path.strip_prefix(&key.1).filter(|_| *file == key.0);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            let mut meant = self.written.iter().filter(is_meant).peekable();
            if meant.peek().is_none() {
                all.insert(key);
            } else {
                all.extend(meant.cloned());
            }
        }
        all
    }
}

/// The paths of all settings below a node; items of lists have no number in a path.
fn collect<'t>(node: &'t Node<'_>, file: usize, way: &mut Vec<&'t str>, all: &mut Vec<Setting>) {
    for entry in node.entries() {
        way.push(&entry.key);
        let count = all.len();
        collect(&entry.value, file, way, all);
        entry.value.items().iter().for_each(|item| collect(item, file, way, all));
        let is_table = matches!(&entry.value.value, Value::Map(map) if map.entries.is_empty());
        if all.len() == count && !is_table {
            all.push((file, join(way)));
        }
        way.pop();
    }
}

/// What is missing in a forecast and what it names beyond the record.
pub fn compared(wanted: &BTreeSet<Setting>, named: &BTreeSet<Setting>) -> String {
    let list =
        |set: Vec<&Setting>| set.iter().map(|(file, path)| format!("{file}:{path}")).collect::<Vec<_>>().join(" ");
    let (missing, beyond) = (wanted.difference(named).collect(), named.difference(wanted).collect());
    format!("missing [{}], too many [{}]", list(missing), list(beyond))
}
