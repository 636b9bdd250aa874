//! # `node-label-invalid`
//!
//! A label that the kubelet may not give to its own node, or that no node can have.
//!
//! ## Why
//!
//! Since 1.16 the kubelet does not start: `unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels`. A
//! node that sets its own role could attract pods with secrets of other nodes, so that only the cluster may set labels
//! such as `node-role.kubernetes.io/worker`.
//!
//! ## What to do
//!
//! Label the node from outside, with `kubectl label node NAME node-role.kubernetes.io/worker=`; or use a prefix of your
//! own, or `node.kubernetes.io`.
//!
//! ## Examples
//!
//! ```sh bad
//! KUBELET_EXTRA_ARGS="--node-labels=node-role.kubernetes.io/worker=,disk=ssd"
//!                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```sh bad
//! KUBELET_EXTRA_ARGS="--node-labels=disk=fast+big"
//!                                   ^^^^^^^^^^^^^
//! ```
//!
//! ```sh good
//! KUBELET_EXTRA_ARGS="--node-labels=node.kubernetes.io/role=worker,example.com/disk=ssd,topology.kubernetes.io/zone=a"
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:cmd/kubelet/app/options/options.go (`ValidateKubeletFlags`),
//!   kubernetes/kubelet@v0.31.0:pkg/apis/well_known_labels.go

use crate::kubelet::command_line::own_flags;
use crate::kubelet::names::{bad_label_value, bad_qualified_name, is_own_node_label};
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "node-label-invalid",
    summary: "Label that the kubelet may not give to its node",
    run: Run::File(&[&flags::KIND], check),
    ..Rule::DEFAULTS
};

/// Releases that exit; older ones log a warning.
const REFUSES_LABELS: Releases = Releases::kubernetes("1.16..");

fn check(cx: &mut FileCx) {
    for flag in own_flags(cx.file).filter(|flag| flag.name == "node-labels") {
        if flag.value.is_some_and(|value| value.contains(['$', '{', '<'])) {
            continue;
        }
        for part in flag.parts(cx.doc().text) {
            let (name, value) = part.text.split_once('=').unwrap_or((part.text, ""));
            let (name, value) = (name.trim(), value.trim());
            if name.is_empty() {
                continue;
            }
            if !is_own_node_label(name) {
                report_reserved(cx, part.place(0, name.len()), name);
            } else if let Some(words) = bad_qualified_name(name).or_else(|| bad_label_value(value)) {
                report_invalid(cx, part.span, part.text, words);
            }
        }
    }
}

fn report_reserved(cx: &mut FileCx, span: Span, name: &str) {
    cx.report(span, format!("the kubelet may not give its node the label `{name}`"))
        .refused(REFUSES_LABELS)
        .key("--node-labels")
        .why(format!(
            "The kubelet does not start: `unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels: \
             [{name}]`."
        ))
        .help(format!(
            "Set it from outside: `kubectl label node NAME {name}=`. Or use a prefix of your own, or \
             node.kubernetes.io."
        ));
}

fn report_invalid(cx: &mut FileCx, span: Span, label: &str, words: &str) {
    cx.report(span, format!("`{label}` is not a label"))
        .refused(REFUSES_LABELS)
        .key("--node-labels")
        .why(format!("The kubelet does not start: `invalid node labels`, because of `{words}`."))
        .help("Write name=value of letters, digits, `-`, `_` and `.`, with commas between several labels.");
}
