//! # `log-max-size-unit`
//!
//! A size for the rotation of container logs without a unit that the kubelet recognizes, or with one of another
//! meaning.
//!
//! ## Why
//!
//! The size is a Kubernetes quantity of whole bytes. `10MB` and `10g` are not quantities, Docker's `10m` is a hundredth
//! of a byte, and `0.5Gi` is a fraction: the kubelet exits with `failed to parse container log max size`. A number
//! without a unit is bytes: the kubelet then rotates a log at each check, and keeps nearly nothing.
//!
//! ## What to do
//!
//! Write `Ki`, `Mi` or `Gi`: Docker's `10m` is `10Mi`.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerLogMaxSize: 10m
//!                      ^^^
//! ```
//!
//! ```yaml fixed
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerLogMaxSize: 10Mi
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerLogMaxSize: 0.5Gi
//!                      ^^^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerLogMaxSize: "50"
//!                      ^^^^
//! ```
//!
//! ```sh bad
//! KUBELET_EXTRA_ARGS="--container-log-max-size=1g"
//!                                              ^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerLogMaxSize: 10M
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/logs/container_log_manager.go (`parseMaxSize`: `Quantity.AsInt64`),
//!   canonical/microk8s#1465

use crate::kubelet::eras::LACKS_DOCKERSHIM;
use crate::kubelet::quantity::{self, BadQuantity, Quantity};
use crate::kubelet::values::meant_size;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "log-max-size-unit",
    summary: "Size for log rotation with a unit of another program",
    category: Category::Reliability,
    fix: Some(Applicability::Unsafe),
    run: Run::Settings(&[
        SettingCheck {
            outcomes: &[(Effect::Refused, ROTATES)],
            message: "`{value}` is not a quantity",
            why: "The kubelet exits as it starts its log manager: `failed to parse container log max size \
                  \"{value}\"`.",
            help: "Write a quantity such as 10Mi: the units are Ki, Mi and Gi.",
            fix: Some(IN_OWN_UNITS),
            ..size(|setting| matches!(read(setting), Some(Err(_))))
        },
        SettingCheck {
            outcomes: &[(Effect::Refused, ROTATES)],
            message: "`{value}` is not a whole number of bytes",
            why: "The size is a Kubernetes quantity, in which `m` is a thousandth. The kubelet exits as it starts its \
                  log manager: `failed to parse container log max size \"{value}\": invalid max log size`.",
            help: "Write a quantity without a fraction such as 512Mi.",
            fix: Some(IN_OWN_UNITS),
            ..size(|setting| matches!(read(setting), Some(Ok(Quantity { whole: None, .. }))))
        },
        SettingCheck {
            outcomes: &[(Effect::Harmful, Releases::ANY)],
            message: "`{value}` turns log rotation off",
            why: "With a negative size the kubelet rotates no container log, and containerd does not rotate them \
                  either: the disk fills up.",
            help: "Write a quantity such as 10Mi, or remove the line to have that default.",
            ..size(|setting| bytes(setting).is_some_and(|bytes| bytes < 0))
        },
        SettingCheck {
            outcomes: &[(Effect::Harmful, Releases::ANY)],
            message: "`{value}` rotates container logs after a few bytes",
            why: "A number without a unit is bytes. The kubelet rotates every log at each check, about every ten \
                  seconds, and `kubectl logs` shows nearly nothing.",
            help: "Write a quantity such as 10Mi.",
            ..size(|setting| bytes(setting).is_some_and(|bytes| (0..SMALLEST).contains(&bytes)))
        },
    ]),
    ..Rule::DEFAULTS
};

/// Bytes below which rotation is hardly meant: a single line of a log may be 16 KiB.
const SMALLEST: i64 = 1024;
/// Releases that always rotate; older ones only with CRI runtimes, and may run dockershim.
const ROTATES: Releases = LACKS_DOCKERSHIM;

const IN_OWN_UNITS: Replacement = Replacement {
    applicability: Applicability::Unsafe,
    title: "Write {new}",
    setting: "",
    value: NewValue::Text(|setting| meant_size(setting.text.trim())),
};

const fn size(is_fault: fn(&WrittenSetting) -> bool) -> SettingCheck {
    SettingCheck::of(&daemons::KUBELET, "containerLogMaxSize", Test::Where(is_fault))
}

/// The size, if the value is a text; an empty one means the default.
fn read(setting: &WrittenSetting) -> Option<Result<Quantity, BadQuantity>> {
    let text = setting.as_str().map(str::trim).filter(|text| !text.is_empty() && !text.contains('$'))?;
    Some(quantity::parse(text))
}

fn bytes(setting: &WrittenSetting) -> Option<i64> {
    read(setting)?.ok()?.whole
}
