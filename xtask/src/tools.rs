//! Tools from PyPI that tests run, each set in a virtual environment below `target/`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::test::command;

/// Installs tools (`name==version`) once and returns the folder of their programs.
pub fn install(folder: &Path, tools: &[&str]) -> Result<PathBuf, String> {
    let venv = folder.join("venv");
    let bin = venv.join("bin");
    // The list is kept in the environment, so that a change of a version installs the tools again.
    let stamp = venv.join("tools");
    let wanted = tools.join("\n");
    if std::fs::read_to_string(&stamp).is_ok_and(|have| have == wanted) {
        return Ok(bin);
    }
    command(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    command(Command::new(bin.join("pip")).args(["install", "--quiet", "--disable-pip-version-check"]).args(tools))?;
    std::fs::write(&stamp, wanted).map_err(|e| format!("{}: {e}", stamp.display()))?;
    Ok(bin)
}
