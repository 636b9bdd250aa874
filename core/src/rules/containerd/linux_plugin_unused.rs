//! # `linux-plugin-unused`
//!
//! The runtime of the plugin `linux`, which no runtime of the CRI plugin uses.
//!
//! ## Why
//!
//! `runtime` in `[plugins.linux]` is the OCI runtime of `io.containerd.runtime.v1.linux` alone. Up to 1.2 pods ran with
//! it; from 1.3 on the CRI plugin takes a shim of runc by default, and containers silently run with plain runc: a GPU
//! that `nvidia-container-runtime` brought is not there.
//!
//! ## What to do
//!
//! Define a runtime with `BinaryName` in its options, and name it in `default_runtime_name`.
//!
//! ## Examples
//!
//! ```toml bad containerd=1.3..1.7
//! [plugins.linux]
//!   runtime = "nvidia-container-runtime"
//!             ^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good containerd=1.3..1.7
//! [plugins.linux]
//!   runtime = "runc"
//! [plugins.cri.containerd.runtimes.nvidia]
//!   runtime_type = "io.containerd.runc.v2"
//!   [plugins.cri.containerd.runtimes.nvidia.options]
//!     BinaryName = "/usr/bin/nvidia-container-runtime"
//!     SystemdCgroup = true
//! [plugins.cri.containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//!   [plugins.cri.containerd.runtimes.runc.options]
//!     SystemdCgroup = true
//! ```
//!
//! ```toml good containerd=1.3..1.7
//! [plugins.linux]
//!   runtime = "/usr/local/bin/crun"
//! [plugins.cri.containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runtime.v1.linux"
//! ```
//!
//! ## References
//!
//! - containerd/containerd#3843
//! - containerd/containerd@v1.3.10:runtime/v1/linux/runtime.go (`Config`),
//!   vendor/github.com/containerd/cri/pkg/config/config.go (`DefaultConfig`)

use crate::containerd::kind::CRI;
use crate::containerd::loader::{Effective, Leaf};
use crate::containerd::settings::in_effect;
use crate::containerd::shims::LINUX_V1;
use crate::kind::SettingPlace;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "linux-plugin-unused",
    summary: "Runtime of a plugin that no runtime of the CRI plugin uses",
    category: Category::Migration,
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// Has the plugin, and does not use it for pods by default. `key-not-in-release` reports its settings in 2.x.
const DOES_NOT_USE_PLUGIN: Releases = Releases::containerd("1.3..1.7");

fn check(cx: &mut NodeCx) {
    for ((place, name), releases) in in_effect(cx.loaded, find) {
        report(cx, place, &name, releases);
    }
}

fn find(effective: &Effective) -> Vec<(SettingPlace, String)> {
    if !effective.is_complete || !effective.release.is_in(DOES_NOT_USE_PLUGIN) || !effective.runs(CRI) {
        return vec![];
    }
    let runtime = effective.setting(&format!("{LINUX_V1}:runtime"));
    let name = runtime.and_then(Leaf::text).filter(|name| *name != "runc");
    let is_linux = |path: &str| effective.text(&format!("runtime:containerd.{path}.runtime_type")) == Some(LINUX_V1);
    let mut types = effective.runtimes().filter_map(|(_, runtime)| effective.leaf(runtime, "runtime_type")?.text());
    let is_used =
        types.any(|name| name == LINUX_V1) || is_linux("default_runtime") || is_linux("untrusted_workload_runtime");
    match runtime.zip(name).filter(|_| !is_used) {
        Some((leaf, name)) => vec![(SettingPlace::of(leaf), name.to_owned())],
        None => vec![],
    }
}

fn report(cx: &mut NodeCx, place: SettingPlace, name: &str, releases: Releases) {
    cx.report_value(place, format!("no pod runs with `{name}`: the CRI plugin does not use this plugin"))
        .harmful(releases)
        .why(format!(
            "The setting is for runtimes of the type {LINUX_V1} alone. From 1.3 on the CRI plugin runs pods by a shim \
             of runc unless a runtime names that type, and silently takes runc itself."
        ))
        .help(format!(
            "Define a runtime with `BinaryName = \"{name}\"` in its options, and set `default_runtime_name` to it."
        ));
}
