//! # `snapshotter-unknown`
//!
//! A snapshotter that the release does not have built in, and that no proxy plugin brings.
//!
//! ## Why
//!
//! The CRI plugin does not load: `failed to find snapshotter "stargz"`. The same happens to the transfer plugin with its
//! `unpack_config`, and from 2.1 on to CRI with it. `devmapper` is skipped until it has a `pool_name`, `blockfile`
//! until it has a `scratch_file`. A runtime with an
//! unknown snapshotter of its own only breaks its pods. containerd 1.x read an empty name as `overlayfs`.
//!
//! ## What to do
//!
//! Mend the name, or add the snapshotter's `[proxy_plugins.NAME]` with `type = "snapshot"` and its `address`. If your
//! containerd is built with it, as k3s is, say so with `# crilint: ignore[snapshotter-unknown]`.
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
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! [proxy_plugins.stargz]
//!   type = "snapshot"
//!   address = "/run/containerd-stargz-grpc/containerd-stargz-grpc.sock"
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.7.34:pkg/cri/server/service.go, v2.3.4:plugins/cri/images/plugin.go, plugins/transfer/plugin.go
//! - measured with 1.3.10 to 2.4.0-beta.0

use crate::containerd::effective::{Spot, by_release, some_text, text};
use crate::containerd::loader::{Configuration, Effective, Item, Leaf};
use crate::containerd::plugins;
use crate::keys::nearest;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "snapshotter-unknown",
    summary: "A snapshotter that containerd does not have",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const TYPE: &str = "io.containerd.snapshotter.v1.";
const TRANSFER: &str = "io.containerd.transfer.v1.local";
const SPLIT: ReleaseSet = Releases::containerd("2.0..").get(Product::Containerd);
/// They have a CRI plugin that looks for its snapshotter.
const HAS_CRI: ReleaseSet = Releases::containerd("1.1..").get(Product::Containerd);
/// Their runtimes can have snapshotters of their own.
const OF_RUNTIMES: ReleaseSet = Releases::containerd("1.7..").get(Product::Containerd);
/// They load Go plugins, which nobody knows, from a folder.
const LOADS_MORE: ReleaseSet = Releases::containerd("..2.0").get(Product::Containerd);

/// Why a snapshotter is not there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lack {
    Unknown,
    /// Built in, and skipped until this key is set.
    NotSetUp(&'static str),
    TurnedOff,
}

/// What needs it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum User {
    Cri,
    Transfer,
    Runtime,
}

#[derive(PartialEq)]
struct Fault {
    spot: Spot,
    name: String,
    lack: Lack,
    user: User,
    /// The files have a table for such a plugin: another build may have it.
    foreign: bool,
}

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    // The proxy plugin may be in a file that is not here.
    for configuration in loaded.configurations().iter().filter(|c| c.complete) {
        let faults = by_release(configuration, find);
        if !faults.is_empty() && !is_another_build(configuration) {
            faults.iter().for_each(|(fault, releases)| report(cx, fault, *releases));
        }
    }
}

/// Whether the files are those of k3s or rke2, whose containerd has more snapshotters built in.
fn is_another_build(configuration: &Configuration) -> bool {
    let has = |text: &str| ["rancher", "k3s", "rke2"].iter().any(|name| text.contains(name));
    configuration.files.iter().any(|file| has(file.path) || has(file.doc.text))
}

fn find(effective: &Effective, out: &mut Vec<Fault>) {
    let more = some_text(effective.setting(&["plugin_dir"])).is_some() && effective.release.is_in(LOADS_MORE);
    if more || !effective.release.is_in(HAS_CRI) {
        return;
    }
    let mut need = |spot: Spot, name: &str, user| {
        if let Some(lack) = lack(effective, name) {
            let foreign = effective.top(&["plugins", &format!("{TYPE}{name}")]).is_some();
            out.push(Fault { spot, name: name.to_owned(), lack, user, foreign });
        }
    };
    let split = effective.release.is_in(SPLIT);
    let of_cri = match split {
        true => effective.cri_images(&["snapshotter"]),
        false => effective.cri_runtime(&["containerd", "snapshotter"]),
    };
    // 1.x take an empty name for the default.
    if let Some(leaf) = of_cri.and_then(Item::as_leaf)
        && let Some(name) = text(Some(leaf)).filter(|name| split || !name.is_empty())
    {
        need(Spot::of(leaf), name, User::Cri);
    }
    if effective.release.is_in(OF_RUNTIMES) {
        for (_, runtime) in effective.runtimes() {
            if let Some(leaf) = effective.entry(runtime, "snapshotter").and_then(Item::as_leaf)
                && let Some(name) = some_text(Some(leaf))
            {
                need(Spot::of(leaf), name, User::Runtime);
            }
        }
    }
    for (spot, name) in unpack_configs(effective) {
        need(spot, name, User::Transfer);
    }
}

/// The snapshotters of the transfer plugin's `unpack_config`, each with its place.
fn unpack_configs<'s>(effective: &'s Effective) -> Vec<(Spot, &'s str)> {
    let Some(leaf) = effective.of_plugin(TRANSFER, &["unpack_config"]) else { return vec![] };
    let items = leaf.value.node().map(Node::items).unwrap_or_default();
    let required = items.iter().filter(|item| item.get("optional").and_then(Node::as_bool) != Some(true));
    let named = required.filter_map(|item| {
        // Without one, it looks for a snapshotter by an empty name.
        let Some(entry) = item.entry("snapshotter") else {
            return Some((Spot { file: leaf.origin.file, key: leaf.origin.key, value: item.span }, ""));
        };
        let spot = Spot { file: leaf.origin.file, key: entry.key_span, value: entry.value.span };
        Some((spot, entry.value.as_str()?))
    });
    named.collect()
}

/// Why the release has no such snapshotter with these settings; nothing if it has, or if that is up to the machine.
fn lack(effective: &Effective, name: &str) -> Option<Lack> {
    let uri = format!("{TYPE}{name}");
    let proxy = |leaf: Option<&Leaf>| matches!(text(leaf), Some("snapshot" | "io.containerd.snapshotter.v1"));
    if proxy(effective.setting(&["proxy_plugins", name, "type"])) {
        return (!effective.runs(&uri)).then_some(Lack::TurnedOff);
    }
    let built_in = plugins::find(&uri).is_some_and(|plugin| effective.release.is_in(plugin.releases()));
    if !built_in {
        return Some(Lack::Unknown);
    }
    if !effective.runs(&uri) {
        return Some(Lack::TurnedOff);
    }
    let unset = |key| some_text(effective.of_plugin(&uri, &[key])).is_none();
    match name {
        "devmapper" if unset("pool_name") => Some(Lack::NotSetUp("pool_name")),
        "blockfile" if unset("scratch_file") => Some(Lack::NotSetUp("scratch_file")),
        _ => None,
    }
}

fn report(cx: &mut NodeCx, fault: &Fault, releases: Releases) {
    let Fault { spot, name, lack, user, foreign } = fault;
    let path = spot.path(cx.loaded);
    let close = match lack {
        Lack::Unknown => nearest(name, plugins::all().iter().filter_map(|plugin| plugin.uri.strip_prefix(TYPE))),
        _ => None,
    };
    let message = match lack {
        Lack::Unknown if name.is_empty() => "no snapshotter is named".to_owned(),
        Lack::Unknown => format!("there is no snapshotter \"{name}\": none built in, no proxy plugin by that name"),
        Lack::NotSetUp(key) => format!("the snapshotter {name} has no `{key}`, so that containerd skips it"),
        Lack::TurnedOff => format!("the snapshotter {name} is turned off by `disabled_plugins`"),
    };
    let help = match (lack, close) {
        (Lack::NotSetUp(key), _) => format!("Set `{key}` in `[plugins.\"{TYPE}{name}\"]`."),
        (Lack::Unknown, _) if name.is_empty() => "Name the snapshotter: \"overlayfs\" is the default.".to_owned(),
        (Lack::TurnedOff, _) => "Take it out of `disabled_plugins`, or use another snapshotter.".to_owned(),
        (Lack::Unknown, Some(close)) => format!("Did you mean \"{close}\"?"),
        (Lack::Unknown, None) => format!(
            "Add `[proxy_plugins.{name}]` with type = \"snapshot\" and the address of its socket, or write \"overlayfs\"."
        ),
    };
    let (effect, why) = match user {
        User::Cri => (
            Effect::Failed,
            format!(
                "The CRI plugin does not load, and the kubelet finds no runtime service: `failed to find snapshotter \"{name}\"`."
            ),
        ),
        User::Transfer => (
            Effect::Failed,
            format!(
                "The transfer plugin does not load (`snapshotter \"{name}\" not found`), and from 2.1 on the CRI plugin with it."
            ),
        ),
        User::Runtime => (
            Effect::Harmful,
            "The CRI plugin loads, and every pod of this runtime fails: its images cannot be unpacked.".to_owned(),
        ),
    };
    let fix = close
        .map(|close| Fix::edit(Applicability::Unsafe, format!("Write \"{close}\""), spot.value, edit::string(close)));
    let finding = cx.report(spot.file, spot.value, message);
    finding.outcome(effect, releases).as_error().key(path).why(why).help(help).maybe_fix(fix);
    // A scratch file of earlier times serves as well.
    if *foreign || *lack == Lack::NotSetUp("scratch_file") {
        finding.as_warning();
    }
}
