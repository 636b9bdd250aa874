//! # `reserved-memory-invalid`
//!
//! A reservation of memory for a NUMA node that the kubelet does not take.
//!
//! ## Why
//!
//! The kubelet does not start. It takes `memory` and `hugepages-*`, each once for a node, and more than zero of it: `the limit
//! type "cpu" for NUMA node 0 is not supported`, `reserved memory may not be zero`, `the reserved memory has a duplicate value`.
//!
//! ## What to do
//!
//! Write one item a NUMA node, with `memory` and perhaps `hugepages-2Mi` or the like.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! reservedMemory:
//! - numaNode: 0
//!   limits:
//!     cpu: "1"
//!     ^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! reservedMemory:
//! - numaNode: 0
//!   limits:
//!     memory: 1Gi
//! - numaNode: 0
//!   limits:
//!     memory: 512Mi
//!     ^^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! reservedMemory:
//! - numaNode: 0
//!   limits:
//!     memory: 1Gi
//!     hugepages-2Mi: 64Mi
//! - numaNode: 1
//!   limits:
//!     memory: 1Gi
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/apis/config/validation/validation_reserved_memory.go; measured with the
//!   validator of 1.36.3

use crate::kubelet;
use crate::kubelet::quantity;
use crate::kubelet::settings::number;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "reserved-memory-invalid",
    summary: "Memory reserved for a NUMA node in a way that the kubelet does not take",
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const SINCE: Releases = Releases::kubernetes("1.21..");

fn check(cx: &mut FileCx) {
    let Some(list) = cx.root.get("reservedMemory") else { return };
    let mut seen: Vec<(i64, &str, Span)> = vec![];
    for item in list.items() {
        // 0 where it is missing, as in Go.
        let numa = item.get("numaNode").and_then(Node::as_int).unwrap_or_default();
        let Some(limits) = item.get("limits") else { continue };
        for entry in limits.entries() {
            let name = entry.key.as_ref();
            if name != "memory" && !name.starts_with("hugepages-") {
                report_type(cx, entry, numa);
            } else if let Some((_, _, first)) = seen.iter().find(|(n, k, _)| *n == numa && *k == name) {
                report_twice(cx, entry, numa, *first);
            } else {
                check_amount(cx, entry, numa);
            }
            seen.push((numa, name, entry.key_span));
        }
    }
}

fn check_amount(cx: &mut FileCx, entry: &Entry, numa: i64) {
    let name = &entry.key;
    let text = entry.value.as_scalar().map(|s| s.text.trim());
    let read = match number(&entry.value) {
        Some(n) => Ok(n),
        None => text.map_or(Ok(1.0), |text| quantity::parse(text).map(|q| q.value)),
    };
    let (message, words) = match read {
        Err(bad) => (format!("`{}` is no amount of memory", text.unwrap_or_default()), bad.words().to_owned()),
        Ok(0.0) => (
            format!("no memory is reserved as `{name}` of NUMA node {numa}"),
            format!("reserved memory may not be zero for NUMA node {numa} and resource \"{name}\""),
        ),
        Ok(_) => return,
    };
    cx.report(entry.value.span, message)
        .refused(SINCE)
        .key("reservedMemory")
        .why(format!("The kubelet does not start: `{words}`."))
        .help("Write an amount above 0 such as 1Gi, or remove the line.");
}

fn report_type(cx: &mut FileCx, entry: &Entry, numa: i64) {
    let name = &entry.key;
    cx.report(entry.key_span, format!("`{name}` is no memory to reserve on a NUMA node"))
        .refused(SINCE)
        .key("reservedMemory")
        .why(format!("The kubelet does not start: `the limit type \"{name}\" for NUMA node {numa} is not supported, only [memory hugepages-<HugePageSize>] is accepted`."))
        .help("Reserve `memory` or `hugepages-2Mi` and the like; CPUs belong into `reservedSystemCPUs`.");
}

fn report_twice(cx: &mut FileCx, entry: &Entry, numa: i64, first: Span) {
    let name = &entry.key;
    cx.report(entry.key_span, format!("`{name}` of NUMA node {numa} is reserved twice"))
        .refused(SINCE)
        .key("reservedMemory")
        .why(format!("The kubelet does not start: `the reserved memory has a duplicate value for NUMA node {numa} and resource \"{name}\"`."))
        .help("Write each amount once.")
        .label(first, "the first time");
}
