//! # `reserved-cpus-invalid`
//!
//! `reservedSystemCPUs` that is not a list of CPUs, or together with a cgroup for reserved resources.
//!
//! ## Why
//!
//! The kubelet does not start: `unable to parse reservedSystemCPUs`, or `can't use reservedSystemCPUs (--reserved-cpus)
//! with systemReservedCgroup (--system-reserved-cgroup) or kubeReservedCgroup (--kube-reserved-cgroup)`.
//!
//! ## What to do
//!
//! Write numbers and ranges with commas and without blanks, such as 0-1,8; use it or the cgroups, not both.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! reservedSystemCPUs: "0-1, 8"
//!                     ^^^^^^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! reservedSystemCPUs: 0-1
//!                     ^^^
//! systemReservedCgroup: /system.slice
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! reservedSystemCPUs: 0-1,8
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/apis/config/validation/validation.go; kubernetes/utils:cpuset/cpuset.go
//!   (`Parse`); measured with the validator of 1.36.3

use crate::kubelet;
use crate::kubelet::names::bad_cpu_list;
use crate::kubelet::settings::{first, on_node};
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "reserved-cpus-invalid",
    summary: "Invalid list of reserved CPUs, or one together with a cgroup",
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

const RESERVES_CPUS: Releases = Releases::kubernetes("1.17..");

fn check(cx: &mut FileCx) {
    let Some(setting) = first(cx, "reservedSystemCPUs") else { return };
    let Some(cpus) = setting.as_str().filter(|cpus| !cpus.is_empty()) else { return };
    if let Some(words) = bad_cpu_list(cpus) {
        cx.report(setting.value_span, format!("`{cpus}` is not a list of CPUs"))
            .refused(RESERVES_CPUS)
            .key(setting.path.as_str())
            .why(format!(
                "The kubelet does not start: `unable to parse reservedSystemCPUs (--reserved-cpus) {cpus}, \
                 error: {words}`."
            ))
            .help("Write numbers and ranges with commas and without blanks, such as 0-1,8.");
        return;
    }
    let mut cgroups = ["systemReservedCgroup", "kubeReservedCgroup"].into_iter().filter_map(|path| on_node(cx, path));
    let Some(cgroup) = cgroups.find(|cgroup| !cgroup.setting.text.is_empty()) else { return };
    cx.report(setting.value_span, format!("`{}` excludes `{}`", setting.name, cgroup.setting.name))
        .refused(RESERVES_CPUS)
        .key(setting.path.as_str())
        .why(
            "The kubelet does not start: `can't use reservedSystemCPUs (--reserved-cpus) with systemReservedCgroup \
             (--system-reserved-cgroup) or kubeReservedCgroup (--kube-reserved-cgroup)`.",
        )
        .help("Remove one of the two.")
        .label_in(cgroup.file, cgroup.setting.value_span, "the cgroup");
}
