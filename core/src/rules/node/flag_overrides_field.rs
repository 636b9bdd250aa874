//! # `flag-overrides-field`
//!
//! A flag of the kubelet or containerd with another value than its configuration file.
//!
//! ## Why
//!
//! The kubelet parses its flags again over the file and its drop-ins: the flag wins, and the kubelet ignores the field.
//! A flag for a list or a table replaces all of it. containerd's flags are `--address`, `--root`, `--state` and
//! `--log-level`, and win over its file and all that it imports.
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
//! ```yaml bad
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! systemReserved: {cpu: 500m, memory: 1Gi}
//!                 ^^^^^^^^^^^^^^^^^^^^^^^^
//! --- /etc/default/kubelet
//! KUBELET_EXTRA_ARGS="--system-reserved=memory=1Gi"
//! ```
//!
//! ```toml bad
//! --- /etc/containerd/config.toml
//! version = 2
//! root = "/srv/containerd"
//!        ^^^^^^^^^^^^^^^^^
//! --- /etc/systemd/system/containerd.service
//! [Service]
//! ExecStart=/usr/bin/containerd --root /data/containerd
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
//!   (`kubeletConfigFlagPrecedence`); run with 1.30.14 and 1.36.3
//! - containerd/containerd@v2.3.4:cmd/containerd/command/main.go (`applyFlags`)

use std::collections::BTreeMap;

use crate::containerd::on_node::{OverriddenValue, overridden};
use crate::go::boolean::parse_bool;
use crate::keys::flags::KubeletFlag;
use crate::kind::File;
use crate::kubelet;
use crate::kubelet::command_line::row;
use crate::node::one_node::is_one_node;
use crate::rules::prelude::*;
use crate::syntax::path::join;
use crate::syntax::{ScalarKind, Value};
use crate::systemd::flags::{Flag, PlacedFlag, Program};
use crate::systemd::on_node::flags_in_order;

pub(crate) const RULE: Rule = Rule {
    id: "flag-overrides-field",
    summary: "Flag of the kubelet or containerd that overrides its file",
    category: Category::Suspicious,
    reads_text: true,
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// A flag of the kubelet's command lines, which may stand there several times.
struct GivenFlag<'t> {
    row: &'static KubeletFlag,
    /// The last one with its file, which wins if the field is a single value.
    command: usize,
    last: Flag<'t>,
    /// All values, between commas: those of lists and tables add up.
    parts: Vec<&'t str>,
}

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    if !is_one_node(loaded) {
        return;
    }
    check_containerd(cx);
    let files: Vec<&File> = loaded.files.iter().copied().filter(|file| *file.kind == kubelet::KIND).collect();
    if files.is_empty() {
        return;
    }
    let mut given: BTreeMap<&str, GivenFlag> = BTreeMap::new();
    for PlacedFlag { file, flag } in flags_in_order(loaded, Program::Kubelet) {
        let Some(row) = row(flag.name) else { continue };
        let command = file.index;
        let parts = flag.value.unwrap_or("true").split(',').map(str::trim);
        let all = given.entry(row.name()).or_insert(GivenFlag { row, command, last: flag.clone(), parts: vec![] });
        all.parts.extend(parts);
        (all.command, all.last) = (command, flag);
    }
    for flag in given.values().filter(|flag| flag.parts.iter().all(|part| !part.contains(['$', '{']))) {
        check_flag(cx, &files, flag);
    }
}

fn check_containerd(cx: &mut NodeCx) {
    for OverriddenValue { flag, place, releases } in overridden(cx.loaded) {
        let (command, name, span) = (flag.file.index, flag.flag.name, flag.flag.span);
        let dashes = if name.len() == 1 { "-" } else { "--" };
        let value = flag.known_value().unwrap_or_default();
        let message = format!("`{dashes}{name} {value}` overrides this value");
        cx.report_value(place, message)
            .ignored(Releases::only(Product::Containerd, releases))
            .why(WHY_CONTAINERD)
            .help(format!("Write {value} here, if that is meant, and remove the flag."))
            .label_in(command, span, "the flag that wins");
    }
}

fn check_flag(cx: &mut NodeCx, files: &[&File], flag: &GivenFlag) {
    // Feature gates are merged one by one.
    let Some(field) = flag.row.key().filter(|field| *field != "featureGates") else { return };
    let path: Vec<&str> = field.split('.').collect();
    for file in files {
        let Some(node) = file.body().at(&path) else { continue };
        let lost = lost(node, field, flag);
        if !lost.is_empty() {
            report(cx, file.index, node, flag, lost);
        }
    }
}

/// The settings at a field that the flag replaces by others, beyond the way they are written.
fn lost(node: &Node, field: &str, flag: &GivenFlag) -> Vec<String> {
    let is_lost = match &node.value {
        Value::Missing => false,
        Value::Scalar(_) => differs(node, flag.last.value.unwrap_or("true")),
        Value::Seq(items) => {
            let texts: Vec<String> = items.iter().map(item_text).collect();
            !items.is_empty() && texts != flag.parts
        }
        Value::Map(map) => {
            let is_given = |entry: &&Entry| {
                let value = entry.value.as_scalar().map(|scalar| scalar.text.as_ref()).unwrap_or_default();
                let pairs = ['=', '<', ':'].map(|separator| format!("{}{separator}{value}", entry.key));
                flag.parts.iter().any(|part| pairs.iter().any(|pair| pair == part))
            };
            let lost = map.entries.iter().filter(|entry| !is_given(entry));
            return lost.map(|entry| join(&[field, &entry.key])).collect();
        }
    };
    if is_lost { vec![field.to_owned()] } else { vec![] }
}

/// An item of a list as flags write it: a text, or a taint.
fn item_text(item: &Node) -> String {
    if let Some(text) = item.as_scalar() {
        return text.text.to_string();
    }
    let text = |key: &str| item.get(key).and_then(Node::as_str).unwrap_or_default();
    let value = if text("value").is_empty() { String::new() } else { format!("={}", text("value")) };
    format!("{}{value}:{}", text("key"), text("effect"))
}

fn report(cx: &mut NodeCx, file: usize, node: &Node, flag: &GivenFlag, lost: Vec<String>) {
    let (name, value) = (flag.row.name(), flag.parts.join(","));
    let (what, help) = match node.value {
        Value::Map(_) => ("table", format!("Move the entries of `--{name}` here, and remove the flag.")),
        Value::Seq(_) => ("list", format!("Move the items of `--{name}` here, and remove the flag.")),
        _ => ("value", format!("Write {value} here, if that is meant, and remove the flag.")),
    };
    let finding = cx.report(file, node.span, format!("`--{name}={value}` overrides this {what}"));
    finding.ignored(Releases::ANY.with(Product::Kubernetes, flag.row.releases())).why(WHY).help(help).label_in(
        flag.command,
        flag.last.span,
        "the flag that wins",
    );
    for key in lost {
        finding.key(key);
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

const WHY_CONTAINERD: &str = "containerd puts its flags over what the files set: the value here has no effect.";
const WHY: &str = "The kubelet parses its flags again over the file: a flag wins over the field, in whatever file it \
    is, and replaces the whole of a list or table.";
