//! # `snapshotter-unknown`
//!
//! A snapshotter that the release does not have built in, and that no proxy plugin brings.
//!
//! ## Why
//!
//! The CRI plugin does not load: `failed to find snapshotter "stargz"`. The same happens to the transfer plugin with
//! its `unpack_config`, and from 2.1 on to CRI with it. `devmapper` is skipped until it has a `pool_name`,
//! `blockfile` until it has a `scratch_file`. A runtime with an unknown snapshotter of its own only breaks its pods.
//! containerd 1.x read an empty name as `overlayfs`.
//!
//! ## What to do
//!
//! Correct the name, or add the snapshotter's `[proxy_plugins.NAME]` with `type = "snapshot"` and its `address`. If
//! your containerd is built with it, as that of k3s is, write `# crilint: ignore[snapshotter-unknown]`.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd]
//!   snapshotter = "stargz"
//!                 ^^^^^^^^
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! ```
//!
//! ```toml bad containerd=2.1..2.3
//! version = 3
//! [plugins."io.containerd.cri.v1.images"]
//!   snapshotter = "overlay"
//!                 ^^^^^^^^^
//! ```
//!
//! ```toml fixed containerd=2.1..2.3
//! version = 3
//! [plugins."io.containerd.cri.v1.images"]
//!   snapshotter = "overlayfs"
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd]
//!   snapshotter = "stargz"
//!   disable_snapshot_annotations = false
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! [proxy_plugins.stargz]
//!   type = "snapshot"
//!   address = "/run/containerd-stargz-grpc/containerd-stargz-grpc.sock"
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.7.34:pkg/cri/server/service.go, v2.3.4:plugins/cri/images/plugin.go,
//!   plugins/transfer/plugin.go
//! - measured with 1.3.10 to 2.4.0-beta.0

use std::collections::BTreeSet;

use crate::containerd::eras::{HAS_CRI, SPLITS_CRI};
use crate::containerd::loader::{Configuration, Effective};
use crate::containerd::plugins;
use crate::containerd::settings::in_effect;
use crate::keys::nearest;
use crate::kind::SettingPlace;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "snapshotter-unknown",
    summary: "Snapshotter that containerd does not have",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const TYPE: &str = "io.containerd.snapshotter.v1";
/// Has runtimes with snapshotters of their own.
const HAS_SNAPSHOTTER_OF_RUNTIME: Releases = Releases::containerd("1.7..");

/// Why a snapshotter is missing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lack {
    Unknown,
    /// Built in, and skipped until this key is set.
    NotSetUp(&'static str),
    TurnedOff,
}

/// What uses a snapshotter.
#[derive(PartialEq, Eq)]
enum SnapshotterUser {
    Cri,
    Transfer,
    Runtime(String),
}

#[derive(PartialEq)]
struct MissingSnapshotter {
    place: SettingPlace,
    name: String,
    lack: Lack,
    user: SnapshotterUser,
    /// Whether the files have a table for such a plugin: another build may have it.
    has_table: bool,
}

fn check(cx: &mut NodeCx) {
    let missing = in_effect(cx.loaded, find);
    if missing.is_empty() {
        return;
    }
    let loaded = cx.loaded;
    let others = loaded.configurations().iter().filter(|configuration| is_of_another_build(configuration));
    let others: BTreeSet<usize> = others.flat_map(|other| other.files.iter().map(|file| file.index)).collect();
    for (missing, releases) in missing {
        if !others.contains(&missing.place.file) {
            report(cx, &missing, releases);
        }
    }
}

/// Whether the files are those of k3s or rke2, whose containerd has more snapshotters built in.
fn is_of_another_build(configuration: &Configuration) -> bool {
    let has = |text: &str| ["rancher", "k3s", "rke2"].iter().any(|name| text.contains(name));
    configuration.files.iter().any(|file| has(file.path) || has(file.doc.text))
}

fn find(effective: &Effective) -> Vec<MissingSnapshotter> {
    let mut found = vec![];
    // The proxy plugin may be in a file that is not here.
    if !effective.is_complete || effective.may_have_more_plugins() || !effective.release.is_in(HAS_CRI) {
        return found;
    }
    let plugins = effective.loaded.table.table("plugins");
    let mut need = |place, name: &str, user| {
        if let Some(lack) = lack(effective, name) {
            let has_table =
                plugins.is_some_and(|plugins| effective.entry(plugins, &format!("{TYPE}.{name}")).is_some());
            found.push(MissingSnapshotter { place, name: name.to_owned(), lack, user, has_table });
        }
    };
    let is_split = effective.release.is_in(SPLITS_CRI);
    let of_cri = if is_split { "images:snapshotter" } else { "runtime:containerd.snapshotter" };
    // 1.x take an empty name for the default.
    if let Some(leaf) = effective.setting(of_cri)
        && let Some(name) = leaf.value.as_str().filter(|name| is_split || !name.is_empty())
    {
        need(SettingPlace::of(leaf), name, SnapshotterUser::Cri);
    }
    if effective.release.is_in(HAS_SNAPSHOTTER_OF_RUNTIME) {
        for (runtime, table) in effective.runtimes() {
            let leaf = effective.entry(table, "snapshotter").and_then(|item| item.as_leaf());
            let Some((leaf, name)) = leaf.and_then(|leaf| Some((leaf, leaf.value.as_str()?))) else { continue };
            // An empty name stands for the snapshotter of CRI.
            if !name.is_empty() {
                need(SettingPlace::of(leaf), name, SnapshotterUser::Runtime(runtime.to_owned()));
            }
        }
    }
    for (place, name) in unpack_configs(effective) {
        need(place, &name, SnapshotterUser::Transfer);
    }
    found
}

/// The snapshotters of the transfer plugin's `unpack_config`, each with its place.
fn unpack_configs(effective: &Effective) -> Vec<(SettingPlace, String)> {
    let Some(leaf) = effective.setting("io.containerd.transfer.v1.local:unpack_config") else { return vec![] };
    let mut found = vec![];
    for item in leaf.items() {
        if item.get("optional").and_then(Node::as_bool) == Some(true) {
            continue;
        }
        match item.entry("snapshotter") {
            Some(entry) => found.extend(entry.value.as_str().map(|name| (leaf.place_of(entry), name.to_owned()))),
            // The plugin then looks for a snapshotter with an empty name.
            None => found.push((SettingPlace { value: item.span, ..SettingPlace::of(leaf) }, String::new())),
        }
    }
    found
}

/// Why the release has no such snapshotter with these settings; nothing if it has, or if that depends on the node.
fn lack(effective: &Effective, name: &str) -> Option<Lack> {
    let uri = format!("{TYPE}.{name}");
    if effective.has_proxy(name, TYPE) {
        return (!effective.runs(&uri)).then_some(Lack::TurnedOff);
    }
    if !effective.has_plugin(&uri) {
        return Some(Lack::Unknown);
    }
    if !effective.runs(&uri) {
        return Some(Lack::TurnedOff);
    }
    let needed = match name {
        "devmapper" => "pool_name",
        "blockfile" => "scratch_file",
        _ => return None,
    };
    effective.text(&format!("{uri}:{needed}")).is_none().then_some(Lack::NotSetUp(needed))
}

fn report(cx: &mut NodeCx, missing: &MissingSnapshotter, releases: Releases) {
    let MissingSnapshotter { place, name, lack, user, has_table } = missing;
    let close = match lack {
        Lack::Unknown => {
            let known = plugins::all().iter().filter_map(|p| p.uri.strip_prefix(TYPE)?.strip_prefix('.'));
            // One of another release is not a slip.
            nearest(name, known).filter(|close| close != name)
        }
        _ => None,
    };
    let fix = close.map(|close| Fix::string(Applicability::Unsafe, place.value, close));
    let finding = cx.report_value(*place, message(*lack, name));
    // A scratch file that was made before serves as well.
    let is_possible = *has_table || *lack == Lack::NotSetUp("scratch_file");
    match user {
        SnapshotterUser::Cri | SnapshotterUser::Transfer => finding.failed(releases),
        SnapshotterUser::Runtime(_) if is_possible => finding.harmful(releases),
        SnapshotterUser::Runtime(runtime) => {
            finding.harmful(releases).breaks(BreakScope::RuntimeHandler, runtime.as_str())
        }
    };
    if is_possible {
        finding.as_warning();
    }
    finding.why(why(user, name)).help(help(*lack, name, close)).maybe_fix(fix);
}

fn message(lack: Lack, name: &str) -> String {
    match lack {
        Lack::Unknown if name.is_empty() => "the name of the snapshotter is empty".to_owned(),
        Lack::Unknown => format!("`{name}` is neither a built-in snapshotter nor a proxy plugin"),
        Lack::NotSetUp(key) => format!("the snapshotter `{name}` has no `{key}`, so that containerd skips it"),
        Lack::TurnedOff => format!("the snapshotter `{name}` is turned off by `disabled_plugins`"),
    }
}

fn why(user: &SnapshotterUser, name: &str) -> String {
    match user {
        SnapshotterUser::Cri => format!(
            "The CRI plugin does not load, and the kubelet finds no runtime service: `failed to find snapshotter \
             \"{name}\"`."
        ),
        SnapshotterUser::Transfer => format!(
            "The transfer plugin does not load (`snapshotter \"{name}\" not found`), and from 2.1 on the CRI plugin \
             with it."
        ),
        SnapshotterUser::Runtime(_) => {
            "The CRI plugin loads, and every pod of this runtime fails: its images cannot be unpacked.".to_owned()
        }
    }
}

fn help(lack: Lack, name: &str, close: Option<&str>) -> String {
    match (lack, close) {
        (Lack::NotSetUp(key), _) => format!("Set `{key}` in `[plugins.\"{TYPE}.{name}\"]`."),
        (Lack::Unknown, _) if name.is_empty() => "Name the snapshotter: \"overlayfs\" is the default.".to_owned(),
        (Lack::TurnedOff, _) => "Take it out of `disabled_plugins`, or use another snapshotter.".to_owned(),
        (Lack::Unknown, Some(close)) => format!("Did you mean \"{close}\"?"),
        (Lack::Unknown, None) => format!(
            "Add `[proxy_plugins.{name}]` with type = \"snapshot\" and the address of its socket, or write \
             \"overlayfs\"."
        ),
    }
}
