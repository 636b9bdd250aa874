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
//! 1.6 and 1.7 exit with `unsupported config version`, 2.x with `expected containerd config version equal to or less
//! than`. 1.3 to 1.5 have no upper check and read such a file as version 2. A negative version makes 2.x panic.
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
//! - containerd/containerd@v1.7.34:services/server/config/config.go
//! - containerd/containerd@v2.3.4:cmd/containerd/server/config/config.go

use crate::containerd;
use crate::containerd::kind::releases_of;
use crate::containerd::loader::Configuration;
use crate::rules::Reach;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "config-version-unsupported",
    summary: "The config version is newer than the release reads",
    reach: Reach::AllIfNamed,
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// They have an upper limit.
const CHECKED: Releases = Releases::containerd("1.6..");
/// They read any higher version as version 2.
const UNCHECKED: Releases = Releases::containerd("1.3..1.5");
/// They have no versions, and look for plugins by short names.
const NO_VERSIONS: Releases = Releases::containerd("..1.2");
/// The version of the file that they read last holds for all files.
const MERGES_VERSIONS: ReleaseSet = Releases::containerd("1.3..1.7").get(Product::Containerd);
const PANICS: Releases = Releases::containerd("2.0..");

fn check(cx: &mut FileCx) {
    let Some(node) = cx.root.get("version") else { return };
    let Some(version) = node.as_int() else { return };
    if version < 0 {
        cx.report(node.span, format!("config version {version} is negative"))
            .refused(PANICS)
            .ignored(Releases::containerd("..1.7"))
            .key("version")
            .why("containerd 2.x panics with `index out of range`; 1.x takes the file for version 1.")
            .help("Write 2 for containerd 1.x, 3 for 2.0 and later.");
        return;
    }
    let reads = releases_of(version).get(Product::Containerd);
    let not = |releases: Releases| releases.with(Product::Containerd, releases.get(Product::Containerd).without(reads));
    let newest = match version {
        3 => "containerd 2.0 and later read version 3",
        4 => "containerd 2.3 and later read version 4",
        _ => "4 is the newest config version, read by containerd 2.3 and later",
    };
    if version < 2 {
        return;
    }
    if version == 2 {
        report_old(cx, node.span);
        return;
    }
    let plugins = has_plugins(cx.root);
    // 1.x merge the versions like any number: the one of the file read last holds for all.
    let outdone = if is_outdone(cx) { MERGES_VERSIONS } else { ReleaseSet::NONE };
    let checked = CHECKED.with(Product::Containerd, CHECKED.get(Product::Containerd).without(outdone));
    cx.report(node.span, format!("config version {version} is too new"))
        .refused(not(checked))
        .ignored(if plugins { NO_VERSIONS } else { Releases::NONE })
        .harmful(not(UNCHECKED.or(Releases::ANY.with(Product::Containerd, outdone))))
        .key("version")
        .why(format!("{newest}. Older ones exit (`unsupported config version`, `expected containerd config version equal to or less than`); 1.3 to 1.5 read the file as version 2."))
        .help("Write the version that your oldest containerd reads, with the table names of that version.");
}

/// Whether a file that is loaded later has a version that 1.x read.
fn is_outdone(cx: &FileCx) -> bool {
    let loaded = cx.loaded;
    let known = |c: &&Configuration| c.files.iter().any(|file| file.index == cx.file.index);
    let Some(configuration) = loaded.configurations().iter().find(known) else { return false };
    let later = configuration.files.iter().skip_while(|file| file.index != cx.file.index).skip(1);
    let versions = later.filter_map(|file| containerd::written_version(file.body())).filter(|version| *version != 0);
    versions.last().is_some_and(|version| version <= 2)
}

/// containerd 1.0 to 1.2 read a version 2 file and none of its plugin tables.
fn report_old(cx: &mut FileCx, span: Span) {
    if has_plugins(cx.root) {
        cx.report(span, "config version 2 is too new")
            .ignored(NO_VERSIONS)
            .key("version")
            .key("plugins")
            .why("containerd 1.0 to 1.2 look for plugin tables by short names such as `[plugins.cri]`: they read none of those in this file, without a word.")
            .help("Write the short names and no `version` line, or upgrade: version 2 is read by 1.3 and later.");
    }
}

fn has_plugins(root: &Node) -> bool {
    root.get("plugins").is_some_and(|plugins| !plugins.entries().is_empty())
}
