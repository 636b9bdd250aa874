//! # `parallel-pulls-serialized`
//!
//! Several image pulls at a time are asked for, and one at a time.
//!
//! ## Why
//!
//! The kubelet does not start: `maxParallelImagePulls cannot be larger than 1 unless SerializeImagePulls
//! (--serialize-image-pulls) is set to false`. Without `serializeImagePulls`, a `maxParallelImagePulls` above 1 turns it off
//! by itself.
//!
//! ## What to do
//!
//! Set `serializeImagePulls: false`.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! serializeImagePulls: true
//! maxParallelImagePulls: 5
//!                        ^
//! ```
//!
//! ```yaml fixed
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! serializeImagePulls: false
//! maxParallelImagePulls: 5
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! maxParallelImagePulls: 5
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/apis/config/validation/validation.go and v1beta1/defaults.go; measured with the
//!   validator of 1.36.3

use crate::kubelet;
use crate::kubelet::settings::get;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "parallel-pulls-serialized",
    summary: "Parallel image pulls together with serial ones",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const PARALLEL: &str = "maxParallelImagePulls";
const SERIAL: &str = "serializeImagePulls";
const PULLS: Releases = Releases::kubernetes("1.27..");

fn check(cx: &mut FileCx) {
    let Some(serial) = cx.root.get(SERIAL).filter(|node| node.as_bool() == Some(true)) else { return };
    let Some(parallel) = get(cx, PARALLEL).filter(|v| v.number(false).is_some_and(|n| n > 1.0)) else { return };
    let serial: &Node = serial;
    cx.report(parallel.span, format!("{} image pulls at a time, and `{SERIAL}` allows one", parallel.text))
        .refused(PULLS)
        .key(PARALLEL)
        .why("The kubelet does not start: `maxParallelImagePulls cannot be larger than 1 unless SerializeImagePulls (--serialize-image-pulls) is set to false`.")
        .help(format!("Set `{SERIAL}: false`, or remove that line: the other then turns it off."))
        .label(serial.span, "one at a time")
        .fix(Fix::safe("Pull several images at a time", serial.span, "false"));
}
