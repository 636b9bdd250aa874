//! `cargo xtask new-rule GROUP NAME`: the file of a rule, and its line in the list.

mod skeleton;

use std::fs;
use std::path::Path;

const LIST: &str = "core/src/rules/mod.rs";

/// Writes the skeleton of a rule and registers it.
pub fn run(root: &Path, group: &str, name: &str) -> Result<(), String> {
    let id = name.replace('_', "-");
    if !id.split('-').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
    {
        return Err(format!("`{name}` is not a kebab-case name"));
    }
    let path = path_of(group, &id);
    let file = root.join(&path);
    let text = skeleton::of(group, &id)?;
    if file.exists() {
        return Err(format!("{path} exists already"));
    }
    let list = root.join(LIST);
    let old = fs::read_to_string(&list).map_err(|e| format!("{LIST}: {e}"))?;
    let new = register(&old, group, &id).ok_or_else(|| format!("{LIST} has no group `{group}`"))?;
    fs::write(&list, new).map_err(|e| format!("{LIST}: {e}"))?;
    fs::write(&file, text).map_err(|e| format!("{path}: {e}"))?;
    println!("wrote {path} and its line in {LIST}");
    println!("next: write its page and its examples, then `cargo test -p crilint-core --test rules`");
    Ok(())
}

/// The file of a rule, below the root.
fn path_of(group: &str, id: &str) -> String {
    format!("core/src/rules/{group}/{}.rs", id.replace('-', "_"))
}

/// The list with the rule at the end of its group.
fn register(list: &str, group: &str, id: &str) -> Option<String> {
    let start = list.rfind(&format!("    {group} {{\n"))?;
    let end = start + list.get(start..)?.find("\n    }\n")? + 1;
    let (head, tail) = list.split_at(end);
    Some(format!("{head}        {},\n{tail}", id.replace('-', "_")))
}

#[cfg(test)]
mod tests;
