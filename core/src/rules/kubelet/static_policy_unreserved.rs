//! # `static-policy-unreserved`
//!
//! The static CPU or memory manager without what must be reserved for the system.
//!
//! ## Why
//!
//! The kubelet reads its settings and exits a moment later: `the static policy requires systemreserved.cpu + kubereserved.cpu
//! to be greater than zero`. The memory manager wants the sum of `reservedMemory` to be what `kubeReserved`, `systemReserved`
//! and the hard eviction threshold (100Mi by default) keep free together: `the total amount "0" of type "memory" is not equal
//! to the value "100Mi" determined by Node Allocatable feature`.
//!
//! ## What to do
//!
//! Reserve CPUs with `reservedSystemCPUs`, `systemReserved` or `kubeReserved`; list in `reservedMemory`, node by node, just as
//! much memory as is reserved and kept free.
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
//! Where kubeadm passes the reservation as a flag, the file alone does not tell:
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
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/cm/cpumanager/cpu_manager.go, pkg/kubelet/cm/memorymanager/memory_manager.go
//!   (`validateReservedMemory`), pkg/kubelet/cm/node_container_manager_linux.go (`GetNodeAllocatableReservation`)

use crate::kubelet;
use crate::kubelet::quantity;
use crate::kubelet::settings::{Gates, get, kubernetes, number, settles};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "static-policy-unreserved",
    summary: "A static CPU or memory manager without reservation",
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const MEMORY: Releases = Releases::kubernetes("1.21..");
const DEFAULT_EVICTION: f64 = 100.0 * 1024.0 * 1024.0;

fn check(cx: &mut FileCx) {
    check_cpu(cx);
    check_memory(cx);
}

fn check_cpu(cx: &mut FileCx) {
    let Some(policy) = get(cx, "cpuManagerPolicy").filter(|v| v.text == "static") else { return };
    let listed = get(cx, "reservedSystemCPUs").is_some_and(|v| !v.text.is_empty());
    let reserved = reserved(cx, "cpu");
    if listed || reserved != Some(0.0) || !settles(cx, &["reservedSystemCPUs", "systemReserved", "kubeReserved"]) {
        return;
    }
    let off = Gates::of(cx).off("CPUManager");
    cx.report(policy.span, "the static CPU manager, and no CPU is reserved for the system")
        .refused(kubernetes(Releases::ANY.get(Product::Kubernetes).without(off)))
        .key(policy.key.clone())
        .why("The kubelet reads its settings and exits a moment later: `the static policy requires systemreserved.cpu + kubereserved.cpu to be greater than zero`.")
        .help("Set `reservedSystemCPUs` to CPUs for the system such as 0-1, or `cpu` in `systemReserved` or `kubeReserved`.");
}

fn check_memory(cx: &mut FileCx) {
    let Some(policy) = get(cx, "memoryManagerPolicy").filter(|v| v.text == "Static") else { return };
    let fields = ["reservedMemory", "systemReserved", "kubeReserved", "evictionHard", "mergeDefaultEvictionSettings"];
    let (Some(listed), Some(reserved), Some(eviction)) = (listed_memory(cx), reserved(cx, "memory"), eviction(cx))
    else {
        return;
    };
    let kept = reserved + eviction;
    if listed == kept || !settles(cx, &fields) {
        return;
    }
    let off = Gates::of(cx).off("MemoryManager");
    let (listed, kept) = (amount(listed), amount(kept));
    let finding = cx.report(
        policy.span,
        format!("the static memory manager, with {listed} in `reservedMemory` where {kept} are reserved and kept free"),
    );
    finding
        .refused(kubernetes(MEMORY.get(Product::Kubernetes).without(off)))
        .key(policy.key.clone())
        .why("The kubelet reads its settings and exits a moment later: `the total amount ... of type \"memory\" is not equal to the value ... determined by Node Allocatable feature`.")
        .help(format!("List {kept} in `reservedMemory`, over all NUMA nodes: `memory` of `systemReserved` and `kubeReserved`, and the hard eviction threshold `memory.available`."));
}

/// What is reserved of a resource; nothing if that cannot be told.
fn reserved(cx: &FileCx, resource: &str) -> Option<f64> {
    let maps = ["systemReserved", "kubeReserved"].into_iter().filter_map(|map| cx.root.at(&[map, resource]));
    maps.map(|node| quantity::parse(node.as_str()?).ok().map(|q| q.value)).sum()
}

/// The sum of `reservedMemory`.
fn listed_memory(cx: &FileCx) -> Option<f64> {
    let items = cx.root.get("reservedMemory").map(Node::items).unwrap_or_default();
    let limits = items.iter().filter_map(|item| item.at(&["limits", "memory"]));
    limits.map(|node| number(node).or_else(|| Some(quantity::parse(node.as_str()?).ok()?.value))).sum()
}

/// The hard threshold for memory, in bytes; nothing if it is a percentage.
fn eviction(cx: &FileCx) -> Option<f64> {
    let Some(map) = cx.root.get("evictionHard").filter(|map| !map.is_null()) else { return Some(DEFAULT_EVICTION) };
    let merges = cx.root.get("mergeDefaultEvictionSettings").and_then(Node::as_bool) == Some(true);
    match map.get("memory.available").map(Node::as_str) {
        // With the field unknown in some releases, both may hold.
        None if merges => None,
        None => Some(0.0),
        Some(Some("0%" | "100%")) => Some(0.0),
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
    fn amounts_are_told_to_the_byte() {
        for (bytes, told) in [
            (0.0, "nothing"),
            (DEFAULT_EVICTION, "100Mi"),
            (1_572_864.0, "1536Ki"),
            (500e6 + DEFAULT_EVICTION, "604857600 bytes"),
        ] {
            assert_eq!(amount(bytes), told);
        }
    }
}
