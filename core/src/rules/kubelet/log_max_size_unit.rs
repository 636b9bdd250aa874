//! # `log-max-size-unit`
//!
//! The size at which container logs are rotated has no unit that the kubelet knows, or one that means something else to it.
//!
//! ## Why
//!
//! The size is a Kubernetes quantity of whole bytes. `10MB` and `10g` are no quantities, Docker's `10m` is a hundredth of a
//! byte, and `0.5Gi` is a fraction: the kubelet exits with `failed to parse container log max size`. A number without a unit
//! is bytes: a log is then rotated at each look, and next to nothing is kept.
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
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/logs/container_log_manager.go (`parseMaxSize`: `Quantity.AsInt64`), canonical/microk8s#1465

use crate::kubelet;
use crate::kubelet::quantity;
use crate::kubelet::values::{Setting, meant_size, settings};
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "log-max-size-unit",
    summary: "The size for log rotation has a unit of another program",
    category: Category::Reliability,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

/// Below it nobody rotates on purpose: a single line of a log may be 16 KiB.
const SMALLEST: i64 = 1024;
/// Older ones rotate logs for CRI runtimes alone, and may run dockershim.
const ROTATES: Releases = Releases::kubernetes("1.24..");

fn check(cx: &mut FileCx) {
    for setting in settings(cx, &["containerLogMaxSize"], "container-log-max-size") {
        let text = setting.text.trim();
        // An empty text means the default; a number is a fault of type.
        if text.is_empty() || text.contains('$') || setting.node.is_some_and(|node| node.as_str().is_none()) {
            continue;
        }
        match quantity::parse(text) {
            Err(_) => report_refused(cx, &setting, text),
            Ok(size) => match size.whole {
                None => report_fraction(cx, &setting, text, size.value < 1.0),
                Some(bytes) if bytes < 0 => report_off(cx, &setting, text),
                Some(bytes) if bytes < SMALLEST => report_tiny(cx, &setting, text, bytes),
                Some(_) => {}
            },
        }
    }
}

fn report_refused(cx: &mut FileCx, setting: &Setting, text: &str) {
    let fix = mend(cx, setting, text);
    cx.report(setting.span, format!("`{text}` is no quantity"))
        .refused(ROTATES)
        .key(setting.key.clone())
        .why(format!(
            "The kubelet exits as it starts its log manager: `failed to parse container log max size \"{text}\"`."
        ))
        .help(format!(
            "Write {}: the units are Ki, Mi and Gi.",
            meant_size(text).unwrap_or_else(|| "a quantity such as 10Mi".to_owned())
        ))
        .maybe_fix(fix);
}

fn report_fraction(cx: &mut FileCx, setting: &Setting, text: &str, below_one: bool) {
    let fix = mend(cx, setting, text);
    let milli = if below_one && text.ends_with('m') { " `m` is a thousandth here, not a megabyte." } else { "" };
    cx.report(setting.span, format!("`{text}` is no whole number of bytes"))
        .refused(ROTATES)
        .key(setting.key.clone())
        .why(format!("The size is a Kubernetes quantity.{milli} The kubelet exits as it starts its log manager: `failed to parse container log max size \"{text}\": invalid max log size`."))
        .help(format!("Write {}, without a fraction.", meant_size(text).unwrap_or_else(|| "a quantity such as 512Mi".to_owned())))
        .maybe_fix(fix);
}

fn report_tiny(cx: &mut FileCx, setting: &Setting, text: &str, bytes: i64) {
    let unit = match bytes {
        0 => "every size".to_owned(),
        1 => "1 byte".to_owned(),
        _ => format!("{bytes} bytes"),
    };
    cx.report(setting.span, format!("`{text}` rotates container logs at {unit}"))
        .harmful(Releases::ANY)
        .key(setting.key.clone())
        .why("A number without a unit is bytes. Every log is rotated each time the kubelet looks, about every ten seconds, and `kubectl logs` shows next to nothing.")
        .help("Write a quantity such as 10Mi.");
}

fn report_off(cx: &mut FileCx, setting: &Setting, text: &str) {
    cx.report(setting.span, format!("`{text}` turns log rotation off"))
        .harmful(Releases::ANY)
        .key(setting.key.clone())
        .why("With a negative size the kubelet rotates no container log, and with containerd nobody else does: the disk fills up.")
        .help("Write a quantity such as 10Mi, or remove the line to have that default.");
}

fn mend(cx: &FileCx, setting: &Setting, text: &str) -> Option<Fix> {
    let meant = meant_size(text)?;
    let written = setting.span.of(cx.doc().text);
    let new = if written.starts_with(['"', '\'']) { edit::string(&meant) } else { meant.clone() };
    let plain = written.trim_matches(['"', '\'']) == text;
    plain.then(|| Fix::edit(Applicability::Unsafe, format!("Write {meant}"), setting.span, new))
}
