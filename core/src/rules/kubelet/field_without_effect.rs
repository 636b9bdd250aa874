//! # `field-without-effect`
//!
//! A field that the kubelet reads, checks, and then does not use.
//!
//! ## Why
//!
//! Some fields outlived what they configured: `hairpinMode` and `streamingConnectionIdleTimeout` were for dockershim,
//! and kube-proxy owns the rules of `iptablesMasqueradeBit`. Others work only with a feature gate, and the kubelet
//! silently ignores them while it is off.
//!
//! ## What to do
//!
//! Remove the field, turn the gate on, or configure the program that does the work now.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! streamingConnectionIdleTimeout: 5m
//! ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! qosReserved:
//! ^^^^^^^^^^^
//!   memory: 50%
//! ```
//!
//! A value that means the default loses nothing:
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! streamingConnectionIdleTimeout: 0s
//! iptablesMasqueradeBit: 14
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.24.0, v1.28.0, v1.36.0:pkg/kubelet (no code reads the fields)
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/kuberuntime/kuberuntime_container_linux.go (`MemoryQoS`)
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/cm/qos_container_manager_linux.go (`QOSReserved`)

use crate::keys::checks;
use crate::kubelet;
use crate::kubelet::feature_gates::Gates;
use crate::kubelet::settings::{FieldValue, all, is_nonzero, kubernetes, number, seconds};
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "field-without-effect",
    summary: "Field that the kubelet does not use",
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

/// A field that some releases read and do not use.
struct Unused {
    path: &'static str,
    releases: Releases,
    /// The gate with which they use it; empty for none.
    gate: &'static str,
    /// The values that mean the default: numbers, seconds or words.
    defaults: &'static [&'static str],
    why: &'static str,
}

const UNUSED: [Unused; 6] = [
    Unused {
        path: "streamingConnectionIdleTimeout",
        releases: Releases::kubernetes("1.24.."),
        gate: "",
        defaults: &["14400"],
        why: "The kubelet passed it to dockershim's streaming server. The runtime serves the streams now: containerd \
              has `stream_idle_timeout`.",
    },
    Unused {
        path: "hairpinMode",
        releases: Releases::kubernetes("1.24.."),
        gate: "",
        defaults: &["promiscuous-bridge"],
        why: "The kubelet set it up for dockershim's network alone. The CNI plugin decides now.",
    },
    Unused { path: "iptablesMasqueradeBit", defaults: &["14"], ..IPTABLES },
    Unused { path: "iptablesDropBit", defaults: &["15"], ..IPTABLES },
    Unused {
        path: "qosReserved",
        releases: Releases::kubernetes("1.11.."),
        gate: "QOSReserved",
        defaults: &[],
        why: "The kubelet reads the field and ignores it while the feature gate `QOSReserved` is off.",
    },
    Unused {
        path: "memoryThrottlingFactor",
        releases: Releases::kubernetes("1.22..1.36"),
        gate: "MemoryQoS",
        defaults: &["0.8", "0.9"],
        why: "The kubelet checks the field and ignores it while the feature gate `MemoryQoS` is off.",
    },
];

const IPTABLES: Unused = Unused {
    path: "",
    releases: Releases::kubernetes("1.28.."),
    gate: "",
    defaults: &[],
    why: "The kubelet no longer makes rules with this mark: kube-proxy has `iptables.masqueradeBit`.",
};

fn check(cx: &mut FileCx) {
    for value in all(cx) {
        let Some(unused) = UNUSED.iter().find(|unused| unused.path == value.field.path()) else { continue };
        let is_word = checks::words(unused.path).all(|words| words.allowed().any(|word| word == value.setting.text));
        // The kubelet refuses other words, which another rule reports.
        if is_word && !is_default(&value, unused.defaults) {
            report(cx, &value.setting, unused);
        }
    }
}

fn is_default(value: &FieldValue, defaults: &[&str]) -> bool {
    let FieldValue { field, setting } = value;
    let is_duration = field.format() == "duration";
    let amount = || if is_duration { seconds(setting) } else { number(setting) };
    // Another rule reports that a duration does not read.
    if is_duration && seconds(setting).is_none() {
        return true;
    }
    let is_zero = field.zero_is_default() && !is_nonzero(setting, field.format());
    let is_empty = setting.text.is_empty() && setting.node.is_some_and(|node| node.as_scalar().is_some());
    let is_none = setting.node.is_some_and(|node| node.as_map().is_some_and(|map| map.entries.is_empty()));
    let is_equal = |default: &&str| setting.text == **default || amount().is_some_and(|n| default.parse() == Ok(n));
    is_zero || is_empty || is_none || defaults.iter().any(is_equal)
}

fn report(cx: &mut FileCx, setting: &WrittenSetting, unused: &Unused) {
    let mut releases = unused.releases.and(setting.releases);
    if !unused.gate.is_empty() {
        releases = releases.and(kubernetes(Gates::of(cx).off(unused.gate)));
    }
    cx.report(setting.key_span, format!("`{}` has no effect", setting.name))
        .ignored(releases)
        .key(setting.path.as_str())
        .why(unused.why)
        .help("Remove it.");
}
