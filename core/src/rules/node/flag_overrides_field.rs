//! # `flag-overrides-field`
//!
//! A flag of the kubelet with another value than the field of its configuration file.
//!
//! ## Why
//!
//! The kubelet parses its flags again over the file: the flag wins, and the kubelet ignores the field.
//!
//! ## What to do
//!
//! Keep the right value in the file, and remove the flag.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! maxPods: 60
//!          ^^
//! --- /etc/default/kubelet
//! KUBELET_EXTRA_ARGS="--max-pods=110"
//! ```
//!
//! ```yaml good
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! maxPods: 110
//! --- /etc/default/kubelet
//! KUBELET_EXTRA_ARGS="--max-pods=110"
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes#56171; kubernetes/kubernetes@v1.36.0:cmd/kubelet/app/server.go
//!   (`kubeletConfigFlagPrecedence`)

use crate::go::boolean::parse_bool;
use crate::keys::flags as table;
use crate::kind::File;
use crate::kubelet;
use crate::node::one_node::is_one_node;
use crate::rules::prelude::*;
use crate::syntax::ScalarKind;
use crate::systemd::flags::{self, Flag, Program};

pub(crate) const RULE: Rule = Rule {
    id: "flag-overrides-field",
    summary: "Flag of the kubelet that overrides its file",
    category: Category::Suspicious,
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    if !is_one_node(loaded) {
        return;
    }
    let files: Vec<&File> = loaded.files.iter().copied().filter(|file| *file.kind == kubelet::KIND).collect();
    for command in loaded.files.iter().filter(|file| *file.kind == flags::KIND && !files.is_empty()) {
        for flag in flags::flags(command) {
            if flag.program == Program::Kubelet {
                check_flag(cx, &files, command.index, &flag);
            }
        }
    }
}

fn check_flag(cx: &mut NodeCx, files: &[&File], command: usize, flag: &Flag) {
    let Some(known) = table::kubelet(&flag.name.replace('_', "-")) else { return };
    // The rule `cgroup-driver-mismatch` compares the cgroup driver with that of the runtime.
    let Some(field) = known.key().filter(|field| *field != "cgroupDriver") else { return };
    let Some(value) = flag.value.filter(|value| !value.contains(['$', '{'])) else { return };
    let path: Vec<&str> = field.split('.').collect();
    for file in files {
        let Some(node) = file.body().at(&path).filter(|node| differs(node, value)) else { continue };
        cx.report(file.index, node.span, format!("`--{}={value}` overrides this value", known.name()))
            .ignored(Releases::ANY.with(Product::Kubernetes, known.releases()))
            .key(field)
            .why(WHY)
            .help(format!("Write {value} here, if that is meant, and remove the flag."))
            .label_in(command, flag.span, "the flag that wins");
    }
}

/// Whether a single value in the file is another one than the flag's, beyond the way it is written.
fn differs(node: &Node, value: &str) -> bool {
    let Some(scalar) = node.as_scalar() else { return false };
    match scalar.kind {
        ScalarKind::Bool => parse_bool(value).is_some_and(|flag| node.as_bool() != Some(flag)),
        ScalarKind::Integer => value.parse().is_ok_and(|flag: i64| node.as_int() != Some(flag)),
        ScalarKind::String => !scalar.text.is_empty() && scalar.text != value,
        _ => false,
    }
}

const WHY: &str = "The kubelet parses its flags again over the file: a flag wins over the field, in whatever file it \
    is.";
