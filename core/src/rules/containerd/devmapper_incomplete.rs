//! # `devmapper-incomplete`
//!
//! The devmapper snapshotter has a `pool_name`, and its other settings cannot work.
//!
//! ## Why
//!
//! With a `pool_name` the plugin is used, and then wants a size in `base_image_size`: `failed to parse base image size: ''`.
//! It does not load, and in 2.x the metadata plugin fails with it and nearly everything else, CRI included.
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

use crate::containerd::effective::{Spot, by_release, some_text};
use crate::containerd::loader::Effective;
use crate::go::size::size;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "devmapper-incomplete",
    summary: "devmapper with a pool and without the rest",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const DEVMAPPER: &str = "io.containerd.snapshotter.v1.devmapper";
const HAS_IT: ReleaseSet = Releases::containerd("1.3..").get(Product::Containerd);
const HAS_FS_TYPE: ReleaseSet = Releases::containerd("1.5..").get(Product::Containerd);

#[derive(PartialEq)]
enum Fault {
    NoSize(Spot),
    Size(Spot, String),
    FsType(Spot, String),
}

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    for configuration in loaded.configurations() {
        let complete = configuration.complete;
        for (fault, releases) in by_release(configuration, |effective, out| find(effective, complete, out)) {
            report(cx, &fault, releases);
        }
    }
}

fn find(effective: &Effective, complete: bool, out: &mut Vec<Fault>) {
    let setting = |name| effective.of_plugin(DEVMAPPER, &[name]);
    let Some(pool) = setting("pool_name").filter(|leaf| some_text(Some(leaf)).is_some()) else { return };
    if !effective.release.is_in(HAS_IT) {
        return;
    }
    let image_size = setting("base_image_size");
    match (image_size, some_text(image_size)) {
        (Some(leaf), Some(text)) if size(text).is_none() => out.push(Fault::Size(Spot::of(leaf), text.to_owned())),
        (_, None) if complete || image_size.is_some() => out.push(Fault::NoSize(Spot::of(pool))),
        _ => {}
    }
    let fs_type = setting("fs_type").filter(|_| effective.release.is_in(HAS_FS_TYPE));
    if let (Some(leaf), Some(text)) = (fs_type, some_text(fs_type))
        && !["ext4", "xfs", "ext2"].contains(&text)
    {
        out.push(Fault::FsType(Spot::of(leaf), text.to_owned()));
    }
}

fn report(cx: &mut NodeCx, fault: &Fault, releases: Releases) {
    let (spot, at, message, words) = match fault {
        Fault::NoSize(spot) => (
            spot,
            spot.key,
            "devmapper has a `pool_name` and no `base_image_size`".to_owned(),
            "failed to parse base image size: ''".to_owned(),
        ),
        Fault::Size(spot, text) => {
            (spot, spot.value, format!("\"{text}\" is no size"), format!("failed to parse base image size: '{text}'"))
        }
        Fault::FsType(spot, text) => (
            spot,
            spot.value,
            format!("devmapper has no file system \"{text}\""),
            format!("unsupported Filesystem Type: \"{text}\""),
        ),
    };
    let help = match fault {
        Fault::FsType(..) => "Write ext4, xfs or ext2.",
        _ => "Set `base_image_size` to a number with its unit, such as \"10GB\".",
    };
    let path = spot.path(cx.loaded);
    cx.report(spot.file, at, message)
        .failed(releases)
        .key(path)
        .why(format!("The snapshotter does not load (`{words}`); in 2.x the metadata plugin fails with it, and nearly all plugins, CRI included."))
        .help(help);
}
