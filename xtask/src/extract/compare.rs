//! The differences between the sources and the data, as text to review.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use super::keys::Found;
use super::packages::Packages;
use super::{containerd as containerd_sources, kubernetes as kubernetes_sources, moby as moby_sources};
use crate::data::{self, Key, KeyFile};
use crate::tables::split_path;

/// The differences of a tag.
#[derive(Default)]
pub struct Diff {
    pub count: usize,
    pub text: String,
}

impl Diff {
    fn head(&mut self, file: &str, release: &str, about: &str) {
        let _ = writeln!(self.text, "--- core/data/{file} ({about})\n+++ {release}");
    }

    pub fn add(&mut self, lines: &str) {
        self.count += 1;
        self.text.push_str(lines);
    }

    /// Names that one side alone has.
    fn names<'n>(&mut self, what: &str, data: &BTreeSet<&'n str>, sources: &BTreeSet<&'n str>) {
        for name in sources.difference(data) {
            self.add(&format!("+{what}{name}\n"));
        }
        for name in data.difference(sources) {
            self.add(&format!("-{what}{name}\n"));
        }
    }
}

/// `v1.7.34`, `docker-v29.7.2`, `v17.09.0-ce` -> the numbers alone.
pub fn release_of(tag: &str) -> String {
    let start = tag.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let text = tag.get(start..).unwrap_or(tag);
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    text.get(..end).unwrap_or(text).to_owned()
}

fn numbers(release: &str) -> Vec<u32> {
    release.split('.').map(|n| n.parse().unwrap_or(0)).collect()
}

/// Whether a release is not before another one. Parts that `other` leaves out are equal to any.
fn not_before(release: &str, other: &str) -> bool {
    let (release, other) = (numbers(release), numbers(other));
    release.get(..other.len().min(release.len())).unwrap_or_default() >= other.as_slice() || release.starts_with(&other)
}

fn reads(key: &Key, release: &str) -> bool {
    let after = key.since.as_deref().is_none_or(|since| not_before(release, since));
    let before = key.until.as_deref().is_none_or(|until| {
        let (release, until) = (numbers(release), numbers(until));
        release.get(..until.len().min(release.len())).unwrap_or_default() <= until.as_slice()
    });
    let minor: String = release.split('.').take(2).collect::<Vec<_>>().join(".");
    // The patch release that first has the key, if it is not the first of its release.
    let late = key.first_patch.iter().find(|patch| patch.starts_with(&format!("{minor}.")));
    after && before && late.is_none_or(|patch| not_before(release, patch))
}

/// containerd's `config.toml` in the version that the release writes, and `hosts.toml`.
pub fn containerd(root: &Path, tag: &str, packages: &mut Packages<'_>) -> Result<Diff, String> {
    let release = release_of(tag);
    let version = containerd_sources::native_version(&release);
    let found = containerd_sources::config(packages, version == 1)?;
    let data: KeyFile = data::read(root, "containerd.toml")?;
    // The sources are read as Linux builds them.
    let rows = data
        .key
        .iter()
        .filter(|k| k.config.contains(&version) && reads(k, &release) && !k.verified.contains("windows"));
    let mut diff = Diff::default();
    diff.head("containerd.toml", tag, &format!("config version {version}"));
    keys(&mut diff, rows, &found, tag, "containerd/containerd", Some(version));
    let hosts = containerd_sources::hosts(packages);
    if !hosts.is_empty() {
        let data: KeyFile = data::read(root, "hosts.toml")?;
        let rows = data.key.iter().filter(|k| k.path.starts_with("host.") && reads(k, &release));
        diff.head("hosts.toml", tag, "hosts");
        keys(&mut diff, rows, &hosts, tag, "containerd/containerd", None);
    }
    Ok(diff)
}

/// Docker's `daemon.json`, log options and storage options.
pub fn moby(root: &Path, tag: &str, packages: &mut Packages<'_>) -> Result<Diff, String> {
    let release = release_of(tag);
    let found = moby_sources::config(packages)?;
    let data: KeyFile = data::read(root, "docker.toml")?;
    let rows = data.key.iter().filter(|k| reads(k, &release) && k.platform != "windows");
    let mut diff = Diff::default();
    diff.head("docker.toml", tag, "keys");
    keys(&mut diff, rows, &found, tag, "moby/moby", None);
    diff.head("docker-drivers.toml", tag, "options");
    let drivers: data::DriverFile = data::read(root, "docker-drivers.toml")?;
    let sources = [
        (&drivers.log_driver, moby_sources::log_options(packages)),
        (&drivers.storage_driver, moby_sources::storage_options(packages)),
    ];
    for (rows, found) in sources {
        // A check without names accepts every one.
        for (driver, names) in found.iter().filter(|(_, names)| !names.is_empty()) {
            let row = rows.iter().find(|row| row.name == *driver);
            let valid = |o: &&data::DriverOption| {
                let after = o.since.as_deref().is_none_or(|since| not_before(&release, since));
                after && o.until.as_deref().is_none_or(|until| numbers(&release) <= numbers(until))
            };
            let known = row.into_iter().flat_map(|row| &row.option).filter(valid).map(|o| o.name.as_str()).collect();
            diff.names(&format!("{driver}: "), &known, &names.iter().map(String::as_str).collect());
        }
    }
    Ok(diff)
}

/// KubeletConfiguration, feature gates and flags, as far as the repository has them.
pub fn kubernetes(root: &Path, tag: &str, packages: &mut Packages<'_>) -> Result<Diff, String> {
    let release = release_of(tag);
    let found = kubernetes_sources::configuration(packages)?;
    let data: KeyFile = data::read(root, "kubelet.toml")?;
    // Entries of maps have rows, and no declaration.
    let rows = data.key.iter().filter(|k| reads(k, &release) && !k.path.contains('"'));
    let mut diff = Diff::default();
    diff.head("kubelet.toml", tag, "fields");
    keys(&mut diff, rows, &found, tag, "kubernetes/kubernetes", None);
    let gates = kubernetes_sources::gates(packages);
    if !gates.is_empty() {
        diff.head("feature-gates.toml", tag, "stages");
        compare_gates(root, &mut diff, &release, &gates)?;
    }
    let flags = kubernetes_sources::flags(packages);
    if !flags.is_empty() {
        diff.head("kubelet-flags.toml", tag, "flags");
        let data: data::FlagFile = data::read(root, "kubelet-flags.toml")?;
        let known = data.flag.iter().filter(|f| {
            not_before(&release, &f.since)
                && f.removed_in.as_deref().is_none_or(|removed_in| !not_before(&release, removed_in))
        });
        diff.names("--", &known.map(|f| f.name.as_str()).collect(), &flags.iter().map(String::as_str).collect());
    }
    Ok(diff)
}

fn compare_gates(
    root: &Path,
    diff: &mut Diff,
    release: &str,
    found: &BTreeMap<String, kubernetes_sources::Stage>,
) -> Result<(), String> {
    let data: data::GateFile = data::read(root, "feature-gates.toml")?;
    let stage_of = |gate: &data::Gate| {
        let is_removed = gate.removed_in.as_deref().is_some_and(|removed_in| not_before(release, removed_in));
        let in_force = gate.stages.iter().rev().find(|s| not_before(release, &s.from)).filter(|_| !is_removed)?;
        // A patch that brought the gate to an older release leaves a gap behind it.
        let is_over = |to: &str| not_before(release, to) && !release.starts_with(&format!("{to}.")) && release != to;
        if in_force.to.as_deref().is_some_and(is_over) {
            return None;
        }
        Some((in_force.stage.clone(), in_force.default, in_force.locked))
    };
    for (name, stage) in found {
        let row = data.gate.iter().find(|gate| gate.name == *name);
        let new = format!("{} default={} locked={}", stage.kind, stage.default, stage.locked);
        match row.and_then(stage_of) {
            None => diff.add(&format!("+{name}: {new}\n")),
            Some((kind, default, locked)) => {
                let old = format!("{kind} default={default} locked={locked}");
                if !old.eq_ignore_ascii_case(&new) {
                    diff.add(&format!("-{name}: {old}\n+{name}: {new}\n"));
                }
            }
        }
    }
    Ok(())
}

/// The differences of some rows as text.
#[cfg(test)]
pub fn rows(rows: &[Key], found: &[Found], tag: &str, repository: &str, version: Option<u8>) -> String {
    let release = release_of(tag);
    let mut diff = Diff::default();
    keys(&mut diff, rows.iter().filter(|k| reads(k, &release)), found, tag, repository, version);
    diff.text
}

/// Rows against what was found.
fn keys<'k>(
    diff: &mut Diff,
    rows: impl Iterator<Item = &'k Key>,
    found: &[Found],
    tag: &str,
    repository: &str,
    version: Option<u8>,
) {
    let release = release_of(tag);
    let rows: BTreeMap<Vec<String>, &Key> = rows.map(|key| (split_path(&key.path), key)).collect();
    let found: BTreeMap<&[String], &Found> = found.iter().map(|f| (f.path.as_slice(), f)).collect();
    for (path, new) in &found {
        match rows.get(*path) {
            Some(row) => compare_row(diff, row, new, &release),
            None => diff.add(&new_row(new, tag, repository, version)),
        }
    }
    for (path, row) in rows {
        // The entries of a map, and of a type that reads itself, are in the data alone.
        let opaque = |end: usize| {
            let above = path.get(..end).unwrap_or_default();
            let is_open = |f: &&Found| f.ty.is_empty() || f.ty.starts_with("map<") || f.ty == "any";
            let is_declared = || found.keys().any(|other| other.len() > end && other.starts_with(above));
            found.get(above).is_some_and(is_open) && !is_declared()
        };
        // A free name has no declaration of its own.
        let free = matches!(path.last().map(String::as_str), Some("*" | "[]"));
        if !free && !found.contains_key(path.as_slice()) && !(1..path.len()).any(opaque) && !row.unreachable {
            diff.add(&format!("-{}\n", row.path));
        }
    }
}

fn compare_row(diff: &mut Diff, row: &Key, new: &Found, release: &str) {
    let mut lines = String::new();
    if !new.ty.is_empty() && !same_type(&row.ty, &new.ty) {
        let _ = write!(lines, "-type = {:?}\n+type = {:?}\n", row.ty, new.ty);
    }
    // The version that a daemon assumes of a file without one differs from the one that it writes.
    let old = default_in(row, release).filter(|_| row.path != "version");
    if let (Some(old), Some(new)) = (old, &new.default)
        && !same_default(old, new)
    {
        let _ = write!(lines, "-default = {old}\n+default = {new}\n");
    }
    if !lines.is_empty() {
        diff.add(&format!(" {}\n{lines}", row.path));
    }
}

/// The data may be more exact than Go: maps with known names, text that is read in a form.
fn same_type(row: &str, new: &str) -> bool {
    row == new
        || matches!((row, new), ("string" | "string|int", "duration") | ("duration", "string"))
        || (row.starts_with("map<") && new.starts_with("map<") && (row.contains("any") || new.contains("any")))
        || (row == "table" && new.starts_with("map<"))
        || (row.starts_with("map<") && new == "table")
        || matches!(new, "any" | "list<any>" | "map<any>")
}

/// Empty values of different types are equal.
fn same_default(row: &toml::Value, new: &toml::Value) -> bool {
    row == new || row.as_float().zip(new.as_integer()).is_some_and(|(a, b)| a == b as f64)
}

fn default_in<'k>(key: &'k Key, release: &str) -> Option<&'k toml::Value> {
    if let Some(default) = &key.default {
        return Some(default);
    }
    let mut last = None;
    for pair in &key.defaults {
        if pair.first().and_then(toml::Value::as_str).is_some_and(|since| not_before(release, since)) {
            last = pair.get(1);
        }
    }
    last
}

/// A row to add, as the data would write it.
fn new_row(new: &Found, tag: &str, repository: &str, version: Option<u8>) -> String {
    let path = written(&new.path);
    let mut out = String::from("+[[key]]\n");
    let _ = writeln!(out, "+path = {path}");
    if let Some(version) = version {
        let _ = writeln!(out, "+config = [{version}]");
    }
    let ty = if new.ty.is_empty() { "string" } else { new.ty.as_str() };
    let _ = writeln!(out, "+type = {ty:?}");
    if let Some(default) = &new.default {
        let _ = writeln!(out, "+default = {default}");
    }
    let _ = writeln!(out, "+since = {:?}", release_of(tag).split('.').take(2).collect::<Vec<_>>().join("."));
    if !new.doc.is_empty() {
        let _ = writeln!(out, "+# upstream: {}", new.doc);
    }
    let _ = write!(out, "+doc = \"\"\n+source = \"{repository}@{tag}:{}\"\n", new.file);
    out
}

/// A path as a TOML string of the data.
fn written(parts: &[String]) -> String {
    let mut path = String::new();
    for part in parts {
        if part == "[]" {
            path.push_str("[]");
            continue;
        }
        if !path.is_empty() {
            path.push('.');
        }
        let bare = part == "*" || part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        path.push_str(&if bare { part.clone() } else { format!("\"{part}\"") });
    }
    if path.contains('"') { format!("'{path}'") } else { format!("\"{path}\"") }
}
