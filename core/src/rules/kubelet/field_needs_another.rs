//! # `field-needs-another`
//!
//! A field that the kubelet refuses without another one.
//!
//! ## Why
//!
//! The kubelet does not start: `systemCgroups (--system-cgroups) was specified and cgroupRoot (--cgroup-root) was not
//! specified`, `enableSystemLogHandler is required for enableSystemLogQuery`, or ``can't set
//! `preloadedImagesVerificationAllowlist` if `imagePullCredentialsVertificationPolicy` is not
//! "NeverVerifyAllowlistedImages"``.
//!
//! ## What to do
//!
//! Also set the other field, or remove the first.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! systemCgroups: /system.slice
//! ^^^^^^^^^^^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! featureGates:
//!   NodeLogQuery: true
//! enableSystemLogQuery: true
//! ^^^^^^^^^^^^^^^^^^^^
//! enableSystemLogHandler: false
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! systemCgroups: /system.slice
//! cgroupRoot: /
//! ```
//!
//! ## References
//!
//! - the pair's row in `core/data/kubelet-checks.toml` names its source; measured with the validator of 1.36.3

use crate::keys::checks::{Pair, Relation, pairs};
use crate::kubelet;
use crate::kubelet::feature_gates::Gates;
use crate::kubelet::settings::{NodeSetting, comparable, field, first, is_nonzero, kubernetes, on_node};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "field-needs-another",
    summary: "Field that is refused without another one",
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for pair in pairs(Relation::Needs) {
        let format = field(pair.path()).map_or("", |field| field.format());
        let Some(setting) = first(cx, pair.path()).filter(|setting| is_nonzero(setting, format)) else { continue };
        let other = on_node(cx, pair.other());
        let is_satisfied = match other.as_ref().map(|other| &other.setting).filter(|other| !other.text.is_empty()) {
            Some(other) => pair.value().is_none_or(|value| other.text == value || other.as_bool() == Some(true)),
            None => pair.by_default || !comparable(cx, &[pair.path(), pair.other()]),
        };
        if !is_satisfied {
            report(cx, &setting, other.as_ref(), pair);
        }
    }
}

fn report(cx: &mut FileCx, setting: &WrittenSetting, other: Option<&NodeSetting>, pair: &Pair) {
    let off = pair.gate().map_or(ReleaseSet::NONE, |gate| Gates::of(cx).off(gate));
    let (path, needed) = (pair.path(), pair.other());
    let (message, help) = match pair.value() {
        None => (format!("`{path}` without `{needed}`"), format!("Also set `{needed}`.")),
        Some(value) => {
            (format!("`{path}` needs `{needed}: {value}`"), format!("Set `{needed}: {value}`, or remove `{path}`."))
        }
    };
    let finding = cx.report(setting.key_span, message);
    finding
        .refused(kubernetes(pair.releases().without(off)))
        .key(path)
        .why(format!("The kubelet does not start: `{}`.", pair.prints()))
        .help(help);
    if let Some(other) = other {
        finding.label_in(other.file, other.setting.value_span, "not with this value");
    }
}
