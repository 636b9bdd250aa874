//! # `shutdown-grace-order`
//!
//! Grace periods at a shutdown that contradict each other: more time for critical pods than for all, or both forms
//! together.
//!
//! ## Why
//!
//! `shutdownGracePeriodCriticalPods` is a part of `shutdownGracePeriod`, which is 0 by default: the kubelet exits with
//! `shutdownGracePeriodCriticalPods ... must be <= shutdownGracePeriod`. With `shutdownGracePeriodByPodPriority`
//! neither of them may be set: `Cannot specify both shutdownGracePeriodByPodPriority and shutdownGracePeriod at the
//! same time`.
//!
//! ## What to do
//!
//! Set the whole period, and a shorter part for critical pods; or use the table of priorities alone.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! shutdownGracePeriod: 10s
//! shutdownGracePeriodCriticalPods: 20s
//!                                  ^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! shutdownGracePeriod: 10s
//! shutdownGracePeriodByPodPriority:
//! ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! - priority: 0
//!   shutdownGracePeriodSeconds: 10
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! shutdownGracePeriod: 30s
//! shutdownGracePeriodCriticalPods: 10s
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/apis/config/validation/validation.go; measured with the validator of
//!   1.36.3

use crate::kubelet;
use crate::kubelet::feature_gates::Gates;
use crate::kubelet::settings::{NodeSetting, comparable, first, is_nonzero, kubernetes, on_node, seconds};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "shutdown-grace-order",
    summary: "Grace periods at a shutdown that contradict each other",
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const TOTAL: &str = "shutdownGracePeriod";
const CRITICAL: &str = "shutdownGracePeriodCriticalPods";
const BY_PRIORITY: &str = "shutdownGracePeriodByPodPriority";
const WAITS_FOR_PODS: ReleaseSet = Releases::kubernetes("1.20..").get(Product::Kubernetes);
const WAITS_BY_PRIORITY: ReleaseSet = Releases::kubernetes("1.23..").get(Product::Kubernetes);

fn check(cx: &mut FileCx) {
    let gates = Gates::of(cx);
    let waits = WAITS_FOR_PODS.without(gates.off("GracefulNodeShutdown"));
    let waits_by_priority = WAITS_BY_PRIORITY.without(gates.off("GracefulNodeShutdownBasedOnPodPriority"));
    check_order(cx, kubernetes(waits));
    check_forms(cx, kubernetes(waits_by_priority));
}

fn check_order(cx: &mut FileCx, releases: Releases) {
    let Some(critical) = first(cx, CRITICAL) else { return };
    let total = on_node(cx, TOTAL);
    let whole = total.as_ref().map_or(Some(0.0), |total| seconds(&total.setting));
    let (Some(part), Some(whole)) = (seconds(&critical), whole) else { return };
    if part <= whole || !comparable(cx, &[CRITICAL, TOTAL]) {
        return;
    }
    let part = &critical.text;
    let whole = total.as_ref().map_or("0s by default", |total| &total.setting.text);
    let message = format!("critical pods get {part} at a shutdown, but all pods together only {whole}");
    let finding = cx.report(critical.value_span, message);
    finding
        .refused(releases)
        .key(critical.path.as_str())
        .why(format!("The kubelet does not start: `{CRITICAL} {part} must be <= {TOTAL}`."))
        .help(format!("Set `{TOTAL}` to at least {part}: the time for critical pods is a part of it."));
    if let Some(total) = &total {
        finding.label_in(total.file, total.setting.value_span, "the whole period");
    }
}

fn check_forms(cx: &mut FileCx, releases: Releases) {
    let Some(table) = first(cx, BY_PRIORITY).filter(|table| is_nonzero(table, "")) else { return };
    let mut periods = [TOTAL, CRITICAL].into_iter().filter_map(|path| on_node(cx, path));
    let is_set = |period: &NodeSetting| seconds(&period.setting).is_some_and(|n| n > 0.0);
    let Some(NodeSetting { file, setting: period }) = periods.find(is_set) else { return };
    cx.report(table.key_span, format!("`{BY_PRIORITY}` excludes `{}`", period.name))
        .refused(releases)
        .key(table.path.as_str())
        .why(format!("The kubelet does not start: `Cannot specify both {BY_PRIORITY} and {TOTAL} at the same time`."))
        .help("Keep one of the two forms.")
        .label_in(file, period.value_span, "the other form");
}
