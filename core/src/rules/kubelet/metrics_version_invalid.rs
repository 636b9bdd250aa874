//! # `metrics-version-invalid`
//!
//! `showHiddenMetricsForVersion` names another release than the one before the kubelet's own.
//!
//! ## Why
//!
//! The kubelet does not start: `invalid showHiddenMetricsForVersion: ... must be omitted or have the value '1.35'; only the
//! previous minor version is allowed`. So the line stops the kubelet at each upgrade.
//!
//! ## What to do
//!
//! Remove it. It brings hidden metrics back for one release, while dashboards are changed.
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
use crate::kubelet::settings::{get, kubernetes};
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "metrics-version-invalid",
    summary: "Hidden metrics of another release than the one before",
    category: Category::Migration,
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

const FIELD: &str = "showHiddenMetricsForVersion";
const SINCE: Releases = Releases::kubernetes("1.18..");

fn check(cx: &mut FileCx) {
    let Some(value) = get(cx, FIELD).filter(|v| !v.text.is_empty()) else { return };
    if value.node.is_some_and(|node| node.as_str().is_none()) {
        return;
    }
    let target = cx.releases().get(Product::Kubernetes);
    let wrong = SINCE.get(Product::Kubernetes).and(target).without(behind(&value.text));
    if wrong.is_empty() {
        return;
    }
    cx.report(value.span, format!("hidden metrics of {}, which is not the release before", value.text))
        .refused(kubernetes(wrong))
        .key(value.key.clone())
        .why("The kubelet does not start: `invalid showHiddenMetricsForVersion: ... only the previous minor version is allowed`.")
        .help("Remove it, once nobody needs the hidden metrics any more.");
}

/// The release right behind the one that is named.
fn behind(id: &str) -> ReleaseSet {
    let releases = Product::Kubernetes.releases();
    let found = releases.iter().position(|r| r.id == id).filter(|i| i + 1 < releases.len());
    found.map_or(ReleaseSet::NONE, |i| ReleaseSet(1 << (i + 1)))
}
