//! # `devmapper-incomplete`
//!
//! The devmapper snapshotter has a `pool_name`, and its other settings cannot work.
//!
//! ## Why
//!
//! With a `pool_name` the plugin is used, and then wants a size in `base_image_size`: `failed to parse base image
//! size: ''`. It does not load, and in 2.x the metadata plugin fails with it and nearly everything else, CRI
//! included.
//!
//! ## What to do
//!
//! Set `base_image_size` to a size such as `10GB`, and `fs_type` to ext4, xfs or ext2 if at all.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.snapshotter.v1.devmapper"]
//!   pool_name = "containerd-pool"
//!   ^^^^^^^^^
//! ```
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.snapshotter.v1.devmapper"]
//!   pool_name = "containerd-pool"
//!   base_image_size = "10 gigabytes"
//!                     ^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.snapshotter.v1.devmapper"]
//!   pool_name = "containerd-pool"
//!   base_image_size = "8192MB"
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.3.10:snapshots/devmapper/config.go, v2.3.4:plugins/snapshots/devmapper/config.go
//! - measured with 1.3.10 to 2.4.0-beta.0

use crate::containerd::loader::Effective;
use crate::containerd::settings::in_effect;
use crate::go::size::size;
use crate::kind::SettingPlace;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "devmapper-incomplete",
    summary: "Device mapper pool without the settings that it needs",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const HAS_DEVMAPPER: Releases = Releases::containerd("1.3..");
const HAS_FS_TYPE: Releases = Releases::containerd("1.5..");
/// Source: containerd/containerd@v2.3.4:plugins/snapshots/devmapper/config.go.
const FS_TYPES: [&str; 3] = ["ext4", "xfs", "ext2"];

#[derive(PartialEq)]
enum DevmapperFault {
    NoSize(SettingPlace),
    Size(SettingPlace, String),
    FsType(SettingPlace, String),
}

fn check(cx: &mut NodeCx) {
    for (fault, releases) in in_effect(cx.loaded, find) {
        report(cx, &fault, releases);
    }
}

fn find(effective: &Effective) -> Vec<DevmapperFault> {
    let setting = |path| effective.setting(path).filter(|_| effective.release.is_in(HAS_DEVMAPPER));
    let pool = setting("io.containerd.snapshotter.v1.devmapper:pool_name").filter(|leaf| leaf.text().is_some());
    let Some(pool) = pool else { return vec![] };
    let mut found = vec![];
    match setting("io.containerd.snapshotter.v1.devmapper:base_image_size") {
        Some(leaf) if leaf.text().is_none() => found.push(DevmapperFault::NoSize(SettingPlace::of(pool))),
        None if effective.is_complete => found.push(DevmapperFault::NoSize(SettingPlace::of(pool))),
        None => {}
        Some(leaf) => {
            let invalid = leaf.text().filter(|text| size(text).is_none());
            found.extend(invalid.map(|text| DevmapperFault::Size(SettingPlace::of(leaf), text.to_owned())));
        }
    }
    let fs_type = setting("io.containerd.snapshotter.v1.devmapper:fs_type");
    if let Some(leaf) = fs_type.filter(|_| effective.release.is_in(HAS_FS_TYPE))
        && let Some(text) = leaf.text()
        && !FS_TYPES.contains(&text)
    {
        found.push(DevmapperFault::FsType(SettingPlace::of(leaf), text.to_owned()));
    }
    found
}

fn report(cx: &mut NodeCx, fault: &DevmapperFault, releases: Releases) {
    let size_help = "Set `base_image_size` to a number with its unit, such as \"10GB\".";
    let (finding, words, help) = match fault {
        DevmapperFault::NoSize(place) => (
            cx.report_key(*place, "devmapper has a `pool_name`, but no `base_image_size`"),
            "failed to parse base image size: ''".to_owned(),
            size_help,
        ),
        DevmapperFault::Size(place, text) => (
            cx.report_value(*place, format!("`{text}` is not a size")),
            format!("failed to parse base image size: '{text}'"),
            size_help,
        ),
        DevmapperFault::FsType(place, text) => (
            cx.report_value(*place, format!("devmapper has no file system `{text}`")),
            format!("unsupported Filesystem Type: \"{text}\""),
            "Write ext4, xfs or ext2.",
        ),
    };
    finding
        .failed(releases)
        .why(format!(
            "The snapshotter does not load (`{words}`); in 2.x the metadata plugin fails with it, and nearly all \
             plugins, CRI included."
        ))
        .help(help);
}
