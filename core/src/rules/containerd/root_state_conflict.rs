//! # `root-state-conflict`
//!
//! `root` and `state` are the same folder, or one of them is no absolute path.
//!
//! ## Why
//!
//! With one folder for both containerd does not start: `root and state must be different paths`. A relative path starts
//! from the working directory of the daemon, which is `/` under systemd; in 1.1 to 1.4 the zfs snapshotter does not load
//! with it. containerd 1.0 to 1.2 do not start with an empty path; later ones take it for the default.
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

use crate::containerd::effective::{Spot, by_release, text};
use crate::containerd::loader::Effective;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "root-state-conflict",
    summary: "`root` and `state` are one folder, or no absolute paths",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// They do not take an empty path for the default.
const NO_EMPTY: ReleaseSet = Releases::containerd("..1.2").get(Product::Containerd);
/// Their zfs snapshotter wants an absolute root.
const ZFS_FAILS: Releases = Releases::containerd("1.1..1.4");

#[derive(PartialEq)]
enum Fault {
    Same(Spot, String),
    Empty(Spot, &'static str),
    Relative(Spot, &'static str, String),
}

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    for configuration in loaded.configurations() {
        for (fault, releases) in by_release(configuration, find) {
            report(cx, &fault, releases);
        }
    }
}

fn find(effective: &Effective, out: &mut Vec<Fault>) {
    let folder = |name: &'static str, default: &'static str| {
        let leaf = effective.setting(&[name]);
        let empty_is_default = !effective.release.is_in(NO_EMPTY);
        let path = text(leaf).filter(|path| !(path.is_empty() && empty_is_default)).unwrap_or(default);
        (leaf.map(Spot::of), path.to_owned())
    };
    let (root_at, root) = folder("root", "/var/lib/containerd");
    let (state_at, state) = folder("state", "/run/containerd");
    if root == state {
        out.extend(root_at.or(state_at).map(|spot| Fault::Same(spot, root.clone())));
        return;
    }
    for (spot, name, path) in [(root_at, "root", root), (state_at, "state", state)] {
        let Some(spot) = spot else { continue };
        // Windows paths start with a drive, a variable or backslashes.
        let absolute = path.starts_with(['/', '\\', '%', '$']) || path.get(1..2) == Some(":");
        if path.is_empty() {
            out.push(Fault::Empty(spot, name));
        } else if !absolute {
            out.push(Fault::Relative(spot, name, path));
        }
    }
}

fn report(cx: &mut NodeCx, fault: &Fault, releases: Releases) {
    match fault {
        Fault::Same(spot, path) => {
            let key = spot.path(cx.loaded);
            cx.report(spot.file, spot.value, format!("`root` and `state` are both {path}"))
                .refused(releases)
                .key(key)
                .why("containerd does not start: `root and state must be different paths`.")
                .help("Use two folders, such as /var/lib/containerd and /run/containerd.");
        }
        Fault::Empty(spot, name) => {
            cx.report(spot.file, spot.value, format!("`{name}` is empty"))
                .refused(releases)
                .key(*name)
                .why(format!("containerd does not start: `{name} must be specified`."))
                .help("Remove the line, or write a path.");
        }
        Fault::Relative(spot, name, path) => {
            let finding = cx.report(spot.file, spot.value, format!("`{name}` is no absolute path: \"{path}\""));
            let why = "The path starts from the working directory of the daemon: another one after the next change of its unit, and all images and containers are gone from view.";
            finding.why(why);
            if *name == "root" {
                finding
                    .failed(releases.and(ZFS_FAILS))
                    .why(format!("{why} In 1.1 to 1.4 the zfs snapshotter does not load with it."));
            }
            finding.harmful(releases).key(*name).help("Write the path from / on.");
        }
    }
}
