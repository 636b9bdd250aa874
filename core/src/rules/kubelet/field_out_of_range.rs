//! # `field-out-of-range`
//!
//! A number or a duration outside of what the kubelet takes for the field.
//!
//! ## Why
//!
//! The kubelet does not start: `invalid configuration: oomScoreAdj (--oom-score-adj) -1001 must be between -1000 and 1000`. A 0
//! is no fault where it means the default, as for `port` in the file; as a flag, `--port=0` is one.
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
//! Before 1.32 no default comes after a drop-in:
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
//! - the field's row in `core/data/kubelet-checks.toml` names its source; measured with the validators of 1.24.16, 1.31.13
//!   and 1.36.3

use crate::keys::Type;
use crate::keys::checks::{self, Range, Zero};
use crate::kubelet;
use crate::kubelet::kind::Role;
use crate::kubelet::settings::{Gates, Value, kubernetes, values};
use crate::kubelet::values::int_range;
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "field-out-of-range",
    summary: "A number or duration that the kubelet does not take",
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

/// They put no defaults in after drop-ins: 0 stays 0.
const UNDEFAULTED: ReleaseSet = Releases::kubernetes("1.29..1.31").get(Product::Kubernetes);

fn check(cx: &mut FileCx) {
    let gates = Gates::of(cx);
    let is_drop_in = *cx.file.kind == kubelet::KIND && kubelet::role(cx.file, cx.root) == Role::DropIn;
    for value in values(cx) {
        let in_file = value.node.is_some();
        let mut releases = ReleaseSet::NONE;
        let mut failed = None;
        for range in checks::ranges(value.field.path()).filter(|range| fits_type(&value, range)) {
            let off = range.gate().map_or(ReleaseSet::NONE, |gate| gates.off(gate));
            let checked = range.releases().and(value.releases()).without(off);
            let (wrong, defaulted) = if !admits(&value, range, in_file) {
                (checked, in_file)
            } else if is_drop_in && !admits(&value, range, false) {
                (checked.and(UNDEFAULTED), false)
            } else {
                continue;
            };
            releases = releases.or(wrong);
            failed = Some((range, defaulted));
        }
        if let Some((range, defaulted)) = failed {
            report(cx, &value, &wanted(range, defaulted), range.prints(), releases);
        }
    }
}

/// Whether the value is of the field's type at all: another rule tells if not.
fn fits_type(value: &Value, range: &Range) -> bool {
    let Some(number) = value.number(range.duration) else { return false };
    let (_, low, high) = int_range(value.field.format());
    let is_int = value.field.ty() == Type::Int && !range.duration;
    !is_int || number.fract() == 0.0 && (low as f64..=high as f64).contains(&number)
}

fn admits(value: &Value, range: &Range, zero_is_default: bool) -> bool {
    value.number(range.duration).is_none_or(|number| range.admits(number, zero_is_default))
}

fn report(cx: &mut FileCx, value: &Value, wanted: &str, prints: &str, releases: ReleaseSet) {
    let name = &value.name;
    let text = &value.text;
    cx.report(value.span, format!("`{name}` is {text}, and takes {wanted}"))
        .refused(kubernetes(releases))
        .key(value.key.clone())
        .why(format!("The kubelet does not start: `{} ... {}`.", value.field.path(), prints))
        .help(match value.node {
            Some(_) => "Write a value in the range, or remove the line to have the default.",
            None => "Write a value in the range, or remove the flag to have the default.",
        });
}

/// What the field takes, for people. `defaulted`: whether 0 may mean the default.
fn wanted(range: &Range, defaulted: bool) -> String {
    let show = |n: f64| if range.duration { seconds(n) } else { (n as i64).to_string() };
    let zero = match range.zero {
        Zero::Off => "0, or ",
        Zero::Default if defaulted && range.min > 0.0 => "0 for the default, or ",
        _ => "",
    };
    if range.multiple_of > 1 {
        let n = range.multiple_of;
        return format!("multiples of {n} from {} to {}", show(range.min), show(range.max));
    }
    match (range.min, range.above, range.max.is_finite()) {
        (min, true, true) => format!("more than {}, up to {}", show(min), show(range.max)),
        (_, true, false) => "nothing below zero".to_owned(),
        (min, false, true) => format!("{zero}{} to {}", show(min), show(range.max)),
        (0.0, false, false) => "nothing below zero".to_owned(),
        (min, false, false) => format!("{zero}{} or more", show(min)),
    }
}

/// A bound of durations, which is a whole number of one of the units.
fn seconds(n: f64) -> String {
    let micros = (n * 1e6).round() as i64;
    match (micros % 1_000_000, micros % 1000) {
        (0, _) => format!("{}s", micros / 1_000_000),
        (_, 0) => format!("{}ms", micros / 1000),
        _ => format!("{micros}us"),
    }
}
