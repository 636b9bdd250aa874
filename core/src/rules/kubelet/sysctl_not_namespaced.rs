//! # `sysctl-not-namespaced`
//!
//! `allowedUnsafeSysctls` allows pods a sysctl that no namespace keeps apart.
//!
//! ## Why
//!
//! The kubelet does not start: `the sysctls "vm.max_map_count" are not known to be namespaced`. Such a sysctl is the whole
//! node's: no pod can set it for itself.
//!
//! ## What to do
//!
//! Set it on the node, in /etc/sysctl.d. Pods may be allowed `kernel.sem`, `kernel.shm*`, `kernel.msg*`, `fs.mqueue.*` and `net.*`.
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
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/sysctl/allowlist.go (`NewAllowlist`); kubernetes/component-helpers@v0.36.0:
//!   node/util/sysctl/namespace.go

use std::borrow::Cow;

use crate::kubelet;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "sysctl-not-namespaced",
    summary: "A sysctl that cannot be allowed to pods",
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const FIELD: &str = "allowedUnsafeSysctls";
const SINCE: Releases = Releases::kubernetes("1.16..");
const NAMESPACED: [&str; 5] = ["kernel.sem", "kernel.shm", "kernel.msg", "fs.mqueue.", "net."];

fn check(cx: &mut FileCx) {
    for node in cx.root.get(FIELD).map(Node::items).unwrap_or_default() {
        let Some(name) = node.as_str() else { continue };
        if NAMESPACED.iter().any(|start| with_dots(name).starts_with(start)) {
            continue;
        }
        cx.report(node.span, format!("`{name}` is the whole node's, and no pod's"))
            .refused(SINCE)
            .key(FIELD)
            .why(format!("The kubelet does not start: `the sysctls \"{name}\" are not known to be namespaced`."))
            .help("Remove it, and set it on the node in /etc/sysctl.d.");
    }
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
