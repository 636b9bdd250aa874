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

    /// The settings that a record and a forecast name. A recorded path in one of several files has the end of that
    /// file's name and `: ` before it; where no path has, the files do not count.
    pub fn compared(&self, recorded: &[String], forecast: &[(usize, &str)]) -> (BTreeSet<Setting>, BTreeSet<Setting>) {
        let placed = |key: &String| -> Option<Setting> {
            let (name, path) = key.split_once(": ")?;
            Some((self.files.iter().position(|(path, _)| path.ends_with(name))?, path.to_owned()))
        };
        let named = self.of_forecast(forecast);
        if recorded.iter().any(|key| placed(key).is_some()) {
            let keys = recorded.iter().map(|key| placed(key).unwrap_or((0, key.clone())));
            return (self.meant(keys), named);
        }
        let all = (0..self.files.len()).flat_map(|file| {
            let is_there = move |key: &&String| {
                file == 0 || self.written.iter().any(|(of, path)| *of == file && is_at_or_below(path, key))
            };
            recorded.iter().filter(is_there).map(move |key| (file, key.clone()))
        });
        let paths = |set: BTreeSet<Setting>| set.into_iter().map(|(_, path)| (0, path)).collect();
        (paths(self.meant(all)), paths(named))
    }

    /// The settings that a forecast names.
    pub fn of_forecast(&self, keys: &[(usize, &str)]) -> BTreeSet<Setting> {
        self.meant(keys.iter().map(|(file, path)| (*file, (*path).to_owned())))
    }

    fn meant(&self, keys: impl Iterator<Item = Setting>) -> BTreeSet<Setting> {
        let mut all = BTreeSet::new();
        for key in keys {
            let is_meant = |(file, path): &&Setting| *file == key.0 && is_at_or_below(path, &key.1);
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

/// Whether a path is another one, or below it.
fn is_at_or_below(path: &str, table: &str) -> bool {
    path.strip_prefix(table).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// What is missing in a forecast and what it names beyond the record.
pub fn difference(wanted: &BTreeSet<Setting>, named: &BTreeSet<Setting>) -> String {
    let list =
        |set: Vec<&Setting>| set.iter().map(|(file, path)| format!("{file}:{path}")).collect::<Vec<_>>().join(" ");
    let (missing, beyond) = (wanted.difference(named).collect(), named.difference(wanted).collect());
    format!("missing [{}], too many [{}]", list(missing), list(beyond))
}
