//! Units by their names: the folders in which systemd looks, and what links between units mean.
//!
//! Source: systemd v252:src/basic/path-lookup.c, src/basic/unit-file.c.

use super::tree::{Opened, UnitPath, UnitTree};
use crate::order;

/// How many aliases lead to a unit at most.
const MAX_ALIASES: usize = 8;

/// A manager: the one of the system, or that of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manager {
    /// The home of the user; nothing for the system's manager.
    pub home: Option<String>,
    /// The folders of units, the first one wins.
    pub folders: Vec<String>,
}

const SYSTEM_FOLDERS: [&str; 13] = [
    "/etc/systemd/system.control",
    "/run/systemd/system.control",
    "/run/systemd/transient",
    "/run/systemd/generator.early",
    "/etc/systemd/system",
    "/etc/systemd/system.attached",
    "/run/systemd/system",
    "/run/systemd/system.attached",
    "/run/systemd/generator",
    "/usr/local/lib/systemd/system",
    "/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/run/systemd/generator.late",
];

/// `~` is the home of the user.
const USER_FOLDERS: [&str; 7] = [
    "~/.config/systemd/user.control",
    "~/.config/systemd/user",
    "/etc/systemd/user",
    "/run/systemd/user",
    "~/.local/share/systemd/user",
    "/usr/local/lib/systemd/user",
    "/usr/lib/systemd/user",
];

/// The folders in which units may be, for front ends that read them; `~` is the home of a user.
pub fn unit_folders() -> impl Iterator<Item = &'static str> {
    SYSTEM_FOLDERS.into_iter().chain(USER_FOLDERS)
}

impl Manager {
    /// The manager of the system.
    pub(crate) fn system(tree: &UnitTree<'_>) -> Self {
        Self::new(tree, None, &SYSTEM_FOLDERS)
    }

    /// The managers of users that have units of their own in their homes.
    pub(crate) fn users(tree: &UnitTree<'_>) -> Vec<Self> {
        let named = tree.names("/home").into_iter().map(|(name, _)| format!("/home/{name}"));
        let homes = named.chain(["/root".to_owned()]);
        let managers = homes.map(|home| Self::new(tree, Some(home), &USER_FOLDERS));
        managers.filter(|manager| manager.folders.iter().any(|folder| manager.is_own(folder))).collect()
    }

    fn is_own(&self, folder: &str) -> bool {
        self.home.as_ref().is_some_and(|home| folder.starts_with(home.as_str()))
    }

    /// Folders that are the same one count once.
    fn new(tree: &UnitTree<'_>, home: Option<String>, folders: &[&str]) -> Self {
        let mut seen: Vec<String> = vec![];
        for folder in folders {
            let folder = folder.replacen('~', home.as_deref().unwrap_or_default(), 1);
            let Some(folder) = tree.resolve(&folder, true) else { continue };
            if tree.open(&folder) == Opened::Folder && !seen.contains(&folder) {
                seen.push(folder);
            }
        }
        Self { home, folders: seen }
    }
}

/// The names of units, and what each leads to.
#[derive(Debug)]
pub(crate) struct UnitNames {
    /// By name: the path of the file, or the name of another unit.
    targets: Vec<(String, String)>,
    /// The names that lead to one file of a unit: that unit's name, and the other name.
    aliases: Vec<(String, String)>,
}

impl UnitNames {
    pub(crate) fn new(tree: &UnitTree<'_>, manager: &Manager) -> Self {
        let mut targets: Vec<(String, String)> = vec![];
        for folder in &manager.folders {
            // Names of earlier folders, which are sorted.
            let known = targets.len();
            for (name, what) in tree.names(folder) {
                if !is_service(name) {
                    continue;
                }
                let earlier = targets.get(..known).unwrap_or_default();
                let place = earlier.partition_point(|(other, _)| other.as_str() < name);
                if earlier.get(place).is_some_and(|(other, _)| other == name) {
                    continue;
                }
                let path = format!("{folder}/{name}");
                let target = match what {
                    UnitPath::Text(_) | UnitPath::Unreadable(_) => Some(path),
                    UnitPath::Link(target) => link_target(tree, manager, folder, name, target),
                    UnitPath::Folder => None,
                };
                targets.extend(target.map(|target| (name.to_owned(), target)));
            }
            order::by_name(&mut targets, |(name, _)| name);
        }
        let mut names = Self { targets, aliases: vec![] };
        for (name, _) in &names.targets {
            let Some(path) = names.follow(name) else { continue };
            if matches!(tree.open(&path), Opened::File(_, text) if !text.is_empty()) {
                let file = file_name(&path);
                let unit = match instance_of(name).filter(|_| is_template(file)) {
                    Some(instance) => with_instance(file, instance),
                    None => file.to_owned(),
                };
                names.aliases.push((unit, name.clone()));
            }
        }
        order::by_name(&mut names.aliases, |(unit, _)| unit);
        names
    }

    /// All names.
    pub(crate) fn all(&self) -> impl Iterator<Item = &str> {
        self.targets.iter().map(|(name, _)| name.as_str())
    }

    fn target(&self, name: &str) -> Option<&str> {
        let place = self.targets.partition_point(|(other, _)| other.as_str() < name);
        self.targets.get(place).filter(|(other, _)| other == name).map(|(_, target)| target.as_str())
    }

    /// The file that a name leads to, through aliases.
    fn follow(&self, name: &str) -> Option<String> {
        let mut name = name.to_owned();
        for hop in 0..MAX_ALIASES {
            let target = match self.target(&name) {
                Some(target) => target,
                // An alias of an instance leads to its template.
                None if hop > 0 => self.target(&template_of(&name)?)?,
                None => return None,
            };
            if target.starts_with('/') {
                return Some(target.to_owned());
            }
            name = target.to_owned();
        }
        None
    }

    /// The file of a unit: its own, or that of its template.
    pub(crate) fn file_of(&self, name: &str) -> Option<String> {
        self.follow(name).or_else(|| self.follow(&template_of(name)?))
    }

    /// The other names of a unit with the file at `path`, and its main name first.
    pub(crate) fn names_of(&self, name: &str, path: Option<&str>) -> Vec<String> {
        let instance = instance_of(name);
        let mut names = vec![];
        let file = path.map(file_name).unwrap_or(name);
        let main = match instance.filter(|_| is_template(file)) {
            Some(instance) => with_instance(file, instance),
            None => file.to_owned(),
        };
        names.push(main);
        names.push(name.to_owned());
        for source in [name, file] {
            let start = self.aliases.partition_point(|(unit, _)| unit.as_str() < source);
            let same = self.aliases.get(start..).unwrap_or_default().iter().take_while(|(unit, _)| unit == source);
            for (_, alias) in same {
                match instance.filter(|_| is_template(alias)) {
                    Some(instance) => {
                        let other = with_instance(alias, instance);
                        let leads = self.follow(&other);
                        if leads.is_none_or(|leads| file_name(&leads) == file) {
                            names.push(other);
                        }
                    }
                    None if is_template(alias) => {}
                    None => names.push(alias.clone()),
                }
            }
        }
        let mut seen: Vec<String> = vec![];
        for name in names {
            if !seen.contains(&name) {
                seen.push(name);
            }
        }
        seen
    }
}

/// What a link in a folder of units leads to: another unit, or, where the target lies outside, itself. A link that is
/// not a valid alias is ignored.
fn link_target(tree: &UnitTree<'_>, manager: &Manager, folder: &str, name: &str, target: &str) -> Option<String> {
    let absolute = if target.starts_with('/') { target.to_owned() } else { format!("{folder}/{target}") };
    let simple = tree.resolve(&absolute, false)?;
    let is_inside = |folder: &String| simple.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'));
    if !manager.folders.iter().any(is_inside) {
        return Some(format!("{folder}/{name}"));
    }
    let other = file_name(&simple);
    is_alias(name, other).then(|| other.to_owned())
}

/// Whether a link of this name may lead to that unit.
fn is_alias(name: &str, target: &str) -> bool {
    if name == target || !is_service(target) {
        return false;
    }
    match (instance_of(name), instance_of(target)) {
        (Some(own), Some(other)) => own == other,
        (Some(_), None) => is_template(target),
        (None, Some(_)) => false,
        (None, None) => is_template(name) == is_template(target),
    }
}

/// The last part of a path.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether a name is that of a service.
#[must_use]
pub fn is_service(name: &str) -> bool {
    let is_valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_' | '.' | '\\' | '@');
    let prefix = name.strip_suffix(".service").unwrap_or_default();
    !prefix.is_empty() && !prefix.starts_with('@') && prefix.chars().all(is_valid)
}

/// `a@.service`
pub(crate) fn is_template(name: &str) -> bool {
    name.split_once('@').is_some_and(|(_, rest)| rest == ".service")
}

/// The instance of `a@instance.service`.
pub(crate) fn instance_of(name: &str) -> Option<&str> {
    let (_, rest) = name.split_once('@')?;
    rest.strip_suffix(".service").filter(|instance| !instance.is_empty())
}

/// The template of an instance.
pub(crate) fn template_of(name: &str) -> Option<String> {
    instance_of(name)?;
    let (prefix, _) = name.split_once('@')?;
    Some(format!("{prefix}@.service"))
}

fn with_instance(template: &str, instance: &str) -> String {
    let prefix = template.split('@').next().unwrap_or_default();
    format!("{prefix}@{instance}.service")
}
