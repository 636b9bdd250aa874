//! # `reserved-memory-invalid`
//!
//! A reservation of memory for a NUMA node that the kubelet refuses.
//!
//! ## Why
//!
//! The kubelet does not start. It accepts `memory` and `hugepages-*`, each once for a NUMA node, with an amount above
//! 0: `the limit type "cpu" for NUMA node 0 is not supported`, `reserved memory may not be zero`, `the reserved memory
//! has a duplicate value`.
//!
//! ## What to do
//!
//! Write one item for each NUMA node, with `memory` and perhaps `hugepages-2Mi` or the like.
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

use std::collections::HashMap;

use crate::kubelet;
use crate::kubelet::quantity;
use crate::kubelet::values::number_of;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "reserved-memory-invalid",
    summary: "Invalid reservation of memory for a NUMA node",
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const RESERVES_MEMORY: Releases = Releases::kubernetes("1.21..");

fn check(cx: &mut FileCx) {
    let Some(list) = cx.root.get("reservedMemory") else { return };
    let mut seen: HashMap<(i64, &str), Span> = HashMap::new();
    for item in list.items() {
        // 0 where it is missing, as in Go.
        let numa = item.get("numaNode").and_then(Node::as_int).unwrap_or_default();
        for entry in item.get("limits").map(Node::entries).unwrap_or_default() {
            let name = entry.key.as_ref();
            if name != "memory" && !name.starts_with("hugepages-") {
                report_type(cx, entry, numa);
            } else if let Some(first) = seen.get(&(numa, name)) {
                report_twice(cx, entry, numa, *first);
            } else {
                check_amount(cx, entry, numa);
                seen.insert((numa, name), entry.key_span);
            }
        }
    }
}

fn check_amount(cx: &mut FileCx, entry: &Entry, numa: i64) {
    let Some(text) = entry.value.as_scalar().map(|scalar| scalar.text.trim()) else { return };
    let amount = number_of(&entry.value).map_or_else(|| quantity::parse(text).map(|q| q.value), Ok);
    let (message, words) = match amount {
        Err(bad) => (format!("`{text}` is not an amount of memory"), bad.words().to_owned()),
        Ok(0.0) => (
            format!("`{}` of NUMA node {numa} is 0", entry.key),
            format!("reserved memory may not be zero for NUMA node {numa} and resource \"{}\"", entry.key),
        ),
        Ok(_) => return,
    };
    report(cx, entry.value.span, message, &words).help("Write an amount above 0 such as 1Gi, or remove the line.");
}

fn report_type(cx: &mut FileCx, entry: &Entry, numa: i64) {
    let name = &entry.key;
    let words = format!(
        "the limit type \"{name}\" for NUMA node {numa} is not supported, only [memory hugepages-<HugePageSize>] is \
         accepted"
    );
    report(cx, entry.key_span, format!("`{name}` is not a kind of memory"), &words)
        .help("Reserve `memory` or `hugepages-2Mi` and the like; CPUs belong in `reservedSystemCPUs`.");
}

fn report_twice(cx: &mut FileCx, entry: &Entry, numa: i64, first: Span) {
    let name = &entry.key;
    let words = format!("the reserved memory has a duplicate value for NUMA node {numa} and resource \"{name}\"");
    report(cx, entry.key_span, format!("`{name}` of NUMA node {numa} is reserved twice"), &words)
        .help("Write each amount once.")
        .label(first, "the first time");
}

fn report<'o>(cx: &'o mut FileCx, span: Span, message: String, words: &str) -> &'o mut Finding {
    cx.report(span, message)
        .refused(RESERVES_MEMORY)
        .key("reservedMemory")
        .why(format!("The kubelet does not start: `{words}`."))
}
