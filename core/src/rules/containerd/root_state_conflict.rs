//! # `root-state-conflict`
//!
//! `root` and `state` are the same folder, or one of them is not an absolute path.
//!
//! ## Why
//!
//! With one folder for both containerd does not start: `root and state must be different paths`. A relative path
//! starts from the working directory of the daemon, which is `/` under systemd; in 1.1 to 1.4 the zfs snapshotter
//! does not load with it. containerd 1.0 to 1.2 do not start with an empty path; later ones use the default.
//!
//! ## What to do
//!
//! Keep `root` on disk (`/var/lib/containerd`) and `state` in memory (`/run/containerd`).
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! root = "/run/containerd"
//!        ^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml bad
//! version = 2
//! state = "run/containerd"
//!         ^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! root = "/data/containerd"
//! state = "/run/containerd"
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.7.34:services/server/server.go (`CreateTopLevelDirectories`)
//! - measured with 1.0.3 to 2.4.0-beta.0

use crate::containerd::eras::HAS_NO_CONFIG_VERSIONS;
use crate::containerd::loader::Effective;
use crate::containerd::on_node::{ROOT, STATE, values};
use crate::containerd::settings::in_effect;
use crate::kind::SettingPlace;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "root-state-conflict",
    summary: "One folder for `root` and `state`, or a path that is not absolute",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// Does not take an empty path for the default.
const REFUSES_EMPTY_PATH: Releases = HAS_NO_CONFIG_VERSIONS;
/// Has a zfs snapshotter that wants an absolute root.
const FAILS_WITH_ZFS: Releases = Releases::containerd("1.1..1.4");

#[derive(PartialEq)]
enum FolderFault {
    Empty,
    Relative,
}

#[derive(PartialEq)]
struct Folder {
    name: &'static str,
    /// Nothing where the path is the default.
    place: Option<SettingPlace>,
    path: String,
}

fn check(cx: &mut NodeCx) {
    check_same(cx);
    for ((fault, place, folder), releases) in in_effect(cx.loaded, find) {
        report(cx, &fault, place, &folder, releases);
    }
}

/// Compares what the two folders are in the end, flags and defaults included.
fn check_same(cx: &mut NodeCx) {
    let (roots, states) = (values(cx.loaded, &ROOT), values(cx.loaded, &STATE));
    for root in &roots {
        for state in states.iter().filter(|state| state.text == root.text) {
            let releases = Releases::only(Product::Containerd, root.releases.and(state.releases));
            let (first, second) = (root.source.place(), state.source.place());
            let Some(place) = first.or(second) else { continue };
            let finding = cx.report(place.file, place.value, format!("`root` and `state` are both `{}`", root.text));
            finding
                .refused(releases)
                .key(if first.is_some() { "root" } else { "state" })
                .why("containerd does not start: `root and state must be different paths`.")
                .help("Use two folders, such as /var/lib/containerd and /run/containerd.");
            if let (Some(_), Some(second)) = (first, second) {
                finding.label_in(second.file, second.value, "the same folder");
            }
        }
    }
}

fn find(effective: &Effective) -> Vec<(FolderFault, SettingPlace, Folder)> {
    let root = folder(effective, "root", "/var/lib/containerd");
    let state = folder(effective, "state", "/run/containerd");
    if root.path == state.path {
        return vec![];
    }
    let mut found = vec![];
    for folder in [root, state] {
        let Some(place) = folder.place else { continue };
        if folder.path.is_empty() {
            found.push((FolderFault::Empty, place, folder));
        } else if !is_absolute(&folder.path) {
            found.push((FolderFault::Relative, place, folder));
        }
    }
    found
}

fn folder(effective: &Effective, name: &'static str, default: &str) -> Folder {
    let leaf = effective.setting(name);
    let keeps_empty = effective.release.is_in(REFUSES_EMPTY_PATH);
    let written = leaf.and_then(|leaf| leaf.value.as_str()).filter(|path| keeps_empty || !path.is_empty());
    Folder { name, place: leaf.map(SettingPlace::of), path: written.unwrap_or(default).to_owned() }
}

/// Windows paths start with a drive, a variable or backslashes.
fn is_absolute(path: &str) -> bool {
    path.starts_with(['/', '\\', '%', '$']) || path.get(1..2) == Some(":")
}

fn report(cx: &mut NodeCx, fault: &FolderFault, place: SettingPlace, folder: &Folder, releases: Releases) {
    let Folder { name, path, .. } = folder;
    match fault {
        FolderFault::Empty => cx
            .report_value(place, format!("`{name}` is empty"))
            .refused(releases)
            .why(format!("containerd does not start: `{name} must be specified`."))
            .help("Remove the line, or write a path."),
        FolderFault::Relative => {
            let failed = if *name == "root" { releases.and(FAILS_WITH_ZFS) } else { Releases::NONE };
            cx.report_value(place, format!("`{path}` is not an absolute path for `{name}`"))
                .failed(failed)
                .harmful(releases)
                .why(relative_path(name))
                .help("Write the path from / on.")
        }
    };
}

fn relative_path(name: &str) -> String {
    let zfs = if name == "root" { " In 1.1 to 1.4 the zfs snapshotter does not load with it." } else { "" };
    format!(
        "The path starts from the working directory of the daemon: when the unit changes it, containerd no longer \
         finds its images and containers.{zfs}"
    )
}
