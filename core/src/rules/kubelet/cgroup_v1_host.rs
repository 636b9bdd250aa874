//! # `cgroup-v1-host`
//!
//! Settings that stop the kubelet on a node with cgroup v1. Select the rule for such nodes: no file tells which cgroup version
//! a node has.
//!
//! ## Why
//!
//! `failCgroupV1` is true by default since 1.35: the kubelet exits with `kubelet is configured to not run on a host using cgroup
//! v1`. `singleProcessOOMKill: false` and the swap behavior LimitedSwap need cgroup v2 as well.
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

use crate::kind::kubelet::{self, Role};
use crate::releases::Releases;
use crate::rules::kubelet_config::settles;
use crate::rules::{Category, FileCx, Rule, Run};
use crate::text::Span;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "cgroup-v1-host",
    summary: "Settings that stop the kubelet on a node with cgroup v1",
    category: Category::Migration,
    since: "0.1.0",
    fix: None,
    opt_in: true,
    run: Run::File(&[&kubelet::KIND], check),
};

const FAIL: &str = "failCgroupV1";
const HAS_FIELD: Releases = Releases::kubernetes("1.31..");
const BY_DEFAULT: Releases = Releases::kubernetes("1.35..");
const SINGLE_KILL: Releases = Releases::kubernetes("1.32..");
const SWAP: Releases = Releases::kubernetes("1.28..");

fn check(cx: &mut FileCx<'_, '_, '_>) {
    check_version(cx);
    if let Some(node) = cx.root.get("singleProcessOOMKill").filter(|n| n.as_bool() == Some(false)) {
        let words = "singleProcessOOMKill must not be explicitly set to false when using cgroup v1";
        report(
            cx,
            node.span,
            "cgroup v1 cannot kill all processes of a container at once",
            SINGLE_KILL,
            words,
            "Remove the line.",
        );
    }
    if let Some(node) = cx.root.at(&["memorySwap", "swapBehavior"]).filter(|n| n.as_str() == Some("LimitedSwap")) {
        let words = "swap feature is enabled and LimitedSwap but it is only supported with cgroupv2";
        report(
            cx,
            node.span,
            "swap for pods needs cgroup v2",
            SWAP,
            words,
            "Write NoSwap, or move the node to cgroup v2.",
        );
    }
}

fn check_version(cx: &mut FileCx<'_, '_, '_>) {
    const MESSAGE: &str = "the kubelet does not run on a node with cgroup v1";
    const HELP: &str = "Set `failCgroupV1: false`, and plan to move the node to cgroup v2.";
    let words = "kubelet is configured to not run on a host using cgroup v1";
    match cx.root.get(FAIL).filter(|node| !node.is_null()) {
        Some(node) if node.as_bool() == Some(true) => report(cx, node.span, MESSAGE, HAS_FIELD, words, HELP),
        Some(_) => {}
        None => {
            let entry = cx.root.entry("kind").or(cx.root.entries().first());
            let whole = matches!(kubelet::role(cx.file, cx.root), Role::Main | Role::Whole);
            if let Some(entry) = entry.filter(|_| whole && settles(cx, &[FAIL])) {
                report(cx, entry.key_span, MESSAGE, BY_DEFAULT, words, HELP);
            }
        }
    }
}

fn report(cx: &mut FileCx<'_, '_, '_>, span: Span, message: &str, releases: Releases, words: &str, help: &'static str) {
    cx.report(span, message)
        .refused(releases)
        .key(FAIL)
        .why(format!("On cgroup v1 the kubelet does not start: `{words}`."))
        .help(help);
}
