//! # `allocatable-enforcement-invalid`
//!
//! `enforceNodeAllocatable` with an item that the kubelet does not enforce, or without the cgroup that an item needs.
//!
//! ## Why
//!
//! The kubelet does not start: `option "all" specified for enforceNodeAllocatable`, `systemReservedCgroup ... must be
//! specified when "system-reserved" ... included`, `cgroupsPerQOS (--cgroups-per-qos) must be set to true when "pods"
//! contained in enforceNodeAllocatable`. The default of the list is `pods`.
//!
//! ## What to do
//!
//! Keep `pods` alone. With cgroups for the system or for Kubernetes, name them in `systemReservedCgroup` and
//! `kubeReservedCgroup`. To turn off all cgroups of the kubelet, also set `enforceNodeAllocatable: [none]`.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! enforceNodeAllocatable: [pods, system-reserved]
//!                                ^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! enforceNodeAllocatable: [all]
//!                          ^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cgroupsPerQOS: false
//!                ^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! enforceNodeAllocatable: [pods, system-reserved]
//! systemReservedCgroup: /system.slice
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes#67873, kubernetes/kubernetes#83228, kubernetes/kops#3223
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/apis/config/validation/validation.go; measured with the validators of
//!   1.24.16, 1.31.13 and 1.36.3

use crate::keys::nearest;
use crate::kubelet;
use crate::kubelet::settings::settles;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "allocatable-enforcement-invalid",
    summary: "Invalid enforcement of reserved resources",
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const LIST: &str = "enforceNodeAllocatable";
const QOS: &str = "cgroupsPerQOS";
const HAS_COMPRESSIBLE: Releases = Releases::kubernetes("1.32..");
const LACKS_COMPRESSIBLE: Releases = Releases::kubernetes("..1.31");
/// Releases that ask for the cgroup's name as they start; older ones when they enforce.
const REQUIRES_CGROUP: Releases = Releases::kubernetes("1.15..");
const REFUSES_DUPLICATES: Releases = Releases::kubernetes("1.31..");
/// Releases that refuse any item, even `none`, with `cgroupsPerQOS: false`.
const REFUSES_NONE_WITHOUT_QOS: Releases = Releases::kubernetes("..1.30");

/// What the kubelet enforces, with the field that names its cgroup.
const KNOWN: [(&str, &str); 6] = [
    ("pods", ""),
    ("none", ""),
    ("system-reserved", "systemReservedCgroup"),
    ("kube-reserved", "kubeReservedCgroup"),
    ("system-reserved-compressible", "systemReservedCgroup"),
    ("kube-reserved-compressible", "kubeReservedCgroup"),
];

fn check(cx: &mut FileCx) {
    let items = cx.root.get(LIST).map(Node::items).unwrap_or_default();
    let mut before: Vec<(&str, Span)> = vec![];
    for item in items {
        let Some(text) = item.as_str() else { continue };
        check_item(cx, text, item.span, &before, items.len());
        before.push((text, item.span));
    }
    check_qos(cx, &before);
}

fn check_item(cx: &mut FileCx, text: &str, span: Span, before: &[(&str, Span)], count: usize) {
    let Some((_, cgroup)) = KNOWN.into_iter().find(|(known, _)| *known == text) else {
        let message = format!("`{text}` cannot be enforced");
        report(cx, span, message, &not_an_option(text)).refused(Releases::ANY).help(known_items(text));
        return;
    };
    let plain = text.strip_suffix("-compressible");
    let is_other_form =
        |(other, _): &&(&str, Span)| Some(*other) == plain || other.strip_suffix("-compressible") == Some(text);
    if let Some((_, first)) = before.iter().find(|(other, _)| *other == text) {
        let words = format!("duplicated enforcements \"{text}\" in {LIST}");
        report(cx, span, format!("`{text}` is listed twice"), &words)
            .refused(REFUSES_DUPLICATES)
            .help("Write it once.")
            .label(*first, "the first time");
    } else if text == "none" && count > 1 {
        let words = "may not contain additional enforcements when \"none\" is specified";
        report(cx, span, "`none` is listed with other items".into(), words)
            .refused(Releases::ANY)
            .help("Remove `none`, or the other items.");
    } else if let Some((other, first)) = before.iter().find(is_other_form) {
        let words = format!("both \"{other}\" and \"{text}\" cannot be specified together in {LIST}");
        let finding = report(cx, span, format!("`{text}` excludes `{other}`"), &words);
        finding.refused(HAS_COMPRESSIBLE).help("Keep one of the two.").label(*first, "the other");
        if plain.is_some() {
            // Older kubelets do not recognize the word in the first place.
            finding.refused(LACKS_COMPRESSIBLE);
        }
    } else if lacks_cgroup(cx, cgroup) {
        let words = format!("{cgroup} ... must be specified when \"{text}\" included in {LIST}");
        let message = format!("`{text}` is enforced, but `{cgroup}` is not set");
        let finding = report(cx, span, message, &words)
            .help(format!("Set `{cgroup}` to a cgroup that exists, such as /system.slice; or enforce `pods` alone."));
        match plain {
            Some(_) => finding.refused(HAS_COMPRESSIBLE).refused(LACKS_COMPRESSIBLE),
            None => finding.refused(REQUIRES_CGROUP),
        };
    } else if plain.is_some() {
        report(cx, span, format!("older kubelets do not recognize `{text}`"), &not_an_option(text))
            .refused(LACKS_COMPRESSIBLE)
            .help("Use the form without `-compressible` on older nodes.");
    }
}

/// Whether an item needs a cgroup, and no file names it.
fn lacks_cgroup(cx: &FileCx, cgroup: &str) -> bool {
    let is_named = || cx.root.get(cgroup).and_then(Node::as_str).is_some_and(|name| !name.is_empty());
    !cgroup.is_empty() && !is_named() && settles(cx, &[cgroup])
}

fn check_qos(cx: &mut FileCx, items: &[(&str, Span)]) {
    let Some(off) = cx.root.get(QOS).filter(|node| node.as_bool() == Some(false)) else { return };
    let is_default = cx.root.get(LIST).is_none_or(Node::is_null);
    if is_default && !settles(cx, &[LIST]) {
        return;
    }
    let is_enforced = |item: &&str| *item != "none" && KNOWN.iter().any(|(known, _)| known == item);
    let enforced = if is_default { Some("pods") } else { items.iter().map(|(item, _)| *item).find(is_enforced) };
    if let Some(item) = enforced {
        let by_default = if is_default { " by default" } else { "" };
        let message = format!("`{QOS}` is false, but `{LIST}` contains `{item}`{by_default}");
        let words = format!("{QOS} (--cgroups-per-qos) must be set to true when \"{item}\" contained in {LIST}");
        report(cx, off.span, message, &words)
            .refused(Releases::ANY)
            .help(format!("Set `{LIST}: [none]` (before 1.31: `{LIST}: []`), or remove `{QOS}`."));
    } else if !items.is_empty() {
        let message = format!("`{QOS}` is false, but `{LIST}` is not empty");
        let words = format!("{LIST} is not supported unless {QOS} is set to true");
        report(cx, off.span, message, &words)
            .refused(REFUSES_NONE_WITHOUT_QOS)
            .help(format!("Set `{LIST}: []` on nodes before 1.31."));
    }
}

fn report<'o>(cx: &'o mut FileCx, span: Span, message: String, words: &str) -> &'o mut Finding {
    cx.report(span, message).key(LIST).why(format!("The kubelet does not start: `{words}`."))
}

fn not_an_option(text: &str) -> String {
    format!("option \"{text}\" specified for {LIST} (--enforce-node-allocatable). Valid options are")
}

fn known_items(text: &str) -> String {
    let close = nearest(text, KNOWN.into_iter().map(|(known, _)| known));
    let guess = close.map_or(String::new(), |close| format!("Did you mean `{close}`? "));
    format!(
        "{guess}The list takes pods, none, system-reserved and kube-reserved, and since 1.32 the latter two with \
         `-compressible`."
    )
}
