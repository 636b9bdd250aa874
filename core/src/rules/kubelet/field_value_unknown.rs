//! # `field-value-unknown`
//!
//! A word that its field does not accept.
//!
//! ## Why
//!
//! The kubelet does not start. Some words it checks as it reads the file (`must be one of`), others a moment later when
//! the part is built (`unknown policy: "statik"`). Letter case counts: the memory manager accepts `Static`, the CPU
//! manager `static`. `cgroupDriver` is the exception: anything but `systemd` silently means cgroupfs.
//!
//! ## What to do
//!
//! Write one of the words that the field accepts.
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
//! hairpinMode: promiscuous-bridge
//! ```
//!
//! ## References
//!
//! - the field's row in `core/data/kubelet-checks.toml` names its source; measured with the loaders and validators of
//!   1.24.16, 1.31.13 and 1.36.3

use crate::go::boolean::parse_bool;
use crate::keys::checks::{self, AllowedWords};
use crate::keys::{Type, nearest};
use crate::kubelet;
use crate::kubelet::feature_gates::Gates;
use crate::kubelet::settings::{FieldValue, all, kubernetes};
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "field-value-unknown",
    summary: "Word that the field does not accept",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let gates = Gates::of(cx);
    for value in all(cx) {
        let Some(text) = word(&value) else { continue };
        let mut releases = ReleaseSet::NONE;
        let mut newest = None;
        for words in checks::words(value.field.path()).filter(|words| words.allowed().all(|word| word != text)) {
            let off = words.gate().map_or(ReleaseSet::NONE, |gate| gates.off(gate));
            let checked = words.releases().and(value.setting.releases.get(Product::Kubernetes)).without(off);
            releases = releases.or(checked);
            newest = Some(words);
        }
        if let Some(newest) = newest {
            report(cx, &value.setting, &text, newest, releases);
        }
    }
}

/// The word, if the value is one; an empty text means the default.
fn word(value: &FieldValue) -> Option<String> {
    let setting = &value.setting;
    let is_switch = value.field.ty() == Type::Bool;
    let text = match setting.node {
        // A boolean where a word is expected, or the other way round, is of the wrong type.
        Some(node) if node.as_bool().is_some() != is_switch => return None,
        Some(node) => node.as_str().map(str::to_owned).or_else(|| node.as_bool().map(|b| b.to_string()))?,
        None if is_switch => parse_bool(&setting.text)?.to_string(),
        None => setting.text.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

fn report(cx: &mut FileCx, setting: &WrittenSetting, text: &str, newest: &AllowedWords, releases: ReleaseSet) {
    let close = nearest(text.trim_matches(['\'', '"', ' ']), newest.allowed());
    let list = newest.allowed().collect::<Vec<_>>().join(", ");
    let help = match close {
        Some(close) => format!("Did you mean `{close}`? The field accepts {list}."),
        None => format!("The field accepts {list}."),
    };
    let written = setting.value_span.of(cx.doc().text);
    let is_exact = setting.node.is_some() || written == text;
    let fix = close.filter(|_| is_exact).map(|close| {
        let new = edit::quoted_like(written, close);
        Fix::edit(Applicability::Unsafe, format!("Write {close}"), setting.value_span, new)
    });
    let finding = cx.report(setting.value_span, format!("`{}` does not accept `{text}`", setting.name));
    if newest.prints().is_empty() {
        finding.ignored(setting.releases).why(UNCHECKED);
    } else {
        let printed = newest.prints().replace("{}", text);
        finding.refused(kubernetes(releases)).why(format!("The kubelet does not start: `{printed}`."));
    }
    finding.key(setting.path.as_str()).help(help).maybe_fix(fix);
}

/// Only `cgroupDriver` is not checked.
const UNCHECKED: &str = "The kubelet does not check this field: everything but `systemd` means cgroupfs. Since 1.31, \
                         with containerd 2.0 or later, it asks the runtime and ignores the field.";
