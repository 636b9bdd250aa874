//! The pre-commit hook, run by pre-commit and by prek on a repository made for the test.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::test::{output, target_dir};
use crate::tools;

const TOOLS: [&str; 2] = ["pre-commit==4.7.0", "prek==0.5.11"];

/// Installs both tools below `target/` and runs the hook of this very checkout with each.
pub fn test(root: &Path) -> Result<(), String> {
    let scratch = target_dir(root).join("hooks");
    let bin = tools::install(&scratch, &TOOLS)?;
    let fixture = fixture(root, &scratch)?;
    for tool in ["pre-commit", "prek"] {
        run(root, &scratch, &bin.join(tool), tool, &fixture)?;
    }
    Ok(())
}

/// A repository with a good and a bad file of ours and a foreign `config.toml`, all staged.
fn fixture(root: &Path, scratch: &Path) -> Result<PathBuf, String> {
    let repo = scratch.join("repo");
    let _ = std::fs::remove_dir_all(&repo);
    let files = [
        ("files/containerd/config.toml", "version = 2\n[plugins.cri]\n  stream_server_port = \"0\"\n"),
        ("files/docker/daemon.json", "{ \"log-opts\": { \"max-size\": \"10m\", \"max-file\": 3 } }\n"),
        (".cargo/config.toml", "[alias]\nx = \"run\"\n"),
        ("tool/config.toml", "[server]\nport = 1\n"),
    ];
    for (path, text) in files {
        let path = repo.join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(&repo)).map_err(|e| e.to_string())?;
        std::fs::write(path, text).map_err(|e| e.to_string())?;
    }
    let git = |args: &[&str]| output(Command::new("git").args(args).current_dir(&repo));
    git(&["init", "--quiet"])?;
    git(&["config", "user.email", "hook@example.org"])?;
    git(&["config", "user.name", "hook"])?;
    // The hook comes from a bare clone of this checkout's last commit, as a user's would.
    let source = scratch.join("source.git");
    let _ = std::fs::remove_dir_all(&source);
    output(Command::new("git").args(["clone", "--quiet", "--bare", "--no-local"]).arg(root).arg(&source))?;
    let revision = output(Command::new("git").args(["rev-parse", "HEAD"]).current_dir(&source))?;
    let config = format!(
        "repos:\n  - repo: {}\n    rev: {}\n    hooks:\n      - id: crilint\n",
        source.display(),
        revision.trim()
    );
    std::fs::write(repo.join(".pre-commit-config.yaml"), config).map_err(|e| e.to_string())?;
    git(&["add", "-A"])?;
    Ok(repo)
}

fn run(root: &Path, scratch: &Path, program: &Path, tool: &str, repo: &Path) -> Result<(), String> {
    let output = Command::new(program)
        .args(["run", "crilint", "--all-files"])
        .current_dir(repo)
        .env("PRE_COMMIT_HOME", scratch.join("pre-commit-home"))
        .env("PREK_HOME", scratch.join("prek-home"))
        .env("CARGO_TARGET_DIR", scratch.join("build"))
        .env("NO_COLOR", "1")
        .output()
        .map_err(|e| format!("{}: {e}", root.join(program).display()))?;
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let expected = ["short-plugin-id", "log-opts-not-string"];
    if output.status.success() || !expected.iter().all(|rule| text.contains(rule)) {
        return Err(format!("{tool} did not report {}:\n{text}", expected.join(" and ")));
    }
    if text.contains("tool/config.toml") || text.contains(".cargo/config.toml") {
        return Err(format!("{tool}: a foreign file was not left alone:\n{text}"));
    }
    println!("{tool}: both faults found, foreign files left alone");
    Ok(())
}
