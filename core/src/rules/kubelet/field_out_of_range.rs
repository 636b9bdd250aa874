//! # `field-out-of-range`
//!
//! A number or a duration outside of the range of its field.
//!
//! ## Why
//!
//! The kubelet does not start: `invalid configuration: oomScoreAdj (--oom-score-adj) -1001 must be between -1000 and
//! 1000`. A 0 that means the default is valid, as for `port` in the file; the flag `--port=0` is not.
//!
//! ## What to do
//!
//! Write a number in the range.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! oomScoreAdj: -1001
//!              ^^^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! userNamespaces:
//!   idsPerPod: 70000
//!              ^^^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! shutdownGracePeriod: 500ms
//!                      ^^^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerLogMaxFiles: 1
//!                       ^
//! ```
//!
//! ```sh bad
//! KUBELET_EXTRA_ARGS="--port=0"
//!                            ^
//! ```
//!
//! Before 1.32 the kubelet does not set defaults after it merges drop-ins:
//!
//! ```yaml bad kubernetes=1.31
//! --- /etc/kubernetes/kubelet.conf.d/10-port.conf
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! port: 0
//!       ^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! port: 0
//! oomScoreAdj: -999
//! containerLogMaxFiles: 2
//! shutdownGracePeriod: 0s
//! ```
//!
//! ## References
//!
//! - the field's row in `core/data/kubelet-checks.toml` names its source; measured with the validators of 1.24.16,
//!   1.31.13 and 1.36.3

use crate::keys::Type;
use crate::keys::checks::{self, AllowedRange, Zero};
use crate::kubelet;
use crate::kubelet::feature_gates::Gates;
use crate::kubelet::kind::ConfigRole;
use crate::kubelet::node::role;
use crate::kubelet::settings::{FieldValue, all, kubernetes, number, seconds};
use crate::kubelet::values::int_range;
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "field-out-of-range",
    summary: "Number or duration outside of the range of its field",
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

/// Releases that set no defaults after they merge drop-ins: 0 stays 0.
const NO_DEFAULTS_AFTER_DROP_INS: ReleaseSet = Releases::kubernetes("1.29..1.31").get(Product::Kubernetes);

fn check(cx: &mut FileCx) {
    let gates = Gates::of(cx);
    let is_drop_in = *cx.file.kind == kubelet::KIND && role(cx) == ConfigRole::DropIn;
    for value in all(cx) {
        let in_file = value.setting.node.is_some();
        let mut releases = ReleaseSet::NONE;
        let mut failed = None;
        for range in checks::ranges(value.field.path()) {
            let Some(number) = number_in(&value, range) else { continue };
            let off = range.gate().map_or(ReleaseSet::NONE, |gate| gates.off(gate));
            let checked = range.releases().and(value.setting.releases.get(Product::Kubernetes)).without(off);
            let (wrong, zero_is_default) = if !range.admits(number, in_file) {
                (checked, in_file)
            } else if is_drop_in && !range.admits(number, false) {
                (checked.and(NO_DEFAULTS_AFTER_DROP_INS), false)
            } else {
                continue;
            };
            releases = releases.or(wrong);
            failed = Some((range, zero_is_default));
        }
        if let Some((range, zero_is_default)) = failed {
            report(cx, &value, &allowed(range, zero_is_default), range.prints(), releases);
        }
    }
}

/// The number, if the value is of the field's type: another rule reports it if not.
fn number_in(value: &FieldValue, range: &AllowedRange) -> Option<f64> {
    if range.duration {
        return seconds(&value.setting);
    }
    let number = number(&value.setting)?;
    let (_, low, high) = int_range(value.field.format());
    let is_whole = number.fract() == 0.0 && (low as f64..=high as f64).contains(&number);
    (value.field.ty() != Type::Int || is_whole).then_some(number)
}

fn report(cx: &mut FileCx, value: &FieldValue, allowed: &str, prints: &str, releases: ReleaseSet) {
    let setting = &value.setting;
    let line = if setting.node.is_some() { "line" } else { "flag" };
    cx.report(setting.value_span, format!("`{}` is {}, but must be {allowed}", setting.name, setting.text))
        .refused(kubernetes(releases))
        .key(setting.path.as_str())
        .why(format!("The kubelet does not start: `{} ... {prints}`.", value.field.path()))
        .help(format!("Write a value in the range, or remove the {line} to have the default."));
}

/// The numbers that the field allows.
fn allowed(range: &AllowedRange, zero_is_default: bool) -> String {
    let show = |n: f64| if range.duration { in_units(n) } else { (n as i64).to_string() };
    let (min, max) = (show(range.min), show(range.max));
    let zero = match range.zero {
        Zero::Off => "0, or ",
        Zero::Default if zero_is_default && range.min > 0.0 => "0 for the default, or ",
        _ => "",
    };
    if range.multiple_of > 1 {
        format!("a multiple of {} from {min} to {max}", range.multiple_of)
    } else if range.max.is_finite() && range.above {
        format!("more than {min}, up to {max}")
    } else if range.max.is_finite() {
        format!("{zero}from {min} to {max}")
    } else if range.above && !(zero_is_default && range.zero == Zero::Default) {
        format!("more than {min}")
    } else if range.min == 0.0 {
        "0 or more".to_owned()
    } else {
        format!("{zero}{min} or more")
    }
}

/// A bound of durations, which is a whole number of one of the units.
fn in_units(seconds: f64) -> String {
    let micros = (seconds * 1e6).round() as i64;
    match (micros % 1_000_000, micros % 1000) {
        (0, _) => format!("{}s", micros / 1_000_000),
        (_, 0) => format!("{}ms", micros / 1000),
        _ => format!("{micros}us"),
    }
}
