//! # `reserved-cgroup-not-slice`
//!
//! `systemReservedCgroup` or `kubeReservedCgroup`, enforced, with the name of a service instead of a slice.
//!
//! ## Why
//!
//! The kubelet does not create these cgroups: with `enforceNodeAllocatable` it exits with `cgroup does not exist`
//! unless they exist. Under the systemd driver it takes the last part of the name for a slice: `/system.slice`,
//! `/system` and `system.slice` are all the slice `system.slice`, and `/system.slice/kubelet.service` is
//! `kubelet.service.slice`, which does not exist. Under the cgroupfs driver the name is a path, which must exist in
//! each cgroup controller; systemd creates the cgroups of services in some of them.
//!
//! ## What to do
//!
//! Name a slice that exists when the kubelet starts, such as `/system.slice`, or a slice unit of your own that
//! `kubelet.service` is ordered after.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cgroupDriver: systemd
//! enforceNodeAllocatable: [pods, kube-reserved]
//! kubeReserved: { cpu: 200m }
//! kubeReservedCgroup: /system.slice/kubelet.service
//!                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cgroupDriver: systemd
//! enforceNodeAllocatable: [pods, system-reserved]
//! systemReserved: { cpu: 200m }
//! systemReservedCgroup: /system
//! ```
//!
//! ## References
//!
//! - kubernetes/website#19104, kubernetes/kops#3223, kubernetes/kubernetes#92128
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/cm/node_container_manager_linux.go (`enforceExistingCgroup`),
//!   pkg/kubelet/cm/cgroup_manager_linux.go (`ParseSystemdToCgroupName`)

use crate::kubelet::on_node::cgroup_drivers;
use crate::kubelet::settings::on_node;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "reserved-cgroup-not-slice",
    summary: "Reserved cgroup that is a service instead of a slice",
    run: Run::Settings(&[
        SettingCheck {
            only_if: &[("enforceNodeAllocatable", Test::Where(enforces_system))],
            applies: uses_systemd,
            ..under_systemd("systemReservedCgroup")
        },
        SettingCheck {
            only_if: &[("enforceNodeAllocatable", Test::Where(enforces_kube))],
            applies: uses_systemd,
            ..under_systemd("kubeReservedCgroup")
        },
        SettingCheck {
            only_if: &[("enforceNodeAllocatable", Test::Where(enforces_system))],
            applies: |cx| !uses_systemd(cx),
            ..under_cgroupfs("systemReservedCgroup")
        },
        SettingCheck {
            only_if: &[("enforceNodeAllocatable", Test::Where(enforces_kube))],
            applies: |cx| !uses_systemd(cx),
            ..under_cgroupfs("kubeReservedCgroup")
        },
    ]),
    ..Rule::DEFAULTS
};

const fn under_systemd(setting: &'static str) -> SettingCheck {
    SettingCheck {
        outcomes: &[(Effect::Refused, Releases::ANY)],
        message: "`{value}` is not a slice, and the kubelet looks for one",
        why: "Under the systemd driver the last part of the name is the name of a slice, which must exist. The kubelet \
              exits: `Failed to enforce ... Reserved Cgroup Limits on \"{value}\": ... cgroup does not exist`.",
        help: "Name a slice that exists when the kubelet starts, such as /system.slice.",
        ..SettingCheck::of(&daemons::KUBELET, setting, Test::Where(is_service))
    }
}

const fn under_cgroupfs(setting: &'static str) -> SettingCheck {
    SettingCheck {
        outcomes: &[(Effect::Harmful, Releases::ANY)],
        message: "`{value}` must exist in each cgroup controller before the kubelet starts",
        why: "The kubelet does not create the cgroup. systemd creates those of services in some controllers alone, and \
              not in cpuset and hugetlb of cgroup v1: the kubelet then exits with `cgroup does not exist`.",
        help: "Name a slice that exists when the kubelet starts, such as /system.slice.",
        ..SettingCheck::of(&daemons::KUBELET, setting, Test::Where(is_service))
    }
}

/// The driver of the node's kubelet is systemd, by its flag or its file.
fn uses_systemd(cx: &FileCx) -> bool {
    match on_node(cx, "cgroupDriver") {
        Some(own) => own.setting.text == "systemd",
        None => cgroup_drivers(cx.node).iter().any(|value| value.text == "systemd"),
    }
}

/// The kubelet cuts the name at its last slash.
fn is_service(setting: &WrittenSetting) -> bool {
    let name = setting.as_str().unwrap_or_default().trim_end_matches('/');
    let last = name.rsplit('/').next().unwrap_or_default();
    [".service", ".scope", ".socket"].iter().any(|unit| last.ends_with(unit))
}

fn enforces_system(setting: &WrittenSetting) -> bool {
    enforces(setting, "system-reserved")
}

fn enforces_kube(setting: &WrittenSetting) -> bool {
    enforces(setting, "kube-reserved")
}

fn enforces(setting: &WrittenSetting, group: &str) -> bool {
    let is_group = |name: &str| name.trim() == group || name.trim().strip_suffix("-compressible") == Some(group);
    setting.texts().into_iter().any(is_group) || setting.text.split(',').any(is_group)
}
