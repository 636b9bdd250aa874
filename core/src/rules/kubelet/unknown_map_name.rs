//! # `unknown-map-name`
//!
//! An eviction signal, a reserved resource or a policy option that the kubelet does not recognize.
//!
//! ## Why
//!
//! The kubelet recognizes all names of these tables: it exits with `unsupported eviction signal memory.free`, `cannot
//! reserve "gpu" resource` or `unknown CPU Manager Policy option`. The file itself loads, so that a dry run shows no
//! fault.
//!
//! ## What to do
//!
//! Write one of the names that the kubelet recognizes.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! evictionHard:
//!   memory.available: 200Mi
//!   nodefs.available: 10%
//!   nodefs.inodes: 5%
//!   ^^^^^^^^^^^^^
//!   imagefs.available: 15%
//!   imagefs.inodesFree: 5%
//!   nodefs.inodesFree: 5%
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! systemReserved:
//!   cpu: 500m
//!   mem: 1Gi
//!   ^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! topologyManagerPolicy: best-effort
//! topologyManagerPolicyOptions:
//!   prefer-closest-numa-node: "true"
//!   ^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! systemReserved:
//!   cpu: 500m
//!   memory: 1Gi
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/eviction/helpers.go (`ParseThresholdConfig`), cmd/kubelet/app/server.go
//!   (`parseResourceList`), pkg/kubelet/cm/cpumanager/policy_options.go,
//!   pkg/kubelet/cm/topologymanager/policy_options.go

use crate::keys::{Place, nearest, tables};
use crate::kubelet;
use crate::kubelet::maps::{MapEntry, TOPOLOGY_OPTIONS, entries};
use crate::kubelet::settings::{field, first, kubernetes};
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-map-name",
    summary: "Unknown eviction signal, reserved resource or policy option",
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    // With the policy none, the kubelet does not read topology options.
    let policy = first(cx, "topologyManagerPolicy");
    let reads_topology_options = policy.is_some_and(|policy| !matches!(policy.text.as_ref(), "" | "none"));
    for entry in entries(cx) {
        let is_read = entry.map.path != TOPOLOGY_OPTIONS || reads_topology_options;
        if is_read && !entry.is_known() {
            report(cx, &entry);
        }
    }
}

fn report(cx: &mut FileCx, entry: &MapEntry) {
    let map = entry.map;
    let known: Vec<&str> =
        tables::KUBELET.find(&[map.path]).into_iter().flat_map(Place::children).map(Place::name).collect();
    let list = known.join(", ");
    let help = match nearest(entry.name, known.into_iter()) {
        Some(close) => format!("Did you mean `{close}`? The kubelet recognizes {list}."),
        None => format!("The kubelet recognizes {list}."),
    };
    let releases = field(map.path).map_or(ReleaseSet::NONE, |field| field.releases());
    let printed = map.prints.replace("{}", entry.name);
    cx.report(entry.name_span, format!("`{}` is not a known {}", entry.name, map.entry))
        .refused(kubernetes(releases))
        .key(entry.key.as_str())
        .why(format!("The kubelet reads its settings, then exits: `{printed}`."))
        .help(help);
}
