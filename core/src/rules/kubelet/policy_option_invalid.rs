//! # `policy-option-invalid`
//!
//! Options of the CPU or topology manager that their policy refuses.
//!
//! ## Why
//!
//! The kubelet reads its settings, then exits: `None policy: received unsupported options`, `bad value for option
//! "full-pcpus-only"`, `static policy options ... can not be used at the same time`.
//!
//! ## What to do
//!
//! Set the policy, or remove its options. Options are "true" or "false" in quotes, `max-allowable-numa-nodes` is a
//! number of at least 8.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cpuManagerPolicyOptions:
//! ^^^^^^^^^^^^^^^^^^^^^^^
//!   full-pcpus-only: "true"
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cpuManagerPolicy: static
//! reservedSystemCPUs: 0-1
//! cpuManagerPolicyOptions:
//!   full-pcpus-only: "yes"
//!                    ^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cpuManagerPolicy: static
//! reservedSystemCPUs: 0-1
//! cpuManagerPolicyOptions:
//!   full-pcpus-only: "true"
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/cm/cpumanager/policy_none.go, policy_options.go, pkg/kubelet/cm/
//!   topologymanager/policy_options.go

use crate::go::boolean::parse_bool;
use crate::keys::checks::{Relation, pairs};
use crate::kubelet;
use crate::kubelet::feature_gates::Gates;
use crate::kubelet::maps::{CPU_OPTIONS, MapEntry, TOPOLOGY_OPTIONS, entries};
use crate::kubelet::settings::{comparable, first, kubernetes};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "policy-option-invalid",
    summary: "Options that the policy of a resource manager refuses",
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const READS_CPU_OPTIONS: Releases = Releases::kubernetes("1.22..");
const READS_TOPOLOGY_OPTIONS: Releases = Releases::kubernetes("1.26..");
const READS_NUMA_NODES: Releases = Releases::kubernetes("1.31..");
const ALIGNS_BY_SOCKET: Releases = Releases::kubernetes("1.25..");

fn check(cx: &mut FileCx) {
    let cpu = policy(cx, "cpuManagerPolicy");
    let topology = policy(cx, "topologyManagerPolicy");
    let all = entries(cx);
    let of = |map: &str| all.iter().filter(|entry| entry.map.path == map).collect::<Vec<_>>();
    let (cpu_options, topology_options) = (of(CPU_OPTIONS), of(TOPOLOGY_OPTIONS));
    match cpu.as_deref() {
        Some("static") => {
            cpu_options.iter().for_each(|entry| check_bool(cx, entry, READS_CPU_OPTIONS));
            check_pairs(cx, &cpu_options);
            check_alignment(cx, &cpu_options, topology.as_deref());
        }
        None | Some("none") if !cpu_options.is_empty() => report_unused(cx),
        _ => {}
    }
    if topology.is_none_or(|policy| policy == "none") {
        return;
    }
    for entry in topology_options {
        match entry.name {
            "max-allowable-numa-nodes" => check_nodes(cx, entry),
            _ => check_bool(cx, entry, READS_TOPOLOGY_OPTIONS),
        }
    }
}

fn policy(cx: &FileCx, path: &str) -> Option<String> {
    first(cx, path).map(|setting| setting.text.to_string()).filter(|text| !text.is_empty())
}

fn report_unused(cx: &mut FileCx) {
    let entry = cx.root.entry(CPU_OPTIONS).filter(|_| comparable(cx, &["cpuManagerPolicy", CPU_OPTIONS]));
    let Some(entry) = entry else { return };
    let gates = Gates::of(cx);
    // With the gate off, another rule reports the options.
    let off = gates.off("CPUManagerPolicyOptions").or(gates.off("CPUManager"));
    cx.report(entry.key_span, "options for the CPU manager, whose policy is none")
        .refused(kubernetes(READS_CPU_OPTIONS.get(Product::Kubernetes).without(off)))
        .key(CPU_OPTIONS)
        .why("The kubelet reads its settings, then exits: `None policy: received unsupported options`.")
        .help("Set `cpuManagerPolicy: static`, or remove the options.");
}

fn check_bool(cx: &mut FileCx, entry: &MapEntry, releases: Releases) {
    let Some(text) = entry.text.filter(|text| entry.is_known() && parse_bool(text).is_none()) else { return };
    let words = format!("bad value for option \"{}\"", entry.name);
    report(cx, entry, format!("`{text}` is neither true nor false"), &words)
        .refused(releases)
        .help("Write \"true\" or \"false\", in quotes.");
}

fn check_nodes(cx: &mut FileCx, entry: &MapEntry) {
    let Some(text) = entry.text else { return };
    let words = match text.parse::<i64>() {
        Ok(8..) => return,
        Ok(_) => "the minimum value of \"max-allowable-numa-nodes\" should not be less than 8",
        Err(_) => "unable to convert policy option to integer \"max-allowable-numa-nodes\"",
    };
    report(cx, entry, format!("`{text}` is not a number of NUMA nodes of at least 8"), words)
        .refused(READS_NUMA_NODES)
        .help("Write a number of at least 8, in quotes.");
}

fn check_pairs(cx: &mut FileCx, options: &[&MapEntry]) {
    let on = |path: &str| {
        let is_on = |option: &&&MapEntry| option.text.and_then(parse_bool) == Some(true) && option.key == path;
        options.iter().find(is_on)
    };
    for pair in pairs(Relation::Excludes) {
        if let (Some(one), Some(other)) = (on(pair.path()), on(pair.other())) {
            report(cx, other, format!("`{}` excludes `{}`", other.name, one.name), pair.prints())
                .refused(kubernetes(pair.releases()))
                .help("Keep one of the two.")
                .label(one.name_span, "the other");
        }
    }
}

fn check_alignment(cx: &mut FileCx, options: &[&MapEntry], topology: Option<&str>) {
    let is_on =
        |option: &&&MapEntry| option.name == "align-by-socket" && option.text.and_then(parse_bool) == Some(true);
    let Some(entry) = options.iter().find(is_on).filter(|_| topology == Some("single-numa-node")) else { return };
    let message = "`align-by-socket` excludes the topology policy single-numa-node".to_owned();
    let words = "Topolgy manager single-numa-node policy is incompatible with CPUManager align-by-socket policy option";
    report(cx, entry, message, words)
        .refused(ALIGNS_BY_SOCKET)
        .help("Use another topology policy, or remove the option.");
}

fn report<'o>(cx: &'o mut FileCx, entry: &MapEntry, message: String, words: &str) -> &'o mut Finding {
    cx.report(entry.span, message)
        .key(entry.key.as_str())
        .why(format!("The kubelet reads its settings, then exits: `{words}`."))
}
