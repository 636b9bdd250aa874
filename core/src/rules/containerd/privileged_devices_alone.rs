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

use crate::containerd::loader::{Effective, Leaf};
use crate::containerd::settings::in_effect;
use crate::kind::SettingPlace;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "privileged-devices-alone",
    summary: "All devices allowed for pods that get the devices of the node anyway",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const CHECKS_PAIR: Releases = Releases::containerd("1.7..");
const NEEDED: &str = "privileged_without_host_devices";
const ALL: &str = "privileged_without_host_devices_all_devices_allowed";

fn check(cx: &mut NodeCx) {
    for (place, releases) in in_effect(cx.loaded, all_devices_alone) {
        cx.report_key(place, format!("`{ALL}` needs `{NEEDED}`"))
            .failed(releases)
            .why(format!("The CRI plugin does not load: `{ALL} requires {NEEDED} to be enabled`."))
            .help(format!("Set `{NEEDED} = true` for this runtime as well, or remove the line."));
    }
}

fn all_devices_alone(effective: &Effective) -> Vec<SettingPlace> {
    let mut found = vec![];
    for (_, runtime) in effective.runtimes().filter(|_| effective.release.is_in(CHECKS_PAIR)) {
        let is_on = |leaf: Option<&Leaf>| leaf.and_then(Leaf::as_bool) == Some(true);
        let (all, needed) = (effective.leaf(runtime, ALL), effective.leaf(runtime, NEEDED));
        let is_known = effective.is_complete || needed.is_some();
        if is_on(all) && !is_on(needed) && is_known {
            found.extend(all.map(SettingPlace::of));
        }
    }
    found
}
