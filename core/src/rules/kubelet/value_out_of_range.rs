//! # `value-out-of-range`
//!
//! A number outside of what the kubelet takes for the field.
//!
//! ## Why
//!
//! The kubelet does not start: `invalid configuration: oomScoreAdj (--oom-score-adj) -1001 must be between -1000 and 1000`. A 0
//! is no fault where it means the default, as for `port`.
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
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! port: 0
//! oomScoreAdj: -999
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/apis/config/validation/validation.go; measured with the validators of 1.24.16,
//!   1.31.13 and 1.36.3

use crate::keys::Bound;
use crate::kind::kubelet;
use crate::releases::Releases;
use crate::rules::{Category, FileCx, Rule, Run};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "value-out-of-range",
    summary: "A number that the kubelet does not take",
    category: Category::Correctness,
    since: "0.1.0",
    fix: None,
    opt_in: false,
    run: Run::File(&[&kubelet::KIND], check),
};

/// A field with its smallest and largest value, and the releases that check it.
struct Range {
    path: &'static str,
    low: i64,
    high: i64,
    since: Releases,
}

const ALL: Releases = Releases::ANY;
const MAX: i64 = i64::MAX;
/// User namespaces come in blocks of this size.
const BLOCK: i64 = 65536;

const RANGES: [Range; 20] = [
    range("port", 0, 65535, ALL),
    range("readOnlyPort", 0, 65535, ALL),
    range("healthzPort", 0, 65535, ALL),
    range("oomScoreAdj", -1000, 1000, ALL),
    range("iptablesMasqueradeBit", 0, 31, ALL),
    range("iptablesDropBit", 0, 31, ALL),
    range("eventBurst", 0, MAX, ALL),
    range("eventRecordQPS", 0, MAX, ALL),
    range("kubeAPIBurst", 0, MAX, ALL),
    range("kubeAPIQPS", 0, MAX, ALL),
    range("registryBurst", 0, MAX, ALL),
    range("registryPullQPS", 0, MAX, ALL),
    range("maxOpenFiles", 0, MAX, ALL),
    range("maxPods", 0, MAX, ALL),
    range("podsPerCore", 0, MAX, ALL),
    range("nodeLeaseDurationSeconds", 0, MAX, Releases::kubernetes("1.12..")),
    range("nodeStatusMaxImages", -1, MAX, Releases::kubernetes("1.19..")),
    range("maxParallelImagePulls", 1, MAX, Releases::kubernetes("1.27..")),
    range("tracing.samplingRatePerMillion", 0, 1_000_000, Releases::kubernetes("1.25..")),
    range("userNamespaces.idsPerPod", BLOCK, 4_294_967_295, Releases::kubernetes("1.33..")),
];

const fn range(path: &'static str, low: i64, high: i64, since: Releases) -> Range {
    Range { path, low, high, since }
}

fn check(cx: &mut FileCx<'_, '_, '_>) {
    for bound in cx.bound {
        let Some(key) = bound.key() else { continue };
        let found = RANGES.iter().find(|r| r.path == key.path());
        if let Some(range) = found
            && let Some(number) = bound.entry.value.as_int()
        {
            check_number(cx, bound, range, number);
        }
    }
}

fn check_number(cx: &mut FileCx<'_, '_, '_>, bound: &Bound<'_, '_>, range: &Range, number: i64) {
    let uneven = range.path.ends_with("idsPerPod") && number % BLOCK != 0;
    if (range.low..=range.high).contains(&number) && !uneven {
        return;
    }
    let name = &bound.entry.key;
    let path = cx.path_of(bound.entry);
    let (wanted, printed) = if uneven && number > range.low {
        (format!("a multiple of {BLOCK}"), format!("must be a multiple of {BLOCK}"))
    } else if range.high == MAX && range.low == 0 {
        ("no negative number".to_owned(), "must not be a negative number".to_owned())
    } else if range.high == MAX {
        (format!("{} or more", range.low), format!("must be {} or more", range.low))
    } else {
        (format!("{} to {}", range.low, range.high), format!("must be between {} and {}", range.low, range.high))
    };
    cx.report(bound.entry.value.span, format!("`{name}` is {number}, and takes {wanted}"))
        .refused(range.since)
        .key(path)
        .why(format!("The kubelet does not start: `invalid configuration: {name} ... {printed}`."))
        .help("Write a number in the range, or remove the line to have the default.");
}
