//! # `cpu-reservation-overruled`
//!
//! CPU in `systemReserved` or `kubeReserved`, while `reservedSystemCPUs` names CPUs.
//!
//! ## Why
//!
//! `reservedSystemCPUs` replaces the CPU of both tables: the kubelet reserves as many CPUs as the list names, and logs
//! `--reserved-cpus is set, ignoring ...`.
//!
//! ## What to do
//!
//! Remove `cpu` from the tables, or the list.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! reservedSystemCPUs: "0-1"
//! systemReserved:
//!   cpu: 500m
//!   ^^^
//!   memory: 200Mi
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! reservedSystemCPUs: "0-1"
//! systemReserved:
//!   memory: 200Mi
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.17.0, v1.24.0, v1.36.0:cmd/kubelet/app/server.go (`run`, `ReservedSystemCPUs`)

use crate::kubelet;
use crate::kubelet::maps::entries;
use crate::kubelet::settings::is_set_on_node;
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "cpu-reservation-overruled",
    summary: "Reserved CPU that a list of CPUs overrules",
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

const LIST: &str = "reservedSystemCPUs";
const READS_LIST: Releases = Releases::kubernetes("1.17..");

fn check(cx: &mut FileCx) {
    let is_cpu = |path: &str, name: &str| matches!(path, "systemReserved" | "kubeReserved") && name == "cpu";
    for entry in entries(cx) {
        if is_cpu(entry.map.path, entry.name) && is_set_on_node(cx, LIST) {
            cx.report(entry.name_span, format!("`{LIST}` overrules the CPU in `{}`", entry.map.path))
                .ignored(READS_LIST)
                .key(entry.key)
                .why("The kubelet reserves as many CPUs as the list names, and no CPU for its own table.")
                .help(format!("Remove `cpu` here, or remove `{LIST}`."));
        }
    }
}
