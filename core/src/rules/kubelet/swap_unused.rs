//! # `swap-unused`
//!
//! A kubelet that starts with swap, which no pod may use.
//!
//! ## Why
//!
//! `failSwapOn: false` lets the kubelet start on a node with swap. Since 1.30 pods get none of it unless
//! `memorySwap.swapBehavior` sets it: the default is NoSwap.
//!
//! ## What to do
//!
//! Set `memorySwap.swapBehavior: LimitedSwap` to let pods of the class Burstable swap (it needs cgroup v2), or leave
//! it, if the node's own processes alone are to swap.
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

use crate::rules::prelude::*;

const NO_SWAP_BY_DEFAULT: Releases = Releases::kubernetes("1.30..");

pub(crate) const RULE: Rule = Rule {
    id: "swap-unused",
    summary: "Swap that no pod may use",
    category: Category::Suspicious,
    run: Run::Settings(&[SettingCheck {
        unless: &[("memorySwap.swapBehavior", Test::NotEmpty)],
        outcomes: &[(Effect::Advice, NO_SWAP_BY_DEFAULT)],
        message: "`{name}` is false, but pods cannot use swap",
        why: "Without `memorySwap.swapBehavior` the kubelet uses NoSwap. That is right where only the node's own \
              processes are to swap.",
        help: "Set `memorySwap.swapBehavior: LimitedSwap` to let pods swap; it needs cgroup v2.",
        ..SettingCheck::of(&daemons::KUBELET, "failSwapOn", Test::Is(false))
    }]),
    ..Rule::DEFAULTS
};
