//! # `field-value-unknown`
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
//! ```sh bad
//! KUBELET_EXTRA_ARGS="--hairpin-mode=hairpin"
//!                                    ^^^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cpuManagerPolicy: static
//! reservedSystemCPUs: 0-1
//! hairpinMode: hairpin-veth
//! ```
//!
//! ## References
//!
//! - the field's row in `core/data/kubelet-checks.toml` names its source; measured with the loaders and validators of
//!   1.24.16, 1.31.13 and 1.36.3

use crate::go::boolean::parse_bool;
use crate::keys::checks::{self, Words};
use crate::keys::{Type, nearest};
use crate::kubelet;
use crate::kubelet::settings::{Gates, Value, kubernetes, values};
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "field-value-unknown",
    summary: "A word that the field does not take",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let gates = Gates::of(cx);
    for value in values(cx) {
        let Some(text) = word(&value) else { continue };
        let failed = checks::words(value.field.path()).filter(|words| words.allowed().all(|w| w != text));
        let failed: Vec<_> = failed
            .map(|words| {
                let off = words.gate().map_or(ReleaseSet::NONE, |gate| gates.off(gate));
                (words, words.releases().and(value.releases()).without(off))
            })
            .collect();
        if !failed.is_empty() {
            report(cx, &value, &text, &failed);
        }
    }
}

/// The word, if the value is one; an empty text means the default.
fn word(value: &Value) -> Option<String> {
    let text = match value.node {
        Some(node) => node.as_str().map(str::to_owned).or_else(|| node.as_bool().map(|b| b.to_string()))?,
        None if value.field.ty() == Type::Bool => parse_bool(&value.text)?.to_string(),
        None => value.text.to_string(),
    };
    // A truth value where a word is wanted, or the other way round, is a fault of type.
    let is_bool = value.node.is_some_and(|node| node.as_bool().is_some());
    let fits = value.node.is_none() || is_bool == (value.field.ty() == Type::Bool);
    (fits && !text.is_empty()).then_some(text)
}

fn report(cx: &mut FileCx, value: &Value, text: &str, failed: &[(&Words, ReleaseSet)]) {
    let Some((newest, _)) = failed.last() else { return };
    let bare = text.trim_matches(['\'', '"', ' ']);
    let close = nearest(bare, newest.allowed());
    let list = newest.allowed().collect::<Vec<_>>().join(", ");
    let help = match close {
        Some(close) => format!("Did you mean `{close}`? The field takes {list}."),
        None => format!("The field takes {list}."),
    };
    let fix = close.and_then(|close| {
        let new = value.node.map_or(close.to_owned(), |node| close_as_written(cx, node, close));
        let exact = value.node.is_some() || value.span.of(cx.doc().text) == text;
        exact.then(|| Fix::edit(Applicability::Unsafe, format!("Write {close}"), value.span, new))
    });
    let finding = cx.report(value.span, format!("`{}` does not take `{text}`", value.name));
    if newest.prints().is_empty() {
        finding
            .harmful(Releases::ANY)
            .why("The kubelet does not check this field: everything but `systemd` is cgroupfs to it. Only since 1.31, with containerd 2.0 or later, does it ask the runtime and not look at the field.");
    } else {
        let printed = newest.prints().replace("{}", text);
        let releases = failed.iter().fold(ReleaseSet::NONE, |all, (_, releases)| all.or(*releases));
        finding.refused(kubernetes(releases)).why(format!("The kubelet does not start: `{printed}`."));
    }
    finding.key(value.key.clone()).help(help).maybe_fix(fix);
}

fn close_as_written(cx: &FileCx, node: &Node, text: &str) -> String {
    let quoted = node.span.of(cx.doc().text).starts_with(['"', '\'']);
    if quoted { edit::string(text) } else { text.to_owned() }
}
