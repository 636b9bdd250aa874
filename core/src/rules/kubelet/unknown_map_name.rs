//! # `unknown-map-name`
//!
//! An eviction signal, a reserved resource or a policy option that the kubelet does not know.
//!
//! ## Why
//!
//! These tables look free, and are not: the kubelet exits with `unsupported eviction signal memory.free`, `cannot reserve
//! "gpu" resource` or `unknown CPU Manager Policy option`. The file itself loads, so that a dry run sees nothing.
//!
//! ## What to do
//!
//! Write one of the names that it knows.
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
//!   (`parseResourceList`), pkg/kubelet/cm/cpumanager/policy_options.go, pkg/kubelet/cm/topologymanager/policy_options.go

use crate::keys::{KeySpec, Place, nearest, tables};
use crate::kubelet;
use crate::kubelet::maps::{MapEntry, entries};
use crate::kubelet::settings::{get, kubernetes};
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-map-name",
    summary: "An eviction signal, reserved resource or policy option that the kubelet does not know",
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

/// Whether the kubelet checks the names in the table at `within`.
pub(crate) fn is_checked_map(within: Place) -> bool {
    words(within.name(), "").is_some()
}

const TOPOLOGY: &str = "topologyManagerPolicyOptions";

/// Topology options are looked at with a policy other than none.
fn is_checked(cx: &FileCx, map: &str) -> bool {
    let has_policy = || get(cx, "topologyManagerPolicy").is_some_and(|p| !matches!(p.text.as_ref(), "" | "none"));
    words(map, "").is_some() && (map != TOPOLOGY || has_policy())
}

/// What a name in a table is, and what the kubelet prints when it does not know it.
fn words(map: &str, name: &str) -> Option<(&'static str, String)> {
    Some(match map {
        "evictionHard" | "evictionSoft" | "evictionSoftGracePeriod" | "evictionMinimumReclaim" => {
            ("eviction signal", format!("unsupported eviction signal {name}"))
        }
        "systemReserved" | "kubeReserved" | "qosReserved" => {
            ("resource to reserve", format!("cannot reserve \"{name}\" resource"))
        }
        "cpuManagerPolicyOptions" => ("CPU manager option", format!("unknown CPU Manager Policy option: \"{name}\"")),
        TOPOLOGY => ("topology manager option", format!("unknown Topology Manager Policy option: \"{name}\"")),
        _ => return None,
    })
}

fn check(cx: &mut FileCx) {
    for entry in entries(cx) {
        if is_checked(cx, entry.map) && !entry.is_known() {
            report(cx, &entry);
        }
    }
}

fn report(cx: &mut FileCx, entry: &MapEntry) {
    let name = entry.name.as_ref();
    let Some((what, printed)) = words(entry.map, name) else { return };
    let known: Vec<&str> =
        tables::KUBELET.find(&[entry.map]).map(|place| place.children().map(Place::name).collect()).unwrap_or_default();
    let releases = tables::KUBELET.find(&[entry.map]).and_then(Place::key).map_or(ReleaseSet::NONE, KeySpec::releases);
    let close = nearest(name, known.iter().copied());
    let list = known.join(", ");
    let help = match close {
        Some(close) => format!("Did you mean `{close}`? The kubelet knows {list}."),
        None => format!("The kubelet knows {list}."),
    };
    cx.report(entry.name_span, format!("`{name}` is no {what}"))
        .refused(kubernetes(releases))
        .key(entry.key.clone())
        .why(format!("The kubelet reads its settings and exits a moment later: `{printed}`."))
        .help(help);
}
