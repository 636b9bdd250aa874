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
//!   (`parseResourceList`), pkg/kubelet/cm/cpumanager/policy_options.go

use crate::keys::{Binding, Bound, Place, nearest};
use crate::kind::kubelet;
use crate::releases::Releases;
use crate::rules::{Category, FileCx, Rule, Run};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "unknown-map-name",
    summary: "An eviction signal, reserved resource or policy option that the kubelet does not know",
    category: Category::Correctness,
    since: "0.1.0",
    fix: None,
    opt_in: false,
    run: Run::File(&[&kubelet::KIND], check),
};

/// The tables whose names the kubelet checks when it starts, with what it prints before the name.
const MAPS: [(&str, &str, &str); 8] = [
    ("evictionHard", "eviction signal", "unsupported eviction signal"),
    ("evictionSoft", "eviction signal", "unsupported eviction signal"),
    ("evictionSoftGracePeriod", "eviction signal", "unsupported eviction signal"),
    ("evictionMinimumReclaim", "eviction signal", "unsupported eviction signal"),
    ("systemReserved", "resource to reserve", "cannot reserve resource"),
    ("kubeReserved", "resource to reserve", "cannot reserve resource"),
    ("qosReserved", "resource to reserve", "cannot reserve resource"),
    ("cpuManagerPolicyOptions", "CPU manager option", "unknown CPU Manager Policy option:"),
];

/// Whether the kubelet checks the names in the table at `within`.
pub(in crate::rules) fn is_checked_map(within: Place) -> bool {
    // An unknown topology option stops the kubelet only with a policy other than none: nobody reports it.
    MAPS.iter().any(|(map, ..)| *map == within.name()) || within.name() == "topologyManagerPolicyOptions"
}

fn check(cx: &mut FileCx<'_, '_, '_>) {
    for bound in cx.bound {
        let map = MAPS.iter().find(|(map, ..)| *map == bound.within.name());
        if let Some((map, what, words)) = map
            && bound.binding == Binding::Unknown
        {
            report(cx, bound, map, what, words);
        }
    }
}

fn report(cx: &mut FileCx<'_, '_, '_>, bound: &Bound<'_, '_>, map: &str, what: &str, words: &str) {
    let name = bound.entry.key.as_ref();
    let known: Vec<&str> = bound.within.children().map(Place::name).collect();
    let close = nearest(name, known.iter().copied());
    let list = known.join(", ");
    let help = match close {
        Some(close) => format!("Did you mean `{close}`? The kubelet knows {list}."),
        None => format!("The kubelet knows {list}."),
    };
    let words = match words.split_once(" resource") {
        Some((start, _)) if map.ends_with("Reserved") => format!("{start} \"{name}\" resource"),
        _ => format!("{words} {name}"),
    };
    let path = cx.path_of(bound.entry);
    cx.report(bound.entry.key_span, format!("`{name}` is no {what}"))
        .refused(Releases::ANY)
        .key(path)
        .why(format!("The kubelet loads the file and exits a moment later: `{words}`."))
        .help(help);
}
