//! The drop-ins of a unit: which files they are, and their order.
//!
//! Source: systemd v252:src/shared/dropin.c (`unit_file_find_dirs`, `unit_file_find_dropin_paths`),
//! src/basic/conf-files.c.

use super::lookup::{Manager, instance_of, template_of};
use super::tree::{UnitPath, UnitTree};
use crate::order;

/// The paths of the drop-ins of a unit, in the order in which they are read. `names` begins with the main name.
pub(crate) fn drop_ins(tree: &UnitTree<'_>, manager: &Manager, names: &[String]) -> Vec<String> {
    let mut folders: Vec<String> = vec![];
    for name in names {
        for folder in &manager.folders {
            add_folders(folder, name, &mut folders);
        }
    }
    // Those of the type are the most general.
    folders.extend(manager.folders.iter().map(|folder| format!("{folder}/service.d")));
    conf_files(tree, &folders)
}

/// The `*.conf` files of folders, sorted by name; of those of one name, the one in the earliest folder.
pub(crate) fn conf_files(tree: &UnitTree<'_>, folders: &[String]) -> Vec<String> {
    let mut found: Vec<(String, String)> = vec![];
    for folder in folders {
        let Some(folder) = tree.resolve(folder, true) else { continue };
        let names = tree.names(&folder).into_iter().filter(|(name, what)| is_drop_in(name, *what));
        found.extend(names.map(|(name, _)| (name.to_owned(), format!("{folder}/{name}"))));
    }
    order::by_name(&mut found, |(name, _)| name);
    found.dedup_by(|later, first| later.0 == first.0);
    found.into_iter().map(|(_, path)| path).collect()
}

fn is_drop_in(name: &str, what: UnitPath<'_>) -> bool {
    name.ends_with(".conf") && !name.starts_with('.') && what != UnitPath::Folder
}

/// The folders of one name in one folder of units: its own, that of its template, those of its prefixes.
fn add_folders(folder: &str, name: &str, out: &mut Vec<String>) {
    let mut names = vec![name.to_owned()];
    let mut at = 0;
    while let Some(name) = names.get(at).cloned() {
        at += 1;
        out.push(format!("{folder}/{name}.d"));
        let mut more: Vec<String> = vec![];
        more.extend(template_of(&name));
        more.extend(shorter(&name));
        // The template with all of its prefixes comes before the prefixes of the instance.
        for (offset, name) in more.into_iter().enumerate() {
            names.insert(at + offset, name);
        }
        if at > MAX_NAMES {
            break;
        }
    }
}

/// Names with many dashes have many prefixes.
const MAX_NAMES: usize = 300;

/// The name with the last part of its prefix removed: `a-b-c.service` gives `a-b-.service`.
fn shorter(name: &str) -> Option<String> {
    let stem = name.strip_suffix(".service")?;
    let mut prefix = stem.split('@').next().unwrap_or_default();
    let mut was_chopped = false;
    let prefix = loop {
        let dash = prefix.rfind('-').filter(|dash| *dash > 0)?;
        if dash + 1 < prefix.len() || was_chopped {
            break prefix.get(..=dash)?;
        }
        prefix = prefix.get(..dash)?;
        was_chopped = true;
    };
    Some(match instance_of(name) {
        Some(instance) => format!("{prefix}@{instance}.service"),
        None => format!("{prefix}.service"),
    })
}
