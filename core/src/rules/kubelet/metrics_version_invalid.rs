//! # `metrics-version-invalid`
//!
//! `showHiddenMetricsForVersion` with another release than the one before the kubelet's own.
//!
//! ## Why
//!
//! The kubelet does not start: `invalid showHiddenMetricsForVersion: ... must be omitted or have the value '1.35'; only
//! the previous minor version is allowed`. So the line stops the kubelet at each upgrade.
//!
//! ## What to do
//!
//! Remove it. It shows hidden metrics for one more release, while dashboards are changed.
//!
//! ## Examples
//!
//! ```yaml bad kubernetes=1.36
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! showHiddenMetricsForVersion: "1.34"
//!                              ^^^^^^
//! ```
//!
//! ```yaml good kubernetes=1.36
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! showHiddenMetricsForVersion: "1.35"
//! ```
//!
//! ## References
//!
//! - kubernetes/component-base@v0.36.0:metrics/api/v1/config.go (`validateShowHiddenMetricsVersion`)

use crate::kubelet;
use crate::kubelet::settings::{first, kubernetes};
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "metrics-version-invalid",
    summary: "Hidden metrics of another release than the one before",
    category: Category::Migration,
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

const SHOWS_HIDDEN_METRICS: ReleaseSet = Releases::kubernetes("1.18..").get(Product::Kubernetes);

fn check(cx: &mut FileCx) {
    let Some(setting) = first(cx, "showHiddenMetricsForVersion") else { return };
    let Some(version) = setting.as_str().filter(|version| !version.is_empty()) else { return };
    let target = cx.releases().get(Product::Kubernetes);
    let wrong = SHOWS_HIDDEN_METRICS.and(target).without(release_after(version));
    if wrong.is_empty() {
        return;
    }
    cx.report(setting.value_span, format!("hidden metrics of {version}, which is not the release before"))
        .refused(kubernetes(wrong))
        .key(setting.path.as_str())
        .why(
            "The kubelet does not start: `invalid showHiddenMetricsForVersion: ... only the previous minor version is \
             allowed`.",
        )
        .help("Remove it, once the hidden metrics are no longer needed.");
}

fn release_after(id: &str) -> ReleaseSet {
    let releases = Product::Kubernetes.releases();
    let found = releases.windows(2).find(|pair| pair.first().is_some_and(|release| release.id == id));
    found.and_then(|pair| pair.last()).map_or(ReleaseSet::NONE, |release| release.set())
}
