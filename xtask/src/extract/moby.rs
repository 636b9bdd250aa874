//! Docker: the struct of `daemon.json`, and the options that log drivers and storage drivers check.

use std::collections::{BTreeMap, BTreeSet};

use super::eval::{Value, eval};
use super::go::Type;
use super::keys::{Found, Reader};
use super::packages::{Packages, Scope};

/// The keys of `daemon.json`, whether or not the file may hold them.
pub fn config(packages: &mut Packages<'_>) -> Result<Vec<Found>, String> {
    let mut root = None;
    // Before 1.13 the struct was the daemon's own.
    for folder in ["daemon/config", "daemon"] {
        let package = packages.package(folder);
        let found = package.iter().find(|(_, file)| file.types.contains_key("Config"));
        root = found.map(|(file, _)| Scope { folder: folder.to_owned(), file: file.clone() });
        if root.is_some() {
            break;
        }
    }
    let root = root.ok_or("no `Config` of the daemon")?;
    let mut reader = Reader { packages, tag: "json", inside: vec![], found: vec![] };
    reader.fields(&Type::Named(None, "Config".into()), &root, &[], &Value::Unknown);
    // Names that the file may hold although nothing reads them any more.
    if let Some(skipped) = reader.packages.value(&root, None, "skipValidateOptions")
        && let Value::Fields(_, names) = eval(reader.packages, &skipped.scope, None, &skipped.item)
    {
        let known: BTreeSet<_> = reader.found.iter().filter_map(|f| f.path.first().cloned()).collect();
        let more = names.into_keys().filter(|name| !known.contains(name));
        let file = skipped.scope.file.clone();
        reader.found.extend(more.map(|name| Found { path: vec![name], file: file.clone(), ..Found::default() }));
    }
    Ok(reader.found)
}

/// The names of options by driver, as the functions that check them list them.
pub type Options = BTreeMap<String, BTreeSet<String>>;

/// The options of each log driver that refuses others.
pub fn log_options(packages: &mut Packages<'_>) -> Options {
    let mut out = Options::new();
    for folder in ["daemon/logger"] {
        for (driver, folder) in drivers(packages, folder, "RegisterLogOptValidator") {
            let names = checked(packages, &folder, &["ValidateLogOpt", "ValidateLogOpts", "validateLogOpt"]);
            out.insert(driver, names);
        }
    }
    out
}

/// The options of each storage driver that refuses others.
pub fn storage_options(packages: &mut Packages<'_>) -> Options {
    const FOLDERS: [(&str, &str); 6] = [
        ("overlay2", "overlay2"),
        ("btrfs", "btrfs"),
        ("zfs", "zfs"),
        ("vfs", "vfs"),
        ("devicemapper", "devmapper"),
        ("overlay", "overlay"),
    ];
    let mut out = Options::new();
    for (driver, folder) in FOLDERS {
        let folder = format!("daemon/graphdriver/{folder}");
        let names = checked(packages, &folder, &["parseOptions", "Driver.parseOptions", "NewDeviceSet"]);
        if !packages.package(&folder).is_empty() {
            out.insert(driver.to_owned(), names);
        }
    }
    out
}

/// The drivers that register a check, with their folders.
fn drivers(packages: &mut Packages<'_>, below: &str, register: &str) -> Vec<(String, String)> {
    let files = packages.source.containing(&format!("{register}("));
    let mut out = vec![];
    for path in files.into_iter().filter(|path| path.starts_with(below) && !path.ends_with("_test.go")) {
        let (folder, _) = path.rsplit_once('/').unwrap_or(("", &path));
        let scope = Scope { folder: folder.to_owned(), file: path.clone() };
        let package = packages.package(folder);
        let Some((_, file)) = package.iter().find(|(file, _)| *file == path) else { continue };
        for body in file.functions.values() {
            let registers = body.calls().find(|(_, function, _)| *function == register);
            if let Some((_, _, [first, ..])) = registers
                && let Value::Text(name) = eval(packages, &scope, Some(body), first)
            {
                out.push((name, folder.to_owned()));
            }
        }
    }
    out
}

/// The names that a function distinguishes in `switch key {...}`, or the keys of the map that it looks them up in.
fn checked(packages: &mut Packages<'_>, folder: &str, functions: &[&str]) -> BTreeSet<String> {
    let package = packages.package(folder);
    let mut names = BTreeSet::new();
    for (path, file) in package.iter() {
        let scope = Scope { folder: folder.to_owned(), file: path.clone() };
        for body in functions.iter().filter_map(|name| file.functions.get(*name)) {
            let switches = body.switches.iter().filter(|(subject, _)| matches!(subject.as_str(), "key" | "k" | "opt"));
            for label in switches.flat_map(|(_, labels)| labels) {
                if let Value::Text(name) = eval(packages, &scope, None, label) {
                    names.insert(name);
                }
            }
            // `LogOptKeys[key]`
            for map in &body.indexed {
                if let Some(map) = packages.value(&scope, None, map)
                    && let Value::Fields(_, keys) = eval(packages, &map.scope, None, &map.item)
                {
                    names.extend(keys.into_keys());
                }
            }
        }
    }
    names
}
