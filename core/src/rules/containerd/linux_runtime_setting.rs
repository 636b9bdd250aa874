//! # `linux-runtime-setting`
//!
//! `runtime_engine`, `runtime_root` or `no_pivot`, which only the runtime of containerd 1.0 read.
//!
//! ## Why
//!
//! With a runtime other than `io.containerd.runtime.v1.linux` the CRI plugin of containerd 1.3 to 1.7 does not load:
//! `runtime_engine only works for runtime io.containerd.runtime.v1.linux`. 2.x no longer have the keys and log `Ignoring
//! unknown key in TOML`.
//!
//! ## What to do
//!
//! Write the runtime's options instead: `runtime_engine` is `BinaryName`, `runtime_root` is `Root`, `no_pivot` is
//! `NoPivotRoot`.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//!   runtime_engine = "/usr/bin/crun"
//!   ^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//!   runtime_engine = ""
//!   [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
//!     BinaryName = "/usr/bin/crun"
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.7.34:pkg/cri/config/config.go (`ValidatePluginConfig`); measured with 1.3.10 to 2.4.0-beta.0

use crate::containerd::effective::{Spot, by_release, is_on, some_text};
use crate::containerd::loader::{Effective, Item, Leaf};
use crate::rules::containerd::runtime_type_removed::LINUX_V1;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "linux-runtime-setting",
    summary: "A setting for the runtime of containerd 1.0 alone",
    category: Category::Migration,
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// They refuse the keys with other runtimes.
const CHECKED: ReleaseSet = Releases::containerd("1.3..1.7").get(Product::Containerd);
/// They no longer have the keys.
const GONE: ReleaseSet = Releases::containerd("2.0..").get(Product::Containerd);
/// The keys of a runtime, and what has taken their place in its options.
const KEYS: [(&str, &str); 2] = [("runtime_engine", "BinaryName"), ("runtime_root", "Root")];

/// Whether a key is one that this rule tells about.
pub(super) fn is_one(name: &str) -> bool {
    name == "no_pivot" || KEYS.iter().any(|(key, _)| *key == name)
}

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    for configuration in loaded.configurations() {
        let mut done: Vec<Spot> = vec![];
        let complete = configuration.complete;
        let found = by_release(configuration, |effective, out| find(effective, complete, out));
        for ((spot, name, option, _), _) in &found {
            if done.contains(spot) {
                continue;
            }
            done.push(*spot);
            let of = |fails: bool| {
                let same = found.iter().filter(|((other, .., failed), _)| other == spot && *failed == fails);
                same.map(|(_, releases)| *releases).reduce(Releases::or).unwrap_or(Releases::NONE)
            };
            report(cx, *spot, name, option, of(true), of(false));
        }
    }
}

/// The place, the key, the option instead, and whether CRI fails by it.
type Found = (Spot, &'static str, &'static str, bool);

fn find(effective: &Effective, complete: bool, out: &mut Vec<Found>) {
    let checked = effective.release.is_in(CHECKED);
    if !checked && !effective.release.is_in(GONE) {
        return;
    }
    // Without a type in these files another one may hold it.
    let fails = |ty: Option<&str>| checked && ty != Some(LINUX_V1) && (complete || ty.is_some());
    let mut tell = |leaf: &Leaf, key, option, ty: Option<&str>| {
        if fails(ty) || !checked {
            out.push((Spot::of(leaf), key, option, fails(ty)));
        }
    };
    for (_, runtime) in effective.runtimes() {
        let leaf = |name| effective.entry(runtime, name).and_then(Item::as_leaf);
        for (key, option) in KEYS {
            if let Some(set) = leaf(key).filter(|set| some_text(Some(set)).is_some()) {
                tell(set, key, option, some_text(leaf("runtime_type")));
            }
        }
    }
    let setting = |path: &[&str]| effective.cri_runtime(path).and_then(Item::as_leaf);
    if let Some(set) = setting(&["containerd", "no_pivot"]).filter(|set| is_on(Some(set))) {
        let name = some_text(setting(&["containerd", "default_runtime_name"])).unwrap_or("runc");
        let legacy = some_text(setting(&["containerd", "default_runtime", "runtime_type"]));
        let ty = legacy.or(some_text(setting(&["containerd", "runtimes", name, "runtime_type"])));
        tell(set, "no_pivot", "NoPivotRoot", ty);
    }
}

fn report(cx: &mut NodeCx, spot: Spot, key: &str, option: &str, failed: Releases, ignored: Releases) {
    let path = spot.path(cx.loaded);
    cx.report(spot.file, spot.key, format!("`{key}` is for the runtime {LINUX_V1} alone"))
        .failed(failed)
        .ignored(ignored)
        .key(path)
        .why(format!("With any other runtime the CRI plugin of containerd 1.3 to 1.7 does not load: `{key} only works for runtime {LINUX_V1}`. 2.x no longer have the key and log `Ignoring unknown key in TOML`."))
        .help(format!("Remove it, and set `{option}` in the options of the runtime."));
}
