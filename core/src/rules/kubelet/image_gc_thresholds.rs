//! # `image-gc-thresholds`
//!
//! The lower threshold of image garbage collection is not below the upper one.
//!
//! ## Why
//!
//! The kubelet does not start: `imageGCLowThresholdPercent (--image-gc-low-threshold) 80 must be less than
//! imageGCHighThresholdPercent`. The defaults count: with 85 and 80, setting the upper one alone to 80 or less, or the lower
//! one alone to 85 or more, is enough.
//!
//! ## What to do
//!
//! Set both, the lower one below the upper one.
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

use crate::kind::kubelet::{self, Role};
use crate::releases::Releases;
use crate::rules::{Category, FileCx, Rule, Run};
use crate::syntax::Node;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "image-gc-thresholds",
    summary: "The lower image garbage collection threshold is not the lower one",
    category: Category::Correctness,
    since: "0.1.0",
    fix: None,
    opt_in: false,
    run: Run::File(&[&kubelet::KIND], check),
};

const HIGH: &str = "imageGCHighThresholdPercent";
const LOW: &str = "imageGCLowThresholdPercent";
const DEFAULT_HIGH: i64 = 85;
const DEFAULT_LOW: i64 = 80;
/// They compare the two.
const COMPARED: Releases = Releases::kubernetes("1.12..");

fn check(cx: &mut FileCx<'_, '_, '_>) {
    let number = |key| cx.root.get(key).and_then(|node: &Node<'_>| Some((node.as_int()?, node.span)));
    let (high, low) = (number(HIGH), number(LOW));
    // In a drop-in or patch the other one may stand elsewhere.
    let complete =
        matches!(kubelet::role(cx.file, cx.root), Role::Main | Role::Whole) || high.is_some() && low.is_some();
    let Some((_, span)) = low.or(high).filter(|_| complete) else { return };
    let (h, l) = (high.map_or(DEFAULT_HIGH, |h| h.0), low.map_or(DEFAULT_LOW, |l| l.0));
    let out = [h, l].into_iter().find(|n| !(0..=100).contains(n));
    if let Some(out) = out {
        cx.report(span, format!("{out} is no percentage for image garbage collection"))
            .refused(Releases::ANY)
            .key(if low.is_some() { LOW } else { HIGH })
            .why("The kubelet does not start: `must be between 0 and 100`.")
            .help("Write percentages of the image disk, the lower threshold below the upper one.");
        return;
    }
    if l < h {
        return;
    }
    let message = match (high, low) {
        (Some(_), Some(_)) => format!("the lower threshold, {l}, is not below the upper one, {h}"),
        (Some(_), None) => {
            format!("{h} as upper threshold is not above the lower one, which is {DEFAULT_LOW} by default")
        }
        _ => format!("{l} as lower threshold is not below the upper one, which is {DEFAULT_HIGH} by default"),
    };
    let finding = cx.report(span, message);
    finding
        .refused(COMPARED)
        .key(if low.is_some() { LOW } else { HIGH })
        .why(format!("The kubelet does not start: `{LOW} (--image-gc-low-threshold) {l} must be less than {HIGH} (--image-gc-high-threshold) {h}`."))
        .help("Set both, the lower one below the upper one.");
    if let (Some((_, high)), Some(_)) = (high, low) {
        finding.label(high, "the upper threshold");
    }
}
