//! # `value-not-allowed`
//!
//! A word that is none of those that the field takes.
//!
//! ## Why
//!
//! The kubelet does not start. Some words it checks as it reads the file (`must be one of`), others a moment later when the
//! part is built (`unknown policy: "statik"`). Letter case counts: the memory manager knows `Static`, the CPU manager
//! `static`. `cgroupDriver` is the exception: anything but `systemd` means cgroupfs, without a word.
//!
//! ## What to do
//!
//! Write one of the words that the field takes.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! memoryManagerPolicy: static
//!                      ^^^^^^
//! ```
//!
//! ```yaml fixed
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! memoryManagerPolicy: Static
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! authorization:
//!   mode: RBAC
//!         ^^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! memorySwap:
//!   swapBehavior: UnlimitedSwap
//!                 ^^^^^^^^^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cpuManagerPolicy: static
//! hairpinMode: hairpin-veth
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/apis/config/validation/validation.go, cmd/kubelet/app/auth.go,
//!   pkg/kubelet/cm/cpumanager/cpu_manager.go, pkg/kubelet/cm/memorymanager/memory_manager.go; measured with the loaders and
//!   validators of 1.24.16, 1.31.13 and 1.36.3

use crate::fix::{Applicability, Fix};
use crate::keys::{Bound, nearest};
use crate::kind::kubelet;
use crate::releases::Releases;
use crate::rules::{Category, FileCx, Rule, Run};
use crate::syntax::Node;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "value-not-allowed",
    summary: "A word that the field does not take",
    category: Category::Correctness,
    since: "0.1.0",
    fix: Some(Applicability::Unsafe),
    opt_in: false,
    run: Run::File(&[&kubelet::KIND], check),
};

/// A field with its words, the releases that refuse any other, and what they print.
struct Words {
    path: &'static str,
    allowed: &'static [&'static str],
    refused: Releases,
    prints: &'static str,
}

const ALL: Releases = Releases::ANY;
const SINCE_1_20: Releases = Releases::kubernetes("1.20..");

const FIELDS: [Words; 15] = [
    words(
        "hairpinMode",
        &["promiscuous-bridge", "hairpin-veth", "none"],
        ALL,
        "option \"{}\" specified for hairpinMode. Valid options are",
    ),
    words(
        "topologyManagerPolicy",
        &["none", "best-effort", "restricted", "single-numa-node"],
        SINCE_1_20,
        "topologyManagerPolicy \"{}\" must be one of",
    ),
    words("topologyManagerScope", &["container", "pod"], SINCE_1_20, "topologyManagerScope \"{}\" must be one of"),
    words(
        "memorySwap.swapBehavior",
        &["LimitedSwap", "UnlimitedSwap"],
        Releases::kubernetes("1.22..1.29"),
        "memorySwap.swapBehavior \"{}\" must be one of",
    ),
    words(
        "memorySwap.swapBehavior",
        &["NoSwap", "LimitedSwap"],
        Releases::kubernetes("1.30.."),
        "memorySwap.swapBehavior \"{}\" must be one of",
    ),
    words(
        "imagePullCredentialsVerificationPolicy",
        &["NeverVerify", "NeverVerifyPreloadedImages", "NeverVerifyAllowlistedImages", "AlwaysVerify"],
        Releases::kubernetes("1.33.."),
        "option \"{}\" specified for imagePullCredentialsVerificationPolicy. Valid options are",
    ),
    words(
        "memoryReservationPolicy",
        &["None", "TieredReservation"],
        Releases::kubernetes("1.36.."),
        "option \"{}\" specified for memoryReservationPolicy. Valid options are",
    ),
    words(
        "logging.format",
        &["text", "json"],
        Releases::kubernetes("1.19.."),
        "logging.format: Invalid value: \"{}\": Unsupported log format",
    ),
    words("cpuManagerPolicy", &["none", "static"], ALL, "unknown policy: \"{}\""),
    words("memoryManagerPolicy", &["None", "Static"], Releases::kubernetes("1.21.."), "unknown policy: \"{}\""),
    words("authorization.mode", &["AlwaysAllow", "Webhook"], ALL, "unknown authorization mode {}"),
    words(
        "tlsMinVersion",
        &["VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13"],
        ALL,
        "unknown tls version \"{}\"",
    ),
    words(
        "configMapAndSecretChangeDetectionStrategy",
        &["Get", "Cache", "Watch"],
        Releases::kubernetes("1.12.."),
        "unknown configmap and secret manager mode: {}",
    ),
    words(
        "registerWithTaints[].effect",
        &["NoSchedule", "PreferNoSchedule", "NoExecute"],
        Releases::kubernetes("1.23.."),
        "invalid taint",
    ),
    words("cgroupDriver", &["cgroupfs", "systemd"], Releases::NONE, ""),
];

const fn words(path: &'static str, allowed: &'static [&'static str], refused: Releases, prints: &'static str) -> Words {
    Words { path, allowed, refused, prints }
}

fn check(cx: &mut FileCx<'_, '_, '_>) {
    for bound in cx.bound {
        let Some(key) = bound.key() else { continue };
        let node = &bound.entry.value;
        // An empty text means the default.
        let Some(text) = node.as_str().filter(|text| !text.is_empty()) else { continue };
        for field in FIELDS.iter().filter(|f| f.path == key.path() && !f.allowed.contains(&text)) {
            report(cx, bound, field, node, text);
        }
    }
}

fn report(cx: &mut FileCx<'_, '_, '_>, bound: &Bound<'_, '_>, field: &Words, node: &Node<'_>, text: &str) {
    let path = cx.path_of(bound.entry);
    let bare = text.trim_matches(['\'', '"', ' ']);
    let close = nearest(bare, field.allowed.iter().copied());
    let list = field.allowed.join(", ");
    let help = match close {
        Some(close) => format!("Did you mean `{close}`? The field takes {list}."),
        None => format!("The field takes {list}."),
    };
    let fix = close.map(|close| {
        Fix::edit(Applicability::Unsafe, format!("Write {close}"), node.span, close_as_written(cx, node, close))
    });
    let finding = cx.report(node.span, format!("`{}` does not take `{text}`", bound.entry.key));
    if field.refused.is_empty() {
        finding
            .harmful(ALL)
            .why("The kubelet does not check this field: everything but `systemd` is cgroupfs to it. Only since 1.31, with containerd 2.0 or later, does it ask the runtime and not look at the field.");
    } else {
        let printed = field.prints.replace("{}", text);
        finding.refused(field.refused).why(format!("The kubelet does not start: `{printed}`."));
    }
    finding.key(path).help(help).maybe_fix(fix);
}

fn close_as_written(cx: &FileCx<'_, '_, '_>, node: &Node<'_>, text: &str) -> String {
    let quoted = node.span.of(cx.doc().text).starts_with(['"', '\'']);
    if quoted { crate::fix::edit::string(text) } else { text.to_owned() }
}
