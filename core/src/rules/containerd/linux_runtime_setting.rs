//! # `linux-runtime-setting`
//!
//! `runtime_engine`, `runtime_root` or `no_pivot`, which only the runtime of containerd 1.0 read.
//!
//! ## Why
//!
//! With another runtime than `io.containerd.runtime.v1.linux` the CRI plugin of containerd 1.3 to 1.7 does not load:
//! `runtime_engine only works for runtime io.containerd.runtime.v1.linux`. 2.x no longer have the keys and log
//! `Ignoring unknown key in TOML`.
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
//! - containerd/containerd@v1.7.34:pkg/cri/config/config.go (`ValidatePluginConfig`); measured with 1.3.10 to
//!   2.4.0-beta.0

use crate::containerd::eras::{CHECKS_LINUX_RUNTIME_SETTINGS, REMOVED_LINUX_RUNTIME};
use crate::containerd::loader::{Effective, Leaf};
use crate::containerd::settings::in_effect;
use crate::containerd::shims::{LINUX_RUNTIME_SETTINGS, LINUX_V1};
use crate::kind::SettingPlace;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "linux-runtime-setting",
    summary: "Setting that only the runtime of containerd 1.0 reads",
    category: Category::Migration,
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

#[derive(PartialEq)]
struct LinuxSetting {
    place: SettingPlace,
    name: &'static str,
    /// What replaces it in the options of the runtime.
    option: &'static str,
    /// Whether the CRI plugin does not load with it.
    fails: bool,
}

fn check(cx: &mut NodeCx) {
    let found = in_effect(cx.loaded, find);
    for (number, (setting, _)) in found.iter().enumerate() {
        if found.iter().take(number).any(|(before, _)| before.place == setting.place) {
            continue;
        }
        let releases = |fails: bool| {
            let same = found.iter().filter(|(other, _)| other.place == setting.place && other.fails == fails);
            same.map(|(_, releases)| *releases).reduce(Releases::or).unwrap_or(Releases::NONE)
        };
        report(cx, setting, releases(true), releases(false));
    }
}

fn find(effective: &Effective) -> Vec<LinuxSetting> {
    let is_checked = effective.release.is_in(CHECKS_LINUX_RUNTIME_SETTINGS);
    if !is_checked && !effective.release.is_in(REMOVED_LINUX_RUNTIME) {
        return vec![];
    }
    let mut found = vec![];
    let mut add = |leaf: &Leaf, name, option, runtime_type: Option<&str>| {
        // Without a type in these files another one may hold it.
        let is_known = effective.is_complete || runtime_type.is_some();
        let fails = is_checked && runtime_type != Some(LINUX_V1) && is_known;
        if fails || !is_checked {
            found.push(LinuxSetting { place: SettingPlace::of(leaf), name, option, fails });
        }
    };
    for (_, runtime) in effective.runtimes() {
        for (name, option) in LINUX_RUNTIME_SETTINGS {
            if let Some(leaf) = effective.leaf(runtime, name).filter(|leaf| leaf.text().is_some()) {
                add(leaf, name, option, effective.leaf(runtime, "runtime_type").and_then(Leaf::text));
            }
        }
    }
    if let Some(leaf) = effective.setting("runtime:containerd.no_pivot").filter(|leaf| leaf.as_bool() == Some(true)) {
        add(leaf, "no_pivot", "NoPivotRoot", default_runtime_type(effective).as_deref());
    }
    found
}

fn default_runtime_type(effective: &Effective) -> Option<String> {
    let name = effective.text("runtime:containerd.default_runtime_name").unwrap_or("runc");
    let old = effective.text("runtime:containerd.default_runtime.runtime_type");
    let of_runtime = || {
        let runtime = effective.entry(effective.table("runtime:containerd.runtimes")?, name)?.as_table()?;
        effective.leaf(runtime, "runtime_type")?.text()
    };
    old.or_else(of_runtime).map(str::to_owned)
}

fn report(cx: &mut NodeCx, setting: &LinuxSetting, failed: Releases, ignored: Releases) {
    let LinuxSetting { place, name, option, .. } = setting;
    cx.report_key(*place, format!("`{name}` is for the runtime {LINUX_V1} alone"))
        .failed(failed)
        .ignored(ignored)
        .why(format!(
            "With any other runtime the CRI plugin of containerd 1.3 to 1.7 does not load: \
             `{name} only works for runtime {LINUX_V1}`. 2.x no longer have the key and log \
             `Ignoring unknown key in TOML`."
        ))
        .help(format!("Remove it, and set `{option}` in the options of the runtime."));
}
