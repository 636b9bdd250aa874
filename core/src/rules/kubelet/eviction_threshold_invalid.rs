//! # `eviction-threshold-invalid`
//!
//! A threshold, a grace period or a reserved amount that the kubelet cannot read, or that is below what it takes.
//!
//! ## Why
//!
//! The kubelet loads the file and exits a moment later: `quantities must match the regular expression`. Quantities have the
//! suffixes of Kubernetes: `Mi` and `M`, not `MB`; `k` and `Ki`, not `K`. The `<` of the flag `--eviction-hard` does not
//! belong into the file.
//!
//! ## What to do
//!
//! Write a quantity such as 200Mi, or for thresholds a percentage such as 10%.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! systemReserved:
//!   memory: 500MB
//!           ^^^^^
//! ```
//!
//! ```yaml fixed
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! systemReserved:
//!   memory: 500Mi
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! evictionSoft:
//!   memory.available: "<500Mi"
//!                     ^^^^^^^^
//! evictionSoftGracePeriod:
//!   memory.available: 1m
//! ```
//!
//! ```yaml fixed
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! evictionSoft:
//!   memory.available: "500Mi"
//! evictionSoftGracePeriod:
//!   memory.available: 1m
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! evictionSoft:
//!   memory.available: 500Mi
//! evictionSoftGracePeriod:
//!   memory.available: -90s
//!                     ^^^^
//! ```
//!
//! ```sh bad
//! KUBELET_EXTRA_ARGS="--system-reserved=cpu=500m,memory=1GB"
//!                                                       ^^^
//! ```
//!
//! ```sh fixed
//! KUBELET_EXTRA_ARGS="--system-reserved=cpu=500m,memory=1Gi"
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! systemReserved:
//!   memory: 500M
//!   cpu: 500m
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/eviction/helpers.go (`parseThresholdStatement`, `parseGracePeriods`,
//!   `parseMinimumReclaims`), cmd/kubelet/app/server.go (`parseResourceList`), pkg/kubelet/cm/qos_container_manager_linux.go
//!   and container_manager.go (`ParseQOSReserved`)

use crate::go::duration::duration;
use crate::kubelet;
use crate::kubelet::maps::{MapEntry, entries};
use crate::kubelet::quantity;
use crate::kubelet::values::meant_size;
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "eviction-threshold-invalid",
    summary: "A threshold, grace period or reserved amount that the kubelet cannot read",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

/// What the entries of a table are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Amount {
    /// A quantity above zero, or a percentage.
    Threshold,
    /// A quantity or a percentage.
    Reclaim,
    /// A quantity.
    Reserved,
    /// A whole percentage.
    Share,
    /// A duration.
    Period,
}

fn amount(map: &str) -> Option<Amount> {
    Some(match map {
        "evictionHard" | "evictionSoft" => Amount::Threshold,
        "evictionMinimumReclaim" => Amount::Reclaim,
        "systemReserved" | "kubeReserved" => Amount::Reserved,
        "qosReserved" => Amount::Share,
        "evictionSoftGracePeriod" => Amount::Period,
        _ => return None,
    })
}

fn check(cx: &mut FileCx) {
    for entry in entries(cx) {
        let Some(amount) = amount(entry.map).filter(|_| entry.is_known()) else { continue };
        let Some(text) = entry.text.as_deref() else { continue };
        // That a text is no duration at all is told with the other types.
        let typed = amount == Amount::Period && entry.in_file && duration(text).is_err();
        if let Some(words) = judge(text, amount).err().filter(|_| !typed) {
            report(cx, &entry, text, amount, &words);
        }
    }
}

/// Why not, in the kubelet's words.
fn judge(text: &str, amount: Amount) -> Result<(), String> {
    let fault = |words: &str| Err(words.to_owned());
    match amount {
        Amount::Period => match duration(text) {
            Ok(seconds) if seconds < 0.0 => {
                fault("invalid eviction grace period specified ... must be a positive value")
            }
            Ok(_) => Ok(()),
            Err(bad) => Err(bad.words(text)),
        },
        Amount::Share => match text.strip_suffix('%').map(str::parse::<i64>) {
            Some(Ok(0..=100)) => Ok(()),
            Some(Ok(_)) => fault("percentage must be between 0 and 100"),
            Some(Err(_)) => fault("invalid number in percentage"),
            None => fault("percentage expected"),
        },
        Amount::Threshold | Amount::Reclaim if text.ends_with('%') => percentage(text, amount == Amount::Reclaim),
        _ => match quantity::parse(text) {
            Err(bad) => fault(bad.words()),
            Ok(q) if q.value < 0.0 && amount == Amount::Reserved => fault("cannot be negative"),
            Ok(q) if q.value < 0.0 && amount == Amount::Reclaim => fault("negative eviction minimum reclaim specified"),
            Ok(q) if q.value <= 0.0 && amount == Amount::Threshold => fault("eviction threshold ... must be positive"),
            Ok(_) => Ok(()),
        },
    }
}

fn percentage(text: &str, is_reclaim: bool) -> Result<(), String> {
    let fault = |words: &str| Err(words.to_owned());
    // The kubelet's number has 32 bits: what is nearly nothing is 0 there.
    match text.trim_end_matches('%').parse::<f64>().map(|share| share as f32) {
        Err(_) => fault("strconv.ParseFloat: ... invalid syntax"),
        Ok(share) if is_reclaim && share <= 0.0 => fault("eviction percentage minimum reclaim ... must be positive"),
        Ok(_) if is_reclaim => Ok(()),
        Ok(share) if share < 0.0 => fault("eviction percentage threshold ... must be >= 0%"),
        Ok(share) if share > 100.0 => fault("eviction percentage threshold ... must be <= 100%"),
        Ok(_) => Ok(()),
    }
}

fn report(cx: &mut FileCx, entry: &MapEntry, text: &str, amount: Amount, words: &str) {
    let wanted = match amount {
        Amount::Threshold => "a quantity above 0 such as 200Mi, or a percentage such as 10%",
        Amount::Reclaim => "a quantity such as 200Mi, or a percentage above 0 such as 10%",
        Amount::Share => "a whole percentage such as 50%, in quotes",
        Amount::Period => "a duration with its unit such as 1m30s",
        Amount::Reserved if entry.name == "cpu" => "CPUs such as 2 or 500m, in quotes",
        Amount::Reserved => "a quantity such as 500Mi",
    };
    let fix = mend(cx, entry, text, amount);
    cx.report(entry.span, format!("`{text}` is no {} for `{}`", noun(amount), entry.name))
        .refused(Releases::ANY)
        .key(entry.key.clone())
        .why(format!("The kubelet reads its settings and exits a moment later: `{words}`."))
        .help(format!("Write {wanted}."))
        .maybe_fix(fix);
}

fn noun(amount: Amount) -> &'static str {
    match amount {
        Amount::Threshold => "threshold",
        Amount::Period => "period",
        Amount::Reclaim | Amount::Reserved | Amount::Share => "amount",
    }
}

/// What was meant, where that is beyond doubt: without a comparison, with the unit as Kubernetes writes it.
fn mend(cx: &FileCx, entry: &MapEntry, text: &str, amount: Amount) -> Option<Fix> {
    if matches!(amount, Amount::Period | Amount::Share) {
        return None;
    }
    let bare = text.trim_start_matches(['<', '>', '=', ' ']);
    let meant = if bare != text && judge(bare, amount).is_ok() { Some(bare.to_owned()) } else { meant_size(bare) }?;
    judge(&meant, amount).ok()?;
    let written = entry.span.of(cx.doc().text);
    let quoted = written.starts_with(['"', '\'']);
    if !entry.in_file && written != text {
        return None;
    }
    let new = if quoted { edit::string(&meant) } else { meant.clone() };
    Some(Fix::edit(Applicability::Unsafe, format!("Write {meant}"), entry.span, new))
}
