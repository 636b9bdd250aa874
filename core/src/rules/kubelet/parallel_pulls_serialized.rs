//! # `parallel-pulls-serialized`
//!
//! `maxParallelImagePulls` above 1 together with `serializeImagePulls: true`.
//!
//! ## Why
//!
//! The kubelet does not start: `maxParallelImagePulls cannot be larger than 1 unless SerializeImagePulls
//! (--serialize-image-pulls) is set to false`. Without `serializeImagePulls`, a `maxParallelImagePulls` above 1 turns
//! it off.
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
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/apis/config/validation/validation.go and v1beta1/defaults.go; measured
//!   with the validator of 1.36.3

use crate::kubelet::settings::number;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "parallel-pulls-serialized",
    summary: "Parallel image pulls together with serial ones",
    fix: Some(Applicability::Safe),
    run: Run::Settings(&[SettingCheck {
        only_if: &[("serializeImagePulls", Test::Is(true))],
        outcomes: &[(Effect::Refused, LIMITS_PARALLEL_PULLS)],
        message: "{value} image pulls at a time, but `serializeImagePulls` allows one",
        why: "The kubelet does not start: `maxParallelImagePulls cannot be larger than 1 unless SerializeImagePulls \
              (--serialize-image-pulls) is set to false`.",
        help: "Set `serializeImagePulls: false`, or remove that line: `maxParallelImagePulls` then turns it off.",
        labels: &[("serializeImagePulls", "one at a time")],
        fix: Some(Replacement {
            applicability: Applicability::Safe,
            title: "Pull several images at a time",
            setting: "serializeImagePulls",
            value: NewValue::Fixed("false"),
        }),
        ..SettingCheck::of(&daemons::KUBELET, "maxParallelImagePulls", Test::Where(is_parallel))
    }]),
    ..Rule::DEFAULTS
};

const LIMITS_PARALLEL_PULLS: Releases = Releases::kubernetes("1.27..");

fn is_parallel(setting: &WrittenSetting) -> bool {
    number(setting).is_some_and(|pulls| pulls > 1.0)
}
