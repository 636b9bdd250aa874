//! # `untrusted-runtime-duplicate`
//!
//! The runtime for untrusted pods is defined by `untrusted_workload_runtime` and by `runtimes.untrusted`.
//!
//! ## Why
//!
//! The CRI plugin of containerd 1.2 to 1.7 does not load: `conflicting definitions: configuration includes both
//! untrusted_workload_runtime and runtimes["untrusted"]`. 2.x read `runtimes.untrusted` alone.
//!
//! ## What to do
//!
//! Keep `runtimes.untrusted`.
//!
//! ## Examples
//!
//! ```toml bad containerd=1.7
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.untrusted_workload_runtime]
//!                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^
//!   runtime_type = "io.containerd.kata.v2"
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.untrusted]
//!   runtime_type = "io.containerd.kata.v2"
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! ```
//!
//! ```toml good containerd=1.7
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.untrusted]
//!   runtime_type = "io.containerd.kata.v2"
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.7.34:pkg/cri/config/config.go (`ValidatePluginConfig`)

use crate::containerd::loader::Effective;
use crate::containerd::settings::in_effect;
use crate::kind::SettingPlace;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "untrusted-runtime-duplicate",
    summary: "Two definitions of the runtime for untrusted pods",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const REFUSES_BOTH: Releases = Releases::containerd("1.2..1.7");
const OLD: &str = "untrusted_workload_runtime";

fn check(cx: &mut NodeCx) {
    for ((old, new), releases) in in_effect(cx.loaded, find) {
        cx.report_key(old, format!("`{OLD}` and `runtimes.untrusted` define the same runtime"))
            .failed(releases)
            .label_in(new.file, new.key, "the other one")
            .why(format!(
                "The CRI plugin does not load: `conflicting definitions: configuration includes both {OLD} and \
                 runtimes[\"untrusted\"]`."
            ))
            .help(format!("Remove `{OLD}`: `runtimes.untrusted` does the same in every release."));
    }
}

fn find(effective: &Effective) -> Vec<(SettingPlace, SettingPlace)> {
    let has_type = effective.text("runtime:containerd.untrusted_workload_runtime.runtime_type").is_some();
    if !has_type || !effective.release.is_in(REFUSES_BOTH) {
        return vec![];
    }
    let place = |path| effective.item(path).and_then(SettingPlace::of_item);
    let old = place("runtime:containerd.untrusted_workload_runtime");
    old.zip(place("runtime:containerd.runtimes.untrusted")).into_iter().collect()
}
