//! # `eviction-threshold-invalid`
//!
//! A threshold or a reserved amount that is neither a quantity nor a percentage.
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
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/eviction/helpers.go (`parseThresholdStatement`), cmd/kubelet/app/server.go
//!   (`parseResourceList`)

use crate::fix::{Applicability, Fix, edit};
use crate::keys::Bound;
use crate::kind::kubelet;
use crate::releases::Releases;
use crate::rules::kubelet_values::{meant_size, quantity};
use crate::rules::{Category, FileCx, Rule, Run};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "eviction-threshold-invalid",
    summary: "A threshold or reserved amount that is no quantity",
    category: Category::Correctness,
    since: "0.1.0",
    fix: Some(Applicability::Unsafe),
    opt_in: false,
    run: Run::File(&[&kubelet::KIND], check),
};

/// What an amount may be.
enum Amount {
    Good,
    /// Why not, in the kubelet's words.
    Bad(&'static str),
}

const NO_QUANTITY: &str = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

fn check(cx: &mut FileCx<'_, '_, '_>) {
    for bound in cx.bound {
        let map = bound.within.name();
        let reserved = matches!(map, "systemReserved" | "kubeReserved");
        let evicts = matches!(map, "evictionHard" | "evictionSoft" | "evictionMinimumReclaim");
        let Some(text) = bound.entry.value.as_str().filter(|_| bound.key().is_some() && (reserved || evicts)) else {
            continue;
        };
        if let Amount::Bad(words) = judge(text, evicts, map == "evictionMinimumReclaim") {
            report(cx, bound, text, evicts, words);
        }
    }
}

fn judge(text: &str, percent: bool, zero: bool) -> Amount {
    if let Some(number) = text.strip_suffix('%').filter(|_| percent) {
        return match number.parse::<f64>() {
            Ok(value) if (0.0..=100.0).contains(&value) => Amount::Good,
            Ok(value) if value < 0.0 => Amount::Bad("eviction percentage threshold ... must be >= 0%"),
            Ok(_) => Amount::Bad("eviction percentage threshold ... must be <= 100%"),
            Err(_) => Amount::Bad("invalid syntax"),
        };
    }
    match quantity(text) {
        None => Amount::Bad(NO_QUANTITY),
        Some(value) if value < 0.0 => Amount::Bad("cannot be negative"),
        Some(value) if value == 0.0 && percent && !zero => Amount::Bad("eviction threshold ... must be positive"),
        Some(_) => Amount::Good,
    }
}

fn report(cx: &mut FileCx<'_, '_, '_>, bound: &Bound<'_, '_>, text: &str, percent: bool, words: &str) {
    let node = &bound.entry.value;
    let path = cx.path_of(bound.entry);
    let bare = text.trim_start_matches(['<', '>', '=', ' ']);
    let meant = match judge(bare, percent, false) {
        Amount::Good => Some(bare.to_owned()),
        Amount::Bad(_) => meant_size(bare),
    };
    let quoted = node.span.of(cx.doc().text).starts_with(['"', '\'']);
    let fix = meant.as_ref().filter(|_| words == NO_QUANTITY || bare != text).map(|meant| {
        let new = if quoted { edit::string(meant) } else { meant.clone() };
        Fix::edit(Applicability::Unsafe, format!("Write {meant}"), node.span, new)
    });
    let wanted = match bound.entry.key.as_ref() {
        _ if percent => "a quantity above 0 such as 200Mi, or a percentage such as 10%",
        "cpu" => "CPUs such as 2 or 500m, in quotes",
        _ => "a quantity such as 500Mi",
    };
    cx.report(node.span, format!("`{text}` is no amount for `{}`", bound.entry.key))
        .refused(Releases::ANY)
        .key(path)
        .why(format!("The kubelet loads the file and exits a moment later: `{words}`."))
        .help(format!("Write {wanted}."))
        .maybe_fix(fix);
}
