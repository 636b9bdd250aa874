//! # `eviction-soft-without-grace`
//!
//! A signal in `evictionSoft` that has no period in `evictionSoftGracePeriod`.
//!
//! ## Why
//!
//! The kubelet loads the file and exits a moment later: `grace period must be specified for the soft eviction threshold
//! memory.available`.
//!
//! ## What to do
//!
//! Add the period for which the signal may stay below the threshold.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! evictionSoft:
//!   memory.available: 1Gi
//!   ^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! evictionSoft:
//!   memory.available: 1Gi
//! evictionSoftGracePeriod:
//!   memory.available: 1m30s
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/eviction/helpers.go (`ParseThresholdConfig`)

use crate::kubelet;
use crate::kubelet::settings::{by_flag, is_merged, settles};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "eviction-soft-without-grace",
    summary: "Soft eviction threshold without its grace period",
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const PERIODS: &str = "evictionSoftGracePeriod";

fn check(cx: &mut FileCx) {
    // Files are merged signal by signal, and a flag replaces the table.
    let is_merged = is_merged(cx);
    if !is_merged && !settles(cx, &["evictionSoft", PERIODS]) || by_flag(cx, PERIODS) {
        return;
    }
    let soft = cx.root.get("evictionSoft").map(Node::entries).unwrap_or_default();
    let others = cx.node.files.iter().filter(|file| is_merged && *file.kind == kubelet::KIND);
    let periods: Vec<&Node> =
        others.map(|file| file.body()).chain([cx.root]).filter_map(|body| body.get(PERIODS)).collect();
    for entry in soft {
        let signal = entry.key.as_ref();
        let is_off = matches!(entry.value.as_str(), Some("0%" | "100%"));
        if !is_off && periods.iter().all(|periods| periods.get(signal).is_none()) {
            report(cx, entry, signal);
        }
    }
}

fn report(cx: &mut FileCx, entry: &Entry, signal: &str) {
    let path = cx.path_of(entry);
    cx.report(entry.key_span, format!("the soft threshold for `{signal}` has no grace period"))
        .refused(Releases::ANY)
        .key(path)
        .why(format!(
            "The kubelet loads the file, then exits: `grace period must be specified for the soft eviction threshold \
             {signal}`."
        ))
        .help(format!("Add `{signal}: 1m30s`, or another period, below `evictionSoftGracePeriod`."));
}
