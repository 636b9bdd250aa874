//! # `cni-bin-dir-conflict`
//!
//! `cni.bin_dir` and `cni.bin_dirs` are both set.
//!
//! ## Why
//!
//! In a file of config version 3 or 4 the CRI plugin of containerd 2.1 and later does not load: `cni.bin_dir and
//! cni.bin_dirs cannot be set at the same time`. The default, `bin_dirs = ["/opt/cni/bin"]`, and an empty list do not
//! count. In a file of version 1 or 2 the migration silently writes `bin_dir` over `bin_dirs`.
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

use crate::containerd::cri::Cri;
use crate::containerd::eras::HAS_BIN_DIRS;
use crate::containerd::loader::{Configuration, Effective, Leaf};
use crate::containerd::settings::in_effect;
use crate::containerd::values::text;
use crate::kind::File;
use crate::kind::SettingPlace;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "cni-bin-dir-conflict",
    summary: "Both `cni.bin_dir` and `cni.bin_dirs` are set",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// The default of `bin_dirs` on Linux.
const DEFAULT: &str = "/opt/cni/bin";

fn check(cx: &mut NodeCx) {
    for ((one, list), releases) in in_effect(cx.loaded, both_set) {
        report_refused(cx, one, list, releases);
    }
    let loaded = cx.loaded;
    for configuration in loaded.configurations() {
        for file in &configuration.files {
            check_overridden(cx, configuration, file);
        }
    }
}

fn both_set(effective: &Effective) -> Vec<(SettingPlace, SettingPlace)> {
    let leaf = |name| effective.setting(name).filter(|_| effective.release.is_in(HAS_BIN_DIRS));
    let (Some(one), Some(list)) = (leaf("runtime:cni.bin_dir"), leaf("runtime:cni.bin_dirs")) else { return vec![] };
    if one.text().is_none() || counts_as_unset(list) {
        return vec![];
    }
    vec![(SettingPlace::of(one), SettingPlace::of(list))]
}

/// Whether a list is empty or the default.
fn counts_as_unset(list: &Leaf) -> bool {
    let folders = list.value.texts();
    folders.is_empty() || folders == [DEFAULT]
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
    let losing = configuration.releases_where(|effective| {
        effective.release.is_in(HAS_BIN_DIRS) && !effective.loaded.is_live(file.index, list.key_span)
    });
    report_overridden(cx, file, one, list, losing);
}

fn is_only(items: &[Node], folder: &str) -> bool {
    matches!(items, [only] if only.as_str() == Some(folder))
}

fn remove(cx: &NodeCx, one: SettingPlace) -> Option<Fix> {
    let (cni, entry) = cx.loaded.entry_at(one.file, one.key)?;
    let edit = edit::remove(&cx.loaded.file(one.file)?.doc, cni, entry)?;
    Some(Fix::one(Applicability::Unsafe, "Remove `bin_dir`", edit))
}

fn report_refused(cx: &mut NodeCx, one: SettingPlace, list: SettingPlace, releases: Releases) {
    let fix = remove(cx, one);
    let other = list.path(cx.loaded);
    cx.report_key(one, "`bin_dir` and `bin_dirs` together keep the CRI plugin from loading")
        .failed(releases)
        .key(other)
        .label_in(list.file, list.key, "the other one")
        .why(
            "containerd logs `cni.bin_dir and cni.bin_dirs cannot be set at the same time`, and the kubelet finds no \
             runtime service; `containerd config dump` does not report it.",
        )
        .help("List all folders in `bin_dirs`.")
        .maybe_fix(fix);
}

fn report_overridden(cx: &mut NodeCx, file: &File, one: &Entry, list: &Entry, releases: Releases) {
    let place = |entry: &Entry| SettingPlace { file: file.index, key: entry.key_span, value: entry.value.span };
    let fix = remove(cx, place(one));
    let other = place(one).path(cx.loaded);
    let folder = one.value.as_str().unwrap_or_default();
    cx.report_key(place(list), format!("`bin_dirs` has no effect: `bin_dir` makes it [\"{folder}\"]"))
        .ignored(releases)
        .key(other)
        .label(one.key_span, "replaces the list")
        .why(
            "When containerd 2.1 and later migrate a file of version 1 or 2, they silently replace `bin_dirs` by the \
             one folder of `bin_dir`.",
        )
        .help(
            "Older releases read `bin_dir` only: keep that one, or raise the file to version 3 and list all folders \
             in `bin_dirs`.",
        )
        .maybe_fix(fix);
}
