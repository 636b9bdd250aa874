//! The front ends besides the terminal: the npm package, the playground and the VS Code extension, built and tested in
//! the program that runs them.

use std::path::Path;
use std::process::Command;

use crate::npm;
use crate::test::command;
use crate::wasm;

/// The engine's package, used as its users do.
pub fn package(root: &Path) -> Result<(), String> {
    wasm::build(root)?;
    let folder = root.join("wasm");
    npm::run(&folder, "test")?;
    npm::run(&folder, "bench")
}

/// The page, in Chromium.
pub fn playground(root: &Path) -> Result<(), String> {
    let folder = root.join("playground");
    npm::install(&folder)?;
    npm::run(&folder, "build")?;
    chromium()?;
    npm::run(&folder, "test")
}

/// The extension, packed, in VS Code's workbench, and in a whole editor of today.
pub fn vscode(root: &Path) -> Result<(), String> {
    let folder = root.join("editors/vscode");
    npm::install(&folder)?;
    npm::run(&folder, "build")?;
    npm::run(&folder, "package")?;
    chromium()?;
    npm::run(&folder, "test")?;
    npm::install(&folder.join("tests/full"))?;
    npm::run(&folder, "test:full")
}

/// Debian's Chromium, unless `CHROMIUM` names another one.
fn chromium() -> Result<(), String> {
    if std::env::var_os("CHROMIUM").is_some() || Path::new("/usr/bin/chromium").exists() {
        return Ok(());
    }
    println!("installing chromium");
    command(Command::new("apt-get").args(["update", "-qq"]))?;
    let install = ["install", "-y", "-qq", "--no-install-recommends", "chromium"];
    command(Command::new("apt-get").args(install).env("DEBIAN_FRONTEND", "noninteractive"))
        .map_err(|e| format!("{e}: install chromium, or name a browser in CHROMIUM"))
}
