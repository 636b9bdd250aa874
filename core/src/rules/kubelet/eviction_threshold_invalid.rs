//! # `eviction-threshold-invalid`
//!
//! A threshold, a grace period or a reserved amount that the kubelet cannot read, or that is too low.
//!
//! ## Why
//!
//! The kubelet loads the file and exits a moment later: `quantities must match the regular expression`. Quantities have
//! the suffixes of Kubernetes: `Mi` and `M`, not `MB`; `k` and `Ki`, not `K`. The `<` of the flag `--eviction-hard`
//! does not belong in the file.
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
//!   `parseMinimumReclaims`), cmd/kubelet/app/server.go (`parseResourceList`),
//!   pkg/kubelet/cm/qos_container_manager_linux.go and container_manager.go (`ParseQOSReserved`)

use crate::go::duration::duration;
use crate::kubelet;
use crate::kubelet::maps::{Amount, MapEntry, entries};
use crate::kubelet::quantity;
use crate::kubelet::values::meant_size;
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "eviction-threshold-invalid",
    summary: "Invalid eviction threshold, grace period or reserved amount",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for entry in entries(cx) {
        let Some(text) = entry.text.filter(|_| entry.is_known()) else { continue };
        let amount = entry.map.amount;
        // A text that is not a duration at all is of the wrong type: another rule reports it.
        let is_wrong_type = amount == Amount::Period && entry.in_file && duration(text).is_err();
        if let Some(words) = judge(text, amount).err().filter(|_| !is_wrong_type) {
            report(cx, &entry, text, &words);
        }
    }
}

/// What the kubelet prints about an amount that it refuses.
fn judge(text: &str, amount: Amount) -> Result<(), String> {
    let refuse = |words: &str| Err(words.to_owned());
    match amount {
        Amount::PolicyOption => Ok(()),
        Amount::Period => match duration(text) {
            Ok(seconds) if seconds < 0.0 => {
                refuse("invalid eviction grace period specified ... must be a positive value")
            }
            Ok(_) => Ok(()),
            Err(bad) => Err(bad.words(text)),
        },
        Amount::Share => match text.strip_suffix('%').map(str::parse::<i64>) {
            Some(Ok(0..=100)) => Ok(()),
            Some(Ok(_)) => refuse("percentage must be between 0 and 100"),
            Some(Err(_)) => refuse("invalid number in percentage"),
            None => refuse("percentage expected"),
        },
        Amount::Threshold | Amount::Reclaim if text.ends_with('%') => percentage(text, amount == Amount::Reclaim),
        Amount::Threshold | Amount::Reclaim | Amount::Reserved => match (quantity::parse(text), amount) {
            (Err(bad), _) => refuse(bad.words()),
            (Ok(q), Amount::Reserved) if q.value < 0.0 => refuse("cannot be negative"),
            (Ok(q), Amount::Reclaim) if q.value < 0.0 => refuse("negative eviction minimum reclaim specified"),
            (Ok(q), Amount::Threshold) if q.value <= 0.0 => refuse("eviction threshold ... must be positive"),
            _ => Ok(()),
        },
    }
}

fn percentage(text: &str, is_reclaim: bool) -> Result<(), String> {
    let refuse = |words: &str| Err(words.to_owned());
    // The kubelet's number has 32 bits: what is nearly nothing is 0 there.
    match text.trim_end_matches('%').parse::<f64>().map(|share| share as f32) {
        Err(_) => refuse("strconv.ParseFloat: ... invalid syntax"),
        Ok(share) if is_reclaim && share <= 0.0 => refuse("eviction percentage minimum reclaim ... must be positive"),
        Ok(_) if is_reclaim => Ok(()),
        Ok(share) if share < 0.0 => refuse("eviction percentage threshold ... must be >= 0%"),
        Ok(share) if share > 100.0 => refuse("eviction percentage threshold ... must be <= 100%"),
        Ok(_) => Ok(()),
    }
}

fn report(cx: &mut FileCx, entry: &MapEntry, text: &str, words: &str) {
    let (noun, form) = expected(entry);
    let fix = recover(cx, entry, text);
    cx.report(entry.span, format!("`{text}` is not a valid {noun} for `{}`", entry.name))
        .refused(Releases::ANY)
        .key(entry.key.as_str())
        .why(format!("The kubelet reads its settings, then exits: `{words}`."))
        .help(format!("Write {form}."))
        .maybe_fix(fix);
}

/// The amount that is meant, where that is beyond doubt: without a comparison, with the unit as Kubernetes writes it.
fn recover(cx: &FileCx, entry: &MapEntry, text: &str) -> Option<Fix> {
    let amount = entry.map.amount;
    let written = entry.span.of(cx.doc().text);
    if matches!(amount, Amount::Period | Amount::Share) || (!entry.in_file && written != text) {
        return None;
    }
    let bare = text.trim_start_matches(['<', '>', '=', ' ']);
    let is_compared = bare != text && judge(bare, amount).is_ok();
    let meant = if is_compared { bare.to_owned() } else { meant_size(bare)? };
    judge(&meant, amount).ok()?;
    let new = edit::quoted_like(written, &meant);
    Some(Fix::edit(Applicability::Unsafe, format!("Write {meant}"), entry.span, new))
}

/// What an amount is called, and which forms it has.
fn expected(entry: &MapEntry) -> (&'static str, &'static str) {
    match entry.map.amount {
        Amount::Threshold => ("threshold", "a quantity above 0 such as 200Mi, or a percentage such as 10%"),
        Amount::Reclaim => ("amount", "a quantity such as 200Mi, or a percentage above 0 such as 10%"),
        Amount::Share => ("amount", "a whole percentage such as 50%, in quotes"),
        Amount::Period => ("period", "a duration with its unit such as 1m30s"),
        Amount::Reserved if entry.name == "cpu" => ("amount", "CPUs such as 2 or 500m, in quotes"),
        Amount::Reserved | Amount::PolicyOption => ("amount", "a quantity such as 500Mi"),
    }
}
