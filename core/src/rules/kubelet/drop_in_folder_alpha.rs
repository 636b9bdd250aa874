//! # `drop-in-folder-alpha`
//!
//! `--config-dir` on Kubernetes 1.28 or 1.29 without the environment variable that allows it.
//!
//! ## Why
//!
//! The folder of drop-ins was an alpha feature: the kubelet exits with `environment variable
//! KUBELET_CONFIG_DROPIN_DIR_ALPHA not set, cannot start kubelet`. Since 1.30 the flag alone is enough.
//!
//! ## What to do
//!
//! Set the variable in the unit: `Environment=KUBELET_CONFIG_DROPIN_DIR_ALPHA=on`. Any value counts.
//!
//! ## Examples
//!
//! ```env bad kubernetes=1.29
//! --- /var/lib/kubelet/kubeadm-flags.env
//! KUBELET_KUBEADM_ARGS="--config-dir=/etc/kubernetes/kubelet.conf.d"
//!                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```env good kubernetes=1.29
//! --- /var/lib/kubelet/kubeadm-flags.env
//! KUBELET_CONFIG_DROPIN_DIR_ALPHA="on"
//! KUBELET_KUBEADM_ARGS="--config-dir=/etc/kubernetes/kubelet.conf.d"
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.28.0, v1.29.0, v1.30.0:cmd/kubelet/app/server.go (`NewKubeletCommand`)

use crate::kubelet::command_line::own_flags;
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "drop-in-folder-alpha",
    summary: "Folder of drop-ins without the variable that allows it",
    category: Category::Migration,
    run: Run::File(&[&flags::KIND], check),
    ..Rule::DEFAULTS
};

const NEEDS_VARIABLE: Releases = Releases::kubernetes("1.28..1.29");
const VARIABLE: &str = "KUBELET_CONFIG_DROPIN_DIR_ALPHA";

fn check(cx: &mut FileCx) {
    let has_value = |value: Option<&str>| value.is_some_and(|value| !value.is_empty());
    let Some(flag) = own_flags(cx.file).find(|flag| flag.name == "config-dir" && has_value(flag.value)) else {
        return;
    };
    let mut commands = cx.node.files.iter().filter(|file| *file.kind == flags::KIND);
    if commands.any(|file| file.doc.text.contains(VARIABLE)) {
        return;
    }
    cx.report(flag.span, "Kubernetes 1.28 and 1.29 need a variable for `--config-dir`")
        .refused(NEEDS_VARIABLE)
        .key("--config-dir")
        .why(format!("The kubelet does not start: `environment variable {VARIABLE} not set, cannot start kubelet`."))
        .help(format!("Set `Environment={VARIABLE}=on` in the kubelet's unit, or move to Kubernetes 1.30."));
}
