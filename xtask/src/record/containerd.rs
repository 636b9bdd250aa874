//! containerd, started with folders of its own, until it logs that it has booted, or ends.

use std::collections::BTreeSet;
use std::fs::File;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{Case, Daemon, Verdict, release_of};
use crate::test::output;

/// A containerd binary.
pub struct Containerd {
    binary: PathBuf,
    release: String,
    /// Plugins that do not load on this machine, whatever the configuration, with the reason.
    missing: BTreeSet<(String, String)>,
}

/// Longer than any start takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a daemon that has booted is watched where that is not the end.
const SETTLING: Duration = Duration::from_millis(400);

impl Containerd {
    pub fn new(binary: &Path) -> Result<Self, String> {
        let version = output(Command::new(binary).arg("--version"))?;
        // `containerd github.com/containerd/containerd v1.7.34 <revision>`
        let number = version.split_whitespace().nth(2).unwrap_or_default().trim_start_matches('v');
        let mut new = Self { binary: binary.to_owned(), release: release_of(number, 99), missing: BTreeSet::new() };
        let folder = std::env::temp_dir().join(format!("crilint-record-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
        std::fs::write(folder.join("config.toml"), "").map_err(|e| e.to_string())?;
        let (_, log) = new.start(&folder, Duration::ZERO)?;
        new.missing = failed(&log).map(|(plugin, error)| (plugin.to_owned(), error.to_owned())).collect();
        Ok(new)
    }

    /// Starts containerd on the `config.toml` in a folder; returns whether it runs, and its log.
    fn start(&self, folder: &Path, settling: Duration) -> Result<(bool, String), String> {
        let log = folder.join("containerd.log");
        let file = File::create(&log).map_err(|e| e.to_string())?;
        let mut child = Command::new(&self.binary)
            .arg("--config")
            .arg(folder.join("config.toml"))
            .arg("--root")
            .arg(folder.join("root"))
            .arg("--state")
            .arg(folder.join("state"))
            .arg("--address")
            .arg(folder.join("containerd.sock"))
            .stdout(Stdio::null())
            .stderr(file)
            .spawn()
            .map_err(|e| format!("{}: {e}", self.binary.display()))?;
        let runs = booted(&mut child, &log, &folder.join("containerd.sock"), settling);
        let _ = child.kill();
        let _ = child.wait();
        Ok((runs?, std::fs::read_to_string(&log).map_err(|e| e.to_string())?))
    }
}

/// Whether containerd came up, as soon as that is clear.
fn booted(child: &mut Child, log: &Path, socket: &Path, settling: Duration) -> Result<bool, String> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        let ended = child.try_wait().map_err(|e| e.to_string())?.is_some();
        let text = std::fs::read_to_string(log).unwrap_or_default();
        // With a log level above info containerd does not log that it booted, but it answers.
        let answers = || UnixStream::connect(socket).is_ok();
        if text.contains("containerd successfully booted") || (!ended && answers()) {
            std::thread::sleep(settling);
            return Ok(child.try_wait().map_err(|e| e.to_string())?.is_none());
        }
        if ended {
            return Ok(false);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Err(format!("containerd neither booted nor ended: see {}", log.display()))
}

impl Daemon for Containerd {
    fn cases(&self) -> &'static str {
        "containerd.jsonl"
    }

    fn product(&self) -> &'static str {
        "containerd"
    }

    fn release(&self) -> &str {
        &self.release
    }

    fn skips(&self, case: &Case) -> bool {
        // The folders of the start would hide those of the file.
        let sets = |line: &str| line.starts_with("root =") || line.starts_with("state =");
        case.files.values().any(|text| text.lines().any(sets))
    }

    fn ask(&mut self, folder: &Path, case: &Case) -> Result<Verdict, String> {
        // The stream server starts beside the rest, and takes the daemon down when it cannot listen.
        let streams = case.files.values().any(|text| text.to_lowercase().contains("stream_server"));
        let (runs, log) = self.start(folder, if streams { SETTLING } else { Duration::ZERO })?;
        if !runs {
            // A panic prints its reason before the stack.
            let fatal = |line: &&str| {
                line.starts_with("panic:") || line.contains("level=fatal") || line.contains("Failed to run CRI")
            };
            let last = log.lines().find(fatal).or_else(|| log.lines().last());
            let printed = last.unwrap_or_default().trim_start_matches("containerd: ").to_owned();
            return Ok(Verdict { verdict: "refused", printed });
        }
        let is_new =
            |(plugin, error): &(&str, &str)| !self.missing.contains(&((*plugin).to_owned(), (*error).to_owned()));
        let new = failed(&log).find(is_new);
        if let Some((_, error)) = new {
            return Ok(Verdict { verdict: "failed", printed: error.to_owned() });
        }
        let ignored = log.lines().find_map(|line| line.split_once("Ignoring unknown key")).map(|(_, rest)| rest);
        let printed = ignored.map(|rest| format!("Ignoring unknown key{rest}")).unwrap_or_default();
        Ok(Verdict { verdict: if ignored.is_some() { "ignored" } else { "runs" }, printed })
    }
}

/// The plugins that did not load, with the reason: `failed to load plugin io.containerd.grpc.v1.cri" error="..."`.
fn failed(log: &str) -> impl Iterator<Item = (&str, &str)> {
    log.lines().filter_map(|line| {
        let (_, rest) = line.split_once("failed to load plugin")?;
        let rest = rest.trim_start_matches([' ', '\\', '"']);
        let name = rest.split(['"', '\\', ' ']).next().unwrap_or(rest);
        let error = rest.split_once("error=").map_or("", |(_, error)| error);
        // 2.x name the plugin in a field of its own.
        let field = rest.split_once("id=").and_then(|(_, id)| id.split_whitespace().next());
        Some((field.filter(|_| name.is_empty() || name.starts_with("error=")).unwrap_or(name), error.trim_matches('"')))
    })
}

#[cfg(test)]
mod tests {
    use super::failed;

    #[test]
    fn plugins_that_did_not_load_are_seen() {
        let log = "time=\"x\" level=warning msg=\"failed to load plugin io.containerd.grpc.v1.cri\" error=\"invalid plugin config: no\"\n\
                   time=\"x\" level=info msg=\"loading plugin\"\n\
                   time=\"x\" level=warning msg=\"failed to load plugin\" error=\"devmapper not configured\" id=io.containerd.snapshotter.v1.devmapper type=io.containerd.snapshotter.v1\n";
        let found: Vec<_> = failed(log).collect();
        assert_eq!(found.first(), Some(&("io.containerd.grpc.v1.cri", "invalid plugin config: no")));
        assert_eq!(found.get(1).map(|(plugin, _)| *plugin), Some("io.containerd.snapshotter.v1.devmapper"));
    }
}
