//! Variables of units and environment files: which of them reach the command line of a daemon.
//!
//! systemd fills `$NAME` and `${NAME}` into the words of a command. A variable of an environment file wins over one of
//! `Environment=`, and the later file wins over the earlier. Source: systemd.exec(5), systemd.service(5).

use std::collections::{HashMap, HashSet};

use super::flags::{KIND, Program};
use crate::kind::places::file_name;
use crate::kind::{File, NodeFiles};
use crate::order;
use crate::syntax::{Entry, Format, Node, Value};
use crate::text::Span;

/// The variables of environment files, by the paths of the files.
type NamesByPath<'f> = HashMap<&'f str, HashSet<&'f str>>;

/// A unit, with its drop-ins.
#[derive(Default)]
struct Unit<'f> {
    /// The names in its commands.
    used: HashSet<&'f str>,
    /// Whether it starts daemons themselves: a shell or a script may read any variable.
    is_direct: bool,
    has_command: bool,
    /// The environment files that it names, in order, as the paths of files are written.
    files: Vec<String>,
}

/// Finds the variables that reach no command: no command of their unit uses them, or another file sets them anew. Gives
/// the place of each name, by the number of its file.
pub(crate) fn find_unread(files: &[File<'_>]) -> Vec<(usize, Span)> {
    let all: Vec<(usize, &File<'_>)> = files.iter().enumerate().filter(|(_, file)| *file.kind == KIND).collect();
    let units = units(&all);
    if units.is_empty() {
        return vec![];
    }
    let is_env = |file: &File<'_>| file.doc.format == Format::Env;
    let mut by_path = NamesByPath::new();
    for (_, file) in all.iter().filter(|(_, file)| is_env(file)) {
        by_path.insert(file.path, file.body().entries().iter().map(|entry| entry.key.as_ref()).collect());
    }
    let mut unread = vec![];
    for (number, file) in all {
        if is_env(file) {
            let naming: Vec<&Unit<'_>> = units.values().filter(|unit| unit.names(file.path)).collect();
            let names = file.body().entries().iter();
            let lost = names.filter(|entry| {
                !naming.is_empty()
                    && naming.iter().all(|unit| unit.ignores(&entry.key, unit.behind(file.path), &by_path))
            });
            unread.extend(lost.map(|entry| (number, entry.key_span)));
        } else if let Some(unit) = unit_name(file.path).and_then(|name| units.get(name)) {
            let lost = variables(file.body()).filter(|entry| unit.ignores(&entry.key, &unit.files, &by_path));
            unread.extend(lost.map(|entry| (number, entry.key_span)));
        }
    }
    unread
}

/// The units that start daemons, by name.
fn units<'f>(all: &[(usize, &'f File<'_>)]) -> HashMap<&'f str, Unit<'f>> {
    let mut units: HashMap<&str, Unit<'f>> = HashMap::new();
    let mut files: Vec<&'f File<'_>> = all.iter().map(|(_, file)| *file).collect();
    files.retain(|file| file.doc.format == Format::Unit);
    // A unit comes before its drop-ins, and these are sorted by their own names.
    order::by_name(&mut files, |file| file.name());
    order::by_key(&mut files, |file| file.path.contains(".service.d/"));
    for file in files {
        let Some(name) = unit_name(file.path) else { continue };
        let unit = units.entry(name).or_insert_with(|| Unit { is_direct: true, ..Unit::default() });
        for directive in file.body().get("Service").map(Node::entries).unwrap_or_default() {
            unit.add(file, directive);
        }
    }
    units.retain(|_, unit| unit.has_command && unit.is_direct);
    units
}

impl<'f> Unit<'f> {
    fn add(&mut self, of: &File<'_>, directive: &'f Entry<'_>) {
        match &directive.value.value {
            Value::Seq(words) => {
                let texts: Vec<&str> = words.iter().filter_map(Node::as_str).collect();
                if directive.key == "ExecStart"
                    && let Some(first) = texts.first()
                {
                    self.has_command = true;
                    self.is_direct &= Program::of_command(first).is_some();
                }
                self.used.extend(texts.into_iter().flat_map(names_in));
            }
            Value::Scalar(file) if directive.key == "EnvironmentFile" => {
                self.files.push(of.on_node(file.text.trim_start_matches('-')));
            }
            _ => {}
        }
    }

    fn names(&self, file: &str) -> bool {
        self.files.iter().any(|named| named == file)
    }

    /// The environment files that are read after one.
    fn behind(&self, file: &str) -> &[String] {
        let last = self.files.iter().rposition(|named| named == file);
        last.and_then(|last| self.files.get(last + 1..)).unwrap_or_default()
    }

    /// Whether a variable reaches no command, with the files that win over it.
    fn ignores(&self, name: &str, winning: &[String], by_path: &NamesByPath<'_>) -> bool {
        let sets = |path: &String| by_path.get(path.as_str()).is_some_and(|names| names.contains(name));
        !self.used.contains(name) || winning.iter().any(sets)
    }
}

/// The unit that a file is, or is a drop-in of.
fn unit_name(path: &str) -> Option<&str> {
    path.rsplit('/').take(2).find_map(|part| part.split_once(".service").map(|(unit, _)| unit))
}

/// The environment files of a node that a unit names, in order.
pub(crate) fn files_of_unit<'f, 'a>(node: &NodeFiles<'f, 'a>, name: &str) -> Vec<&'f File<'a>> {
    let all: Vec<(usize, &File<'_>)> =
        node.files.iter().copied().enumerate().filter(|(_, file)| *file.kind == KIND).collect();
    let units = units(&all);
    let named = units.get(name).map(|unit| unit.files.as_slice()).unwrap_or_default();
    named.iter().filter_map(|path| node.files.iter().copied().find(|file| file.path == path)).collect()
}

/// The names of the variables in a command.
pub(crate) fn names_used<'t>(command: &'t Node<'_>) -> HashSet<&'t str> {
    command.items().iter().filter_map(Node::as_str).flat_map(names_in).collect()
}

/// The variables of `Environment=`.
fn variables<'t, 'a>(root: &'t Node<'a>) -> impl Iterator<Item = &'t Entry<'a>> {
    let directives = root.get("Service").map(Node::entries).unwrap_or_default();
    directives.iter().filter(|directive| directive.key == "Environment").flat_map(|one| one.value.entries())
}

/// The names of the variables in a word of a command.
fn names_in(word: &str) -> impl Iterator<Item = &str> {
    word.split('$').skip(1).map(|rest| {
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    })
}

impl Program {
    /// The daemon that a command starts itself.
    fn of_command(first: &str) -> Option<Self> {
        Self::of_name(file_name(first.trim_start_matches(['-', '@', ':', '+', '!'])))
    }
}
