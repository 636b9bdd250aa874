//! # `cni-dir-unusual`
//!
//! containerd looks for CNI plugins or networks in other folders than the usual ones.
//!
//! ## Why
//!
//! Network add-ons put their programs into `/opt/cni/bin` and their configuration into `/etc/cni/net.d` unless
//! configured otherwise. Where containerd looks elsewhere, the node stays `NotReady` with `cni plugin not
//! initialized`, or pods fail with `failed to find plugin "loopback" in path`. Some distributions move both on
//! purpose, so this rule runs only when selected.
//!
//! ## What to do
//!
//! Use the usual folders, or make sure that the network add-on writes to these.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".cni]
//!   bin_dir = "/usr/local/bin"
//!             ^^^^^^^^^^^^^^^^
//!   conf_dir = "/etc/cni/net.d"
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".cni]
//!   bin_dir = "/opt/cni/bin"
//!   conf_dir = "/etc/cni/net.d/"
//! ```
//!
//! ## References
//!
//! - KubeOperator/ansible#4, gardenlinux/gardenlinux#1545, containerd/containerd#10710

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "cni-dir-unusual",
    summary: "CNI plugins or networks in unusual folders",
    category: Category::Suspicious,
    opt_in: true,
    run: Run::Settings(&[
        SettingCheck {
            message: "containerd looks for CNI plugins in {value}, not in /opt/cni/bin",
            ..not_in("runtime:cni.bin_dir", Test::Where(are_unusual_programs))
        },
        SettingCheck {
            message: "containerd looks for CNI plugins in {value}, not in /opt/cni/bin",
            ..not_in("runtime:cni.bin_dirs", Test::Where(are_unusual_programs))
        },
        SettingCheck {
            message: "containerd looks for CNI networks in {value}, not in /etc/cni/net.d",
            ..not_in("runtime:cni.conf_dir", Test::Where(are_unusual_networks))
        },
    ]),
    ..Rule::DEFAULTS
};

fn are_unusual_programs(setting: &WrittenSetting) -> bool {
    lacks(setting, "/opt/cni/bin")
}

fn are_unusual_networks(setting: &WrittenSetting) -> bool {
    lacks(setting, "/etc/cni/net.d")
}

/// Whether a folder or a list of folders names some, and not the usual one.
fn lacks(setting: &WrittenSetting, usual: &str) -> bool {
    let mut folders = setting.texts();
    folders.extend(setting.as_str());
    folders.retain(|folder| !folder.is_empty());
    !folders.is_empty() && !folders.iter().any(|folder| folder.trim_end_matches('/') == usual)
}

const fn not_in(setting: &'static str, fault: Test) -> SettingCheck {
    SettingCheck {
        outcomes: &[(Effect::Advice, Releases::ANY)],
        why: "Network add-ons write to the usual folder unless configured otherwise; then the node stays NotReady \
              (`cni plugin not initialized`) or pods fail with `failed to find plugin`.",
        help: "Use the usual folder, or make sure that the network add-on writes to this one.",
        ..SettingCheck::of(&daemons::CONTAINERD, setting, fault)
    }
}
