//! # `static-policy-unreserved`
//!
//! The static CPU or memory manager without the reservation for the system that it requires.
//!
//! ## Why
//!
//! The kubelet reads its settings, then exits: `the static policy requires systemreserved.cpu + kubereserved.cpu to be
//! greater than zero`. The memory manager requires that the sum of `reservedMemory` equals the sum of `kubeReserved`,
//! `systemReserved` and the hard eviction threshold (100Mi by default): `the total amount "0" of type "memory" is not
//! equal to the value "100Mi" determined by Node Allocatable feature`.
//!
//! ## What to do
//!
//! Reserve CPUs with `reservedSystemCPUs`, `systemReserved` or `kubeReserved`; list in `reservedMemory`, for each NUMA
//! node, exactly as much memory as is reserved and kept free.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cpuManagerPolicy: static
//!                   ^^^^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! memoryManagerPolicy: Static
//!                      ^^^^^^
//! systemReserved:
//!   memory: 1Gi
//! reservedMemory:
//! - numaNode: 0
//!   limits:
//!     memory: 1Gi
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cpuManagerPolicy: static
//! reservedSystemCPUs: 0-1
//! memoryManagerPolicy: Static
//! systemReserved:
//!   memory: 924Mi
//! reservedMemory:
//! - numaNode: 0
//!   limits:
//!     memory: 1Gi
//! ```
//!
//! Where kubeadm passes the reservation as a flag, the file alone does not show it:
//!
//! ```yaml good
//! --- kubeadm.yaml
//! apiVersion: kubeadm.k8s.io/v1beta4
//! kind: InitConfiguration
//! nodeRegistration:
//!   kubeletExtraArgs:
//!   - name: reserved-cpus
//!     value: 0-1
//! ---
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cpuManagerPolicy: static
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes#70161, kubernetes/website#19051
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/cm/cpumanager/cpu_manager.go,
//!   pkg/kubelet/cm/memorymanager/memory_manager.go (`validateReservedMemory`),
//!   pkg/kubelet/cm/node_container_manager_linux.go (`GetNodeAllocatableReservation`)

use crate::kubelet;
use crate::kubelet::feature_gates::Gates;
use crate::kubelet::quantity;
use crate::kubelet::settings::{first, kubernetes, settles};
use crate::kubelet::values::number_of;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "static-policy-unreserved",
    summary: "Static CPU or memory manager without reservation",
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const RESERVES_MEMORY: ReleaseSet = Releases::kubernetes("1.21..").get(Product::Kubernetes);
/// The default of `memory.available` in `evictionHard`, in bytes.
const DEFAULT_EVICTION: f64 = 100.0 * 1024.0 * 1024.0;

fn check(cx: &mut FileCx) {
    check_cpu(cx);
    check_memory(cx);
}

fn check_cpu(cx: &mut FileCx) {
    let Some(policy) = first(cx, "cpuManagerPolicy").filter(|policy| policy.text == "static") else { return };
    let is_listed = first(cx, "reservedSystemCPUs").is_some_and(|cpus| !cpus.text.is_empty());
    let is_reserved = is_listed || reserved(cx, "cpu") != Some(0.0);
    if is_reserved || !settles(cx, &["reservedSystemCPUs", "systemReserved", "kubeReserved"]) {
        return;
    }
    let off = Gates::of(cx).off("CPUManager");
    let releases = Releases::ANY.get(Product::Kubernetes).without(off);
    cx.report(policy.value_span, "the CPU manager is static, but no CPU is reserved for the system")
        .refused(kubernetes(releases))
        .key(policy.path.as_str())
        .why(
            "The kubelet reads its settings, then exits: `the static policy requires systemreserved.cpu + \
             kubereserved.cpu to be greater than zero`.",
        )
        .help(
            "Set `reservedSystemCPUs` to CPUs for the system such as 0-1, or `cpu` in `systemReserved` or \
             `kubeReserved`.",
        );
}

fn check_memory(cx: &mut FileCx) {
    let Some(policy) = first(cx, "memoryManagerPolicy").filter(|policy| policy.text == "Static") else { return };
    let (Some(listed), Some(reserved), Some(eviction)) = (listed_memory(cx), reserved(cx, "memory"), eviction(cx))
    else {
        return;
    };
    let kept = reserved + eviction;
    let fields = ["reservedMemory", "systemReserved", "kubeReserved", "evictionHard", "mergeDefaultEvictionSettings"];
    if listed == kept || !settles(cx, &fields) {
        return;
    }
    let off = Gates::of(cx).off("MemoryManager");
    let (listed, kept) = (amount(listed), amount(kept));
    let message = format!(
        "the memory manager is static, but `reservedMemory` lists {listed} where {kept} are reserved and kept free"
    );
    cx.report(policy.value_span, message)
        .refused(kubernetes(RESERVES_MEMORY.without(off)))
        .key(policy.path.as_str())
        .why(
            "The kubelet reads its settings, then exits: `the total amount ... of type \"memory\" is not equal to the \
             value ... determined by Node Allocatable feature`.",
        )
        .help(format!(
            "List {kept} in `reservedMemory`, over all NUMA nodes: `memory` of `systemReserved` and `kubeReserved`, \
             and the hard eviction threshold `memory.available`."
        ));
}

/// The reserved amount of a resource; nothing if a value cannot be read.
fn reserved(cx: &FileCx, resource: &str) -> Option<f64> {
    let maps = ["systemReserved", "kubeReserved"].into_iter().filter_map(|map| cx.root.at(&[map, resource]));
    maps.map(|node| quantity::parse(node.as_str()?).ok().map(|q| q.value)).sum()
}

/// The sum of `reservedMemory`.
fn listed_memory(cx: &FileCx) -> Option<f64> {
    let items = cx.root.get("reservedMemory").map(Node::items).unwrap_or_default();
    let limits = items.iter().filter_map(|item| item.at(&["limits", "memory"]));
    limits.map(|node| number_of(node).or_else(|| Some(quantity::parse(node.as_str()?).ok()?.value))).sum()
}

/// The hard threshold for memory, in bytes; nothing if it is a percentage.
fn eviction(cx: &FileCx) -> Option<f64> {
    let Some(map) = cx.root.get("evictionHard").filter(|map| !map.is_null()) else { return Some(DEFAULT_EVICTION) };
    let merges = cx.root.get("mergeDefaultEvictionSettings").and_then(Node::as_bool) == Some(true);
    match map.get("memory.available").map(Node::as_str) {
        // Releases without that field do not merge.
        None if merges => None,
        None | Some(Some("0%" | "100%")) => Some(0.0),
        Some(text) => Some(quantity::parse(text?).ok()?.value),
    }
}

/// An amount of memory to the byte, as the kubelet compares it.
fn amount(bytes: f64) -> String {
    let bytes = bytes as i64;
    match (bytes % (1 << 20), bytes % (1 << 10)) {
        _ if bytes == 0 => "nothing".to_owned(),
        (0, _) => format!("{}Mi", bytes >> 20),
        (_, 0) => format!("{}Ki", bytes >> 10),
        _ => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::{DEFAULT_EVICTION, amount};

    #[test]
    fn amounts_are_exact_to_the_byte() {
        for (bytes, text) in [
            (0.0, "nothing"),
            (DEFAULT_EVICTION, "100Mi"),
            (1_572_864.0, "1536Ki"),
            (500e6 + DEFAULT_EVICTION, "604857600 bytes"),
        ] {
            assert_eq!(amount(bytes), text);
        }
    }
}
