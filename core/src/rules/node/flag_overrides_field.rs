//! # `flag-overrides-field`
//!
//! A flag of the kubelet and the field of its configuration file say different things.
//!
//! ## Why
//!
//! The kubelet parses its flags again over the file: the flag wins, and the file does not say what the kubelet does.
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
use crate::systemd::flags;
use crate::systemd::flags::Program;

pub(crate) const RULE: Rule = Rule {
    id: "flag-overrides-field",
    summary: "A flag of the kubelet that overrules its file",
    category: Category::Suspicious,
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    if !is_one_node(cx.loaded) {
        return;
    }
    let of =
        |kind: &crate::kind::Kind| cx.loaded.files.iter().copied().filter(|f| *f.kind == *kind).collect::<Vec<_>>();
    let (files, commands) = (of(&kubelet::KIND), of(&flags::KIND));
    for command in commands {
        for flag in flags::flags(command).into_iter().filter(|f| f.program == Program::Kubelet) {
            let Some(known) = table::kubelet(&flag.name.replace('_', "-")) else { continue };
            // The cgroup driver has a rule of its own, with the runtime's.
            let Some(field) = known.key().filter(|field| *field != "cgroupDriver") else { continue };
            let Some(value) = flag.value.filter(|v| !v.contains(['$', '{'])) else { continue };
            let path: Vec<&str> = field.split('.').collect();
            let found = files.iter().filter_map(|file| Some((*file, file.body().at(&path)?)));
            for (file, node) in found.filter(|(_, node)| differs(node, value)) {
                let releases = Releases::ANY.with(Product::Kubernetes, known.releases());
                report(cx, file, node, (field, known.name(), value), releases, (command.index, flag.span));
            }
        }
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

fn report(
    cx: &mut NodeCx,
    file: &File,
    node: &Node,
    (field, flag, value): (&str, &str, &str),
    releases: Releases,
    (command, span): (usize, crate::text::Span),
) {
    cx.report(file.index, node.span, format!("`--{flag}={value}` overrules this value"))
        .ignored(releases)
        .key(field.to_owned())
        .why(
            "The kubelet parses its flags again over the file: a flag wins over the field, in whatever file it stands.",
        )
        .help(format!("Write {value} here, if that is meant, and remove the flag."))
        .label_in(command, span, "the flag that wins");
}
