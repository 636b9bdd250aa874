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

use crate::containerd::effective::{Spot, by_release, some_text};
use crate::containerd::loader::Item;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "untrusted-runtime-duplicate",
    summary: "Two definitions of the runtime for untrusted pods",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const CHECKED: ReleaseSet = Releases::containerd("1.2..1.7").get(Product::Containerd);
const OLD: &str = "untrusted_workload_runtime";

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    for configuration in loaded.configurations() {
        let found = by_release(configuration, |effective, out| {
            let ty = effective.cri_runtime(&["containerd", OLD, "runtime_type"]).and_then(Item::as_leaf);
            if some_text(ty).is_none() || !effective.release.is_in(CHECKED) {
                return;
            }
            let old = effective.cri_runtime(&["containerd", OLD]).and_then(Spot::of_item);
            let new = effective.cri_runtime(&["containerd", "runtimes", "untrusted"]).and_then(Spot::of_item);
            out.extend(old.zip(new));
        });
        for ((old, new), releases) in found {
            let path = old.path(cx.loaded);
            cx.report(old.file, old.key, format!("`{OLD}` and `runtimes.untrusted` define the same runtime"))
                .failed(releases)
                .key(path)
                .label_in(new.file, new.key, "the other one")
                .why(format!("The CRI plugin does not load: `conflicting definitions: configuration includes both {OLD} and runtimes[\"untrusted\"]`."))
                .help(format!("Remove `{OLD}`: `runtimes.untrusted` does the same in every release."));
        }
    }
}
