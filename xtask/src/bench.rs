//! `cargo xtask bench`: the CPU time of `crilint check` on a full default configuration, as a ratio to a program that
//! only reads and parses the same file, in the same run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

use crate::test::{cargo, target_dir};

/// How many pairs of measurements are made.
pub(crate) const ROUNDS: usize = 15;
const RUNS: usize = 40;
/// The highest ratio that is allowed.
const LIMIT: f64 = 2.0;

/// Measures and prints the ratio.
pub fn run(root: &Path) -> Result<(), String> {
    let release = release_programs(root)?;
    let file = root.join("benches/config-default.toml");
    let mut limit = Command::new(release.join("examples/limit"));
    limit.arg(&file);
    let mut full = Command::new(release.join("crilint"));
    full.args(["check", "--no-config", "--format", "short"]).arg(&file);
    let mut ratios = vec![];
    let mut times = vec![];
    for _ in 0..ROUNDS {
        let (a, b) = (cpu(&mut limit)?, cpu(&mut full)?);
        ratios.push(b / a);
        times.push((a, b));
    }
    ratios.sort_by(f64::total_cmp);
    times.sort_by(|x, y| x.0.total_cmp(&y.0));
    let ratio = ratios.get(ROUNDS / 2).copied().unwrap_or(f64::NAN);
    let (a, b) = times.get(ROUNDS / 2).copied().unwrap_or_default();
    println!(
        "read and parse only: {:.2} ms CPU; crilint check: {:.2} ms CPU (user + system, whole process)",
        a * 1e3,
        b * 1e3
    );
    println!("ratio: {ratio:.2} (limit {LIMIT}), median of {ROUNDS} rounds of {RUNS} runs");
    if ratio > LIMIT { Err("above the limit".into()) } else { Ok(()) }
}

/// Builds crilint and the program that it is compared with, and gives their folder.
pub(crate) fn release_programs(root: &Path) -> Result<PathBuf, String> {
    cargo(root, &["build", "--quiet", "--release"])?;
    cargo(root, &["build", "--quiet", "--release", "-p", "crilint-core", "--example", "limit"])?;
    Ok(target_dir(root).join("release"))
}

/// Runs a program without output.
pub(crate) fn run_once(command: &mut Command) -> Result<(), String> {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.map(drop).map_err(|e| format!("{command:?}: {e}"))
}

/// CPU seconds of one run, averaged over [`RUNS`], as the kernel counts them for finished children.
pub(crate) fn cpu(command: &mut Command) -> Result<f64, String> {
    let before = children()?;
    for _ in 0..RUNS {
        run_once(command)?;
    }
    Ok((children()? - before) / RUNS as f64)
}

/// User and system time of all finished children.
pub(crate) fn children() -> Result<f64, String> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|e| e.to_string())?;
    let seconds = |t: TimeVal| t.tv_sec() as f64 + t.tv_usec() as f64 / 1e6;
    Ok(seconds(usage.user_time()) + seconds(usage.system_time()))
}
