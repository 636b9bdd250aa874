//! npm packages: installed from their lock files, below the folder that needs them.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::test::command;

/// Installs what `folder/package-lock.json` names, unless that is there already.
pub fn install(folder: &Path) -> Result<(), String> {
    let lock = folder.join("package-lock.json");
    let wanted = fs::read(&lock).map_err(|e| format!("{}: {e}", lock.display()))?;
    let stamp = folder.join("node_modules/.crilint-installed");
    if fs::read(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    // No package here needs its install script.
    command(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder))?;
    fs::write(&stamp, wanted).map_err(|e| format!("{}: {e}", stamp.display()))
}

/// Runs a script of a package.
pub fn run(folder: &Path, script: &str) -> Result<(), String> {
    command(Command::new("npm").args(["run", "--silent", script]).current_dir(folder))
}
