//! All services of a node whose commands are known programs.

use super::Assumptions;
use super::lookup::{Manager, UnitNames, file_name, instance_of, is_service, is_template, template_of};
use super::programs::{KnownProgram, is_named_in, of_unit_name};
use super::service::{Service, resolve};
use super::tree::{UnitPath, UnitTree};
use crate::order;

/// Folders beside a unit whose names show that the unit is used.
const SUFFIXES: [&str; 4] = [".d", ".wants", ".requires", ".upholds"];

/// The services of a node that start a known program, or would if their units were not masked, missing or refused.
#[must_use]
pub fn services(tree: &UnitTree<'_>, assumptions: &Assumptions) -> Vec<Service> {
    let mut all = vec![];
    let managers = [Manager::system(tree)].into_iter().chain(Manager::users(tree));
    for manager in managers {
        let names = UnitNames::new(tree, &manager);
        let mut found: Vec<Service> = vec![];
        for name in candidates(tree, &manager, &names) {
            let service = resolve(tree, &manager, &names, &name, assumptions);
            if !found.iter().any(|known| known.unit == service.unit) {
                found.push(service);
            }
        }
        order::by_name(&mut found, |service| &service.unit);
        all.append(&mut found);
    }
    all
}

/// The names of units that may start a known program.
fn candidates(tree: &UnitTree<'_>, manager: &Manager, names: &UnitNames) -> Vec<String> {
    let mut known: Vec<String> = names.all().map(str::to_owned).collect();
    // The files that each name has anywhere, whether they count or not.
    let mut named: Vec<String> = vec![];
    for folder in &manager.folders {
        for (name, what) in tree.names(folder) {
            let unit = SUFFIXES.iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(name);
            if is_service(unit) {
                known.push(unit.to_owned());
            }
            if is_service(name) && what != UnitPath::Folder && names_program(tree, &format!("{folder}/{name}")) {
                named.push(name.to_owned());
            }
            if name.len() == unit.len() {
                continue;
            }
            let inner = format!("{folder}/{name}");
            for (entry, _) in tree.names(&inner) {
                let is_drop_in = name.ends_with(".d") && entry.ends_with(".conf");
                if is_drop_in && is_service(unit) && names_program(tree, &format!("{inner}/{entry}")) {
                    named.push(unit.to_owned());
                } else if !is_drop_in && is_service(entry) {
                    known.push(entry.to_owned());
                }
            }
        }
    }
    order::by_name(&mut known, |name| name);
    known.dedup();
    order::by_name(&mut named, |name| name);
    named.dedup();
    let has = |name: &str| named.binary_search_by(|other| other.as_str().cmp(name)).is_ok() || of_unit_name(name);
    let mut instances: Vec<String> = known.iter().filter_map(|name| template_of(name)).collect();
    order::by_name(&mut instances, |name| name);
    known.retain(|name| {
        // A template is not started itself.
        if is_template(name) && instances.binary_search(name).is_ok() {
            return false;
        }
        let file = names.file_of(name).unwrap_or_default();
        has(name)
            || has(file_name(&file))
            || instance_of(name).is_some() && template_of(name).is_some_and(|of| has(&of))
    });
    known
}

/// Whether a command of a file names a known program.
fn names_program(tree: &UnitTree<'_>, path: &str) -> bool {
    match tree.open(path) {
        super::tree::Opened::File(_, text) => is_named_in(text),
        _ => false,
    }
}

/// The service of a unit of the system's manager, whatever its program.
#[must_use]
pub fn service(tree: &UnitTree<'_>, name: &str, assumptions: &Assumptions) -> Service {
    let manager = Manager::system(tree);
    let names = UnitNames::new(tree, &manager);
    resolve(tree, &manager, &names, name, assumptions)
}

impl Service {
    /// The known program that a command starts, with the first one that does.
    #[must_use]
    pub fn program(&self) -> Option<KnownProgram> {
        self.commands.iter().find_map(KnownProgram::of)
    }
}
