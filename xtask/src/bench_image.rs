//! `cargo xtask bench image`: an image of a node with 100,000 files. Only those that matter may cost time, so the CPU time
//! is compared with that of the same node without the others, in the same run.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::bench::{ROUNDS, cpu, release_programs};
use crate::test::{command, target_dir};

const FILES: usize = 100_000;
/// The highest ratio that is allowed.
const LIMIT: f64 = 1.1;

/// Where a system has most of its files; some are beside those of the daemons.
const FOLDERS: [&str; 4] = ["usr/share/doc", "usr/lib/python3", "var/lib/containerd/blobs", "etc/alternatives"];

/// Measures, prints the ratio, and fails above the limit.
pub fn run(root: &Path) -> Result<(), String> {
    let release = release_programs(root)?;
    let folder = target_dir(root).join("bench-image");
    let _ = fs::remove_dir_all(&folder);
    let (alone, full) = (folder.join("alone"), folder.join("full"));
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for image in [&alone, &full] {
        command(Command::new("cp").arg("-RT").args([&root.join("cli/tests/images/kubeadm-deb"), image]))?;
    }
    fill(&full).map_err(|error| format!("{}: {error}", full.display()))?;
    let check = |image: &Path| {
        let mut run = Command::new(release.join("crilint"));
        run.args(["check", "--no-config", "--format", "short", "--root"]).arg(image);
        run
    };
    let mut times = vec![];
    for _ in 0..ROUNDS {
        times.push((cpu(&mut check(&alone))?, cpu(&mut check(&full))?));
    }
    fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    times.sort_by(|(a, b), (c, d)| (b / a).total_cmp(&(d / c)));
    let (alone, full) = times.get(ROUNDS / 2).copied().unwrap_or_default();
    let ratio = full / alone;
    println!("node alone: {:.2} ms CPU; with {FILES} files: {:.2} ms CPU", alone * 1e3, full * 1e3);
    println!("ratio: {ratio:.2} (limit {LIMIT}), median of {ROUNDS} rounds");
    if ratio > LIMIT { Err("above the limit".into()) } else { Ok(()) }
}

fn fill(image: &Path) -> std::io::Result<()> {
    for (number, folder) in (0..FILES).zip(FOLDERS.into_iter().cycle()) {
        let folder = image.join(folder).join(format!("{:03}", number / 400));
        if number % 400 < FOLDERS.len() {
            fs::create_dir_all(&folder)?;
        }
        fs::write(folder.join(format!("{number}.toml")), "")?;
    }
    Ok(())
}
