//! What the command writes is a rule: it compiles, and its examples hold.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use super::skeleton::GROUPS;
use super::{LIST, path_of, register, skeleton};
use crate::test::target_dir;

#[test]
fn a_rule_is_registered_at_the_end_of_its_group() {
    let list = "rules! {\n    a {\n        x,\n    }\n    b {\n        y,\n    }\n}\n";
    let new = register(list, "a", "y-z").unwrap();
    assert_eq!(new, "rules! {\n    a {\n        x,\n        y_z,\n    }\n    b {\n        y,\n    }\n}\n");
    assert_eq!(register(list, "c", "z"), None);
}

/// A copy of core gets a new rule in each group, and its test of all rules runs. The copy stays below `target/` and is
/// built again only when core or a skeleton changes.
#[test]
fn a_new_rule_of_each_group_compiles_and_its_examples_hold() {
    let root = crate::root();
    let folders: BTreeSet<String> = folders(&root.join("core/src/rules")).unwrap();
    assert_eq!(folders, GROUPS.iter().map(|(group, _)| (*group).to_owned()).collect());

    let mut files = BTreeMap::new();
    for folder in ["core/src", "core/data", "core/tests/support"] {
        read(&root, folder, &mut files).unwrap();
    }
    for file in ["core/Cargo.toml", "core/tests/rules.rs", "Cargo.lock"] {
        files.insert(file.into(), fs::read(root.join(file)).unwrap());
    }
    files.insert("Cargo.toml".into(), workspace(&fs::read_to_string(root.join("Cargo.toml")).unwrap()).into_bytes());
    let copy = target_dir(&root).join("new-rule");
    let mut new = vec![];
    let mut list = String::from_utf8(files[LIST].clone()).unwrap();
    for (group, _) in GROUPS {
        let id = format!("new-{}-rule", group.replace('_', "-"));
        list = register(&list, group, &id).unwrap();
        new.push(copy.join(path_of(group, &id)));
        files.insert(path_of(group, &id), skeleton::of(group, &id).unwrap().into_bytes());
    }
    files.insert(LIST.into(), list.into_bytes());

    write(&copy, &files).unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["test", "--quiet", "--offline", "--package", "crilint-core", "--test", "rules"]).current_dir(&copy);
    run(cargo.arg("--target-dir").arg(target_dir(&root)).env("INSTA_UPDATE", "always"));
    run(Command::new("rustfmt").args(["--check", "--edition", "2024", "--config-path"]).arg(&root).args(new));
    for (group, _) in GROUPS {
        let group = group.replace('_', "-");
        let findings = fs::read_to_string(copy.join(format!("snapshots/rules/{group}/new-{group}-rule.snap"))).unwrap();
        assert!(findings.contains("What to write."), "{findings}");
    }
}

fn run(command: &mut Command) {
    let done = command.output().unwrap();
    let text = [done.stdout, done.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    assert!(done.status.success() && !text.contains("warning: "), "{text}");
}

/// The workspace of the copy: core alone, with the settings for all members of the whole one.
fn workspace(text: &str) -> String {
    let mut manifest: toml::Table = toml::from_str(text).unwrap();
    let mut workspace = manifest.remove("workspace").unwrap();
    workspace.as_table_mut().unwrap().insert("members".into(), toml::Value::Array(vec!["core".into()]));
    toml::to_string(&toml::Table::from_iter([("workspace".to_owned(), workspace)])).unwrap()
}

fn folders(path: &Path) -> io::Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.path().is_dir() {
            found.extend(entry.file_name().into_string());
        }
    }
    Ok(found)
}

/// The files below a folder, by their path below the root.
fn read(root: &Path, folder: &str, files: &mut BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let path = format!("{folder}/{}", entry?.file_name().to_string_lossy());
        if root.join(&path).is_dir() {
            read(root, &path, files)?;
        } else {
            files.insert(path.clone(), fs::read(root.join(&path))?);
        }
    }
    Ok(())
}

/// Makes a folder hold these sources. Equal files keep their time, so that cargo builds only what changed.
fn write(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    let mut old = BTreeMap::new();
    if folder.join("core").is_dir() {
        read(folder, "core", &mut old)?;
    }
    for path in old.keys().filter(|path| !files.contains_key(*path)) {
        fs::remove_file(folder.join(path))?;
    }
    for (path, text) in files {
        let path: PathBuf = folder.join(path);
        if fs::read(&path).ok().as_ref() != Some(text) {
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            fs::write(path, text)?;
        }
    }
    Ok(())
}
