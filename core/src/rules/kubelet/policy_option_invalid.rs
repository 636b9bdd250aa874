//! # `policy-option-invalid`
//!
//! Options of the CPU or topology manager that their policy does not take.
//!
//! ## Why
//!
//! The kubelet reads its settings and exits a moment later: `None policy: received unsupported options`, `bad value for option
//! "full-pcpus-only"`, `static policy options ... can not be used at the same time`.
//!
//! ## What to do
//!
//! Set the policy, or remove its options. Options take "true" and "false" in quotes, `max-allowable-numa-nodes` a number from
//! 8 on.
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
use crate::kubelet;
use crate::kubelet::maps::{MapEntry, entries};
use crate::kubelet::settings::{Gates, comparable, get, kubernetes};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "policy-option-invalid",
    summary: "Options that the policy of a resource manager does not take",
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const CPU: &str = "cpuManagerPolicyOptions";
const TOPOLOGY: &str = "topologyManagerPolicyOptions";
const CPU_OPTIONS: Releases = Releases::kubernetes("1.22..");
const TOPOLOGY_OPTIONS: Releases = Releases::kubernetes("1.26..");
const CORES: Releases = Releases::kubernetes("1.31..");
const CACHES: Releases = Releases::kubernetes("1.32..");
const SOCKETS: Releases = Releases::kubernetes("1.25..");

/// Options that exclude each other.
const PAIRS: [(&str, &str, Releases); 4] = [
    ("full-pcpus-only", "distribute-cpus-across-cores", CORES),
    ("distribute-cpus-across-numa", "distribute-cpus-across-cores", CORES),
    ("prefer-align-cpus-by-uncorecache", "distribute-cpus-across-cores", CACHES),
    ("prefer-align-cpus-by-uncorecache", "distribute-cpus-across-numa", CACHES),
];

fn check(cx: &mut FileCx) {
    let policy = |cx: &FileCx, field| get(cx, field).map(|v| v.text.to_string()).filter(|t| !t.is_empty());
    let cpu = policy(cx, "cpuManagerPolicy");
    let topology = policy(cx, "topologyManagerPolicy");
    let all = entries(cx);
    let of = |map: &'static str| all.iter().filter(move |e| e.map == map);
    if cpu.as_deref() == Some("static") {
        of(CPU).for_each(|entry| check_bool(cx, entry, CPU_OPTIONS));
        check_pairs(cx, &of(CPU).collect::<Vec<_>>(), topology.as_deref());
    } else if of(CPU).next().is_some() && matches!(cpu.as_deref(), None | Some("none")) {
        report_unused(cx);
    }
    if topology.is_some_and(|policy| policy != "none") {
        of(TOPOLOGY).for_each(|entry| match entry.name.as_ref() {
            "max-allowable-numa-nodes" => check_nodes(cx, entry),
            _ => check_bool(cx, entry, TOPOLOGY_OPTIONS),
        });
    }
}

fn report_unused(cx: &mut FileCx) {
    let Some(entry) = cx.root.entry(CPU).filter(|_| comparable(cx, &["cpuManagerPolicy", CPU])) else { return };
    let gates = Gates::of(cx);
    // With the gate off, another rule tells about it.
    let off = gates.off("CPUManagerPolicyOptions").or(gates.off("CPUManager"));
    cx.report(entry.key_span, "options for the CPU manager, whose policy is none")
        .refused(kubernetes(CPU_OPTIONS.get(Product::Kubernetes).without(off)))
        .key(CPU)
        .why("The kubelet reads its settings and exits a moment later: `None policy: received unsupported options`.")
        .help("Set `cpuManagerPolicy: static`, or remove the options.");
}

fn check_bool(cx: &mut FileCx, entry: &MapEntry, releases: Releases) {
    let Some(text) = entry.text.as_deref().filter(|text| entry.is_known() && parse_bool(text).is_none()) else {
        return;
    };
    report(
        cx,
        entry,
        releases,
        format!("`{text}` is neither true nor false"),
        &format!("bad value for option \"{}\"", entry.name),
        "Write \"true\" or \"false\", in quotes.",
    );
}

fn check_nodes(cx: &mut FileCx, entry: &MapEntry) {
    let Some(text) = entry.text.as_deref() else { return };
    let words = match text.parse::<i64>() {
        Ok(n) if n >= 8 => return,
        Ok(_) => "the minimum value of \"max-allowable-numa-nodes\" should not be less than 8",
        Err(_) => "unable to convert policy option to integer \"max-allowable-numa-nodes\"",
    };
    let message = format!("`{text}` is no number of NUMA nodes from 8 on");
    report(cx, entry, CORES, message, words, "Write a number from 8 on, in quotes.");
}

fn check_pairs(cx: &mut FileCx, options: &[&MapEntry], topology: Option<&str>) {
    let on =
        |name: &str| options.iter().find(|o| o.name == name && o.text.as_deref().and_then(parse_bool) == Some(true));
    for (one, other, releases) in PAIRS {
        if let (Some(first), Some(second)) = (on(one), on(other)) {
            let words = format!("static policy options {one} and {other} can not be used at the same time");
            let message = format!("`{other}` excludes `{one}`");
            report(cx, second, releases, message, &words, "Keep one of the two.").label(first.name_span, "the other");
        }
    }
    if let (Some(entry), Some("single-numa-node")) = (on("align-by-socket"), topology) {
        let words =
            "Topolgy manager single-numa-node policy is incompatible with CPUManager align-by-socket policy option";
        let message = "`align-by-socket` excludes the topology policy single-numa-node".to_owned();
        report(cx, entry, SOCKETS, message, words, "Use another topology policy, or remove the option.");
    }
}

fn report<'o>(
    cx: &'o mut FileCx,
    entry: &MapEntry,
    releases: Releases,
    message: String,
    words: &str,
    help: &'static str,
) -> &'o mut crate::finding::Finding {
    cx.report(entry.span, message)
        .refused(releases)
        .key(entry.key.clone())
        .why(format!("The kubelet reads its settings and exits a moment later: `{words}`."))
        .help(help)
}
