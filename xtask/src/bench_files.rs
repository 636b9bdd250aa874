//! `cargo xtask bench files`: 10,000 files as one node and as 10,000 nodes. The growth from a quarter of them to all of
//! them, and the CPU time as a ratio to a program that only walks, reads and parses the same files, in the same run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::bench::{children, release_programs, run_once};
use crate::test::target_dir;

const FILES: usize = 10_000;
/// The highest growth that is allowed from a quarter of the files to all of them.
const LIMIT: f64 = 4.4;

/// Where the files of a case lie, and what is in them.
struct Case {
    name: &'static str,
    path: fn(usize) -> String,
    text: fn(usize) -> String,
}

const CASES: [Case; 6] = [
    Case { name: "TOML, one node", path: |i| format!("etc/containerd/conf.d/{i:05}.toml"), text: toml },
    Case { name: "TOML, a node each", path: |i| format!("n{i:05}/etc/containerd/config.toml"), text: toml },
    Case { name: "JSON, one node", path: |i| format!("{i:05}/daemon.json"), text: json },
    Case { name: "JSON, a node each", path: |i| format!("n{i:05}/etc/docker/daemon.json"), text: json },
    Case { name: "YAML, one node", path: |i| format!("kubelet-{i:05}.yaml"), text: yaml },
    Case { name: "YAML, a node each", path: |i| format!("n{i:05}/var/lib/kubelet/config.yaml"), text: yaml },
];

fn toml(i: usize) -> String {
    format!("version = 3\noom_score = -{}\n[grpc]\n  address = \"/run/containerd/containerd.sock\"\n", i % 999)
}

fn json(i: usize) -> String {
    format!("{{\n  \"log-driver\": \"local\",\n  \"max-concurrent-downloads\": {}\n}}\n", i % 9 + 1)
}

fn yaml(i: usize) -> String {
    let head = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\ncgroupDriver: systemd\n";
    format!("{head}maxPods: {}\n", 100 + i % 50)
}

/// Measures, prints a table, and fails where growth is above the limit.
pub fn run(root: &Path) -> Result<(), String> {
    let release = release_programs(root)?;
    println!("{:18} {:>11} {:>11} {:>7} {:>11} {:>7}", "case", "n/4, CPU s", "n, CPU s", "growth", "limit, s", "ratio");
    let mut is_above = false;
    for case in CASES {
        let folder = target_dir(root).join("bench-files");
        let (quarter, _) = measure(&case, FILES / 4, &folder, &release)?;
        let (whole, limit) = measure(&case, FILES, &folder, &release)?;
        let growth = whole / quarter;
        is_above |= growth > LIMIT;
        let ratio = whole / limit;
        println!("{:18} {quarter:11.3} {whole:11.3} {growth:7.2} {limit:11.3} {ratio:7.1}", case.name);
    }
    if is_above { Err(format!("growth above {LIMIT}")) } else { Ok(()) }
}

/// CPU seconds of `crilint check` and of the limit on so many files: the least of three runs.
fn measure(case: &Case, count: usize, folder: &Path, release: &Path) -> Result<(f64, f64), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let _ = fs::remove_dir_all(folder);
    for i in 0..count {
        let path: PathBuf = folder.join((case.path)(i));
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(failed)?;
        fs::write(&path, (case.text)(i)).map_err(failed)?;
    }
    let mut check = Command::new(release.join("crilint"));
    check.args(["check", "--no-config", "--format", "short"]).arg(folder);
    let mut limit = Command::new(release.join("examples/limit"));
    limit.arg(folder);
    let times = (least_cpu(&mut check)?, least_cpu(&mut limit)?);
    fs::remove_dir_all(folder).map_err(failed)?;
    Ok(times)
}

/// A run of seconds is measured once: start-up and noise are a small part of it.
fn least_cpu(command: &mut Command) -> Result<f64, String> {
    let mut least = f64::INFINITY;
    for _ in 0..3 {
        let before = children()?;
        run_once(command)?;
        least = least.min(children()? - before);
        if least > 2.0 {
            break;
        }
    }
    Ok(least)
}
