//! `cargo xtask test`: everything that must hold, with the set-up that it needs. Nothing is skipped.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::{fronts, hooks, node_images, record, schemas, systemd};

/// Formatting, clippy and the Rust tests.
pub fn quick(root: &Path) -> Result<(), String> {
    step("formatting", || format(root))?;
    step("clippy", || cargo(root, &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))?;
    step("tests", || cargo(root, &["test", "--workspace", "--quiet"]))
}

/// Runs all steps in order; the first that fails ends the run.
pub fn run(root: &Path) -> Result<(), String> {
    quick(root)?;
    step("fuzz targets build", || cargo(root, &["check", "--quiet", "--manifest-path", "fuzz/Cargo.toml"]))?;
    step("npm package", || fronts::package(root))?;
    step("playground", || fronts::playground(root))?;
    step("VS Code extension", || fronts::vscode(root))?;
    step("examples", || examples(root))?;
    step("schemas", || schemas::test(root))?;
    step("systemd", || systemd::verify(root))?;
    step("real daemons", || record::test(root))?;
    step("nodes of packages", || node_images::test(root))?;
    step("pre-commit and prek", || hooks::test(root))?;
    println!("everything holds");
    Ok(())
}

fn step(name: &str, run: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    println!("== {name}");
    let start = Instant::now();
    run().map_err(|e| format!("{name}: {e}"))?;
    println!("== {name}: {} s", start.elapsed().as_secs());
    Ok(())
}

/// Runs cargo at the root.
pub fn cargo(root: &Path, args: &[&str]) -> Result<(), String> {
    command(Command::new(env!("CARGO")).args(args).current_dir(root))
}

/// Runs a command to its end; what it prints goes to the terminal.
pub fn command(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|e| format!("{command:?}: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{} failed with {status}", beginning(command))) }
}

/// A command for a message: its program and its first arguments.
fn beginning(command: &Command) -> String {
    const SHOWN: usize = 12;
    let args: Vec<_> = command.get_args().map(|arg| arg.to_string_lossy()).collect();
    let more = if args.len() > SHOWN { " ..." } else { "" };
    let shown = args.get(..SHOWN).unwrap_or(&args).join(" ");
    format!("`{} {shown}{more}`", command.get_program().to_string_lossy())
}

/// What a command prints.
pub fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|e| format!("{command:?}: {e}"))?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// rustfmt by file: cargo fmt does not find modules that a macro declares.
fn format(root: &Path) -> Result<(), String> {
    let files = rust_files(root)?;
    let mut rustfmt = Command::new("rustfmt");
    command(rustfmt.args(["--check", "--edition", "2024", "--config-path"]).arg(root).args(files).current_dir(root))
}

/// Writes all Rust files in their format.
pub fn write_format(root: &Path) -> Result<(), String> {
    let files = rust_files(root)?;
    command(
        Command::new("rustfmt").args(["--edition", "2024", "--config-path"]).arg(root).args(files).current_dir(root),
    )
}

fn rust_files(root: &Path) -> Result<Vec<String>, String> {
    let listed = output(Command::new("git").args(["ls-files", "-co", "--exclude-standard", "*.rs"]).current_dir(root))?;
    // Generated tables have lines of their own length.
    let generated = |l: &&str| l.ends_with("tables.rs") || l.ends_with("docs_table.rs");
    let own = |l: &&str| !generated(l) && root.join(l).exists();
    Ok(listed.lines().filter(own).map(str::to_owned).collect())
}

/// Where cargo puts what it builds.
pub fn target_dir(root: &Path) -> std::path::PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), std::path::PathBuf::from)
}

/// The README's main command: the bad host has findings, the good one has none.
fn examples(root: &Path) -> Result<(), String> {
    cargo(root, &["build", "--quiet", "--release"])?;
    let crilint = target_dir(root).join("release/crilint");
    let check = |host: &str| {
        let mut run = Command::new(&crilint);
        run.args(["check", "--format", "short"]).arg(format!("examples/{host}")).current_dir(root);
        run.output().map_err(|e| format!("{}: {e}", crilint.display()))
    };
    let bad = check("moved-from-docker")?;
    if bad.status.code() != Some(1) || bad.stdout.is_empty() {
        return Err("examples/moved-from-docker must have findings".into());
    }
    let good = check("well-configured")?;
    if good.status.code() != Some(0) {
        return Err(format!("examples/well-configured must be clean:\n{}", String::from_utf8_lossy(&good.stdout)));
    }
    Ok(())
}
