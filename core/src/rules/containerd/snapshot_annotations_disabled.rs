//! # `snapshot-annotations-disabled`
//!
//! A snapshotter that pulls lazily, and no annotations that name the image to it.
//!
//! ## Why
//!
//! Snapshotters such as stargz, Nydus, SOCI and overlaybd learn from annotations which layer of which image they
//! prepare. Since 1.4.2 the CRI plugin leaves the annotations out unless `disable_snapshot_annotations` is false:
//! images are pulled and unpacked whole, and nothing is logged. From 2.1 on the transfer service pulls images; it
//! passes annotations where the proxy plugin exports `enable_remote_snapshot_annotations`.
//!
//! ## What to do
//!
//! Set `disable_snapshot_annotations = false` in the table of the snapshotter's name.
//!
//! ## Examples
//!
//! ```toml bad containerd=1.7
//! version = 2
//! [proxy_plugins.stargz]
//!   type = "snapshot"
//!   address = "/run/containerd-stargz-grpc/containerd-stargz-grpc.sock"
//! [plugins."io.containerd.grpc.v1.cri".containerd]
//!   snapshotter = "stargz"
//!                 ^^^^^^^^
//! ```
//!
//! ```toml fixed containerd=1.7
//! version = 2
//! [proxy_plugins.stargz]
//!   type = "snapshot"
//!   address = "/run/containerd-stargz-grpc/containerd-stargz-grpc.sock"
//! [plugins."io.containerd.grpc.v1.cri".containerd]
//!   disable_snapshot_annotations = false
//!   snapshotter = "stargz"
//! ```
//!
//! ```toml bad containerd=2.0..2.3
//! version = 3
//! [proxy_plugins.remote]
//!   type = "snapshot"
//!   address = "/run/soci-snapshotter-grpc/soci-snapshotter-grpc.sock"
//! [plugins."io.containerd.cri.v1.images"]
//!   snapshotter = "remote"
//!                 ^^^^^^^^
//!   disable_snapshot_annotations = true
//! ```
//!
//! ```toml good containerd=1.7
//! version = 2
//! [proxy_plugins.fuse-overlayfs]
//!   type = "snapshot"
//!   address = "/run/containerd-fuse-overlayfs.sock"
//! [plugins."io.containerd.grpc.v1.cri".containerd]
//!   snapshotter = "fuse-overlayfs"
//! ```
//!
//! ```toml good containerd=2.1..2.3
//! version = 3
//! [proxy_plugins.stargz]
//!   type = "snapshot"
//!   address = "/run/containerd-stargz-grpc/containerd-stargz-grpc.sock"
//!   [proxy_plugins.stargz.exports]
//!     enable_remote_snapshot_annotations = "true"
//! [plugins."io.containerd.cri.v1.images"]
//!   snapshotter = "stargz"
//! ```
//!
//! ## References
//!
//! - containerd/stargz-snapshotter#251
//! - containerd/containerd@v1.7.34:pkg/cri/config/config.go (`DisableSnapshotAnnotations`),
//!   @v2.3.4:internal/cri/config/config.go (`CheckLocalImagePullConfigs`), core/transfer/local/pull.go

use crate::containerd::eras::{PULLS_BY_TRANSFER_SERVICE, SPLITS_CRI};
use crate::containerd::loader::{Effective, Leaf, LoadedItem};
use crate::containerd::settings::in_effect;
use crate::kind::SettingPlace;
use crate::rules::prelude::*;
use crate::syntax::{Document, MapStyle};

pub(crate) const RULE: Rule = Rule {
    id: "snapshot-annotations-disabled",
    summary: "Snapshotter that pulls lazily, without the annotations that it needs",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const KEY: &str = "disable_snapshot_annotations";
/// Leaves the annotations out by default.
const LEAVES_OUT_ANNOTATIONS: Releases = Releases::containerd("1.4..");
/// Parts of names and sockets of snapshotters that need the annotations. Others, such as fuse-overlayfs, do without.
const LAZY: [&str; 5] = ["stargz", "nydus", "soci", "overlaybd", "cvmfs"];

#[derive(PartialEq)]
struct BlindSnapshotter {
    place: SettingPlace,
    name: String,
    /// The key, where it is on.
    switch: Option<SettingPlace>,
}

fn check(cx: &mut NodeCx) {
    for (snapshotter, releases) in in_effect(cx.loaded, find) {
        // The key in another table is reported as such.
        let is_reported = |finding: &Finding| finding.keys.iter().any(|key| key.ends_with(KEY));
        let reported = cx.found().iter().filter(|finding| is_reported(finding)).map(Finding::releases);
        let reported = reported.fold(ReleaseSet::NONE, |all, set| all.or(set.get(Product::Containerd)));
        let releases = releases.get(Product::Containerd).without(reported);
        report(cx, &snapshotter, Releases::only(Product::Containerd, releases));
    }
}

fn find(effective: &Effective) -> Vec<BlindSnapshotter> {
    let is_split = effective.release.is_in(SPLITS_CRI);
    let table = if is_split { "images:" } else { "runtime:containerd." };
    // The switch may be in a file that is not here.
    if !effective.is_complete || !effective.release.is_in(LEAVES_OUT_ANNOTATIONS) {
        return vec![];
    }
    let Some(leaf) = effective.setting(&format!("{table}snapshotter")) else { return vec![] };
    let Some(name) = leaf.text().filter(|name| is_lazy(effective, name)) else { return vec![] };
    let switch = effective.setting(&format!("{table}{KEY}"));
    if switch.is_some_and(|switch| switch.as_bool() != Some(true)) || exports_annotations(effective, name) {
        return vec![];
    }
    vec![BlindSnapshotter {
        place: SettingPlace::of(leaf),
        name: name.to_owned(),
        switch: switch.map(SettingPlace::of),
    }]
}

/// Whether the files have a proxy plugin of this name that is one of a snapshotter known to pull lazily.
fn is_lazy(effective: &Effective, name: &str) -> bool {
    let address = effective.text(&format!("proxy_plugins.{name}.address")).unwrap_or_default();
    let is_known = LAZY.iter().any(|lazy| name.contains(lazy) || address.contains(lazy));
    is_known && effective.has_proxy(name, "io.containerd.snapshotter.v1")
}

/// Whether the transfer service pulls, and passes annotations to the plugin.
fn exports_annotations(effective: &Effective, name: &str) -> bool {
    let is_local = effective.setting("images:use_local_image_pull").and_then(Leaf::as_bool) == Some(true);
    let exports = || effective.table(&format!("proxy_plugins.{name}.exports"));
    let is_on = || exports()?.get("enable_remote_snapshot_annotations").and_then(LoadedItem::as_leaf)?.value.as_str();
    effective.release.is_in(PULLS_BY_TRANSFER_SERVICE) && !is_local && is_on() == Some("true")
}

/// Adds the key to the table of the snapshotter's name, above it.
fn add_switch(doc: &Document, (table, snapshotter): (&Node, &Entry)) -> Option<Edit> {
    match table.as_map()?.style {
        MapStyle::Table => Some(edit::line_before(doc, snapshotter.key_span, &format!("{KEY} = false"))),
        _ => edit::add_entry(doc, table, KEY, "false"),
    }
}

fn report(cx: &mut NodeCx, snapshotter: &BlindSnapshotter, releases: Releases) {
    let BlindSnapshotter { place, name, switch } = snapshotter;
    let loaded = cx.loaded;
    let edit = loaded.file(place.file).and_then(|file| match switch {
        Some(switch) => (switch.file == place.file).then(|| Edit::new(switch.value, "false")),
        None => add_switch(&file.doc, loaded.entry_at(place.file, place.key)?),
    });
    let fix = edit.map(|edit| Fix::one(Applicability::Unsafe, format!("Set `{KEY} = false`"), edit));
    cx.report_value(*place, format!("`{name}` gets no annotations: images are pulled whole"))
        .harmful(releases)
        .why(
            "Since 1.4.2 the CRI plugin passes the annotations that name the image and its layers only where \
             `disable_snapshot_annotations` is false. Without them a snapshotter that pulls lazily silently unpacks \
             whole images.",
        )
        .help(format!("Set `{KEY} = false` beside `snapshotter`."))
        .maybe_fix(fix);
}
