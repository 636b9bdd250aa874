//! # `config-version-unsupported`
//!
//! The file's config version is newer than the release reads, or no version at all.
//!
//! ## Why
//!
//! | config version | read by |
//! |---|---|
//! | 1, or no `version` line | every release (2.x migrate it) |
//! | 2 | 1.3 and later |
//! | 3 | 2.0 and later |
//! | 4 | 2.3 and later |
//!
//! With drop-ins, 1.x take the version of the file read last, and 2.0 to 2.2 check that one alone.
//!
//! 1.6 and 1.7 exit with `unsupported config version`, 2.x with `expected containerd config version equal to or less
//! than`. 1.3 to 1.5, 1.6 before 1.6.32 and 1.7 before 1.7.17 have no upper check and read such a file as version 2. A
//! negative version makes 2.x panic.
//!
//! ## What to do
//!
//! Write the version that the oldest release of your nodes reads, with the table names of that version.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 5
//!           ^
//! ```
//!
//! ```toml bad containerd=1.7
//! version = 3
//!           ^
//! ```
//!
//! ```toml good containerd=2.0..2.2
//! version = 3
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.6.31, @v1.6.32, @v1.7.16, @v1.7.17, @v1.7.34:services/server/config/config.go
//! - containerd/containerd@v2.3.4:cmd/containerd/server/config/config.go

use crate::containerd;
use crate::containerd::eras::{
    CHECKS_LAST_VERSION, HAS_NO_CONFIG_VERSIONS, MERGES_VERSIONS, MIGRATES, READS_ANY_VERSION_AS_2, REPLACES_TABLES,
};
use crate::containerd::kind::releases_of;
use crate::kind::File;
use crate::rules::Reach;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "config-version-unsupported",
    summary: "Config version that the release does not read",
    reach: Reach::AllIfNamed,
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// Has an upper limit.
const CHECKS_LIMIT: Releases = Releases::containerd("1.6.32..1.6,1.7.17..");

fn check(cx: &mut FileCx) {
    let Some(entry) = cx.root.entry("version") else { return };
    match entry.value.as_int() {
        Some(version) if version < 0 => report_negative(cx, entry, version),
        Some(2) if has_plugins(cx.root) => report_2(cx, entry),
        Some(version) if version > 2 => report_newer(cx, entry, version),
        _ => {}
    }
}

fn has_plugins(root: &Node) -> bool {
    root.get("plugins").is_some_and(|plugins| !plugins.entries().is_empty())
}

/// The releases that read the file although its version is newer: a file that is loaded later has one that they read.
fn outdoing(cx: &FileCx) -> Releases {
    let Some(configuration) = cx.loaded.configuration_of(cx.file.index) else { return Releases::NONE };
    let version = |file: &File| containerd::written_version(file.body());
    // 1.x merge the versions like any number: the one of the file read last that has one holds for all.
    let merged = configuration.versioned.and_then(version).is_some_and(|version| version <= 2);
    let is_checked = configuration.checked_version.is_some_and(|version| version <= 3);
    let of = |holds, releases| if holds { releases } else { Releases::NONE };
    of(merged, MERGES_VERSIONS).or(of(is_checked, CHECKS_LAST_VERSION))
}

fn without(releases: Releases, others: Releases) -> Releases {
    let set = releases.get(Product::Containerd).without(others.get(Product::Containerd));
    releases.with(Product::Containerd, set)
}

fn report_negative(cx: &mut FileCx, entry: &Entry, version: i64) {
    cx.report_value(entry, format!("config version {version} is negative"))
        .refused(MIGRATES)
        .ignored(REPLACES_TABLES)
        .why("containerd 2.x panics with `index out of range`; 1.x takes the file for version 1.")
        .help("Write 2 for containerd 1.x, 3 for 2.0 and later.");
}

fn report_newer(cx: &mut FileCx, entry: &Entry, version: i64) {
    let reads = releases_of(version);
    let outdone = outdoing(cx);
    let (ignoring, key) =
        if has_plugins(cx.root) { (HAS_NO_CONFIG_VERSIONS, "plugins") } else { (Releases::NONE, "version") };
    cx.report(entry.value.span, format!("config version {version} is too new"))
        .key(key)
        .refused(without(CHECKS_LIMIT, outdone.or(reads)))
        .ignored(ignoring)
        .harmful(without(READS_ANY_VERSION_AS_2.or(outdone.and(MERGES_VERSIONS)), reads))
        .why(too_new(version))
        .help("Write the version that your oldest containerd reads, with the table names of that version.");
}

/// containerd 1.0 to 1.2 read a version 2 file and none of its plugin tables.
fn report_2(cx: &mut FileCx, entry: &Entry) {
    cx.report(entry.value.span, "config version 2 is too new")
        .ignored(HAS_NO_CONFIG_VERSIONS)
        .key("plugins")
        .why(
            "containerd 1.0 to 1.2 look for plugin tables by short names such as `[plugins.cri]`: they silently \
             ignore all plugin tables of this file.",
        )
        .help("Write the short names and no `version` line, or upgrade: 1.3 and later read version 2.");
}

fn too_new(version: i64) -> String {
    let newest = match version {
        3 => "containerd 2.0 and later read version 3",
        4 => "containerd 2.3 and later read version 4",
        _ => "4 is the newest config version, read by containerd 2.3 and later",
    };
    format!(
        "{newest}. Older ones exit (`unsupported config version`, `expected containerd config version equal to or less \
         than`); those before 1.6.32 and 1.7.17 read the file as version 2."
    )
}
