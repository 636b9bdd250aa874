//! # `sysctl-not-namespaced`
//!
//! `allowedUnsafeSysctls` with a sysctl that is not namespaced.
//!
//! ## Why
//!
//! The kubelet does not start: `the sysctls "vm.max_map_count" are not known to be namespaced`. Such a sysctl belongs
//! to the whole node: a pod cannot set it for itself.
//!
//! ## What to do
//!
//! Set it on the node, in /etc/sysctl.d. Pods may be allowed `kernel.sem`, `kernel.shm*`, `kernel.msg*`, `fs.mqueue.*`
//! and `net.*`.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! allowedUnsafeSysctls:
//! - vm.max_map_count
//!   ^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! allowedUnsafeSysctls:
//! - net.core.somaxconn
//! - kernel.shm*
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/sysctl/allowlist.go (`NewAllowlist`);
//!   kubernetes/component-helpers@v0.36.0:node/util/sysctl/namespace.go

use std::borrow::Cow;

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "sysctl-not-namespaced",
    summary: "Sysctl that pods cannot be allowed to set",
    run: Run::Settings(&[SettingCheck {
        outcomes: &[(Effect::Refused, CHECKS_SYSCTLS)],
        message: "`{value}` belongs to the whole node, not to a pod",
        why: "The kubelet does not start: `the sysctls \"{value}\" are not known to be namespaced`.",
        help: "Remove it, and set it on the node in /etc/sysctl.d.",
        ..SettingCheck::of(&daemons::KUBELET, "allowedUnsafeSysctls[]", Test::Where(is_of_the_node))
    }]),
    ..Rule::DEFAULTS
};

const CHECKS_SYSCTLS: Releases = Releases::kubernetes("1.16..");
/// Starts of the names that are namespaced.
/// Source: kubernetes/component-helpers@v0.36.0:node/util/sysctl/namespace.go.
const NAMESPACED: [&str; 5] = ["kernel.sem", "kernel.shm", "kernel.msg", "fs.mqueue.", "net."];

fn is_of_the_node(setting: &WrittenSetting) -> bool {
    let is_namespaced = |name: &str| NAMESPACED.iter().any(|start| name.starts_with(start));
    setting.as_str().is_some_and(|name| !is_namespaced(&with_dots(name)))
}

/// `net/ipv4/conf/eth0.100/x` is `net.ipv4.conf.eth0/100.x`.
fn with_dots(name: &str) -> Cow<'_, str> {
    if name.find(['.', '/']).is_none_or(|i| name.get(i..=i) == Some(".")) {
        return Cow::Borrowed(name);
    }
    let swap = |c| match c {
        '.' => '/',
        '/' => '.',
        c => c,
    };
    Cow::Owned(name.chars().map(swap).collect())
}
