//! # `image-gc-thresholds`
//!
//! The lower threshold of image garbage collection is not below the upper one, or the maximum age not above the
//! minimum.
//!
//! ## Why
//!
//! The kubelet does not start: `imageGCLowThresholdPercent (--image-gc-low-threshold) 80 must be less than
//! imageGCHighThresholdPercent`. The defaults count: with 85 and 80, setting only the upper one to 80 or less, or only
//! the lower one to 85 or more, is enough. So does the minimum age of 2 minutes: `imageMaximumGCAge` must be longer.
//!
//! ## What to do
//!
//! Set both thresholds, the lower one below the upper one, and a maximum age above the minimum age.
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
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/apis/config/validation/validation.go; measured with the validator of
//!   1.36.3

use crate::keys::checks;
use crate::kubelet;
use crate::kubelet::feature_gates::Gates;
use crate::kubelet::settings::{NodeSetting, comparable, first, kubernetes, number, on_node, seconds};
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
const COMPARES_THRESHOLDS: Releases = Releases::kubernetes("1.12..");

const MAXIMUM: &str = "imageMaximumGCAge";
const MINIMUM: &str = "imageMinimumGCAge";
/// In seconds; 0 means this default too.
const DEFAULT_MINIMUM: f64 = 120.0;
const COMPARES_AGES: ReleaseSet = Releases::kubernetes("1.29..").get(Product::Kubernetes);

fn check(cx: &mut FileCx) {
    check_thresholds(cx);
    check_ages(cx);
}

fn check_thresholds(cx: &mut FileCx) {
    let (high, low) = (on_node(cx, HIGH), on_node(cx, LOW));
    // The lower one is reported in its file, the upper one where no file sets the lower one.
    let is_in_file = |place: &&NodeSetting| cx.node.file(place.file).is_some_and(|file| *file.kind == kubelet::KIND);
    let own = low.as_ref().filter(is_in_file).or(high.as_ref()).filter(|last| last.file == cx.file.index);
    let Some(NodeSetting { setting, .. }) = own else { return };
    let (Some(upper), Some(lower)) = (threshold(&high, DEFAULT_HIGH), threshold(&low, DEFAULT_LOW)) else { return };
    let is_in_range = |path, n: i64| checks::ranges(path).all(|range| range.admits(n as f64, true));
    if lower < upper || !is_in_range(HIGH, upper) || !is_in_range(LOW, lower) || !comparable(cx, &[HIGH, LOW]) {
        return;
    }
    let message = match (&high, &low) {
        (Some(_), Some(_)) => format!("the lower threshold, {lower}, is not below the upper one, {upper}"),
        (Some(_), None) => {
            format!("the upper threshold, {upper}, is not above the lower one, {DEFAULT_LOW} by default")
        }
        _ => format!("the lower threshold, {lower}, is not below the upper one, {DEFAULT_HIGH} by default"),
    };
    let finding = cx.report(setting.value_span, message);
    finding
        .refused(COMPARES_THRESHOLDS)
        .key(setting.path.as_str())
        .why(format!(
            "The kubelet does not start: `{LOW} (--image-gc-low-threshold) {lower} must be less than {HIGH} \
             (--image-gc-high-threshold) {upper}`."
        ))
        .help("Set both, the lower one below the upper one.");
    if let (Some(high), Some(_)) = (&high, &low) {
        finding.label_in(high.file, high.setting.value_span, "the upper threshold");
    }
}

/// The threshold; nothing if it is a fraction, which is of the wrong type.
fn threshold(setting: &Option<NodeSetting>, default: i64) -> Option<i64> {
    let Some(NodeSetting { setting, .. }) = setting else { return Some(default) };
    number(setting).filter(|n| n.fract() == 0.0).map(|n| n as i64)
}

fn check_ages(cx: &mut FileCx) {
    let Some(maximum) = first(cx, MAXIMUM) else { return };
    let minimum = on_node(cx, MINIMUM);
    let own_minimum = minimum.as_ref().and_then(|minimum| seconds(&minimum.setting)).filter(|age| *age != 0.0);
    let least = own_minimum.unwrap_or(DEFAULT_MINIMUM);
    let is_too_low = seconds(&maximum).is_some_and(|most| most > 0.0 && most <= least);
    if !is_too_low || !comparable(cx, &[MAXIMUM, MINIMUM]) {
        return;
    }
    let off = Gates::of(cx).off("ImageMaximumGCAge");
    let age = &maximum.text;
    let written = minimum.as_ref().map(|minimum| &minimum.setting).filter(|age| seconds(age) != Some(0.0));
    let least = written.map_or("2m by default", |age| &age.text);
    let finding = cx.report(maximum.value_span, format!("the maximum age, {age}, is not above the minimum, {least}"));
    finding
        .refused(kubernetes(COMPARES_AGES.without(off)))
        .key(maximum.path.as_str())
        .why(format!("The kubelet does not start: `{MAXIMUM} {age} must be greater than {MINIMUM}`."))
        .help("Write a longer age such as 24h, or 0s to remove no image for its age alone.");
    if let Some(minimum) = minimum {
        finding.label_in(minimum.file, minimum.setting.value_span, "the minimum age");
    }
}
