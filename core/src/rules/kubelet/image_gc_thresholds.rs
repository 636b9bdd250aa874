//! # `image-gc-thresholds`
//!
//! The lower threshold of image garbage collection is not below the upper one, or the maximum age not above the minimum.
//!
//! ## Why
//!
//! The kubelet does not start: `imageGCLowThresholdPercent (--image-gc-low-threshold) 80 must be less than
//! imageGCHighThresholdPercent`. The defaults count: with 85 and 80, setting the upper one alone to 80 or less, or the lower
//! one alone to 85 or more, is enough. So does the minimum age of 2 minutes: `imageMaximumGCAge` must be longer.
//!
//! ## What to do
//!
//! Set both thresholds, the lower one below the upper one; let images grow older than the minimum age.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! imageGCHighThresholdPercent: 75
//!                              ^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! imageMaximumGCAge: 1m
//!                    ^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! imageGCHighThresholdPercent: 75
//! imageGCLowThresholdPercent: 70
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes#66510, kubernetes/kubernetes#117964, bottlerocket-os/bottlerocket#2219
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/apis/config/validation/validation.go; measured with the validator of 1.36.3

use crate::keys::checks;
use crate::kubelet;
use crate::kubelet::settings::{Gates, Value, comparable, get, kubernetes};
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "image-gc-thresholds",
    summary: "Thresholds or ages of image garbage collection in the wrong order",
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

const HIGH: &str = "imageGCHighThresholdPercent";
const LOW: &str = "imageGCLowThresholdPercent";
const DEFAULT_HIGH: i64 = 85;
const DEFAULT_LOW: i64 = 80;
/// They compare the two.
const COMPARED: Releases = Releases::kubernetes("1.12..");

const MAXIMUM: &str = "imageMaximumGCAge";
const MINIMUM: &str = "imageMinimumGCAge";
/// Seconds; the default, which a 0 means, too.
const DEFAULT_MINIMUM: f64 = 120.0;
const AGES: Releases = Releases::kubernetes("1.29..");

fn check(cx: &mut FileCx) {
    check_thresholds(cx);
    check_ages(cx);
}

fn check_thresholds(cx: &mut FileCx) {
    let (high, low) = (get(cx, HIGH), get(cx, LOW));
    // A fraction is of the wrong type.
    let whole = |value: &Value| value.number(false).filter(|n| n.fract() == 0.0).map(|n| n as i64);
    let number = |value: &Option<Value>, default| value.as_ref().map_or(Some(default), whole);
    let (Some(h), Some(l)) = (number(&high, DEFAULT_HIGH), number(&low, DEFAULT_LOW)) else { return };
    let in_range = |path, n: i64| checks::ranges(path).all(|range| range.admits(n as f64, true));
    if l < h || !in_range(HIGH, h) || !in_range(LOW, l) || !comparable(cx, &[HIGH, LOW]) {
        return;
    }
    let Some(value) = low.as_ref().or(high.as_ref()) else { return };
    let message = match (&high, &low) {
        (Some(_), Some(_)) => format!("the lower threshold, {l}, is not below the upper one, {h}"),
        (Some(_), None) => {
            format!("{h} as upper threshold is not above the lower one, which is {DEFAULT_LOW} by default")
        }
        _ => format!("{l} as lower threshold is not below the upper one, which is {DEFAULT_HIGH} by default"),
    };
    let finding = cx.report(value.span, message);
    finding
        .refused(COMPARED)
        .key(value.key.clone())
        .why(format!("The kubelet does not start: `{LOW} (--image-gc-low-threshold) {l} must be less than {HIGH} (--image-gc-high-threshold) {h}`."))
        .help("Set both, the lower one below the upper one.");
    if let (Some(high), Some(_)) = (&high, &low) {
        finding.label(high.span, "the upper threshold");
    }
}

fn check_ages(cx: &mut FileCx) {
    let Some(maximum) = get(cx, MAXIMUM) else { return };
    let minimum = get(cx, MINIMUM);
    let least = minimum.as_ref().and_then(|v| v.number(true)).filter(|n| *n != 0.0).unwrap_or(DEFAULT_MINIMUM);
    let too_low = maximum.number(true).is_some_and(|most| most > 0.0 && most <= least);
    if !too_low || !comparable(cx, &[MAXIMUM, MINIMUM]) {
        return;
    }
    let off = Gates::of(cx).off("ImageMaximumGCAge");
    let releases = AGES.get(crate::releases::Product::Kubernetes).without(off);
    let least = minimum.as_ref().filter(|v| v.number(true) != Some(0.0)).map_or("2m by default", |v| &v.text);
    let finding = cx.report(
        maximum.span,
        format!("images may grow {} old, which is not more than the minimum of {least}", maximum.text),
    );
    finding
        .refused(kubernetes(releases))
        .key(maximum.key.clone())
        .why(format!(
            "The kubelet does not start: `imageMaximumGCAge {} must be greater than imageMinimumGCAge`.",
            maximum.text
        ))
        .help("Write a longer age such as 24h, or 0s to let no image go for its age alone.");
    if let Some(minimum) = minimum {
        finding.label(minimum.span, "the minimum age");
    }
}
