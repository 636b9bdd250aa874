//! # `cni-bin-dir-conflict`
//!
//! `cni.bin_dir` and `cni.bin_dirs` are both set.
//!
//! ## Why
//!
//! In a file of config version 3 or 4 the CRI plugin of containerd 2.1 and later does not load: `cni.bin_dir and
//! cni.bin_dirs cannot be set at the same time`. The default, `bin_dirs = ["/opt/cni/bin"]`, and an empty list do not count.
//! In a file of version 1 or 2 the migration writes `bin_dir` over `bin_dirs`, without a word.
//!
//! ## What to do
//!
//! Put all folders into `bin_dirs` and remove `bin_dir`.
//!
//! ## Examples
//!
//! ```toml bad containerd=2.1..2.3
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime".cni]
//!   bin_dir = "/usr/lib/cni"
//!   ^^^^^^^
//!   bin_dirs = ["/opt/cni/bin", "/usr/libexec/cni"]
//! ```
//!
//! ```toml fixed containerd=2.1..2.3
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime".cni]
//!   bin_dirs = ["/opt/cni/bin", "/usr/libexec/cni"]
//! ```
//!
//! ```toml bad containerd=2.1..2.3
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".cni]
//!   bin_dir = "/usr/lib/cni"
//!   bin_dirs = ["/usr/libexec/cni"]
//!   ^^^^^^^^
//! ```
//!
//! ```toml good containerd=2.1..2.3
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime".cni]
//!   bin_dir = ""
//!   bin_dirs = ["/opt/cni/bin", "/usr/lib/cni"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:internal/cri/config/config.go, plugins/cri/runtime/plugin.go
//! - measured with 2.1.9 to 2.4.0-beta.0

use crate::containerd::effective::{Spot, by_release, some_text};
use crate::containerd::kind::Cri;
use crate::containerd::loader::{Configuration, Effective, Item, Leaf};
use crate::containerd::settings::text;
use crate::kind::File;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "cni-bin-dir-conflict",
    summary: "`cni.bin_dir` and `cni.bin_dirs` are both set",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const HAS_LIST: ReleaseSet = Releases::containerd("2.1..").get(Product::Containerd);
/// The default of `bin_dirs` on Linux.
const DEFAULT: &str = "/opt/cni/bin";

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    for configuration in loaded.configurations() {
        for ((one, list), releases) in by_release(configuration, find) {
            report_refused(cx, one, list, releases);
        }
        for file in &configuration.files {
            check_overridden(cx, configuration, file);
        }
    }
}

fn find(effective: &Effective, out: &mut Vec<(Spot, Spot)>) {
    let leaf = |name| effective.cri_runtime(&["cni", name]).and_then(Item::as_leaf);
    let (Some(one), Some(list)) = (leaf("bin_dir"), leaf("bin_dirs")) else { return };
    if some_text(Some(one)).is_some() && !counts_as_unset(list) && effective.release.is_in(HAS_LIST) {
        out.push((Spot::of(one), Spot::of(list)));
    }
}

/// Whether a list is empty or the default.
fn counts_as_unset(list: &Leaf) -> bool {
    let folders = list.value.texts();
    folders.is_empty() || folders == [DEFAULT]
}

fn report_refused(cx: &mut NodeCx, one: Spot, list: Spot, releases: Releases) {
    let fix = remove(cx, one);
    let (path, other) = (one.path(cx.loaded), list.path(cx.loaded));
    cx.report(one.file, one.key, "`bin_dir` and `bin_dirs` together keep the CRI plugin from loading")
        .failed(releases)
        .key(path)
        .key(other)
        .label_in(list.file, list.key, "the other one")
        .why("containerd logs `cni.bin_dir and cni.bin_dirs cannot be set at the same time`, and the kubelet finds no runtime service; `containerd config dump` does not report it.")
        .help("List all folders in `bin_dirs` and remove `bin_dir`.")
        .maybe_fix(fix);
}

/// In a file of version 1 or 2 the migration makes the list of the single folder.
fn check_overridden(cx: &mut NodeCx, configuration: &Configuration, file: &File) {
    let cri = Cri::of(file.body());
    let (Some(one), Some(list)) = (cri.runtime(&["cni", "bin_dir"]), cri.runtime(&["cni", "bin_dirs"])) else {
        return;
    };
    let Some(folder) = text(Some(one)).filter(|_| cri.version < 3) else { return };
    let items = list.value.items();
    if items.is_empty() || is_only(items, DEFAULT) || is_only(items, folder) {
        return;
    }
    let migrates = configuration.releases.iter().filter(|e| e.release.is_in(HAS_LIST));
    let lost = migrates.filter(|e| !e.loaded.is_live(file.index, list.key_span));
    let set = lost.fold(ReleaseSet::NONE, |all, e| all.or(e.release.set()));
    report_overridden(cx, file, one, list, folder, Releases::ANY.with(Product::Containerd, set));
}

fn is_only(items: &[Node], folder: &str) -> bool {
    matches!(items, [only] if only.as_str() == Some(folder))
}

fn report_overridden(cx: &mut NodeCx, file: &File, one: &Entry, list: &Entry, folder: &str, releases: Releases) {
    let spot = |entry: &Entry| Spot { file: file.index, key: entry.key_span, value: entry.value.span };
    let fix = remove(cx, spot(one));
    let (path, other) = (spot(list).path(cx.loaded), spot(one).path(cx.loaded));
    cx.report(file.index, list.key_span, format!("`bin_dirs` has no effect: `bin_dir` makes it [\"{folder}\"]"))
        .ignored(releases)
        .key(path)
        .key(other)
        .label(one.key_span, "replaces the list")
        .why("When containerd 2.1 and later migrate a file of version 1 or 2, `bin_dir` becomes the whole of `bin_dirs`, without a word.")
        .help("Older releases read `bin_dir` only: keep that one, or raise the file to version 3 and list all folders in `bin_dirs`.")
        .maybe_fix(fix);
}

fn remove(cx: &NodeCx, one: Spot) -> Option<Fix> {
    let (cni, entry) = cx.loaded.entry_at(one.file, one.key)?;
    Some(Fix::one(Applicability::Unsafe, "Remove bin_dir", edit::remove(&cx.loaded.file(one.file)?.doc, cni, entry)?))
}
