//! # `shutdown-grace-order`
//!
//! The time that critical pods get at a shutdown is longer than the whole, or both ways to say it are used together.
//!
//! ## Why
//!
//! `shutdownGracePeriodCriticalPods` is a part of `shutdownGracePeriod`, which is 0 by default: the kubelet exits with
//! `shutdownGracePeriodCriticalPods ... must be <= shutdownGracePeriod`. With `shutdownGracePeriodByPodPriority` neither of
//! them may be set: `Cannot specify both shutdownGracePeriodByPodPriority and shutdownGracePeriod at the same time`.
//!
//! ## What to do
//!
//! Set the whole period, and the part for critical pods below it; or use the table of priorities alone.
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
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/apis/config/validation/validation.go; measured with the validator of 1.36.3

use crate::kubelet;
use crate::kubelet::settings::{Gates, comparable, get, is_nonzero, kubernetes};
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
const PERIODS: Releases = Releases::kubernetes("1.20..");
const PRIORITIES: Releases = Releases::kubernetes("1.23..");

fn check(cx: &mut FileCx) {
    let gates = Gates::of(cx);
    let set = |releases: Releases, gate| releases.get(Product::Kubernetes).without(gates.off(gate));
    check_order(cx, set(PERIODS, "GracefulNodeShutdown"));
    check_forms(cx, set(PRIORITIES, "GracefulNodeShutdownBasedOnPodPriority"));
}

fn check_order(cx: &mut FileCx, releases: ReleaseSet) {
    let Some(critical) = get(cx, CRITICAL) else { return };
    let total = get(cx, TOTAL);
    let seconds = total.as_ref().map_or(Some(0.0), |v| v.number(true));
    let (Some(part), Some(whole)) = (critical.number(true), seconds) else { return };
    if part <= whole || !comparable(cx, &[CRITICAL, TOTAL]) {
        return;
    }
    let written = total.as_ref().map_or("0s by default".to_owned(), |v| v.text.to_string());
    let finding = cx.report(
        critical.span,
        format!("critical pods get {} at a shutdown, and all pods together only {written}", critical.text),
    );
    finding
        .refused(kubernetes(releases))
        .key(critical.key.clone())
        .why(format!("The kubelet does not start: `{CRITICAL} {} must be <= {TOTAL}`.", critical.text))
        .help(format!("Set `{TOTAL}` to more than that: the time for critical pods is a part of it."));
    if let Some(total) = total {
        finding.label(total.span, "the whole period");
    }
}

fn check_forms(cx: &mut FileCx, releases: ReleaseSet) {
    let Some(table) = get(cx, BY_PRIORITY).filter(is_nonzero) else { return };
    let periods = [TOTAL, CRITICAL].into_iter().filter_map(|path| get(cx, path));
    let Some(period) = periods.into_iter().find(|v| v.number(true).is_some_and(|n| n > 0.0)) else { return };
    let span = cx.root.entry(BY_PRIORITY).map_or(table.span, |entry| entry.key_span);
    cx.report(span, format!("`{BY_PRIORITY}` excludes `{}`", period.name))
        .refused(kubernetes(releases))
        .key(table.key.clone())
        .why(format!("The kubelet does not start: `Cannot specify both {BY_PRIORITY} and {TOTAL} at the same time`."))
        .help("Keep one of the two ways to say how long a shutdown waits.")
        .label(period.span, "the other way");
}
