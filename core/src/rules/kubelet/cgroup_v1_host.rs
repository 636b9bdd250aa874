//! # `cgroup-v1-host`
//!
//! Settings that stop the kubelet on a node with cgroup v1. Select the rule for such nodes: no file sets which cgroup
//! version a node has.
//!
//! ## Why
//!
//! `failCgroupV1` is true by default since 1.35: the kubelet exits with `kubelet is configured to not run on a host
//! using cgroup v1`. `singleProcessOOMKill: false` and the swap behavior LimitedSwap need cgroup v2 as well.
//!
//! ## What to do
//!
//! Move the node to cgroup v2. Until then set `failCgroupV1: false` before the upgrade to 1.35.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! ^^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! failCgroupV1: false
//! singleProcessOOMKill: false
//!                       ^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! failCgroupV1: false
//! ```
//!
//! ## References
//!
//! - kubernetes/website#53082, kubernetes/minikube#22315, k0sproject/k0s#7264
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/apis/config/validation/validation_linux.go, v1beta1/defaults.go,
//!   cmd/kubelet/app/server.go; measured with the validators of 1.31.13 and 1.36.3 on cgroup v1

use crate::kubelet;
use crate::kubelet::settings::settles;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "cgroup-v1-host",
    summary: "Settings that stop the kubelet on a node with cgroup v1",
    category: Category::Migration,
    opt_in: true,
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

/// A setting that cgroup v1 does not allow.
struct Refusal {
    key: &'static str,
    releases: Releases,
    message: &'static str,
    prints: &'static str,
    help: &'static str,
}

const FAIL: Refusal = Refusal {
    key: "failCgroupV1",
    releases: Releases::kubernetes("1.31.."),
    message: "the kubelet does not run on a node with cgroup v1",
    prints: "kubelet is configured to not run on a host using cgroup v1",
    help: "Set `failCgroupV1: false`, and plan to move the node to cgroup v2.",
};
const FAIL_BY_DEFAULT: Refusal = Refusal { releases: Releases::kubernetes("1.35.."), ..FAIL };
const GROUP_KILL: Refusal = Refusal {
    key: "singleProcessOOMKill",
    releases: Releases::kubernetes("1.32.."),
    message: "cgroup v1 cannot kill all processes of a container at once",
    prints: "singleProcessOOMKill must not be explicitly set to false when using cgroup v1",
    help: "Remove the line.",
};
const SWAP: Refusal = Refusal {
    key: "memorySwap.swapBehavior",
    releases: Releases::kubernetes("1.28.."),
    message: "swap for pods needs cgroup v2",
    prints: "swap feature is enabled and LimitedSwap but it is only supported with cgroupv2",
    help: "Write NoSwap, or move the node to cgroup v2.",
};

fn check(cx: &mut FileCx) {
    match cx.root.get(FAIL.key).filter(|node| !node.is_null()) {
        Some(node) if node.as_bool() == Some(true) => report(cx, node.span, &FAIL),
        Some(_) => {}
        None => {
            let entry = cx.root.entry("kind").or(cx.root.entries().first());
            if let Some(entry) = entry.filter(|_| settles(cx, &[FAIL.key])) {
                report(cx, entry.key_span, &FAIL_BY_DEFAULT);
            }
        }
    }
    if let Some(node) = cx.root.get(GROUP_KILL.key).filter(|node| node.as_bool() == Some(false)) {
        report(cx, node.span, &GROUP_KILL);
    }
    let swap = cx.root.at(&["memorySwap", "swapBehavior"]);
    if let Some(node) = swap.filter(|node| node.as_str() == Some("LimitedSwap")) {
        report(cx, node.span, &SWAP);
    }
}

fn report(cx: &mut FileCx, span: Span, refusal: &Refusal) {
    cx.report(span, refusal.message)
        .refused(refusal.releases)
        .key(refusal.key)
        .why(format!("On cgroup v1 the kubelet does not start: `{}`.", refusal.prints))
        .help(refusal.help);
}
