//! The variables of a service: which source of them wins.
//!
//! Source: systemd v252:src/core/execute.c (`exec_context_load_environment`, `exec_child`), src/basic/env-util.c.

use super::place::{FileRole, ReadFile, UnitMessage, UnitPlace};
use super::settings::UnitLoader;
use super::tree::{Opened, UnitPath, UnitTree};
use crate::glob::{GlobSyntax, matches};
use crate::named::Named;
use crate::syntax::unit::{EnvItem, EnvItems, SourceChar, span_of, text_of};

/// A variable of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value, each character with its place.
    pub(crate) value: Vec<SourceChar>,
    /// Why the value is not known.
    pub unknown: Option<String>,
    /// The place of the name; nothing for one that no file sets.
    pub key: Option<UnitPlace>,
    /// The place of the value.
    pub place: Option<UnitPlace>,
    /// Whether `UnsetEnvironment=` takes it away.
    pub(crate) is_unset: bool,
}

/// Variables by name, in the order in which they are first set.
pub(crate) type VariableList = Named<'static, Variable>;

impl Variable {
    /// The value; nothing if it depends on the machine.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        self.unknown.is_none().then(|| text_of(&self.value))
    }

    /// A variable that systemd itself sets.
    pub(crate) fn of_manager(name: &str, value: &str) -> Self {
        let value = value.chars().map(|c| SourceChar { c, span: Default::default() }).collect();
        Self { name: name.to_owned(), value, unknown: None, key: None, place: None, is_unset: false }
    }
}

/// A variable that has no effect because another place sets it again, or empties the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The name of the variable without effect.
    pub key: UnitPlace,
    /// The place that wins.
    pub by: UnitPlace,
}

/// Whether a name is that of a variable.
pub(crate) fn is_variable_name(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Sets a variable; one of the same name is replaced.
pub(crate) fn set(all: &mut VariableList, variable: Variable, replaced: &mut Vec<Replaced>) {
    let Some(known) = all.get_mut(&variable.name) else {
        all.push(variable.name.clone().into(), variable);
        return;
    };
    if let (Some(key), Some(by)) = (known.key, variable.key) {
        replaced.push(Replaced { key, by });
    }
    *known = variable;
}

/// What hinders the start: systemd's own words.
pub(crate) struct LoadError(pub(crate) String);

impl UnitLoader<'_> {
    /// Adds the variables of the environment files to those of `Environment=`.
    pub(crate) fn load_files(&mut self, unit: &str) -> Result<(), LoadError> {
        for named in std::mem::take(&mut self.settings.files) {
            if let Some(reason) = &named.unknown {
                let text = format!("the path {} is not known: {reason}", named.path);
                self.messages.push(UnitMessage { text, place: Some(named.place), line: 0 });
                continue;
            }
            let tree = self.specifiers.tree;
            let paths = expand(tree, &named.path);
            let error = |what: &str| Err(LoadError(format!("Failed to load environment files: {what}")));
            if paths.is_empty() && !named.is_optional {
                return error("No such file or directory");
            }
            for path in paths {
                match tree.open(&path) {
                    Opened::File(number, text) => self.load_file(unit, path, number, text),
                    Opened::Null => {}
                    _ if named.is_optional => {}
                    Opened::Absent => return error("No such file or directory"),
                    Opened::Folder => return error("Is a directory"),
                    Opened::Unreadable(reason) => return error(reason),
                }
            }
        }
        Ok(())
    }

    fn load_file(&mut self, unit: &str, path: String, number: usize, text: &str) {
        let file = self.files.len();
        self.files.push(ReadFile { path: path.clone(), number, role: FileRole::Environment });
        for item in EnvItems::new(text) {
            let assignment = match item {
                EnvItem::Assignment(assignment) => assignment,
                EnvItem::Comment(span) if span.of(text).contains(['\n', '\r']) => {
                    let place = UnitPlace { file, span };
                    self.differs(
                        place,
                        0,
                        "from systemd 254 on, a comment that ends in a backslash does not hide the next line",
                    );
                    continue;
                }
                EnvItem::Comment(_) | EnvItem::Stray => continue,
            };
            let name = text_of(&assignment.name);
            let place = UnitPlace { file, span: assignment.span };
            if !is_variable_name(&name) {
                let value = text_of(&assignment.value);
                let text = format!("{unit}: Ignoring invalid environment assignment '{name}={value}': {path}");
                self.messages.push(UnitMessage { text, place: Some(place), line: 0 });
                continue;
            }
            let variable = Variable {
                name,
                unknown: None,
                key: span_of(&assignment.name).map(|span| UnitPlace { file, span }),
                place: Some(place),
                value: assignment.value,
                is_unset: false,
            };
            set(&mut self.settings.environment, variable, &mut self.settings.replaced);
        }
    }
}

/// The paths that a pattern matches, sorted; a path without wildcards is itself, if something is there.
fn expand(tree: &UnitTree<'_>, pattern: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        let mut next = vec![];
        for folder in found {
            if !part.contains(['*', '?', '[', '\\']) {
                next.push(format!("{folder}/{part}"));
                continue;
            }
            let Some(real) = tree.resolve(&folder, true) else { continue };
            let is_match =
                |name: &str| matches(GlobSyntax::Go, part, name) && (!name.starts_with('.') || part.starts_with('.'));
            let names = tree.names(&real).into_iter().filter(|(name, _)| is_match(name));
            next.extend(names.map(|(name, _)| format!("{folder}/{name}")));
        }
        found = next;
    }
    let is_there =
        |path: &String| tree.open(path) != Opened::Absent || matches!(tree.entry(path), Some(UnitPath::Link(_)));
    found.retain(is_there);
    found
}
