//! # `flag-removed`
//!
//! A kubelet flag that some target releases do not have yet, or no longer have.
//!
//! ## Why
//!
//! The kubelet does not start: `failed to parse kubelet flag: unknown flag: --network-plugin`. 1.24 removed all flags
//! of dockershim, 1.27 `--container-runtime`, 1.35 `--pod-infra-container-image`, which older releases of kubeadm write
//! into `kubeadm-flags.env`.
//!
//! ## What to do
//!
//! Remove the flag before the upgrade, and replace its effect by other means.
//!
//! ## Examples
//!
//! ```sh bad
//! KUBELET_KUBEADM_ARGS="--network-plugin=cni --v=2"
//!                       ^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```sh fixed
//! KUBELET_KUBEADM_ARGS="--v=2"
//! ```
//!
//! ```sh bad
//! KUBELET_KUBEADM_ARGS="--pod-infra-container-image=registry.k8s.io/pause:3.10"
//!                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```ini bad
//! [Service]
//! ExecStart=
//! ExecStart=/usr/bin/kubelet --config=/var/lib/kubelet/config.yaml --cni-bin-dir /opt/k8s/cni
//!                                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```ini bad
//! [Service]
//! ExecStart=/usr/bin/kubelet \
//!   --config=/var/lib/kubelet/config.yaml \
//!   --container-runtime=remote
//!   ^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```ini fixed
//! [Service]
//! ExecStart=/usr/bin/kubelet \
//!   --config=/var/lib/kubelet/config.yaml
//! ```
//!
//! ```sh good kubernetes=1.23
//! KUBELET_KUBEADM_ARGS="--network-plugin=cni"
//! ```
//!
//! ## References
//!
//! - kubernetes/website#34755, kubernetes/minikube#13945, kubernetes-sigs/kubespray#8924
//! - the flag's row in `core/data/kubelet-flags.toml` names its source

use std::ops::Range;

use crate::keys::flags::KubeletFlag;
use crate::keys::lifetime::{first, is_around, is_to_come, removed_in, span_of, wait_for};
use crate::kubelet::command_line::known_flags;
use crate::kubelet::settings::kubernetes;
use crate::rules::prelude::*;
use crate::systemd::flags::{self, Flag};

pub(crate) const RULE: Rule = Rule {
    id: "flag-removed",
    summary: "Kubelet flag that some releases do not have",
    category: Category::Migration,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&flags::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let target = cx.releases().get(Product::Kubernetes);
    for (flag, row) in known_flags(cx.file) {
        let missing = target.without(row.releases());
        if !missing.is_empty() {
            report(cx, &flag, row, missing);
        }
    }
}

fn report(cx: &mut FileCx, flag: &Flag, row: &KubeletFlag, missing: ReleaseSet) {
    let name = row.name();
    let has = row.releases();
    let (message, help, fix) = if is_around(missing, has) {
        (format!("only Kubernetes {} has the kubelet's `--{name}`", span_of(has)), help(row), None)
    } else if is_to_come(missing, has) {
        (format!("the kubelet has `--{name}` since Kubernetes {}", first(has)), wait_for(has), None)
    } else {
        let edit = removal(cx.doc().text, flag.span);
        let fix = Fix::one(Applicability::Unsafe, format!("Remove `--{name}`"), edit);
        (format!("Kubernetes {} removed the kubelet's `--{name}`", removed_in(has)), help(row), Some(fix))
    };
    cx.report(flag.span, message)
        .refused(kubernetes(missing))
        .key(format!("--{name}"))
        .why(format!("The kubelet does not start: `failed to parse kubelet flag: unknown flag: --{name}`."))
        .help(help)
        .maybe_fix(fix);
}

/// What has the flag's effect now.
fn help(row: &KubeletFlag) -> String {
    match (row.instead(), row.key()) {
        (Some(instead), _) => format!("Remove it. {instead}"),
        (None, Some(key)) => format!("Set `{key}` in the kubelet's configuration file instead."),
        (None, None) => "Remove it.".to_owned(),
    }
}

/// Removes the flag with what joins it to its neighbors: its whole line where it stands alone on one, else the blanks
/// on one side.
fn removal(text: &str, flag: Span) -> Edit {
    let Range { start, end } = flag.range();
    let head = text.get(..start).unwrap_or_default();
    let tail = text.get(end..).unwrap_or_default();
    let line = head.rfind('\n').map_or(0, |i| i + 1);
    let rest = tail.find('\n').unwrap_or(tail.len());
    let before = head.get(line..).unwrap_or_default();
    let behind = tail.get(..rest).unwrap_or_default();
    let above = head.get(..line).unwrap_or_default().trim_end();
    let span = match (before.trim(), behind.trim(), above.strip_suffix('\\')) {
        ("", "\\", _) => Span::new(line, (end + rest + 1).min(text.len())),
        // The last line of a command: the one above must no longer be continued.
        ("", "", Some(above)) => Span::new(above.trim_end().len(), end),
        (_, behind, _) if behind.is_empty() || behind.starts_with(['"', '\'']) => Span::new(head.trim_end().len(), end),
        _ => Span::new(start, end + behind.len() - behind.trim_start().len()),
    };
    Edit::removal(span)
}
