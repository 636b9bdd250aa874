//! `cargo xtask record`: runs a daemon on the cases in `conformance/` and compares its verdicts with the record, or
//! adds them to it.

mod containerd;
mod docker;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::data::{self, ReleaseFile};
use crate::test::{command, output};

/// A case as `conformance/*.jsonl` holds it.
#[derive(Deserialize)]
struct Case {
    name: String,
    files: BTreeMap<String, String>,
    verdicts: Vec<Recorded>,
}

#[derive(Deserialize)]
struct Recorded {
    releases: String,
    verdict: String,
    #[serde(default, rename = "prints")]
    printed: String,
}

/// What a daemon did with a case.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Verdict {
    /// `runs`, `ignored`, `failed` or `refused`.
    verdict: &'static str,
    /// What the daemon printed.
    printed: String,
}

/// A daemon that can be asked.
trait Daemon {
    /// The file of cases, below `conformance/`.
    fn cases(&self) -> &'static str;
    /// The product in `releases.toml`.
    fn product(&self) -> &'static str;
    /// The release of the binary.
    fn release(&self) -> &str;
    /// Whether a case cannot be run with this recorder.
    fn skips(&self, _: &Case) -> bool {
        false
    }
    /// Runs the daemon on the files in a folder.
    fn ask(&mut self, folder: &Path, case: &Case) -> Result<Verdict, String>;
}

const USAGE: &str = "cargo xtask record containerd|dockerd --binary PATH [--write]";

/// Runs a daemon on all cases.
pub fn run(root: &Path, arguments: &[&str]) -> Result<(), String> {
    let (product, rest) = arguments.split_first().ok_or(USAGE)?;
    let (mut binary, mut write) = (None, false);
    let mut rest = rest.iter();
    while let Some(option) = rest.next() {
        match *option {
            "--binary" => binary = rest.next(),
            "--write" => write = true,
            _ => return Err(USAGE.into()),
        }
    }
    let binary = binary.ok_or(USAGE)?;
    let mut daemon = open(product, Path::new(binary))?;
    let differing = compare(root, daemon.as_mut(), write)?;
    println!("{} cases differ from the record", differing.len());
    Ok(())
}

fn open(product: &str, binary: &Path) -> Result<Box<dyn Daemon>, String> {
    Ok(match product {
        "containerd" => Box::new(containerd::Containerd::new(binary)?),
        "dockerd" => Box::new(docker::Dockerd::new(binary)?),
        _ => return Err(USAGE.into()),
    })
}

/// A case in which a daemon differs from the record.
struct Difference {
    case: String,
    /// What the daemon printed, as recorded.
    recorded: String,
    /// The files.
    text: String,
}

/// Runs a daemon on all cases and prints the differences from the record. The verdicts of a release that the record
/// does not have are printed, or added to the record.
fn compare(root: &Path, daemon: &mut dyn Daemon, write: bool) -> Result<Vec<Difference>, String> {
    let path = root.join("conformance").join(daemon.cases());
    let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let releases: ReleaseFile = data::read(root, "releases.toml")?;
    let ids = releases.product.iter().filter(|p| p.id == daemon.product()).flat_map(|p| &p.releases);
    let ids: Vec<&str> = ids.map(|r| r.id.as_str()).collect();
    let release = daemon.release().to_owned();
    let folder = std::env::temp_dir().join(format!("crilint-record-{}", std::process::id()));
    let mut out = String::new();
    let mut differing = vec![];
    let (mut agreeing, mut new) = (0, 0);
    for line in text.lines() {
        let case: Case = serde_json::from_str(line).map_err(|e| format!("{}: {e}", path.display()))?;
        if daemon.skips(&case) {
            let _ = writeln!(out, "{line}");
            continue;
        }
        prepare(&folder, &case)?;
        let verdict = daemon.ask(&folder, &case)?;
        let known = case.verdicts.iter().find(|v| holds(&v.releases, &release, &ids));
        match known {
            Some(known) if agrees(&known.verdict, verdict.verdict) => agreeing += 1,
            Some(known) => {
                println!(
                    "{}: recorded {}, {release} {}: {}",
                    case.name, known.verdict, verdict.verdict, verdict.printed
                );
                differing.push(Difference {
                    case: case.name.clone(),
                    recorded: known.printed.clone(),
                    text: case.files.values().cloned().collect(),
                });
            }
            None if write => new += 1,
            None => println!("{}: {release} {}: {}", case.name, verdict.verdict, verdict.printed),
        }
        let _ = writeln!(
            out,
            "{}",
            if known.is_none() && write { with(line, &release, &verdict)? } else { line.to_owned() }
        );
    }
    let _ = std::fs::remove_dir_all(&folder);
    if write {
        std::fs::write(&path, out).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    println!("{} {release}: {agreeing} verdicts as recorded, {} differ, {new} new", daemon.product(), differing.len());
    Ok(differing)
}

fn prepare(folder: &Path, case: &Case) -> Result<(), String> {
    let _ = std::fs::remove_dir_all(folder);
    for (name, text) in &case.files {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent).and_then(|()| std::fs::write(&path, text)).map_err(|e| e.to_string())?;
    }
    Ok(())
}

/// A start shows less than the record has: whether a value is in effect, and what a release silently drops.
fn agrees(recorded: &str, started: &str) -> bool {
    let runs = |verdict: &str| matches!(verdict, "accepted" | "runs" | "ignored");
    recorded == started || (runs(recorded) && runs(started))
}

/// Whether a set such as `1.0..1.7,2.3..` has a release.
fn holds(set: &str, release: &str, ids: &[&str]) -> bool {
    let at = |id: &str| ids.iter().position(|known| *known == id);
    let Some(own) = at(release) else { return false };
    set.split(',').any(|part| match part.split_once("..") {
        Some((from, to)) => {
            let after = from.is_empty() || at(from).is_some_and(|from| from <= own);
            after && (to.is_empty() || at(to).is_some_and(|to| own <= to))
        }
        None => part == release || part == "all",
    })
}

/// The line of a case with one more verdict at the end of its list, which comes last.
fn with(line: &str, release: &str, verdict: &Verdict) -> Result<String, String> {
    let head = line.strip_suffix("]}").ok_or("the verdicts come last in a case")?;
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let printed = match verdict.printed.as_str() {
        "" => String::new(),
        text => format!(", \"prints\": {}", quoted(&cut(text))),
    };
    Ok(format!("{head}, {{\"releases\": {}, \"verdict\": \"{}\"{printed}}}]}}", quoted(release), verdict.verdict))
}

fn cut(text: &str) -> String {
    text.chars().take(160).collect()
}

/// The release id of a version: `1.6.20~ds1` -> `1.6`, `20.10.24+dfsg1` -> `20.10`, `28.5.2` -> `28`.
fn release_of(version: &str, majors_alone_from: u32) -> String {
    let numbers: Vec<&str> = version.split(|c: char| !c.is_ascii_digit()).take(2).collect();
    match numbers.as_slice() {
        [major, ..] if major.parse::<u32>().is_ok_and(|m| m >= majors_alone_from) => (*major).to_owned(),
        [major, minor] => format!("{major}.{minor}"),
        _ => version.to_owned(),
    }
}

const OLD_GO_TOML: &str = "Debian links an older go-toml than 1.6.39 vendors: it ends at 2^63";

/// Differences of Debian's packages that are not faults: the name of a case, or words of its record or of its files,
/// with the reason.
const OF_DEBIAN: [(&str, &str); 15] = [
    ("version = 3", "1.6.20 does not look at the config version, 1.6.39 does"),
    ("version = 4", "1.6.20 does not look at the config version, 1.6.39 does"),
    ("version = 5", "1.6.20 does not look at the config version, 1.6.39 does"),
    ("drain_exec_sync_io_timeout", "1.6.20 does not have the key yet, 1.6.39 does"),
    ("overlayfs-mount-options", "1.6.20 does not have the key yet, 1.6.39 does"),
    ("io.containerd.tracing.processor.v1.otlp", "Debian builds without tracing"),
    ("io.containerd.internal.v1.tracing", "Debian builds without tracing"),
    ("cri-stream-empty-address", "the recording machine had no default route"),
    ("parser-int-p63", OLD_GO_TOML),
    ("parser-int-u64", OLD_GO_TOML),
    ("parser-int-hex63", OLD_GO_TOML),
    ("fresh-int-beyond-64", OLD_GO_TOML),
    ("fresh-debug-level-upper", "it logs as JSON, which the recorder does not read"),
    ("import-circular", "the files have other names in the record than when they were recorded"),
    ("zfs", "whether the machine has zfs"),
];

/// Debian's containerd and dockerd do what is recorded of their releases.
pub fn test(root: &Path) -> Result<(), String> {
    for (product, package, program) in [("containerd", "containerd", "containerd"), ("dockerd", "docker.io", "dockerd")]
    {
        let binary = installed(package, program)?;
        let mut daemon = open(product, &binary)?;
        let differing = compare(root, daemon.as_mut(), false)?;
        let is_known = |d: &&Difference| {
            OF_DEBIAN.iter().any(|(k, _)| d.case == *k || d.recorded.contains(k) || d.text.contains(k))
        };
        let unexplained: Vec<_> = differing.iter().filter(|d| !is_known(d)).map(|d| d.case.as_str()).collect();
        if !unexplained.is_empty() {
            return Err(format!("{program} differs from the record: {unexplained:?}"));
        }
    }
    Ok(())
}

/// The program of a Debian package, installed if it is not there.
pub fn installed(package: &str, program: &str) -> Result<PathBuf, String> {
    let find =
        || output(Command::new("sh").args(["-c", &format!("command -v {program}")])).map(|p| p.trim().to_owned());
    if find().is_err() {
        let apt = |arguments: &[&str]| {
            let mut apt = Command::new("apt-get");
            command(apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null()))
        };
        apt(&["update", "-qq"])?;
        apt(&["install", "-y", "-qq", "--no-install-recommends", package])?;
    }
    find().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::{Verdict, agrees, holds, release_of, with};

    #[test]
    fn versions_are_releases() {
        assert_eq!(release_of("1.6.20~ds1", 99), "1.6");
        assert_eq!(release_of("20.10.24+dfsg1", 23), "20.10");
        assert_eq!(release_of("28.5.2", 23), "28");
    }

    #[test]
    fn sets_hold_releases() {
        let ids = ["1.0", "1.7", "2.0", "2.1"];
        assert!(holds("1.0..1.7,2.1", "1.7", &ids) && holds("2.0..", "2.1", &ids) && holds("..1.7", "1.0", &ids));
        assert!(!holds("1.0..1.7,2.1", "2.0", &ids) && !holds("1.7..", "3.0", &ids));
    }

    #[test]
    fn a_verdict_is_added_at_the_end() {
        let line = r#"{"name": "a", "files": {}, "verdicts": [{"releases": "1.7", "verdict": "runs"}]}"#;
        let verdict = Verdict { verdict: "refused", printed: "no \"x\"".into() };
        let wanted = r#"{"name": "a", "files": {}, "verdicts": [{"releases": "1.7", "verdict": "runs"}, {"releases": "2.5", "verdict": "refused", "prints": "no \"x\""}]}"#;
        assert_eq!(with(line, "2.5", &verdict).unwrap(), wanted);
    }

    #[test]
    fn a_record_may_tell_more() {
        assert!(agrees("accepted", "runs") && agrees("ignored", "runs") && agrees("failed", "failed"));
        assert!(!agrees("runs", "failed") && !agrees("failed", "refused"));
    }
}
