//! Everything generated and committed, in one list.

use std::path::Path;
use std::process::Command;

use crate::benchmarks;
use crate::default_config;
use crate::plugins;
use crate::rule_docs;
use crate::tables::{self, Generated};
use crate::test::output;

/// All generated files.
pub fn all(root: &Path) -> Result<Vec<Generated>, String> {
    let mut all = tables::generate(root)?;
    all.push(plugins::generate(root)?);
    all.extend(benchmarks::generate(root)?);
    all.extend(default_config::generate(root)?);
    all.extend(rule_docs::generate(root)?);
    Ok(all)
}

/// Writes what differs. What comes from the tables rather than from the data (schemas, pages of keys) is written by the
/// tests that compare it.
pub fn write_all(root: &Path) -> Result<(), String> {
    write(root)?;
    let mut tests = Command::new(env!("CARGO"));
    tests.args(["test", "--quiet", "-p", "crilint", "--test", "cli", "fresh"]).env("UPDATE", "1").current_dir(root);
    output(&mut tests).map(drop)
}

/// Writes what differs of the files in [`all`].
pub fn write(root: &Path) -> Result<(), String> {
    for (name, text) in all(root)? {
        let path = root.join(&name);
        if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|e| format!("{name}: {e}"))?;
        }
        std::fs::write(&path, text).map_err(|e| format!("{name}: {e}"))?;
        println!("wrote {name}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn generated_files_are_fresh() {
        let root = crate::root();
        if std::env::var_os("UPDATE").is_some() {
            super::write(&root).unwrap();
        }
        for (name, text) in super::all(&root).unwrap() {
            let old = std::fs::read_to_string(root.join(&name)).unwrap_or_default();
            assert!(old == text, "{name} is stale: run `cargo xtask gen`");
        }
    }
}
