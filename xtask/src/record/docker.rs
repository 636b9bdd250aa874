//! dockerd: `--validate`, and 20.10, which has no such flag, started by a user who may not run it: it reads the
//! configuration first and complains about the user then.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Case, Daemon, Verdict, release_of};
use crate::test::output;

/// A dockerd binary.
pub struct Dockerd {
    binary: PathBuf,
    release: String,
}

impl Dockerd {
    pub fn new(binary: &Path) -> Result<Self, String> {
        let version = output(Command::new(binary).arg("--version"))?;
        // `Docker version 20.10.24+dfsg1, build 5d6db84`
        let number = version.split_whitespace().nth(2).unwrap_or_default();
        Ok(Self { binary: binary.to_owned(), release: release_of(number, 23) })
    }

    fn validates(&self) -> bool {
        !self.release.contains('.')
    }
}

/// The user without privileges on every Linux.
const UNPRIVILEGED: &str = "65534";

impl Daemon for Dockerd {
    fn cases(&self) -> &'static str {
        "docker-validate.jsonl"
    }

    fn product(&self) -> &'static str {
        "docker"
    }

    fn release(&self) -> &str {
        &self.release
    }

    fn ask(&mut self, folder: &Path, case: &Case) -> Result<Verdict, String> {
        let mut dockerd = if self.validates() {
            let mut dockerd = Command::new(&self.binary);
            dockerd.arg("--validate");
            dockerd
        } else {
            let mut dockerd = Command::new("setpriv");
            dockerd.args(["--reuid", UNPRIVILEGED, "--regid", UNPRIVILEGED, "--clear-groups"]).arg(&self.binary);
            dockerd
        };
        dockerd.arg("--config-file").arg(folder.join("daemon.json")).args(flags(case));
        let done = dockerd.output().map_err(|e| format!("{}: {e}", self.binary.display()))?;
        let text = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        let loaded = text.contains("configuration OK") || text.contains("needs to be started with root");
        if loaded {
            return Ok(Verdict { verdict: "runs", printed: String::new() });
        }
        let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
        // `unable to configure the Docker daemon with file PATH: ...`
        let path = format!("{}: ", folder.join("daemon.json").display());
        let printed = last.split_once(&path).map_or(last, |(_, reason)| reason).to_owned();
        Ok(Verdict { verdict: "refused", printed })
    }
}

/// The flags of the unit beside the file.
fn flags(case: &Case) -> Vec<String> {
    let unit = case.files.get("docker.service").map(String::as_str).unwrap_or_default();
    let line = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap_or_default();
    line.split_whitespace().skip(1).map(str::to_owned).collect()
}
