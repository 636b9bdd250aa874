//! # `node-label-invalid`
//!
//! A label that the kubelet may not give to its own node, or that no node can have.
//!
//! ## Why
//!
//! Since 1.16 the kubelet does not start: `unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels`. A node that
//! names its own role could draw other nodes' secrets to itself, so that labels such as `node-role.kubernetes.io/worker` are
//! for the cluster to set.
//!
//! ## What to do
//!
//! Label the node from outside, with `kubectl label node NAME node-role.kubernetes.io/worker=`; or use a prefix of your own, or
//! `node.kubernetes.io`.
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
//! - kubernetes/kubernetes@v1.36.0:cmd/kubelet/app/options/options.go (`ValidateKubeletFlags`), kubernetes/kubelet@v0.31.0:
//!   pkg/apis/well_known_labels.go

use crate::kubelet::names::{bad_label_value, bad_qualified_name};
use crate::rules::prelude::*;
use crate::systemd::flags;
use crate::systemd::flags::Program;

pub(crate) const RULE: Rule = Rule {
    id: "node-label-invalid",
    summary: "A label that the kubelet may not give to its node",
    run: Run::File(&[&flags::KIND], check),
    ..Rule::DEFAULTS
};

/// They exit; older ones log a warning.
const REFUSED: Releases = Releases::kubernetes("1.16..");

/// Names of Kubernetes that a kubelet may set on its own node.
const ALLOWED: [&str; 11] = [
    "kubernetes.io/hostname",
    "kubernetes.io/os",
    "kubernetes.io/arch",
    "topology.kubernetes.io/zone",
    "topology.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone",
    "failure-domain.beta.kubernetes.io/region",
    "beta.kubernetes.io/instance-type",
    "node.kubernetes.io/instance-type",
    "beta.kubernetes.io/os",
    "beta.kubernetes.io/arch",
];

fn check(cx: &mut FileCx) {
    for flag in flags::flags(cx.file) {
        let named = flag.program == Program::Kubelet && flag.name == "node-labels";
        let Some(value) = flag.value.filter(|v| named && !v.contains(['$', '{', '<'])) else { continue };
        let exact = flag.value_span.of(cx.doc().text) == value;
        let mut at = flag.value_span.start as usize;
        for label in value.split(',') {
            let (name, text) = label.split_once('=').unwrap_or((label, ""));
            let place = |len: usize| if exact { Span::new(at, at + len) } else { flag.value_span };
            let (name, text) = (name.trim(), text.trim());
            if name.is_empty() {
            } else if is_kubernetes(name) && !is_allowed(name) {
                report_reserved(cx, place(name.len()), name);
            } else if let Some(words) = bad_qualified_name(name).or_else(|| bad_label_value(text)) {
                report_invalid(cx, place(label.len()), label, words);
            }
            at += label.len() + 1;
        }
    }
}

fn namespace(name: &str) -> &str {
    name.split_once('/').map_or("", |(namespace, _)| namespace)
}

fn within(namespace: &str, domain: &str) -> bool {
    namespace.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn is_kubernetes(name: &str) -> bool {
    within(namespace(name), "kubernetes.io") || within(namespace(name), "k8s.io")
}

fn is_allowed(name: &str) -> bool {
    let domains = ["kubelet.kubernetes.io", "node.kubernetes.io"];
    ALLOWED.contains(&name) || domains.iter().any(|domain| within(namespace(name), domain))
}

fn report_reserved(cx: &mut FileCx, span: Span, name: &str) {
    cx.report(span, format!("the kubelet may not give its node the label `{name}`"))
        .refused(REFUSED)
        .key("--node-labels")
        .why(format!("The kubelet does not start: `unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels: [{name}]`."))
        .help(format!("Set it from outside: `kubectl label node NAME {name}=`. Or use a prefix of your own, or node.kubernetes.io."));
}

fn report_invalid(cx: &mut FileCx, span: Span, label: &str, words: &str) {
    cx.report(span, format!("`{label}` is no label"))
        .refused(REFUSED)
        .key("--node-labels")
        .why(format!("The kubelet does not start: `invalid node labels`, because of `{words}`."))
        .help("Write name=value of letters, digits, `-`, `_` and `.`, with commas between several.");
}
