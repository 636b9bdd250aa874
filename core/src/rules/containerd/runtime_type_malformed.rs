//! # `runtime-type-malformed`
//!
//! A `runtime_type` that is one word, and not the name of a shim.
//!
//! ## Why
//!
//! containerd makes the name of the shim's program out of the last two parts of the type: `io.containerd.runc.v2` is
//! `containerd-shim-runc-v2`. A word without a dot has no such parts. containerd starts and logs nothing, and no pod of
//! the runtime handler starts: `invalid runtime name`. Docker's names of runtimes and those of programs such as
//! `nvidia-container-runtime` are not types.
//!
//! ## What to do
//!
//! Write the type of the shim, such as `io.containerd.runc.v2` for all programs that replace runc, and name the program
//! in `options.BinaryName`.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.gvisor]
//!   runtime_type = "runsc"
//!                  ^^^^^^^
//! ```
//!
//! ```toml fixed
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.gvisor]
//!   runtime_type = "io.containerd.runsc.v1"
//! ```
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.nvidia]
//!   runtime_type = "nvidia-container-runtime"
//!                  ^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.own]
//!   runtime_type = "/opt/bin/shim"
//! [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.short]
//!   runtime_type = "crun.v1"
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.3.10:runtime/v2/shim/util.go (`BinaryName`)
//! - containerd/containerd@v2.3.4:core/runtime/v2/shim_manager.go (`resolveRuntimePath`)

use crate::containerd::loader::Effective;
use crate::containerd::settings::in_effect;
use crate::containerd::shims;
use crate::kind::SettingPlace;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "runtime-type-malformed",
    summary: "Runtime type that is not the name of a shim",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// Starts each runtime by a shim of its own.
const STARTS_SHIMS: Releases = Releases::containerd("1.3..");

fn check(cx: &mut NodeCx) {
    for ((place, runtime, name), releases) in in_effect(cx.loaded, find) {
        report(cx, place, &runtime, &name, releases);
    }
}

/// The place of each such type, with the runtime and the type.
fn find(effective: &Effective) -> Vec<(SettingPlace, String, String)> {
    if !effective.release.is_in(STARTS_SHIMS) {
        return vec![];
    }
    let written = effective.runtimes().filter_map(|(runtime, table)| {
        let leaf = effective.leaf(table, "runtime_type")?;
        let name = leaf.text().filter(|name| is_word(name))?;
        Some((SettingPlace::of(leaf), runtime.to_owned(), name.to_owned()))
    });
    written.collect()
}

/// Whether a text has no dot, is not a path, and is nothing that another program fills in.
fn is_word(name: &str) -> bool {
    name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

fn report(cx: &mut NodeCx, place: SettingPlace, runtime: &str, name: &str, releases: Releases) {
    let part = format!(".{name}.");
    let shim = shims::all().iter().find(|shim| shim.name.contains(&part));
    let help = match shim {
        Some(shim) => format!("The shim of {} is `{}`.", shim.title, shim.name),
        None => format!(
            "Where the program replaces runc, write \"{}\" and set `BinaryName` in the options to its path.",
            shims::RUNC_V2
        ),
    };
    cx.report_value(place, format!("`{name}` is not the name of a shim"))
        .harmful(releases)
        .breaks(BreakScope::RuntimeHandler, runtime)
        .why(format!(
            "containerd starts and logs nothing, and no pod of the runtime `{runtime}` starts: `invalid runtime name \
             {name}, correct runtime name should be either format like ...`."
        ))
        .help(help)
        .maybe_fix(shim.map(|shim| Fix::string(Applicability::Unsafe, place.value, shim.name)));
}
