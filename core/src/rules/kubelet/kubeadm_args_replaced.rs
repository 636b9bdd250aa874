//! # `kubeadm-args-replaced`
//!
//! The administrator's environment file sets the variable that kubeadm writes.
//!
//! ## Why
//!
//! The unit reads `/var/lib/kubelet/kubeadm-flags.env` first and `/etc/default/kubelet` (or `/etc/sysconfig/kubelet`)
//! after it, so that a `KUBELET_KUBEADM_ARGS` in the latter replaces all flags that kubeadm wrote for this node, such
//! as its endpoint and its taints.
//!
//! ## What to do
//!
//! Set `KUBELET_EXTRA_ARGS`, which is added to the others.
//!
//! ## Examples
//!
//! ```sh bad
//! --- /etc/sysconfig/kubelet
//! KUBELET_KUBEADM_ARGS="--node-ip=10.0.0.10"
//! ^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```sh good
//! --- /etc/default/kubelet
//! KUBELET_EXTRA_ARGS="--node-ip=10.0.0.10"
//! ```
//!
//! ## References
//!
//! - kubernetes/release:cmd/krel/templates/latest/kubeadm/10-kubeadm.conf

use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "kubeadm-args-replaced",
    summary: "Variable that replaces the flags of kubeadm",
    category: Category::Suspicious,
    run: Run::File(&[&flags::KIND], check),
    ..Rule::DEFAULTS
};

const ARGS: &str = "KUBELET_KUBEADM_ARGS";

fn check(cx: &mut FileCx) {
    let places = ["etc/default/kubelet", "etc/sysconfig/kubelet"];
    if !places.iter().any(|place| cx.file.path.ends_with(place)) {
        return;
    }
    let Some(entry) = cx.root.entry(ARGS) else { return };
    cx.report(entry.key_span, format!("`{ARGS}` replaces the flags that kubeadm wrote for this node"))
        .harmful(Releases::ANY)
        .key(ARGS)
        .why(
            "The unit reads this file after kubeadm-flags.env, and the last value of a variable wins: the flags of \
             kubeadm are lost.",
        )
        .help("Use `KUBELET_EXTRA_ARGS`, which the unit adds to the flags of kubeadm.");
}
