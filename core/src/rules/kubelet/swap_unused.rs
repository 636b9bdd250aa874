//! # `swap-unused`
//!
//! The kubelet is told to start with swap, and no pod may use it.
//!
//! ## Why
//!
//! `failSwapOn: false` lets the kubelet start on a node with swap. Since 1.30 pods get none of it unless
//! `memorySwap.swapBehavior` says so: the default is NoSwap.
//!
//! ## What to do
//!
//! Set `memorySwap.swapBehavior: LimitedSwap` to let pods of the class Burstable swap (it needs cgroup v2), or leave it, if the
//! node's own processes alone are to swap.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! failSwapOn: false
//!             ^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! failSwapOn: false
//! memorySwap:
//!   swapBehavior: LimitedSwap
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes#53533, kubernetes/kubeadm#2563
//! - kubernetes/kubernetes@v1.36.0:cmd/kubelet/app/server.go (`NoSwap is set due to memorySwapBehavior not specified`)

use crate::kubelet;
use crate::kubelet::kind::Role;
use crate::releases::Releases;
use crate::rules::{Category, FileCx, Rule, Run};
use crate::syntax::Node;

pub(crate) const RULE: Rule = Rule {
    id: "swap-unused",
    summary: "Swap that no pod may use",
    category: Category::Suspicious,
    since: "0.1.0",
    fix: None,
    opt_in: false,
    run: Run::File(&[&kubelet::KIND], check),
};

const NO_SWAP: Releases = Releases::kubernetes("1.30..");

fn check(cx: &mut FileCx<'_, '_, '_>) {
    let whole = matches!(kubelet::role(cx.file, cx.root), Role::Main | Role::Whole);
    let behavior = cx.root.at(&["memorySwap", "swapBehavior"]).and_then(Node::as_str).unwrap_or_default();
    let Some(node) = cx.root.get("failSwapOn").filter(|n| whole && n.as_bool() == Some(false)) else { return };
    if behavior.is_empty() {
        cx.report(node.span, "the kubelet starts with swap, and pods get none of it")
            .advice(NO_SWAP)
            .key("failSwapOn")
            .why("Without `memorySwap.swapBehavior` the kubelet takes NoSwap. That is fine where the node's own processes alone are to swap.")
            .help("Set `memorySwap.swapBehavior: LimitedSwap` to let pods swap; it needs cgroup v2.");
    }
}
