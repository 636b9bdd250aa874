//! # `reserved-cpus-invalid`
//!
//! `reservedSystemCPUs` is no list of CPUs, or stands beside a cgroup for reserved resources.
//!
//! ## Why
//!
//! The kubelet does not start: `unable to parse reservedSystemCPUs`, or `can't use reservedSystemCPUs (--reserved-cpus) with
//! systemReservedCgroup (--system-reserved-cgroup) or kubeReservedCgroup (--kube-reserved-cgroup)`.
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
use crate::kubelet::settings::get;
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "reserved-cpus-invalid",
    summary: "Reserved CPUs that the kubelet cannot read, or that exclude another setting",
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

const CPUS: &str = "reservedSystemCPUs";
const SINCE: Releases = Releases::kubernetes("1.17..");

fn check(cx: &mut FileCx) {
    let Some(cpus) = get(cx, CPUS) else { return };
    let is_text = cpus.node.is_none_or(|node| node.as_str().is_some());
    if cpus.text.is_empty() || !is_text {
        return;
    }
    if let Some(words) = bad_cpu_list(&cpus.text) {
        cx.report(cpus.span, format!("`{}` is no list of CPUs", cpus.text))
            .refused(SINCE)
            .key(cpus.key.clone())
            .why(format!(
                "The kubelet does not start: `unable to parse reservedSystemCPUs (--reserved-cpus) {}, error: {words}`.",
                cpus.text
            ))
            .help("Write numbers and ranges with commas and without blanks, such as 0-1,8.");
        return;
    }
    let cgroups = ["systemReservedCgroup", "kubeReservedCgroup"].into_iter().filter_map(|path| get(cx, path));
    let Some(cgroup) = cgroups.into_iter().find(|value| !value.text.is_empty()) else { return };
    cx.report(cpus.span, format!("`{}` excludes `{}`", cpus.name, cgroup.name))
        .refused(SINCE)
        .key(cpus.key.clone())
        .why("The kubelet does not start: `can't use reservedSystemCPUs (--reserved-cpus) with systemReservedCgroup (--system-reserved-cgroup) or kubeReservedCgroup (--kube-reserved-cgroup)`.")
        .help("Remove one of the two.")
        .label(cgroup.span, "the cgroup");
}
