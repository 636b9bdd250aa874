//! # `privileged-devices-alone`
//!
//! `privileged_without_host_devices_all_devices_allowed` without `privileged_without_host_devices`.
//!
//! ## Why
//!
//! The CRI plugin of containerd 1.7 and later does not load:
//! `privileged_without_host_devices_all_devices_allowed requires privileged_without_host_devices to be enabled`.
//!
//! ## What to do
//!
//! Set both, or neither.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//!   privileged_without_host_devices_all_devices_allowed = true
//!   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//!   privileged_without_host_devices = true
//!   privileged_without_host_devices_all_devices_allowed = true
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.7.34:pkg/cri/config/config.go, v2.3.4:internal/cri/config/config.go
//! - measured with 1.3.10 to 2.4.0-beta.0

use crate::containerd::effective::{Spot, by_release, is_on};
use crate::containerd::loader::Item;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "privileged-devices-alone",
    summary: "All devices allowed for pods that get the host's devices anyway",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const CHECKED: ReleaseSet = Releases::containerd("1.7..").get(Product::Containerd);
const NEEDED: &str = "privileged_without_host_devices";
const ALL: &str = "privileged_without_host_devices_all_devices_allowed";

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    for configuration in loaded.configurations() {
        let complete = configuration.complete;
        let found = by_release(configuration, |effective, out| {
            for (_, runtime) in effective.runtimes().filter(|_| effective.release.is_in(CHECKED)) {
                let leaf = |name| effective.entry(runtime, name).and_then(Item::as_leaf);
                let other = leaf(NEEDED);
                if let Some(all) = leaf(ALL).filter(|all| is_on(Some(all)))
                    && !is_on(other)
                    && (complete || other.is_some())
                {
                    out.push(Spot::of(all));
                }
            }
        });
        for (spot, releases) in found {
            let path = spot.path(cx.loaded);
            cx.report(spot.file, spot.key, format!("`{ALL}` needs `{NEEDED}`"))
                .failed(releases)
                .key(path)
                .why(format!("The CRI plugin does not load: `{ALL} requires {NEEDED} to be enabled`."))
                .help(format!("Set `{NEEDED} = true` for this runtime as well, or remove the line."));
        }
    }
}
